/** A piece of a description: words, or a name as in code. */
export interface Piece {
  code: boolean;
  text: string;
}

/** The pieces of a description as Rust writes it: code stands in backticks, and may be a link, which leads nowhere here. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(/\[`([^`]+)`\]|`([^`]+)`/g)) {
    if (match.index > from) found.push({ code: false, text: text.slice(from, match.index) });
    found.push({ code: true, text: (match[1] ?? match[2] ?? "").replace(/^crate::/, "") });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ code: false, text: text.slice(from) });
  return found;
}
