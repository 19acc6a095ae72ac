/*
 * What a character is to the parser. `server/src/messages/mentions.rs` has the same rules, so they are written out
 * here and not taken from a regular expression, whose classes differ between languages.
 */

/** Character codes by name. */
export const C = {
  tab: 0x09, newline: 0x0a, space: 0x20, bang: 0x21, quote: 0x22, hash: 0x23, amp: 0x26, open: 0x28, close: 0x29, star: 0x2a, dash: 0x2d, dot: 0x2e,
  slash: 0x2f, zero: 0x30, nine: 0x39, colon: 0x3a, less: 0x3c, greater: 0x3e, at: 0x40, openSquare: 0x5b, backslash: 0x5c, closeSquare: 0x5d,
  underscore: 0x5f, tick: 0x60, pipe: 0x7c, tilde: 0x7e, openBrace: 0x7b, closeBrace: 0x7d,
} as const;

export const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;

/** `a–z`, `A–Z`, `0–9`. */
export const isAlnum = (c: number): boolean => isDigit(c) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);

/** What a backslash takes the meaning from. */
export const isAsciiPunctuation = (c: number): boolean =>
  (c >= 0x21 && c <= 0x2f) || (c >= 0x3a && c <= 0x40) || (c >= 0x5b && c <= 0x60) || (c >= 0x7b && c <= 0x7e);

/** White space, controls and what has no width: what ends an address (RFC 3986 has none of them) and flanks no emphasis. */
export const isBlank = (c: number): boolean =>
  c <= 0x20 ||
  (c >= 0x7f && c <= 0xa0) ||
  c === 0x1680 ||
  (c >= 0x2000 && c <= 0x200f) ||
  (c >= 0x2028 && c <= 0x202f) ||
  (c >= 0x205f && c <= 0x206f) ||
  c === 0x3000 ||
  c === 0xfeff;

/** Letters and digits of any script, near enough: beside ASCII, what is above Latin-1's signs and no blank or general punctuation. */
export const isWord = (c: number): boolean =>
  isAlnum(c) || (c >= 0xc0 && c !== 0xd7 && c !== 0xf7 && !(c >= 0x2000 && c <= 0x2bff) && !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xd800 && c <= 0xdfff) && !(c >= 0xfe00 && c <= 0xff0f) && !isBlank(c));
