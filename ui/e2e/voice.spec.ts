import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type * as P from "../src/protocol/generated";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { dialog, gone, sees, timed, until } from "./harness/screen";
import { bar, hears, inVoice, joinVoice, peopleIn, silent, voiceFlags, withVoice } from "./harness/voice";

/* Voice, with real media through a real server. Everyone's microphone gives a steady tone. */

const home = house({ flags: voiceFlags });
/** What the server decides must reach media within this. */
const AT_ONCE_MS = 1_000;
/** A network that is lost and found is in the console, and no fault of the page. */
const lost = /ERR_|WebSocket connection to|status of 50\d/;

let fireside: P.Channel;
let corner: P.Channel;
let jonas: Person;
let ilse: Person;

beforeAll(async () => {
  fireside = await home.channel("Hearth", { kind: "voice" });
  corner = await home.channel("Corner", { kind: "voice" });
  [jonas, ilse] = await Promise.all([home.friend("jonas"), home.friend("ilse")]);
});

async function together(...people: Person[]): Promise<Page[]> {
  const pages: Page[] = [];
  for (const person of people) {
    const page = await withVoice(home, person);
    await joinVoice(page, fireside);
    pages.push(page);
  }
  return pages;
}

/** Everyone hears all others, and nobody themselves. */
async function allHear(pages: Page[], people: Person[]): Promise<void> {
  for (const [at, page] of pages.entries()) {
    const others = people.filter((_, other) => other !== at).map((one) => one.id);
    await until(() => hears(page)).toEqual(others.toSorted());
  }
}

describe("hearing each other", () => {
  test("two in a channel hear each other, and nobody hears themselves", async () => {
    const people = [home.owner, jonas];
    await allHear(await together(...people), people);
  });

  test("three in a channel each hear the two others", async () => {
    const people = [home.owner, jonas, ilse];
    const pages = await together(...people);
    await allHear(pages, people);
    await sees(peopleIn(pages[0]!, "Hearth").getByRole("button", { name: "Ilse" }));
  });

  test("those in another channel are not heard", async () => {
    const [one] = await together(home.owner);
    const two = await withVoice(home, jonas);
    await joinVoice(two, corner);
    await until(() => hears(one!)).toEqual([]);
    await until(() => hears(two)).toEqual([]);
  });

  test("who speaks has a ring, by what the server hears", async () => {
    const [one] = await together(home.owner, jonas);
    await sees(one!.locator(`[data-person="${jonas.id}"][data-speaking]`));
  });

  test("who leaves is heard no more", async () => {
    const [one, two] = await together(home.owner, jonas);
    await until(() => hears(one!)).toEqual([jonas.id]);
    await bar(two!).getByRole("button", { name: "Leave voice" }).click();
    await gone(bar(two!));
    await gone(peopleIn(one!, "Hearth").getByRole("button", { name: "Jonas" }));
    await until(() => hears(one!)).toEqual([]);
  });
});

test("voices are sent with RED, so that a lost packet is had from the next one", async () => {
  const [one] = await together(home.owner, jonas);
  // The browser's figures name Opus, which is within RED: each packet is as large as two of 64 kb/s and 20 ms.
  const packet = () =>
    one!.evaluate(async () => {
      const count = async () => {
        let found = { bytes: 0, packets: 0 };
        (await window.ears.pcs.at(-1)!.getStats()).forEach((entry: { type: string; bytesSent: number; packetsSent: number }) => {
          if (entry.type === "outbound-rtp") found = { bytes: entry.bytesSent, packets: entry.packetsSent };
        });
        return found;
      };
      const from = await count();
      await new Promise((done) => setTimeout(done, 1_000));
      const to = await count();
      return (to.bytes - from.bytes) / (to.packets - from.packets);
    });
  await until(packet).toBeGreaterThan(1.5 * 160);
});

test("push to talk sends while its key is held", async () => {
  const [one] = await together(home.owner);
  const two = await withVoice(home, jonas, { storage: { "snug.preferences": JSON.stringify({ voice: { mode: "push", key: "F8", noise: false, echo: false, gain: false } }) } });
  await joinVoice(two, fireside);
  await two.keyboard.down("F8");
  await until(() => hears(one!)).toEqual([jonas.id]);
  await two.keyboard.up("F8");
  await until(() => silent(one!, jonas.id)).toBe(true);
});

