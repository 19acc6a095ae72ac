import { expect, test } from "vitest";
import { house } from "../harness/house";
import { addServer, logIn, stage } from "./stage";
import type { AppWindow } from "./webdriver";

/* What a page from elsewhere, or a page that is not itself any more, gets: nothing. */

const home = house();
const desktop = stage();

/** In the page: what comes of a command. */
const INVOKE = `async (command, args) => {
  try {
    return { fine: await window.__TAURI_INTERNALS__.invoke(command, args) };
  } catch (thrown) {
    return { thrown: typeof thrown === "string" ? thrown : thrown.message ?? String(thrown) };
  }
}`;

const invoke = (window: AppWindow, command: string, args: unknown): Promise<{ fine?: unknown; thrown?: string }> => window.runLater(INVOKE, command, args);

test("the window goes nowhere else, and opens no other", async () => {
  const window = await desktop.open();
  await window.reads("Welcome to Snug");
  await window.run("(base) => { location.href = base; window.open(base); }", home.base);
  await window.run("(base) => { const link = document.createElement('a'); link.href = base; link.target = '_blank'; document.body.append(link); link.click(); }", home.base);
  await window.see("textbox", "Address or invite link").type("still here");
  expect(await window.run("() => location.origin")).toBe("tauri://localhost");
  expect(await window.windows()).toBe(1);
});

test("a page within the page is not shown, and has no way to the app", async () => {
  const window = await desktop.open();
  await window.reads("Welcome to Snug");
  for (const attribute of [{ src: home.base }, { src: "data:text/html,<p>hello" }, { srcdoc: "<p>hello" }]) {
    const reached = await window.runLater(
      `(attributes) => new Promise((done) => {
        const frame = Object.assign(document.createElement("iframe"), attributes);
        const look = () => { try { done({ internals: "__TAURI_INTERNALS__" in frame.contentWindow, text: frame.contentDocument?.body?.innerText ?? "" }); } catch (error) { done({ internals: false, text: "" }); } };
        frame.onload = look;
        setTimeout(look, 1500);
        document.body.append(frame);
      })`,
      attribute,
    );
    expect(reached, JSON.stringify(attribute)).toEqual({ internals: false, text: "" });
  }
});

test("scripts that the app does not bring do not run, and nobody else is asked", async () => {
  const window = await desktop.open();
  await window.reads("Welcome to Snug");
  await window.run("() => { const script = document.createElement('script'); script.textContent = 'window.hurt = true'; document.body.append(script); }");
  expect(await window.run("() => window.hurt ?? null")).toBeNull();
  expect(await window.runLater("async (base) => fetch(base + '/api/v1/server').then(() => 'reached', () => 'blocked')", home.base)).toBe("blocked");
});

test("Tauri's own commands are not there", async () => {
  const window = await desktop.open();
  await window.reads("Welcome to Snug");
  for (const command of ["plugin:window|close", "plugin:event|emit", "plugin:webview|create_webview_window", "plugin:path|resolve_directory", "plugin:shell|open", "plugin:opener|open_url", "plugin:updater|check", "plugin:fs|read_file"]) {
    const { thrown } = await invoke(window, command, {});
    expect(thrown, command).toMatch(/not allowed|not found|denied/i);
  }
});

test("commands refuse what makes no sense, in words, and the app goes on", async () => {
  const window = await desktop.open();
  await addServer(window, home.base);
  await logIn(window, await home.friend("rita"));
  await window.see("heading", home.general.name).there();
  const long = "x".repeat(100_000);
  const wrong: [string, unknown][] = [
    ["find_server", {}],
    ["find_server", { address: 7, fingerprint: null }],
    ["find_server", { address: "file:///etc/passwd", fingerprint: null }],
    ["find_server", { address: "https://snug.example", fingerprint: "not one" }],
    ["find_server", { address: `http://${long}`, fingerprint: null }],
    ["add_server", { address: "", fingerprint: null }],
    ["know_server", { id: "../../etc", name: "x", account: null }],
    ["know_server", { id: "0123456789abcdef", name: "x", account: null }],
    ["pin_server", { id: "0123456789abcdef", fingerprint: "00" }],
    ["remove_server", { id: "" }],
    ["remove_server", { id: "0123456789abcdef" }],
    ["order_servers", { ids: ["0123456789abcdef"] }],
    ["order_servers", { ids: long }],
    ["ask", {}],
    ["connect", { id: "0123456789abcdef", told: "__CHANNEL__:1" }],
    ["connect", { id: "x" }],
    ["voice", { command: { type: "explode" } }],
    ["voice", { command: { type: "volume", user: "x", percent: -1 } }],
    ["voice", {}],
    ["open_link", { link: "file:///etc/passwd" }],
    ["open_link", { link: "javascript:alert(1)" }],
    ["open_link", { link: `https://${long}` }],
    ["tell_tray", { state: 1 }],
    ["set_shell", { settings: null }],
    ["shortcuts", { command: { type: "explode" } }],
  ];
  for (const [command, args] of wrong) {
    const { thrown } = await invoke(window, command, args);
    expect(thrown, `${command} ${JSON.stringify(args).slice(0, 80)}`).toEqual(expect.stringMatching(/\w/));
  }
  await home.owner.api.messages.send(home.general.id, { content: "still there", nonce: "1" } as never);
  await window.reads("still there");
});
