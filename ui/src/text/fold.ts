/** A text for comparing: without case, accents and the difference of compatible characters. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replaceAll("ß", "ss").replaceAll("ı", "i").replaceAll("ø", "o").replaceAll("ł", "l").replaceAll("đ", "d");
}

/** How well `query` fits `name` (both folded): 0 all of it, 1 its beginning, 2 the beginning of a word, 3 inside; nothing if not at all. */
export function fit(query: string, name: string): 0 | 1 | 2 | 3 | undefined {
  const at = name.indexOf(query);
  if (at < 0) return undefined;
  if (at === 0) return name.length === query.length ? 0 : 1;
  for (let i = at; i >= 0; i = name.indexOf(query, i + 1)) if (!/[\p{L}\p{N}]/u.test(name.charAt(i - 1))) return 2;
  return 3;
}