test("somebody's connection can be looked at, in figures and words", async () => {
  const [one] = await together(home.owner, jonas);
  await peopleIn(one!, "Hearth").getByRole("button", { name: "Jonas" }).click();
  const card = dialog(one!, /^Profile of/);
  await card.getByRole("button", { name: "Connection" }).click();
  await sees(card.getByText("UDP"));
  await sees(card.getByText(/^\d+ kb\/s$/));
  await card.getByRole("slider", { name: "Volume" }).fill("1.5");
  await sees(card.getByText("150 %"));
  await one!.reload();
  await joinVoice(one!, fireside);
  await peopleIn(one!, "Hearth").getByRole("button", { name: "Jonas" }).click();
  await sees(dialog(one!, /^Profile of/).getByText("150 %"));
});

describe("being silent", () => {
  test("who mutes is silent at once, and heard at once when they unmute", async () => {
    const [one, two] = await together(home.owner, jonas);
    await until(() => hears(one!)).toEqual([jonas.id]);
    await bar(two!).getByRole("button", { name: "Mute" }).click();
    expect(await timed(() => until(() => silent(one!, jonas.id)).toBe(true))).toBeLessThan(AT_ONCE_MS);
    await sees(peopleIn(one!, "Hearth").getByRole("img", { name: "Muted" }));
    await bar(two!).getByRole("button", { name: "Unmute" }).click();
    expect(await timed(() => until(() => hears(one!)).toEqual([jonas.id]))).toBeLessThan(AT_ONCE_MS);
  });

  test("the keyboard mutes and deafens", async () => {
    const [page] = await together(home.owner);
    await page!.keyboard.press("Control+Shift+M");
    await sees(bar(page!).getByRole("button", { name: "Unmute" }));
    await page!.keyboard.press("Control+Shift+H");
    await sees(bar(page!).getByRole("button", { name: "Undeafen" }));
    await bar(page!).getByRole("button", { name: "Unmute" }).click();
    await sees(bar(page!).getByRole("button", { name: "Deafen", exact: true }));
  });

  test("who deafens is sent nothing, and says nothing", async () => {
    const [one, two] = await together(home.owner, jonas);
    await until(() => hears(two!)).toEqual([home.owner.id]);
    await bar(two!).getByRole("button", { name: "Deafen", exact: true }).click();
    expect(await timed(() => until(() => silent(two!, home.owner.id)).toBe(true))).toBeLessThan(AT_ONCE_MS);
    await until(() => silent(one!, jonas.id)).toBe(true);
  });
});

describe("moderators", () => {
  test("a server mute silences within a second, and is shown", async () => {
    const [one, two] = await together(home.owner, jonas);
    await until(() => hears(one!)).toEqual([jonas.id]);
    await peopleIn(one!, "Hearth").getByRole("button", { name: "Jonas" }).click({ button: "right" });
    await one!.getByRole("menuitem", { name: "Mute for everyone" }).click();
    expect(await timed(() => until(() => silent(one!, jonas.id)).toBe(true))).toBeLessThan(AT_ONCE_MS);
    await sees(peopleIn(two!, "Hearth").getByRole("img", { name: "Muted by a moderator" }));
    await home.owner.api.members.update(home.space, jonas.id, { muted: false });
    await until(() => hears(one!)).toEqual([jonas.id]);
  });

  test("a server deafening sends nothing to them", async () => {
    const [, two] = await together(home.owner, jonas);
    await until(() => hears(two!)).toEqual([home.owner.id]);
    await home.owner.api.members.update(home.space, jonas.id, { deafened: true });
    expect(await timed(() => until(() => silent(two!, home.owner.id)).toBe(true))).toBeLessThan(AT_ONCE_MS);
    await home.owner.api.members.update(home.space, jonas.id, { deafened: false });
    await until(() => hears(two!)).toEqual([home.owner.id]);
  });

  test("somebody dragged onto another channel is there, and media with them", async () => {
    const [one, two] = await together(home.owner, jonas);
    await until(() => hears(one!)).toEqual([jonas.id]);
    const row = one!.getByRole("navigation", { name: "Channels" }).getByRole("link", { name: /^Corner, voice channel/ });
    await peopleIn(one!, "Hearth").getByRole("button", { name: "Jonas" }).dragTo(row);
    await sees(peopleIn(one!, "Corner").getByRole("button", { name: "Jonas" }));
    await until(() => hears(one!)).toEqual([]);
    await inVoice(two!, "Corner");
    await joinVoice(one!, corner);
    await allHear([one!, two!], [home.owner, jonas]);
  });

  test("who is put out is out within a second, is told, and can come back", async () => {
    const [one, two] = await together(home.owner, jonas);
    await until(() => hears(one!)).toEqual([jonas.id]);
    await home.owner.api.members.move(home.space, jonas.id, {});
    expect(await timed(() => sees(bar(two!).getByText("A moderator put you out of Hearth.")))).toBeLessThan(AT_ONCE_MS);
    await until(() => hears(one!)).toEqual([]);
    await bar(two!).getByRole("button", { name: "Join again" }).click();
    await inVoice(two!, "Hearth");
    await allHear([one!, two!], [home.owner, jonas]);
  });

  test("who is kicked from the space is out of voice as well", async () => {
    const peer = await home.friend("peer");
    const [one] = await together(home.owner, peer);
    await until(() => hears(one!)).toEqual([peer.id]);
    await home.owner.api.members.kick(home.space, peer.id);
    expect(await timed(() => until(() => hears(one!)).toEqual([]))).toBeLessThan(AT_ONCE_MS);
  });
});

