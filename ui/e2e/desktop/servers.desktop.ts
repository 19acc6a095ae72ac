import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { house } from "../harness/house";
import { SnugServer } from "../harness/server";
import { register } from "../harness/person";
import { addServer, logIn, stage } from "./stage";
import type { AppWindow } from "./webdriver";

/* Servers are added, remembered, and all of them are there at once. */

const home = house();
const desktop = stage();

const shot = async (window: AppWindow, name: string): Promise<void> => {
  const folder = process.env["SNUG_DESKTOP_PICTURES"];
  if (folder) await writeFile(`${folder}/${name}.png`, await window.picture());
};

test("an invite link leads to its server, and an account is made there", async () => {
  const window = await desktop.open();
  await window.reads("Welcome to Snug");
  await shot(window, "welcome");
  await addServer(window, `${home.base}/invite/${home.invite}`);
  await window.reads("Marta invites you");
  await shot(window, "invited");
  await window.see("textbox", "Username").type("nora");
  await window.see("textbox", "Password").type("correct horse");
  await window.see("button", "Create account and join").click();
  await window.see("heading", home.general.name).there();
  await shot(window, "inside");
});

test("whoever logged in is still logged in after a restart of the app", async () => {
  let window = await desktop.open();
  await addServer(window, home.base);
  await logIn(window, await home.friend("olga"));
  await window.see("heading", home.general.name).there();
  await desktop.close(window);
  window = await desktop.open();
  await window.see("heading", home.general.name).there();
});

test("two servers are there at once, each with its news", async () => {
  const other = await SnugServer.start();
  try {
    const pia = await home.friend("pia");
    const [boss, quentin] = [await register(other.base, { username: "boss" }), "quentin"];
    const { code } = await boss.api.invites.create(boss.spaceId!, {});
    const friend = await register(other.base, { username: quentin, invite: code });
    const window = await desktop.open();
    await addServer(window, home.base);
    await logIn(window, pia);
    await window.see("heading", home.general.name).there();
    await window.see("button", "Servers").click();
    await window.see("button", "All servers").click();
    await window.see("button", "Add a server").click();
    await addServer(window, other.base);
    await logIn(window, friend);
    const { channels } = await boss.api.spaces.get(boss.spaceId!);
    await window.see("heading", channels.find((channel) => channel.kind === "text")!.name).there();
    // What happens on the first server shows on the second one's page.
    await home.owner.api.messages.send(home.general.id, { content: `<@${pia.id}> are you there?`, nonce: "1" } as never);
    await window.see("button", "Servers, 1 mention on others").click();
    await shot(window, "switcher");
    await window.see("button", /Pia/).click();
    await window.reads("are you there?");
    await other.kill();
    await window.see("button", /^Servers/).click();
    await window.see("img", "Cannot be reached").there();
    await shot(window, "one-away");
    await window.see("button", "All servers").click();
    await shot(window, "servers");
    await other.run();
    await window.see("img", "Cannot be reached").gone();
  } finally {
    await other.dispose();
  }
});

test("an address that leads nowhere is told of in words, and what was typed stays", async () => {
  const window = await desktop.open();
  await window.see("textbox", "Address or invite link").type("http://127.0.0.1:9");
  await window.see("button", "Look for it").click();
  await window.reads(/cannot be reached|could not/i);
  await shot(window, "nowhere");
  expect(await window.run("() => document.querySelector('input').value")).toBe("http://127.0.0.1:9");
});
