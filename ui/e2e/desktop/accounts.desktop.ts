import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { house } from "../harness/house";
import { type Person, register } from "../harness/person";
import { SnugServer } from "../harness/server";
import { until } from "./programs";
import { addServer, logIn, stage } from "./stage";
import type { AppWindow } from "./webdriver";

/* Several accounts at once, on servers of their own. The tests are steps. */

const home = house({ story: true });
const desktop = stage({ story: true });
let other: SnugServer, boss: Person;
let window: AppWindow;

beforeAll(async () => {
  other = await SnugServer.start();
  boss = await register(other.base, { username: "boss" });
});
afterAll(() => other?.dispose());

const look = async (name: string): Promise<void> => {
  const folder = process.env["SNUG_DESKTOP_PICTURES"];
  if (folder) await writeFile(`${folder}/${name}.png`, await window.picture());
};

/** How often something is in a server's log. */
const times = (server: SnugServer, words: string): number => server.log.split(words).length - 1;

async function addAnother(address: string): Promise<void> {
  await window.see("button", /^Servers/).click();
  await window.see("button", "All servers").click();
  await window.see("button", "Add a server").click();
  await addServer(window, address);
}

/** The accounts from above to below, by who they are. */
const order = (): Promise<string[]> => window.run("() => [...document.querySelectorAll('ul[aria-label=Servers] > li')].map((row) => /Nora|Olga|Boss/.exec(row.innerText)?.[0] ?? '')");

test("two accounts on one server and one on another are logged in at once", async () => {
  window = await desktop.open();
  await addServer(window, home.base);
  await logIn(window, await home.friend("nora"));
  await window.see("heading", home.general.name).there();
  await addAnother(home.base);
  await logIn(window, await home.friend("olga"));
  await window.see("heading", home.general.name).there();
  await addAnother(other.base);
  await logIn(window, boss);
  await window.see("heading", "general").there();
  await window.see("button", /^Servers/).click();
  await window.see("button", "All servers").click();
  expect(await order()).toEqual(["Nora", "Olga", "Boss"]);
  await until("all of them are online", () => window.run<boolean>("() => document.querySelectorAll('[role=img][aria-label=Connected]').length === 3"));
  await look("accounts");
});

test("they are put in order by dragging, and stay so", async () => {
  await window.see("button", /^Move Olga on Snug/).there();
  const grips = "() => [...document.querySelectorAll('button[aria-label^=Move]')].map((grip) => { const box = grip.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })";
  const [first, , third] = await window.run<[number, number][]>(grips);
  await window.drag(third!, [first![0], first![1] - 20]);
  await until("the last one is the first", async () => (await order()).join() === "Boss,Nora,Olga");
  await window.reload();
  await window.see("button", /^Servers/).click();
  await window.see("button", "All servers").click();
  expect(await order()).toEqual(["Boss", "Nora", "Olga"]);
});

test("there is one call: who comes to voice on another server leaves the one before", async () => {
  await window.see("button", /Nora ·/).click();
  await window.see("link", /^Fireside, voice channel/).click();
  await window.reads("In Fireside");
  await until("they are in voice", () => times(home.server, "came to voice") === 1);
  await window.see("button", /^Servers/).click();
  await window.see("button", /Boss ·/).click();
  await window.see("link", /^Fireside, voice channel/).click();
  await until("they are in voice on the other server", () => times(other, "came to voice") === 1);
  await until("they have left the first one", () => times(home.server, "left voice") === 1);
  await window.reads("In Fireside");
  await window.see("button", "Leave voice").click();
  await until("they have left the other one, too", () => times(other, "left voice") === 1);
});

test("an account that is removed is gone, and the others stay", async () => {
  await window.see("button", /^Servers/).click();
  await window.see("button", "All servers").click();
  await window.see("button", "What to do with Olga on Snug").click();
  await window.see("menuitem", "Remove").click();
  await window.reads("Remove Olga on Snug?");
  await window.see("button", "Remove").click();
  await until("it is gone", async () => (await order()).join() === "Boss,Nora");
});