describe("surviving", () => {
  test("the newer device takes over, the older is told and can take it back", async () => {
    const [other, first] = await together(home.owner, jonas);
    const second = await withVoice(home, jonas);
    await joinVoice(second, fireside);
    await sees(bar(first!).getByText("You are in voice on another device now."));
    await allHear([other!, second], [home.owner, jonas]);
    await bar(first!).getByRole("button", { name: "Take it back here" }).click();
    await inVoice(first!, "Hearth");
    await sees(bar(second).getByText("You are in voice on another device now."));
    await allHear([other!, first!], [home.owner, jonas]);
  });

  test("a new way is found when the network changes, and talk goes on", async () => {
    const [one, two] = await together(home.owner, jonas);
    await until(() => hears(one!)).toEqual([jonas.id]);
    await two!.evaluate(() => dispatchEvent(new Event("online")));
    await until(() => two!.evaluate(() => window.ears.offers.at(-1)!.negotiation)).toBeGreaterThan(1);
    const connections = await two!.evaluate(() => new Set(window.ears.offers.map((one) => one.connection)).size);
    expect(connections).toBe(1);
    await allHear([one!, two!], [home.owner, jonas]);
  });

  test("after a restart of the server everyone is back in the room without a click", async () => {
    home.visits.allow(lost);
    const people = [home.owner, jonas];
    const pages = await together(...people);
    await allHear(pages, people);
    await home.server.stop();
    await home.server.run();
    const back = await timed(async () => {
      for (const page of pages) await until(() => page.evaluate(() => window.ears.pcs.length)).toBe(2);
      await allHear(pages, people);
    });
    expect(back).toBeLessThan(3_000);
    for (const page of pages) await inVoice(page, "Hearth");
  });

  test("a microphone that is pulled is replaced, and talk goes on", async () => {
    const [one, two] = await together(home.owner, jonas);
    await until(() => hears(one!)).toEqual([jonas.id]);
    expect(await two!.evaluate(() => window.ears.microphones.length)).toBe(1);
    await two!.evaluate(() => {
      const track = window.ears.microphones.at(-1)!;
      track.stop();
      track.dispatchEvent(new Event("ended"));
    });
    await until(() => two!.evaluate(() => window.ears.microphones.length)).toBe(2);
    await until(() => hears(one!)).toEqual([jonas.id]);
    await inVoice(two!, "Hearth");
  });

  test("talk goes on while the gateway is away", async () => {
    home.visits.allow(lost);
    const [one, two] = await together(home.owner, jonas);
    await until(() => hears(one!)).toEqual([jonas.id]);
    // Only what goes over HTTP is cut; media has its own way.
    await two!.context().setOffline(true);
    await two!.evaluate(() => dispatchEvent(new Event("offline")));
    await sees(two!.getByText("You are offline."));
    expect(await hears(one!)).toEqual([jonas.id]);
    expect(await hears(two!)).toEqual([home.owner.id]);
    await two!.context().setOffline(false);
    await gone(two!.getByText("You are offline."));
    await inVoice(two!, "Hearth");
    await allHear([one!, two!], [home.owner, jonas]);
  });
});

test("Opus settings take effect while people talk, without a break", async () => {
  const [one, two] = await together(home.owner, jonas);
  await until(() => hears(one!)).toEqual([jonas.id]);
  await home.owner.api.channels.update(fireside.id, { opus: { bitrate: 16_000, dtx: true, fec: true } });
  await until(() => two!.evaluate(() => window.ears.offers.at(-1)!.negotiation)).toBeGreaterThan(1);
  expect(await hears(one!)).toEqual([jonas.id]);
  await until(() => two!.evaluate(() => window.ears.pcs.at(-1)!.remoteDescription!.sdp)).toMatch(/maxaveragebitrate=16000/);
});

test("a page that gets no microphone says so, and still listens", async () => {
  const [one] = await together(home.owner);
  const two = await withVoice(home, jonas, {
    script: undefined as never,
  });
  await two.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await two.reload();
  await joinVoice(two, fireside);
  await sees(bar(two).getByText("the browser may not use your microphone", { exact: false }));
  await sees(peopleIn(one!, "Hearth").getByRole("button", { name: "Jonas" }));
});
