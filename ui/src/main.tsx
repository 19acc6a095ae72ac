import { render } from "solid-js/web";
import "./styles/global.css";
import { browserWorld } from "./backend/browser";
import { createSnug } from "./state/snug";
import { App } from "./views/App";

const snug = createSnug(browserWorld());

addEventListener("online", () => snug.connection.network(true));
addEventListener("offline", () => snug.connection.network(false));
addEventListener("focus", () => snug.connection.wake());
if (!navigator.onLine) snug.connection.network(false);

render(() => <App snug={snug} />, document.getElementById("app")!);
