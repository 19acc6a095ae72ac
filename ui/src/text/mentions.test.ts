import { expect, test } from "vitest";
import cases from "../../../server/protocol/testdata/mentions.json";
import { mentions } from "./mentions";

test("the mentions of a message are those that the server finds", () => {
  expect(cases.length).toBeGreaterThan(200);
  for (const { text, ...found } of cases) expect(mentions(text), text).toEqual(found);
});
