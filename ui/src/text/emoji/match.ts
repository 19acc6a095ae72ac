// UTS #51, section 1.4.9, with the first element one that is shown as a picture: by itself, or by what follows it.
const EMOJI =
  /(?:\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3|(?:\p{Emoji_Presentation}\uFE0F?|(?![0-9#*])\p{Emoji}(?:\uFE0F|\p{EMod}))(?:\p{EMod}|[\u{E0020}-\u{E007E}]+\u{E007F})?(?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*)/uy;

/** The length of the emoji at `at`, in UTF-16 units; 0 for none. */
export function emojiAt(text: string, at: number): number {
  const c = text.charCodeAt(at);
  if (c < 0xa9) {
    // Digits, `#` and `*` become keycaps by what follows; the other ASCII characters never do.
    const next = text.charCodeAt(at + 1);
    if (next !== 0xfe0f && next !== 0x20e3) return 0;
  }
  // The second half of a pair: the expression would step back to the first.
  if (c >= 0xdc00 && c <= 0xdfff) return 0;
  EMOJI.lastIndex = at;
  return EMOJI.exec(text)?.[0].length ?? 0;
}
