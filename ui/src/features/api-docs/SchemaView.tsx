import { createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import type { Schema } from "./openapi";
import { Prose } from "./Prose";
import css from "./SchemaView.module.css";
import { type Field, type Shape, shapeOf } from "./shape";

type Types = Readonly<Record<string, Schema>>;

/** What a value looks like. Named types are links that also unfold; `open` unfolds the first one. */
export function SchemaView(props: { shape: Shape; types: Types; open?: boolean }): JSX.Element {
  const as = <K extends Shape["kind"]>(kind: K) => (props.shape.kind === kind ? (props.shape as Extract<Shape, { kind: K }>) : undefined);
  return (
    <Switch>
      <Match when={as("named")}>{(shape) => <Named name={shape().name} types={props.types} open={props.open ?? false} />}</Match>
      <Match when={as("object")}>
        {(shape) => (
          <>
            <FieldList fields={shape().fields} types={props.types} />
            <Show when={shape().others}>{(others) => <p class={css.line}>Any name, each with: <SchemaView shape={others()} types={props.types} /></p>}</Show>
          </>
        )}
      </Match>
      <Match when={as("list")}>
        {(shape) => (
          <div class={css.line}>
            <span class={css.type}>list of</span> <SchemaView shape={shape().of} types={props.types} open={props.open ?? false} />
          </div>
        )}
      </Match>
      <Match when={as("choice")}>
        {(shape) => (
          <div class={css.choice}>
            <p class={css.type}>one of</p>
            <For each={shape().of}>
              {(option) => (
                <div class={css.option}>
                  <Show when={option.note}>
                    <p class={css.note}>
                      <Prose text={option.note} />
                    </p>
                  </Show>
                  <SchemaView shape={option.shape} types={props.types} />
                </div>
              )}
            </For>
          </div>
        )}
      </Match>
      <Match when={as("both")}>{(shape) => <For each={shape().of}>{(part) => <SchemaView shape={part} types={props.types} open />}</For>}</Match>
      <Match when={as("values")}>
        {(shape) => (
          <ul class={css.values}>
            <For each={shape().of}>
              {(one) => (
                <li>
                  <code>{one.value}</code> <span class={css.note}><Prose text={one.note} /></span>
                </li>
              )}
            </For>
          </ul>
        )}
      </Match>
      <Match when={as("plain")}>
        {(shape) => (
          <span class={css.type}>
            {shape().type}
            <Show when={shape().facts.length > 0}>, {shape().facts.join(", ")}</Show>
          </span>
        )}
      </Match>
      <Match when={as("anything")}>
        <span class={css.type}>anything</span>
      </Match>
    </Switch>
  );
}

/** Fields with their types and what they are. */
export function FieldList(props: { fields: (Field & { place?: string })[]; types: Types }) {
  return (
    <dl class={css.fields}>
      <For each={props.fields}>
        {(field) => (
          <div class={css.field}>
            <dt class={css.name}>
              <code>{field.name}</code>
              <Show when={!field.required}>
                <Badge quiet>optional</Badge>
              </Show>
              <Show when={field.nullable}>
                <Badge quiet>or null</Badge>
              </Show>
              <Show when={field.place}>
                <span class={css.type}>{field.place}</span>
              </Show>
            </dt>
            <dd class={css.about}>
              <Show when={field.note}>
                <p>
                  <Prose text={field.note} />
                </p>
              </Show>
              <SchemaView shape={field.shape} types={props.types} />
            </dd>
          </div>
        )}
      </For>
    </dl>
  );
}

function Named(props: { name: string; types: Types; open: boolean }) {
  const [open, setOpen] = createSignal(props.open);
  const schema = () => props.types[props.name];
  return (
    <div class={css.named}>
      <span class={css.namedHead}>
        <Show when={schema()}>
          <button type="button" class={css.fold} aria-expanded={open()} aria-label={`Fields of ${props.name}`} onClick={() => setOpen(!open())}>
            <Icon name={open() ? "chevronDown" : "chevronRight"} size={14} />
          </button>
        </Show>
        <a href={`#type-${props.name}`}>{props.name}</a>
        <Show when={schema()?.description}>
          <span class={css.note}><Prose text={schema()?.description ?? ""} /></span>
        </Show>
      </span>
      <Show when={open() && schema()}>
        {(found) => (
          <div class={css.inner}>
            <SchemaView shape={shapeOf(found())} types={props.types} />
          </div>
        )}
      </Show>
    </div>
  );
}
