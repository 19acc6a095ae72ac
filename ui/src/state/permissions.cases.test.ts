import { expect, test } from "vitest";
import cases from "../../../server/protocol/testdata/permissions.json";
import { inChannel, parse, type Layer } from "./permissions";

type Written = { [step in keyof Layer]: { allow: string; deny: string } };
const layer = (written: Written): Layer => {
  const change = (step: keyof Layer) => ({ allow: parse(written[step].allow), deny: parse(written[step].deny) });
  return { everyone: change("everyone"), roles: change("roles"), member: change("member") };
};

test("roles and overwrites add up to what the server computes", () => {
  expect(cases.length).toBe(200);
  for (const { base, category, channel, result } of cases) {
    const layers = category === null ? [layer(channel)] : [layer(category), layer(channel)];
    expect(String(inChannel(parse(base), layers))).toBe(result);
  }
});
