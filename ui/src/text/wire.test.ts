import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "./markdown";
import { Labels, replaceShortcodes, toShown, toWire, type Known } from "./wire";

const known: Known = {
  users: [
    { id: "1", name: "Marta", username: "marta.k" },
    { id: "2", name: "Ann", username: "ann" },
    { id: "3", name: "Ann Marie", username: "annmarie" },
    { id: "4", name: "Jo", username: "jo1" },
    { id: "5", name: "Jo", username: "jo2" },
    { id: "6", name: "a`b", username: "tick" },
    { id: "7", name: "jo1", username: "thief" },
    { id: "8", name: "everyone", username: "joker" },
  ],
  roles: [
    { id: "10", name: "Hosts" },
    { id: "11", name: "Marta" },
    { id: "12", name: "Film club" },
  ],
  channels: [
    { id: "20", name: "general" },
    { id: "21", name: "general chat" },
    { id: "22", name: "twice" },
    { id: "23", name: "twice" },
    { id: "24", name: "<odd>" },
  ],
};
const labels = new Labels(known);

test("a name becomes its mention", () => {
  expect(toWire("@ann marie, see #general!", labels)).toBe("<@3>, see <#20>!");
  expect(toWire("(@Hosts) @film club's", labels)).toBe("(<@&10>) <@&12>'s");
});

test("the longest name wins, and only a whole one counts", () => {
  expect(toWire("#general chat #general", labels)).toBe("<#21> <#20>");
  expect(toWire("@annabelle a@ann #generally", labels)).toBe("@annabelle a@ann #generally");
});

test("a name that two have means neither", () => {
  expect(toWire("@Jo @Marta #twice", labels)).toBe("@Jo @Marta #twice");
  expect(toWire("@jo1 @jo2 @marta.k", labels)).toBe("<@4> <@5> <@1>");
});

test("nothing becomes a mention in code, addresses or after a backslash", () => {
  const text = "`@ann` ```\n@ann\n``` https://a.b/@ann \\@ann [x](https://a.b/#general)";
  expect(toWire(text, labels)).toBe(text);
});

test("a mention is shown by a name that leads back to it", () => {
  expect(toShown("<@3> <@4> <@&10> <#20>", labels)).toBe("@Ann Marie @jo1 @Hosts #general");
  expect(toShown("<@1> <@&11> <@6> <@8> <#22> <#24>", labels)).toBe("@marta.k <@&11> @tick @joker <#22> <#24>");
  expect(toShown("<@99> <#98>", labels)).toBe("<@99> <#98>");
});

test("a name is not used where what follows would make it longer", () => {
  expect(toShown("<@2> Marie and <@2>", labels)).toBe("<@2> Marie and @Ann");
  expect(toShown("<@3>s", labels)).toBe("<@3>s");
});

test("what only looks like a mention stays one that is none", () => {
  expect(toShown("@Ann and <@2>", labels)).toBe("\\@Ann and @Ann");
});

test("the label for somebody chosen does not begin another's", () => {
  expect(labels.label("channel", "21")).toBe("#general chat");
  expect(labels.label("user", "3")).toBe("@Ann Marie");
  expect(labels.label("user", "1")).toBe("@marta.k");
  const both = new Labels({ ...known, users: [{ id: "2", name: "Ann", username: "ann.x" }, { id: "3", name: "Ann Marie", username: "am" }] });
  expect(both.label("user", "2")).toBe("@ann.x");
});

test("a shortcode becomes its emoji, but not in code", () => {
  const emoji = (code: string) => ({ smile: "😄", "+1": "👍" })[code];
  expect(replaceShortcodes(":smile: :+1::smile: 10:30:smile: :nope: `:smile:`", emoji)).toBe("😄 👍😄 10:30😄 :nope: `:smile:`");
});

const names = fc.oneof(
  fc.constantFrom("Ann", "ann", "Ann Marie", "Ann ", "a", "A b", "*x*", "x_y", "`", "here", "http://a", "é", "E", "Ann]", "\\", "general", "😀", "İx", "1"),
  fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }),
);
const username = fc.string({ unit: fc.constantFrom(..."ab1._-"), minLength: 2, maxLength: 4 });
const anyKnown = fc
  .record({
    users: fc.uniqueArray(fc.record({ name: names, username }), { maxLength: 6, selector: (user) => user.username }),
    roles: fc.array(names, { maxLength: 3 }),
    channels: fc.array(names, { maxLength: 3 }),
  })
  .map(({ users, roles, channels }) => ({
    users: users.map((user, i) => ({ id: String(1 + i), ...user })),
    roles: roles.map((name, i) => ({ id: String(11 + i), name })),
    channels: channels.map((name, i) => ({ id: String(21 + i), name })),
  }));
const bit = fc.oneof(
  fc.integer({ min: 1, max: 8 }).map((id) => `<@${id}>`),
  fc.integer({ min: 11, max: 14 }).map((id) => `<@&${id}>`),
  fc.integer({ min: 21, max: 24 }).map((id) => `<#${id}>`),
  names.map((name) => `@${name}`),
  names,
  fc.constantFrom(" ", "\n", "`", "```", "\\", "@", "#", "<", ">", "*", "[", "](", "https://", ")", "s", "_"),
);
const wire = fc.array(bit, { maxLength: 12 }).map((bits) => bits.join(""));

test("what is shown of a message makes the same message again", () => {
  fc.assert(
    fc.property(anyKnown, wire, (everyone, message) => {
      const all = new Labels(everyone);
      const back = toWire(toShown(message, all), all);
      expect(parse(back)).toEqual(parse(message));
      // Where every sigil is a mention's, nothing has to be escaped.
      if (!/[@#]/.test(message.replace(/(?<!\\)<[@#]&?\d+>/g, ""))) expect(back).toBe(message);
    }),
    { numRuns: 2_000 },
  );
});
