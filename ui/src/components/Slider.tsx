import { Field } from "./Field";
import css from "./Slider.module.css";

/** A value on a line: `label`, `value`, `min`, `max`, `step`, `onInput(value)`, `words` (the value for people). */
export function Slider(props: { label: string; value: number; min: number; max: number; step: number; onInput: (value: number) => void; words?: string | undefined; disabled?: boolean | undefined }) {
  return (
    <Field label={props.label} aside={props.words}>
      {(ids) => (
        <input
          {...ids()}
          class={css.slider}
          type="range"
          min={props.min}
          max={props.max}
          step={props.step}
          value={props.value}
          disabled={props.disabled}
          aria-valuetext={props.words}
          style={{ "--part": `${((props.value - props.min) / (props.max - props.min)) * 100}%` }}
          onInput={(event) => props.onInput(event.currentTarget.valueAsNumber)}
        />
      )}
    </Field>
  );
}
