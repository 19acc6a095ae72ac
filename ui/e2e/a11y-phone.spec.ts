import { everyScreenIsAccessible } from "./harness/a11y";
import { PHONE } from "./harness/visits";

everyScreenIsAccessible(PHONE);
