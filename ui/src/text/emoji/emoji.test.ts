import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { loadEmoji } from "./data";
import { emojiAt } from "./match";
import { cleanMemory, favourites, NO_MEMORY, used } from "./recents";
import { searchEmoji } from "./search";
import { withoutTone, withTone, type Tone } from "./tone";

const set = await loadEmoji();
const find = (query: string, recents: string[] = []): string => searchEmoji(query, set.all, 3, recents).map(({ emoji }) => emoji).join("");

test("there are all emoji of Unicode 15.1, in nine groups", () => {
  expect(set.all.length).toBe(1898);
  expect(set.groups.map(({ name }) => name)).toEqual([
    "Smileys and emotion", "People and body", "Animals and nature", "Food and drink", "Travel and places", "Activities", "Objects", "Symbols", "Flags",
  ]);
});

test("every emoji has a name and a shortcode of its own", () => {
  expect(set.all.filter(({ name, codes }) => name === "" || codes.some((code) => !/^[\p{L}\p{N}_+’.-]+$/u.test(code)))).toEqual([]);
  expect(new Set(set.all.flatMap(({ codes }) => codes)).size).toBe(set.all.flatMap(({ codes }) => codes).length);
});

test("every emoji is one to the parser, whole, in every tone", () => {
  const missed = set.all.flatMap(({ emoji, toned }) => [emoji, ...(toned ? [withTone(emoji, 3)] : [])]).filter((emoji) => emojiAt(emoji, 0) !== emoji.length);
  expect(missed).toEqual([]);
});

test("a tone gives what Unicode has for it, and can be taken away again", () => {
  const path = createRequire(import.meta.url).resolve("emojibase-data/en/data.json");
  const data = JSON.parse(readFileSync(path, "utf8")) as { hexcode: string; skins?: { emoji: string; tone: number | number[] }[] }[];
  const bare = (emoji: string) => emoji.replaceAll("\ufe0f", "");
  const skins = new Map(data.map(({ hexcode, skins: all }) => [bare(String.fromCodePoint(...hexcode.split("-").map((part) => parseInt(part, 16)))), all]));
  for (const { emoji, toned } of set.all) {
    expect(skins.get(bare(emoji)) !== undefined).toBe(toned);
    if (!toned) continue;
    for (const tone of [1, 5] as Tone[]) {
      const whole = skins.get(bare(emoji))!.find((skin) => [skin.tone].flat().every((each) => each === tone))!.emoji;
      expect(bare(withTone(emoji, tone))).toBe(bare(whole));
      expect(withoutTone(withTone(emoji, tone))).toBe(emoji);
    }
  }
});

test("the shortcode counts more than the name, and the name more than a tag", () => {
  expect(find("smile")).toMatch(/^😄/);
  expect(find("heart")).toMatch(/^❤️/);
  expect(find(":+1:")).toMatch(/^👍/);
  expect(find("pizza")).toMatch(/^🍕/);
  expect(find("germany")).toBe("🇩🇪");
  expect(find("red heart")).toMatch(/^❤️/);
});

test("what was used of late comes first among equals", () => {
  expect(find("cat", [])).toMatch(/^🐱/);
  expect(find("heart_e", ["😻"])).toMatch(/^😻/);
  expect(find("zzzzzz")).toBe("");
});

test("the memory has the latest first, once, and without tone", () => {
  const memory = ["👍🏽", "😀", "👍🏿"].reduce(used, NO_MEMORY);
  expect(memory.recents).toEqual(["👍", "😀"]);
  expect(Array.from({ length: 99 }, (_, i) => String(i)).reduce(used, NO_MEMORY).recents.length).toBe(36);
});

test("as many favourites are offered as asked for, those used of late first", () => {
  expect(favourites(NO_MEMORY, 3)).toEqual(["👍", "❤️", "😂"]);
  expect(favourites({ tone: 0, recents: ["🎉", "👍"] }, 4)).toEqual(["🎉", "👍", "❤️", "😂"]);
});

test("a broken memory is none", () => {
  for (const broken of [undefined, null, 3, "x", { tone: 9, recents: "x" }]) expect(cleanMemory(broken)).toEqual(NO_MEMORY);
  expect(cleanMemory({ tone: 2, recents: ["😀", 5, "😀", ""] })).toEqual({ tone: 2, recents: ["😀"] });
});
