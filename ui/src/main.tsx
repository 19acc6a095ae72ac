import { render } from "solid-js/web";

render(() => <main>Snug</main>, document.getElementById("app")!);
