const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

/** "19 November 2026". */
export const onDay = (at: number): string => day.format(at);

/** A length of time in its largest units, two unless said otherwise: "2 days 3 hours". */
export function lasting(seconds: number, most = 2): string {
  const units = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return "no time";
  let left = seconds;
  const parts: string[] = [];
  for (const [name, size] of units.slice(first, first + most)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.join(" ");
}
