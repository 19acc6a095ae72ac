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
