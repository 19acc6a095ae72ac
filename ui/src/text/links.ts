import { plainInline } from "./plain";
import type { Inline } from "./tree";

/** Where a link leads, if its text looks like the address of somewhere else: `[bank.example](https://thief.example)`. */
export function foreignHost(link: Inline & { type: "link" }): string | undefined {
  if (link.bare) return undefined;
  const claimed = /([\p{L}\p{N}-]+\.)+\p{L}{2,}/u.exec(plainInline(link.children))?.[0].toLowerCase();
  if (claimed === undefined) return undefined;
  const host = hostOf(link.href);
  return host === claimed || host === `www.${claimed}` ? undefined : host;
}

function hostOf(href: string): string {
  try {
    const url = new URL(href);
    return url.host === "" ? url.pathname : url.host;
  } catch {
    return href;
  }
}
