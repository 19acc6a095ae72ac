import { type Api, createApi } from "../../src/backend/api";
import { Http } from "../../src/backend/http";
import type * as P from "../../src/protocol/generated";

export const PASSWORD = "correct horse";

/** Somebody with an account, who acts by REST. */
export interface Person {
  id: P.UserId;
  username: string;
  name: string;
  password: string;
  api: Api;
  /** The space that the invite led to, or the first one. */
  spaceId: P.SpaceId | null;
  token: string;
}

export interface NewPerson {
  /** Lower case; the display name is the same with a capital. */
  username: string;
  name?: string;
  invite?: string;
}

/** The REST side as somebody with this token sees it; without one, as anyone. */
export function apiOf(base: string, token: string): Api {
  return createApi(new Http({ base: `${base}/api/v1`, fetch, access: () => Promise.resolve(token) }));
}

export async function register(base: string, who: NewPerson): Promise<Person> {
  const name = who.name ?? who.username[0]!.toUpperCase() + who.username.slice(1);
  const body: P.Register = { username: who.username, password: PASSWORD, display_name: name, cookie: false };
  if (who.invite !== undefined) body.invite = who.invite;
  const answer = await apiOf(base, "").auth.register(body);
  if (answer.outcome !== "logged_in") throw new Error(`${who.username} has to wait at the door`);
  return personOf(base, answer);
}

export async function logIn(base: string, username: string, password = PASSWORD): Promise<Person> {
  return personOf(base, await apiOf(base, "").auth.login({ username, password, cookie: false }));
}

function personOf(base: string, answer: P.LoggedIn): Person {
  const { account, tokens } = answer;
  return { id: account.id, username: account.username, name: account.display_name, password: PASSWORD, api: apiOf(base, tokens.access_token), spaceId: answer.space_id, token: tokens.access_token };
}
