// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOutside } from "./outside";

let opened: string[];
let stop: () => void;
beforeEach(() => {
  opened = [];
  stop = openOutside((link) => opened.push(link));
  document.body.innerHTML = `
    <a id="page" href="https://snug.example/a?b" target="_blank"><b>page</b></a>
    <a id="mail" href="mailto:ilse@snug.example">mail</a>
    <a id="own" href="/settings">own</a>
    <a id="script" href="javascript:void 0">script</a>
    <button id="none">none</button>`;
});
afterEach(() => stop());

const click = (id: string, type = "click", button = 0): boolean =>
  document.getElementById(id)!.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, button }));

test("links that lead out are opened outside, and not in the window", () => {
  const inner = document.querySelector("#page b")!;
  expect(inner.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }))).toBe(false);
  expect(click("page", "auxclick", 1)).toBe(false);
  expect(click("mail")).toBe(false);
  expect(opened).toEqual(["https://snug.example/a?b", "https://snug.example/a?b", "mailto:ilse@snug.example"]);
});

test("nothing else is touched", () => {
  expect([click("script"), click("none"), click("page", "auxclick", 2)]).toEqual([true, true, true]);
  document.getElementById("page")!.addEventListener("click", (event) => event.preventDefault());
  click("page");
  expect(opened).toEqual([]);
});
