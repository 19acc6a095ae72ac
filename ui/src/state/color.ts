/** Contrast that small text needs (WCAG AA). */
const CONTRAST = 4.6;
/** The least favourable backs that names stand on. */
const LIGHT_BACK = [236, 228, 222] as const;
const DARK_BACK = [52, 46, 50] as const;

type Rgb = readonly [number, number, number];
const known = new Map<string, string>();

/** A role's colour as a name is written in it: darker in the light and lighter in the dark, until it can be read. */
export function legible(hex: string): string {
  let css = known.get(hex);
  if (css === undefined) {
    const color = parse(hex);
    css = color ? `light-dark(${write(toward(color, [0, 0, 0], LIGHT_BACK))}, ${write(toward(color, [255, 255, 255], DARK_BACK))})` : "inherit";
    known.set(hex, css);
  }
  return css;
}

function toward(color: Rgb, end: Rgb, back: Rgb): Rgb {
  for (let part = 0; part < 1; part += 0.04) {
    const mixed: Rgb = [mix(color[0], end[0], part), mix(color[1], end[1], part), mix(color[2], end[2], part)];
    if (contrast(mixed, back) >= CONTRAST) return mixed;
  }
  return end;
}

const mix = (from: number, to: number, part: number): number => Math.round(from + (to - from) * part);

export function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function parse(hex: string): Rgb | undefined {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  return found ? [Number.parseInt(found[1]!, 16), Number.parseInt(found[2]!, 16), Number.parseInt(found[3]!, 16)] : undefined;
}

const write = (color: Rgb): string => `rgb(${color.join(" ")})`;
