import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { house } from "../harness/house";
import type { Person } from "../harness/person";
import { found, readWav, type Sound } from "../interop/compare";
import { type BrowserFriend, dismiss } from "../interop/friends";
import { speak } from "../interop/speech";
import { beginCall } from "./call";
import { arrives, LOUD, QUIET, staysSilent } from "./ears";
import { until } from "./programs";
import { stage } from "./stage";
import type { AppWindow } from "./webdriver";

/*
 * Voice in the desktop app, with a friend in Chromium. What the app plays is recorded from its loudspeaker, what it sends from
 * the friend's page. The tests are steps.
 */

/** All that one says comes by in this time. */
const TALK_MS = 12_000;
/** Keys, as WebDriver has them. */
const [END, HOME] = ["\uE010", "\uE011"];
/** As in the calls of clients of different makes. */
const THERE = 0.385;
const home = house({ story: true });
const folder = mkdtempSync(join(tmpdir(), "snug-voice-"));
const desktop = stage({ story: true, says: () => speak("clara", folder, 0) });
afterAll(async () => {
  await dismiss();
  rmSync(folder, { recursive: true, force: true });
});

let nora: Person;
let window: AppWindow;
let ada: BrowserFriend;

/** What the app plays on a loudspeaker, for a while. */
async function played(speaker: string, ms: number): Promise<Sound[]> {
  const file = join(folder, "played.wav");
  await desktop.sound.tell("record", speaker, file);
  await sleep(ms);
  await desktop.sound.tell("stop", speaker);
  return readWav(file);
}

const loudness = ({ samples }: Sound): number => Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / Math.max(1, samples.length));

const heardAgain = (): Promise<unknown> => arrives(ada, nora.id);
const silent = (): Promise<void> => staysSilent(ada, nora.id);

test("the app and Chromium hear each other", async () => {
  ({ nora, window, ada } = await beginCall(home, desktop, folder));
  await ada.listen(1);
  const [at, there] = [await played("speaker", TALK_MS), await ada.heard()];
  const likeness = (recordings: Sound[]) => found(recordings, [...readWav(speak("ada", folder, 0)), ...readWav(speak("clara", folder, 0))]);
  const [[adaHere, claraHere], [adaThere, claraThere]] = [likeness(at) as [number, number], likeness(there) as [number, number]];
  console.log({ adaHere, claraHere, adaThere, claraThere });
  expect(adaHere).toBeGreaterThan(THERE);
  expect(claraThere).toBeGreaterThan(THERE);
  expect(claraHere, "nobody hears themselves").toBeLessThan(THERE);
  expect(adaThere, "nobody hears themselves").toBeLessThan(THERE);
});

test("whoever is muted is not heard", async () => {
  await window.see("button", "Mute").click();
  await silent();
  await window.see("button", "Unmute").click();
  await heardAgain();
});

test("whoever is deaf hears nothing, and is not heard", async () => {
  await window.see("button", "Deafen").click();
  await silent();
  expect(loudness((await played("speaker", 3_000))[0]!)).toBeLessThan(QUIET);
  await window.see("button", "Undeafen").click();
  await heardAgain();
  expect(loudness((await played("speaker", 3_000))[0]!)).toBeGreaterThan(LOUD / 2);
});

test("somebody is as loud as one wants", async () => {
  await window.see("button", /^Ada/).click();
  await window.see("slider", "Volume").click();
  await window.press(HOME);
  await until("they are not heard", async () => loudness((await played("speaker", 2_000))[0]!) < QUIET);
  await window.press(END);
  await until("they are heard again", async () => loudness((await played("speaker", 2_000))[0]!) > LOUD / 2);
  await window.see("switch", "Mute for me").click();
  await until("they are not heard", async () => loudness((await played("speaker", 2_000))[0]!) < QUIET);
  await window.see("switch", "Mute for me").click();
  await window.press("\uE00C");
});

test("a reload of the page does not interrupt the call", async () => {
  const came = home.server.log.split("came to voice").length;
  const file = join(folder, "reload.wav");
  await ada.listen(1);
  await desktop.sound.tell("record", "speaker", file);
  await sleep(2_000);
  await window.reload();
  await window.reads("In Fireside");
  await sleep(2_000);
  await desktop.sound.tell("stop", "speaker");
  expect(longestSilence(readWav(file)[0]!), "what is played").toBeLessThan(PAUSE_S);
  expect(longestSilence((await ada.heard())[0]!), "what is sent").toBeLessThan(PAUSE_S);
  expect(home.server.log.split("came to voice").length, "nobody came anew").toBe(came);
  await window.see("button", "Mute").click();
  await silent();
  await window.see("button", "Unmute").click();
  await heardAgain();
});

test("the loudspeaker is changed while somebody talks", async () => {
  await desktop.sound.tell("plug", "phones");
  await window.see("button", "Voice settings").click();
  const phones = window.see("option", "phones");
  // What opens takes the focus a moment later, and a list that was opened before that is closed by it: people are slower.
  await until("they can be chosen", async () => {
    await window.see("combobox", /^Output/).click();
    return until("the list is there", () => phones.isThere(), 2_000).catch(() => false);
  });
  await phones.click();
  await until("it is played there", async () => loudness((await played("phones", 1_000))[0]!) > LOUD / 2);
  expect(loudness((await played("speaker", 2_000))[0]!)).toBeLessThan(QUIET);
  await desktop.sound.tell("unplug", "phones");
  await until("the other one stands in", async () => loudness((await played("speaker", 1_000))[0]!) > LOUD / 2);
  await window.press("\uE00C");
});

test("a call comes back by itself after a restart of PipeWire", async () => {
  await desktop.sound.tell("hush", "headset");
  await desktop.sound.tell("kill");
  await silent();
  await desktop.sound.tell("restart");
  await desktop.sound.tell("say", "headset", speak("clara", folder, 0));
  await heardAgain();
  await until("it is played again", async () => loudness((await played("speaker", 1_000))[0]!) > LOUD / 2, 60_000);
});

test("a call comes back by itself after a restart of the server", async () => {
  await home.server.kill();
  await window.reads("The server is away");
  await home.server.run();
  await heardAgain();
  await until("it is played again", async () => loudness((await played("speaker", 1_000))[0]!) > LOUD / 2, 60_000);
  await window.reads("In Fireside");
});


/** The longest time without any sound, in seconds. */
function longestSilence({ rate, samples }: Sound): number {
  const block = rate / 100;
  let [longest, now] = [0, 0];
  for (let at = 0; at + block <= samples.length; at += block) {
    now = samples.subarray(at, at + block).some((one) => Math.abs(one) > QUIET) ? 0 : now + 0.01;
    longest = Math.max(longest, now);
  }
  return longest;
}
/** Between sentences, whoever speaks. */
const PAUSE_S = 1.2;
