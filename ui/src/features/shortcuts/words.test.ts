import { expect, test } from "vitest";
import { quoted, ruleCommand, standingHelp, standingWord } from "./words";

test("why a way does not work is said with what helps", () => {
  expect(standingHelp("portal", { at: "failed", why: "The desktop was told not to.", hint: "Try again." })).toBe("The desktop was told not to. Try again.");
  expect(standingHelp("x11", { at: "failed", why: "There is no X server here.", hint: null })).toBe("There is no X server here.");
  expect(standingWord({ at: "asking" }).look).toBe("warn");
});

test("a path with strange letters is quoted for shells", () => {
  expect([quoted("snug-ptt"), quoted("/opt/my apps/snug-ptt"), quoted("/it's")]).toEqual(["snug-ptt", "'/opt/my apps/snug-ptt'", `'/it'\\''s'`]);
});

test("the rule is written and used by one text for a terminal", () => {
  expect(ruleCommand({ path: "/etc/x.rules", text: 'A=="b"\nC=="d"\n', reload: "reload" })).toBe("sudo tee /etc/x.rules <<'END'\nA==\"b\"\nC==\"d\"\nEND\nreload");
});
