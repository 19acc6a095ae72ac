import { createSignal, For, onCleanup } from "solid-js";
import { RadioGroup } from "../../components/RadioGroup";
import { Section } from "../../components/Section";
import { SegmentedControl } from "../../components/SegmentedControl";
import { useSnug } from "../../state/context";
import type { Density, TextSize, Theme } from "../../state/preferences";
import css from "./AppearancePage.module.css";
import { Miniature } from "./Miniature";

const THEMES: { value: Theme; label: string }[] = [
  { value: "system", label: "Like the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "translucent", label: "Translucent" },
];

const DENSITIES: { value: Density; label: string; hint: string }[] = [
  { value: "comfortable", label: "Comfortable", hint: "Room to breathe between messages." },
  { value: "compact", label: "Compact", hint: "More on the screen at once." },
];

const SIZES: { value: TextSize; label: string }[] = [
  { value: "s", label: "Small" },
  { value: "m", label: "Normal" },
  { value: "l", label: "Large" },
  { value: "xl", label: "Larger" },
];

export function AppearancePage() {
  const { preferences, setPreferences } = useSnug();
  return (
    <>
      <Section title="Theme">
        <fieldset class={css.themes}>
          <legend class="aloud">Theme</legend>
          <For each={THEMES}>
            {(theme) => (
              <label class={css.theme}>
                <input class={css.native} type="radio" name="theme" checked={preferences.theme === theme.value} onChange={() => setPreferences("theme", theme.value)} />
                <span class={css.picture}>
                  <Miniature theme={theme.value} />
                </span>
                <span class={css.label}>{theme.label}</span>
              </label>
            )}
          </For>
        </fieldset>
        <p class={css.hint}>Translucent: panels like frosted glass over a soft gradient, light or dark like the system.</p>
      </Section>
      <Section title="Messages">
        <RadioGroup label="Spacing" value={preferences.density} options={DENSITIES} onChange={(value) => setPreferences("density", value)} />
      </Section>
      <Section title="Text size" hint="On top of what the browser is set to.">
        <div>
          <SegmentedControl label="Text size" hideLabel value={preferences.textSize} options={SIZES} onChange={(value) => setPreferences("textSize", value)} />
        </div>
      </Section>
      <Section title="Movement">
        <Movement />
      </Section>
    </>
  );
}

/** What the system says about movement, which is what Snug does. */
function Movement() {
  const query = matchMedia("(prefers-reduced-motion: reduce)");
  const [reduced, setReduced] = createSignal(query.matches);
  const changed = () => setReduced(query.matches);
  query.addEventListener("change", changed);
  onCleanup(() => query.removeEventListener("change", changed));
  return (
    <p class={css.hint}>
      {reduced()
        ? "Your system asks for less movement, so nothing slides or fades here."
        : "Small transitions are on, as on your system. They end when you ask the system for less movement."}
    </p>
  );
}
