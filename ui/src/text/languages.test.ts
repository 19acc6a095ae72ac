import { common, createLowlight } from "lowlight";
import { expect, test } from "vitest";
import { languageName } from "./languages";

/** Those that mean no language to colour, or only a part of one, and the one that is too slow. */
const LEFT_OUT = ["plaintext", "php-template", "python-repl", "markdown"];

test("every language of the highlighter is known by its name and by what else people write", () => {
  const lowlight = createLowlight(common);
  for (const name of lowlight.listLanguages().filter((each) => !LEFT_OUT.includes(each))) expect(languageName(name)?.name, name).toBe(name);
  for (const alias of ["js", "ts", "py", "sh", "rs", "html", "yml", "c++", "toml", "JS"]) expect(lowlight.registered(languageName(alias)!.name), alias).toBe(true);
});

test("what the highlighter does not know is unknown", () => {
  for (const name of ["", "plaintext", "brainfuck", "constructor"]) expect(languageName(name)).toBeUndefined();
});
