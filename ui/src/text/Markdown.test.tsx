// @vitest-environment jsdom
import { createSignal } from "solid-js";
import { render } from "solid-js/web";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MentionsContext, type Mentions } from "./context";
import { Markdown } from "./Markdown";

let box: HTMLElement;
let dispose = () => {};

beforeEach(() => {
  box = document.createElement("div");
  document.body.append(box);
});
afterEach(() => {
  dispose();
  box.remove();
});

function draw(text: string | (() => string), mentions: Partial<Mentions> = {}): HTMLElement {
  const world: Mentions = {
    resolveUser: (id) => (id === "1" ? { name: "Marta" } : undefined),
    resolveRole: (id) => (id === "2" ? { name: "Hosts", color: "#336699" } : undefined),
    resolveChannel: (id) => (id === "3" ? { name: "plans" } : undefined),
    ...mentions,
  };
  dispose = render(
    () => (
      <MentionsContext.Provider value={world}>
        <Markdown text={typeof text === "string" ? text : text()} tail={<small>edited</small>} />
      </MentionsContext.Provider>
    ),
    box,
  );
  return box.firstElementChild as HTMLElement;
}

test("a link opens elsewhere and tells nothing of us", () => {
  const link = draw("[text](https://a.b/c)").querySelector("a")!;
  expect([link.getAttribute("href"), link.rel, link.target, link.textContent]).toEqual(["https://a.b/c", "noopener noreferrer nofollow", "_blank", "text"]);
});

test("a link that claims another host says where it leads", () => {
  expect(draw("[bank.example](https://thief.example/x)").textContent).toContain("(thief.example)");
});

test.each(["[bank.example](https://bank.example/x)", "[bank.example](https://www.bank.example)", "[read more](https://a.b)", "https://a.b"])("an honest link says no more than its text: %s", (source) => {
  expect(draw(source).textContent).not.toContain("(");
});

test("what looks like HTML is text", () => {
  const source = "<img src=x onerror=alert(1)> <b>no</b>";
  const drawn = draw(source);
  expect(drawn.querySelector("img, b")).toBeNull();
  expect(drawn.textContent).toBe(`${source}edited`);
});

test("mentions have names, and those of the unknown say so", () => {
  expect(draw("<@1> <@&2> <#3> <@9> <@&9> <#9>").textContent).toContain("@Marta @Hosts #plans @somebody @a role #a channel");
});

test("a mention follows a change of name", () => {
  const [name, setName] = createSignal("Marta");
  const drawn = draw("<@1>", { resolveUser: () => ({ name: name() }) });
  setName("Martina");
  expect(drawn.textContent).toContain("@Martina");
});

test("choosing a mention tells whose, by mouse and by keyboard", () => {
  const onUser = vi.fn();
  const mention = draw("<@1>", { onUser }).querySelector<HTMLElement>("[role=button]")!;
  mention.click();
  mention.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  expect(onUser.mock.calls).toEqual([
    ["1", mention],
    ["1", mention],
  ]);
});

test("nothing can be chosen where nothing would happen", () => {
  expect(draw("<@1> <#3> <@9>").querySelector("[role], [tabindex], button")).toBeNull();
});

test.each(["Enter", " "])("a spoiler shows what it hides at the key %j", (key) => {
  const drawn = draw("||**it** https://a.b||", {});
  const spoiler = drawn.querySelector<HTMLElement>("[role=button]")!;
  expect(spoiler.getAttribute("aria-label")).toBe("Spoiler. Show it");
  expect(drawn.querySelector("a")).toBeNull();
  spoiler.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  expect(drawn.querySelector("[role=button]")).toBeNull();
  expect(drawn.querySelector("strong")?.textContent).toBe("it");
  expect(drawn.querySelector("a")).not.toBeNull();
});

test("a spoiler shows what it hides when chosen", () => {
  const drawn = draw("||it||");
  drawn.querySelector<HTMLElement>("[role=button]")!.click();
  expect(drawn.querySelector("[role=button]")).toBeNull();
});

test("code of a known language is coloured, and stays the same code", async () => {
  const drawn = draw("```rust\nfn main() {} // <b>\n```");
  const code = drawn.querySelector("pre code")!;
  expect(code.textContent).toBe("fn main() {} // <b>");
  await vi.waitFor(() => expect(code.querySelector("span")).not.toBeNull(), { timeout: 5_000 });
  expect(code.textContent).toBe("fn main() {} // <b>");
});

test("code of no language stays plain", () => {
  expect(draw("```\nfn main()\n```").querySelector("pre span")).toBeNull();
});

test("the button copies the code, and says so", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const button = draw("```\na <b>\n```").querySelector("button")!;
  button.click();
  await vi.waitFor(() => expect(button.textContent).toBe("Copied"));
  expect(writeText).toHaveBeenCalledWith("a <b>");
  vi.unstubAllGlobals();
});

test("a button that cannot copy says that it could not", async () => {
  vi.stubGlobal("navigator", {});
  const button = draw("```\na\n```").querySelector("button")!;
  button.click();
  await vi.waitFor(() => expect(button.textContent).toBe("Could not copy"));
  vi.unstubAllGlobals();
});

test("the tail stands in the last line of text", () => {
  expect(draw("a\n\nb").querySelector("p:last-of-type")?.textContent).toBe("bedited");
});

test("the text follows its property", () => {
  const [text, setText] = createSignal("**a**");
  const drawn = draw(text);
  setText("*b*");
  expect(drawn.querySelector("em")?.textContent).toBe("b");
  expect(drawn.querySelector("strong")).toBeNull();
});
