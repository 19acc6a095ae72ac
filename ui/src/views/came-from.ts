let last: string | undefined;

/** Whether a page covers the whole window. */
export const covers = (path: string): boolean => /^\/(settings|admin)(\/|$)|^\/spaces\/\d+\/settings(\/|$)/.test(path);

/** Remembers where one is, settings aside. */
export function remember(path: string): void {
  if (!covers(path)) last = path;
}

/** Where one was before the settings; `otherwise` where they were the first page. */
export const cameFrom = (otherwise: string): string => last ?? otherwise;
