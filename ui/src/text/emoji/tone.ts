/** Skin tones as Unicode has them; 0 is none, the yellow of pictures. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5;
export const TONES: readonly { tone: Tone; name: string }[] = [
  { tone: 0, name: "No skin tone" },
  { tone: 1, name: "Light" },
  { tone: 2, name: "Medium-light" },
  { tone: 3, name: "Medium" },
  { tone: 4, name: "Medium-dark" },
  { tone: 5, name: "Dark" },
];

const FIRST_MODIFIER = 0x1f3fa;

/** The emoji with a skin tone for each person in it. Only for one that has tones. */
export function withTone(emoji: string, tone: number): string {
  if (!TONES.some((each) => each.tone === tone) || tone === 0) return emoji;
  const modifier = String.fromCodePoint(FIRST_MODIFIER + tone);
  const joined = emoji.includes("\u200d");
  // A handshake between two people has no tone of its own. A modifier makes the presentation selector superfluous.
  return emoji.replace(/(\p{EBase})\ufe0f?/gu, (all, base: string) => (joined && base === "🤝" ? all : base + modifier));
}

/** The emoji as it is in the table. */
export function withoutTone(emoji: string): string {
  return emoji.replace(/(\p{EBase})[\u{1f3fb}-\u{1f3ff}]/gu, (_, base: string) => (/\p{Emoji_Presentation}/u.test(base) ? base : `${base}\ufe0f`));
}
