import fc from "fast-check";

/** Bits that mean something somewhere, so that random strings of them reach every corner. */
const BITS = [
  "*", "**", "***", "_", "__", "___", "~~", "||", "|", "`", "``", "```", "````", "\\", "[", "]", "](", ")", "(", "<", ">", "> ", ">>> ", "# ", "## ", "### ",
  "- ", "* ", "1. ", "  ", "    ", "\t", " ", "\n", "\n\n", "a", "b", "word", "é", "字", "😀", "👍🏽", "🇩🇪", "1️⃣", "*️⃣", "\u200d", "\ufe0f", "\u20e3", "\ud83d", "\u202e", "\u00a0",
  "<@1>", "<@&2>", "<#3>", "<@", "@everyone", "@here", "@", "#", "http://", "https://a.b/", "https://", "mailto:", "mailto:a@b", "javascript:", ".", ",", "!", "'", '"', "{", "}", "js\n",
  "¯\\_(ツ)_/¯",
];

/** Sources of up to 4,000 characters: of meaningful bits, of one bit repeated, deeply nested, and of anything. */
export const anySource = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...BITS), { maxLength: 40, size: "max" }).map((bits) => bits.join("")) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...BITS), { maxLength: 1_500, minLength: 100, size: "max" }).map((bits) => bits.join("").slice(0, 4_000)) },
  { weight: 1, arbitrary: fc.tuple(fc.array(fc.constantFrom(...BITS), { minLength: 1, maxLength: 4 }), fc.nat(400)).map(([bits, times]) => bits.join("").repeat(times).slice(0, 4_000)) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom("*", "**", "_", "__", "~~"), { maxLength: 30, size: "max" }).map((marks) => `${marks.join("a ")}b${marks.toReversed().join(" a")}`) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200, size: "max" }) },
);
