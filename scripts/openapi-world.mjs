// Usage: node scripts/openapi-world.mjs SERVER-URL CONFIG-FILE
//
// Fills an empty server with two people and a little of everything, and writes a configuration for Schemathesis that
// names what is there, so that its requests go beyond "not found". Prints the access tokens of the two.

import { writeFileSync } from "node:fs";

const [server, file] = process.argv.slice(2);

/** Calls a route, and wants it to succeed. */
async function call(token, method, path, body) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) };
  const response = await fetch(`${server}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

const register = (username) => call(undefined, "POST", "/auth/register", { username, password: "correct horse battery" });

const owner = await register("owner");
const friend = await register("friend");
const [ownerToken, friendToken] = [owner.tokens.access_token, friend.tokens.access_token];
const known = { space: [], channel: [], message: [], role: [], code: [], user: [owner.account.user.id, friend.account.user.id] };

for (const name of ["One", "Two"]) {
  const space = await call(ownerToken, "POST", "/spaces", { name, public: true });
  await call(friendToken, "POST", `/spaces/${space.id}/join`);
  const role = await call(ownerToken, "POST", `/spaces/${space.id}/roles`, { name: "Helpers", permissions: "15" });
  await call(ownerToken, "PATCH", `/spaces/${space.id}/members/${friend.account.user.id}`, { roles: [role.id] });
  const channel = await call(ownerToken, "POST", `/spaces/${space.id}/channels`, { kind: "text", name: "talk" });
  for (const token of [ownerToken, friendToken]) {
    const message = await call(token, "POST", `/channels/${channel.id}/messages`, { content: "Hello" });
    known.message.push(message.id);
  }
  const invite = await call(ownerToken, "POST", `/spaces/${space.id}/invites`, { channel_id: channel.id });
  known.space.push(space.id);
  known.role.push(role.id);
  known.channel.push(channel.id);
  known.code.push(invite.code);
}

const sessions = await call(friendToken, "GET", "/users/me/sessions");
const dictionaries = {
  ...known,
  target: [...known.role, ...known.user],
  session: sessions.map((session) => session.id),
  emoji: ["👍", "❤️"],
};
const lines = Object.entries(dictionaries).flatMap(([name, values]) => [
  `[dictionaries.${name}]`,
  `values = ${JSON.stringify(values)}`,
  "",
  `[parameters."path.${name}"]`,
  `dictionary = "${name}"`,
  "probability = 0.8",
  "",
]);
writeFileSync(file, lines.join("\n"));
console.log(ownerToken, friendToken);
