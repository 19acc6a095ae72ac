import { expect, test } from "vitest";
import { canonical } from "./digest";

test("canonical JSON has sorted keys, no white space, and numbers and texts as JavaScript writes them", () => {
  expect(canonical({ b: [1, 1.5, true, null], a: 'é"\n\u2028', "10": {}, "9": "x" })).toBe('{"10":{},"9":"x","a":"é\\"\\n\u2028","b":[1,1.5,true,null]}');
});

test("keys are sorted by code unit, not by code point", () => {
  expect(canonical({ "\u{1F600}": 1, "\uFB33": 2 })).toBe('{"\u{1F600}":1,"\uFB33":2}');
});
