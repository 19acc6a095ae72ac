import { desktop } from "../backend/desktop/ipc";
import type { About } from "../features/debug/report";
import { VERSION } from "../protocol/constants";

/** The web app: it is as new as the server that the page is from. */
export async function aboutBrowser(version: () => Promise<string>): Promise<About> {
  return { program: "Snug in a browser", version: await version().catch(() => null), protocol: VERSION, system: navigator.userAgent };
}

/** The desktop app, on what system, and what draws its window. */
export async function aboutDesktop(): Promise<About> {
  const { version, protocol, system } = await desktop.about();
  return { program: "Snug for Linux", version, protocol, system: `${system}; ${navigator.userAgent}` };
}
