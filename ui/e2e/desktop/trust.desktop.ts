import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SnugServer } from "../harness/server";
import { stage } from "./stage";
import type { AppWindow } from "./webdriver";

/* A server that made its certificate itself: it is compared once, and noticed when it is another one. The tests are steps. */

const desktop = stage({ story: true });
let server: SnugServer;
let window: AppWindow;

beforeAll(async () => {
  server = await SnugServer.start({ selfSigned: true });
});
afterAll(() => server?.dispose());

const look = async (name: string): Promise<void> => {
  const folder = process.env["SNUG_DESKTOP_PICTURES"];
  if (folder) await writeFile(`${folder}/${name}.png`, await window.picture());
};

const ask = async (): Promise<void> => {
  await window.see("textbox", "Address or invite link").type(server.base);
  await window.see("button", "Look for it").click();
  await window.see("region", "Compare the fingerprint").there();
};

test("its fingerprint is shown, and is the one that the server printed", async () => {
  expect(server.base).toMatch(/^https:/);
  window = await desktop.open();
  await ask();
  await window.reads(server.fingerprint);
  await look("fingerprint");
});

test("whoever says that it is another one goes nowhere", async () => {
  await window.see("button", "It is another").click();
  await window.see("region", "Compare the fingerprint").gone();
  expect(await window.see("button", "Go there").isThere()).toBe(false);
});

test("whoever compared it gets in, and is not asked again", async () => {
  await ask();
  await window.see("button", "It is the same").click();
  await window.see("button", "Go there").click();
  await window.see("textbox", "Username").type("nora");
  await window.see("textbox", "Password").type("correct horse");
  await window.see("button", "Make it mine").click();
  await window.see("heading", "general").there();
  await desktop.close(window);
  window = await desktop.open();
  await window.see("heading", "general").there();
});

test("another certificate is noticed, and nothing goes to whoever has it", async () => {
  const before = server.fingerprint;
  await server.stop();
  await server.loseCertificate();
  await server.run();
  expect(server.fingerprint).not.toBe(before);
  await window.see("button", "Compare the fingerprint").there();
  await look("impostor");
  await window.see("button", "Compare the fingerprint").click();
  await window.reads(server.fingerprint);
  await look("impostor-compare");
  await window.see("button", "It is the same").click();
  await window.see("region", "Compare the fingerprint").gone();
  await window.see("textbox", /^Message/).type("here again");
  await window.press("\uE007");
  await window.reads("here again");
});
