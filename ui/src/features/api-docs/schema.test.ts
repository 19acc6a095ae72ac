import { expect, test } from "vitest";
import { curl, example } from "./example";
import { type Document, documentOf, groupsOf, type Schema, search } from "./openapi";
import { pieces } from "./pieces";
import { factsOf, shapeOf, withoutNull } from "./shape";

const types: Record<string, Schema> = {
  ChannelId: { type: "string" },
  Kind: { oneOf: [{ const: "text", description: "To read.", type: "string" }, { const: "voice", type: "string" }] },
  Channel: {
    type: "object",
    description: "A room.",
    required: ["id", "kind"],
    properties: { id: { $ref: "#/components/schemas/ChannelId" }, kind: { $ref: "#/components/schemas/Kind" }, topic: { type: ["string", "null"] }, parent_id: { anyOf: [{ $ref: "#/components/schemas/ChannelId" }, { type: "null" }], description: "Where." } },
  },
  Tree: { type: "object", properties: { within: { type: "array", items: { $ref: "#/components/schemas/Tree" } } } },
};
const document: Document = {
  info: { title: "Snug", version: "1" },
  components: { schemas: types },
  paths: {
    "/channels/{channel}": {
      get: { operationId: "get_channel", tags: ["channels"], summary: "Shows a channel.", responses: { "200": { description: "Done.", content: { "application/json": { schema: { $ref: "#/components/schemas/Channel" } } } } }, security: [{ access_token: [] }] },
      patch: { operationId: "patch_channel", tags: ["channels"], summary: "Changes it.", requestBody: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/Kind" } } } }, security: [{ access_token: [] }] },
    },
    "/server": { get: { operationId: "get_server", tags: ["about"], summary: "Says who it is." } },
  },
};

test.each<[string, Schema, ReturnType<typeof shapeOf>]>([
  ["a reference is a name", { $ref: "#/components/schemas/Channel" }, { kind: "named", name: "Channel" }],
  ["constants are values, with their words", types["Kind"]!, { kind: "values", of: [{ value: '"text"', note: "To read." }, { value: '"voice"', note: "" }] }],
  ["a list has an element", { type: "array", items: { type: "string" } }, { kind: "list", of: { kind: "plain", type: "string", facts: [] } }],
  ["a reference with more is both", { $ref: "#/components/schemas/Kind", properties: { a: { type: "boolean" } } }, { kind: "both", of: [{ kind: "named", name: "Kind" }, { kind: "object", fields: [{ name: "a", shape: { kind: "plain", type: "boolean", facts: [] }, note: "", required: false, nullable: false }], others: undefined }] }],
  ["nothing said is anything", {}, { kind: "anything" }],
])("%s", (_, schema, shape) => {
  expect(shapeOf(schema)).toEqual(shape);
});

test("what may be null says so at the field, and keeps its type", () => {
  const shape = shapeOf(types["Channel"]!);
  const fields = shape.kind === "object" ? shape.fields : [];
  expect(fields.map(({ name, shape: { kind }, required, nullable }) => [name, kind, required, nullable])).toEqual([
    ["id", "named", true, false],
    ["kind", "named", true, false],
    ["topic", "plain", false, true],
    ["parent_id", "named", false, true],
  ]);
});

test("null among more than two stays a choice of the others", () => {
  expect(withoutNull({ anyOf: [{ type: "string" }, { type: "integer" }, { type: "null" }] })).toEqual({ schema: { anyOf: [{ type: "string" }, { type: "integer" }] }, nullable: true });
});

test("limits are told in words", () => {
  expect(factsOf({ minimum: 1, maximum: 100, default: 50 })).toEqual(["1–100", "50 if left out"]);
  expect(factsOf({ maxLength: 60, pattern: "^a$" })).toEqual(["at most 60 characters", "like ^a$"]);
});

test("an example has each field, with values that fit", () => {
  expect(example({ $ref: "#/components/schemas/Channel" }, types)).toEqual({ id: "248113725440262144", kind: "text", topic: "…", parent_id: "248113725440262144" });
});

test("an example of a type within itself ends", () => {
  expect(JSON.stringify(example({ $ref: "#/components/schemas/Tree" }, types)).length).toBeLessThan(200);
});

test("routes are grouped by tag, and know whether they need a token", () => {
  expect(groupsOf(document).map(({ tag, operations }) => [tag, operations.map((one) => `${one.method} ${one.path} ${one.anyone}`)])).toEqual([
    ["about", ["get /server true"]],
    ["channels", ["get /channels/{channel} false", "patch /channels/{channel} false"]],
  ]);
});

test("a search finds routes by all of its words, and types by their fields", () => {
  expect(search(document, "Patch channel").groups.flatMap((group) => group.operations.map((one) => one.id))).toEqual(["patch_channel"]);
  expect(search(document, "topic").types).toEqual(["Channel"]);
});

test("the line for a shell has the method, the token and the body", () => {
  const operation = groupsOf(document)[1]!.operations[1]!;
  expect(curl(operation, "https://snug.example/api/v1", types)).toBe(
    `curl -X PATCH https://snug.example/api/v1/channels/{channel} \\\n  -H 'Authorization: Bearer …' \\\n  -H 'Content-Type: application/json' \\\n  -d '"text"'`,
  );
});

test("what is no such document is refused in words", () => {
  expect(() => documentOf({ hello: 1 })).toThrow("cannot be read");
});

test.each([
  ["See [`crate::limits::NAME`].", ["See ", "`limits::NAME", "."]],
  ["`GET /server`: who", ["`GET /server", ": who"]],
  ["plain", ["plain"]],
  ["", []],
])("%j is words and code", (text, expected) => {
  expect(pieces(text).map((piece) => (piece.code ? "`" : "") + piece.text)).toEqual(expected);
});
