import { everyScreenIsAccessible } from "./harness/a11y";
import { WIDE } from "./harness/visits";

everyScreenIsAccessible(WIDE);
