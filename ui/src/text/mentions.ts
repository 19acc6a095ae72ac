import { scan } from "./scan";

/** Whom a message mentions, each once, in the order of the text. */
export interface Found {
  users: string[];
  roles: string[];
  everyone: boolean;
  here: boolean;
}

/** As many people, and as many roles, can be mentioned by one message. */
export const MOST_MENTIONS = 100;

/** What the server finds, too: `server/src/messages/mentions.rs`, held together by `server/protocol/testdata/mentions.json`. */
export function mentions(text: string): Found {
  const users = new Set<string>();
  const roles = new Set<string>();
  const found: Found = { users: [], roles: [], everyone: false, here: false };
  for (const token of scan(text)) {
    if (token.type === "user") users.add(token.id);
    else if (token.type === "role") roles.add(token.id);
    else if (token.type === "everyone") found.everyone = true;
    else if (token.type === "here") found.here = true;
  }
  return { ...found, users: [...users].slice(0, MOST_MENTIONS), roles: [...roles].slice(0, MOST_MENTIONS) };
}
