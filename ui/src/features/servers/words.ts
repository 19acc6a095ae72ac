import type { Entry } from "../../protocol/desktop";
import type { Standing } from "../../state/fleet";

/** How an account stands, in a word. */
export const STANDINGS: Record<Standing, string> = {
  online: "Connected",
  connecting: "Connecting",
  away: "Cannot be reached",
  out: "Not logged in",
  refused: "Refused",
};

/** `https://snug.example:7070` as people say it: without what goes without saying. */
export const spoken = (origin: string): string => origin.replace(/^https:\/\//, "");

/** What an account is called among others, some of which may be on the same server. */
export const called = (entry: Entry): string => (entry.account ? `${entry.account.display_name} on ${entry.name}` : entry.name);
