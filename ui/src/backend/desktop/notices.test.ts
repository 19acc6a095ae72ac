import { expect, test } from "vitest";
import type { Note, NoteTold } from "../../protocol/desktop";
import { settle } from "../../testing/clock";
import { desktopNotices } from "./notices";

async function rings(answer: NoteTold | Error, how: { shown: boolean; sound: boolean }): Promise<{ rung: number; notes: Note[] }> {
  const notes: Note[] = [];
  let rung = 0;
  const teller = { note: (note: Note) => (notes.push(note), answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)), withdraw: () => Promise.resolve() };
  desktopNotices("0123456789abcdef", teller, () => (rung += 1)).tell({ spaceId: "10", channelId: "11", title: "Ilse in #tea", body: "now" }, how, () => undefined);
  await settle();
  return { rung, notes };
}

test("a message is told with the account it is of", async () => {
  const { notes } = await rings("shown", { shown: true, sound: false });
  expect(notes).toEqual([{ account: "0123456789abcdef", space: "10", channel: "11", title: "Ilse in #tea", body: "now", sound: false }]);
});

test("it is heard once: from the desktop, or from here", async () => {
  const both = { shown: true, sound: true };
  expect((await rings("heard", both)).rung).toBe(0);
  expect((await rings("shown", both)).rung).toBe(1);
  expect((await rings("nobody", both)).rung).toBe(1);
  expect((await rings(new Error("gone"), both)).rung).toBe(1);
  expect((await rings("too_many", both)).rung).toBe(0);
  expect((await rings("shown", { shown: true, sound: false })).rung).toBe(0);
});

test("a sound alone shows nothing", async () => {
  expect(await rings("heard", { shown: false, sound: true })).toEqual({ rung: 1, notes: [] });
});
