import "./styles/global.css";
import { isDesktop } from "./backend/desktop/ipc";
import { startBrowser } from "./start/browser";

if (isDesktop()) void import("./start/desktop");
else startBrowser();
