import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

/** What Unicode had when the systems of most people were last given pictures for it. Newer ones would be empty boxes. */
const NEWEST = 15.1;
const ID = "virtual:emoji";
/** Parts of other emoji, skin tones among them. */
const COMPONENTS = 2;

interface Entry {
  hexcode: string;
  label: string;
  tags?: string[];
  group?: number;
  order?: number;
  version: number;
  skins?: unknown[];
}
type Shortcodes = Record<string, string | string[]>;

/**
 * The module `virtual:emoji`: all emoji as one text, which is smaller and read faster than JSON. A line for a group is
 * its name, a line for an emoji is `emoji|name|shortcodes|tags|1 if it has skin tones`, words apart by blanks.
 */
export function emoji(): Plugin {
  return {
    name: "snug-emoji",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export default ${JSON.stringify(table())};` : undefined),
  };
}

function table(): string {
  const require = createRequire(import.meta.url);
  const read = (name: string): unknown => JSON.parse(readFileSync(require.resolve(`emojibase-data/en/${name}.json`), "utf8"));
  const entries = (read("data") as Entry[]).filter((entry) => entry.group !== undefined && entry.group !== COMPONENTS && entry.version <= NEWEST);
  entries.sort((a, b) => a.group! - b.group! || a.order! - b.order!);
  const titles = (read("messages") as { groups: { message: string; order: number }[] }).groups;
  // What people know from elsewhere. Where two use one code for different emoji, the first has it.
  const sets = ["github", "joypixels"].map((name) => read(`shortcodes/${name}`) as Shortcodes);
  const owners = new Map<string, string>();
  for (const set of sets) for (const { hexcode } of entries) for (const code of [set[hexcode] ?? []].flat()) if (!owners.has(code)) owners.set(code, hexcode);

  const lines: string[] = [];
  let group: number | undefined;
  for (const entry of entries) {
    if (entry.group !== group) lines.push(capital(titles.find(({ order }) => order === entry.group)!.message.replace("&", "and")));
    group = entry.group;
    const codes = [...new Set(sets.flatMap((set) => set[entry.hexcode] ?? []))].filter((code) => owners.get(code) === entry.hexcode);
    const name = entry.label.toLowerCase();
    const said = new Set([...name.split(/[^\p{L}\p{N}]+/u), ...codes.flatMap((code) => [code, ...code.split("_")])]);
    const tags = (entry.tags ?? []).flatMap((tag) => tag.split(" ")).filter((tag) => !said.has(tag) && !/[|\n]/.test(tag));
    lines.push([qualified(entry.hexcode), entry.label, codes.join(" "), [...new Set(tags)].join(" "), entry.skins === undefined ? "" : "1"].join("|"));
  }
  return lines.join("\n");
}

/** The form that is shown as a picture everywhere. */
function qualified(hexcode: string): string {
  const text = String.fromCodePoint(...hexcode.split("-").map((part) => parseInt(part, 16)));
  const known = new RegExp("^\\p{RGI_Emoji}$", "v");
  const found = [text, `${text}\ufe0f`].find((form) => known.test(form));
  if (found === undefined) throw new Error(`emojibase-data: ${hexcode} is no emoji that Unicode recommends`);
  return found;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
