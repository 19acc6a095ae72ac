/** An emoji of Unicode. */
export interface Emoji {
  emoji: string;
  /** What it is called, as screen readers say it. */
  name: string;
  /** What may be written between colons; the first is the one to show. Never empty. */
  codes: readonly string[];
  /** What else it may be looked for as. */
  tags: readonly string[];
  /** Whether its skin has a tone. */
  toned: boolean;
}

export interface EmojiGroup {
  name: string;
  emoji: readonly Emoji[];
}

/** All emoji. */
export interface EmojiSet {
  groups: readonly EmojiGroup[];
  all: readonly Emoji[];
  /** By shortcode, without the colons. */
  byCode: ReadonlyMap<string, Emoji>;
  /** By the emoji itself, without skin tone. */
  byEmoji: ReadonlyMap<string, Emoji>;
}

let set: Promise<EmojiSet> | undefined;

/** Loads the emoji, once: they are large, and not needed before somebody looks for one. */
export function loadEmoji(): Promise<EmojiSet> {
  set ??= import("virtual:emoji").then(
    (module) => read(module.default),
    (error: unknown) => {
      // The next try may be luckier.
      set = undefined;
      throw error;
    },
  );
  return set;
}

function read(table: string): EmojiSet {
  const groups: { name: string; emoji: Emoji[] }[] = [];
  const byCode = new Map<string, Emoji>();
  const byEmoji = new Map<string, Emoji>();
  for (const line of table.split("\n")) {
    const [emoji = "", name, codes = "", tags = "", toned] = line.split("|");
    if (name === undefined) {
      groups.push({ name: emoji, emoji: [] });
      continue;
    }
    const entry: Emoji = { emoji, name, codes: codes.split(" "), tags: tags === "" ? [] : tags.split(" "), toned: toned === "1" };
    groups.at(-1)!.emoji.push(entry);
    byEmoji.set(emoji, entry);
    for (const code of entry.codes) byCode.set(code, entry);
  }
  return { groups, all: groups.flatMap((group) => group.emoji), byCode, byEmoji };
}
