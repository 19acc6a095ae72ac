let last: string | undefined;

/** Remembers where one is, settings aside. */
export function remember(path: string): void {
  if (!/^\/(settings|admin)(\/|$)|^\/spaces\/\d+\/settings(\/|$)/.test(path)) last = path;
}

/** Where one was before the settings; `otherwise` where they were the first page. */
export const cameFrom = (otherwise: string): string => last ?? otherwise;
