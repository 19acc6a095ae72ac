/** A random mark of 22 letters and digits. `crypto.randomUUID` is missing on plain http. */
export function mark(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(22));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join("");
}
