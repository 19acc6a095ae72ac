import { expect, test } from "vitest";
import { parse } from "./markdown";
import { plain, preview } from "./plain";

const names = { user: (id: string) => (id === "1" ? "Marta" : undefined), role: () => "Hosts", channel: () => "plans" };

test("marks are left out and names put in", () => {
  expect(plain(parse("**a** _b_ `c` [d](https://e.f) <@1> <@2> <@&3> <#4> @here 😀"), { names })).toBe("a b c d @Marta @somebody @Hosts #plans @here 😀");
});

test("blocks are lines", () => {
  expect(plain(parse("# a\n> b\n> c\n- d\n- e\n\n3. f\n4. g\n```js\nh\n```"))).toBe("a\nb\nc\n• d\n• e\n3. f\n4. g\nh");
});

test("hidden text stays hidden unless asked for", () => {
  expect(plain(parse("it was ||him||"))).toBe("it was (spoiler)");
  expect(plain(parse("it was ||him||"), { spoilers: true })).toBe("it was him");
});

test("a preview is one line, and short", () => {
  expect(preview("a\n\n  b\n- c")).toBe("a b • c");
  expect(preview("word ".repeat(9), { most: 12 })).toBe("word word w…");
  expect(preview("😀😀😀😀", { most: 3 })).toBe("😀😀…");
});

test("a preview of an excerpt does not tell what its end would have hidden", () => {
  expect(preview("it was ||him, I am su", { cut: true })).toBe("it was (spoiler)…");
  expect(preview("it was ||him|| a", { cut: true })).toBe("it was (spoiler) a…");
});
