import { render } from "solid-js/web";
import "./styles/global.css";
import { browserWorld } from "./backend/browser";
import { createSnug } from "./state/snug";
import { App } from "./views/App";

const snug = createSnug(browserWorld());

addEventListener("online", () => snug.connection.network(true));
addEventListener("offline", () => snug.connection.network(false));
// A call ends with its page, at once and not when the server notices.
addEventListener("pagehide", () => snug.voice.leave());
addEventListener("focus", () => snug.connection.wake());
if (!navigator.onLine) snug.connection.network(false);

render(() => <App snug={snug} />, document.getElementById("app")!);
