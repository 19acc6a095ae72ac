import { createSignal } from "solid-js";
import { render } from "solid-js/web";
import { afterEach, expect, test, vi } from "vitest";
import { Select } from "./Select";

let dispose = (): void => undefined;
afterEach(() => dispose());

/** Draws a select whose options are made anew whenever they are asked for, as in a form. */
function draw(onChange: (value: string) => void, form: () => unknown) {
  const place = document.body.appendChild(document.createElement("div"));
  const options = () => (form(), [{ value: "a", label: "Alpha" }, { value: "b", label: "Beta" }]);
  dispose = render(() => <Select label="Letter" value="a" options={options()} onChange={onChange} />, place);
  return place;
}

test("options that are made anew choose nothing by themselves", () => {
  const [form, setForm] = createSignal({});
  const onChange = vi.fn(() => setForm({}));
  const place = draw(onChange, form);
  setForm({});
  setForm({});
  expect(onChange).not.toHaveBeenCalled();
  expect(place.querySelector("button")?.textContent).toContain("Alpha");
});
