import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mentions, type Found } from "./mentions";

const cases = JSON.parse(readFileSync(new URL("../../../server/protocol/testdata/mentions.json", import.meta.url), "utf8")) as (Found & { text: string })[];

test("the mentions of a message are those that the server finds", () => {
  expect(cases.length).toBeGreaterThan(200);
  for (const { text, ...found } of cases) expect(mentions(text), text).toEqual(found);
});
