// Usage: node scripts/openapi-world.mjs SERVER-URL CONFIG-FILE
//
// Fills an empty server with two people and a little of everything, and writes a configuration for Schemathesis that
// names what is there, so that its requests go beyond "not found". Prints the access tokens of the two.

import { writeFileSync } from "node:fs";

const [server, file] = process.argv.slice(2);

/** Calls a route, and wants it to succeed. A body is sent as JSON, or as a picture. */
async function call(token, method, path, body) {
  const picture = body instanceof Uint8Array;
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body && { "content-type": picture ? "image/png" : "application/json" }),
  };
  const response = await fetch(`${server}/api/v1${path}`, { method, headers, body: picture ? body : JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

const password = "correct horse battery";
const register = (username) => call(undefined, "POST", "/auth/register", { username, password });
/** A grey square. */
const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAADklEQVR42mNogAIGyhgAgIQgARDoahcAAAAASUVORK5CYII=", "base64");

const owner = await register("owner");
const ownerToken = owner.tokens.access_token;
await call(ownerToken, "PATCH", "/admin/settings", { registration: "open" });
const friend = await register("friend");
const friendToken = friend.tokens.access_token;
const people = [owner.account.id, friend.account.id];
const known = { space: [], channel: [], message: [], role: [], code: [] };

for (const name of ["One", "Two"]) {
  const space = await call(ownerToken, "POST", "/spaces", { name, public: true });
  await call(friendToken, "POST", `/spaces/${space.id}/join`);
  const role = await call(ownerToken, "POST", `/spaces/${space.id}/roles`, { name: "Helpers", permissions: "15" });
  await call(ownerToken, "PATCH", `/spaces/${space.id}/members/${friend.account.id}`, { roles: [role.id] });
  const [channel, deleted] = await Promise.all(
    ["talk", "gone"].map((name) => call(ownerToken, "POST", `/spaces/${space.id}/channels`, { kind: "text", name })),
  );
  await call(ownerToken, "DELETE", `/channels/${deleted.id}`);
  for (const token of [ownerToken, friendToken]) {
    const message = await call(token, "POST", `/channels/${channel.id}/messages`, { content: "Hello" });
    known.message.push(message.id);
  }
  const invite = await call(ownerToken, "POST", `/spaces/${space.id}/invites`, { channel_id: channel.id });
  known.space.push(space.id);
  known.role.push(role.id);
  known.channel.push(channel.id, deleted.id);
  known.code.push(invite.code);
}

// Log-ins besides those that send the requests.
const others = await Promise.all(["owner", "friend"].map((username) => call(undefined, "POST", "/auth/login", { username, password })));
const { avatar } = await call(ownerToken, "PUT", "/users/me/avatar", picture);
const dictionaries = {
  ...known,
  user: people,
  target: [...known.role, ...people],
  session: others.map((login) => login.tokens.session_id),
  hash: [avatar],
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
