import { For, Show } from "solid-js";
import { Badge } from "../../components/Badge";
import { CopyCode } from "../../components/CopyCode";
import docs from "./ApiDocs.module.css";
import { curl, example, jsonOf } from "./example";
import { MethodBadge } from "./MethodBadge";
import type { Content, Operation, Schema } from "./openapi";
import css from "./OperationView.module.css";
import { Prose } from "./Prose";
import { FieldList, SchemaView } from "./SchemaView";
import { shapeOf, withoutNull } from "./shape";

/** One route: who may, what it takes, what it answers. */
export function OperationView(props: { operation: Operation; base: string; types: Readonly<Record<string, Schema>> }) {
  const good = () => props.operation.answers.filter((answer) => answer.status.startsWith("2"));
  const bad = () => props.operation.answers.filter((answer) => !answer.status.startsWith("2"));
  return (
    <article class={docs.article}>
      <header class={css.head}>
        <h1 class={css.path}>
          <MethodBadge method={props.operation.method} large />
          <span>{props.operation.path}</span>
        </h1>
        <p class={css.summary}>
          <Prose text={props.operation.summary} />
        </p>
        <p class={css.who}>
          <Show when={props.operation.anyone}>
            <Badge good>anyone</Badge>
          </Show>{" "}
          {props.operation.description}
        </p>
      </header>

      <Show when={props.operation.parameters.length > 0}>
        <section>
          <h2 class={css.part}>Parameters</h2>
          <FieldList
            fields={props.operation.parameters.map((parameter) => {
              const { schema } = withoutNull(parameter.schema ?? {});
              return {
                name: parameter.name,
                shape: shapeOf(schema),
                note: parameter.description ?? "",
                required: parameter.required ?? false,
                nullable: false,
                place: parameter.in === "path" ? "in the path" : "after the ?",
              };
            })}
            types={props.types}
          />
        </section>
      </Show>

      <Show when={props.operation.body}>
        {(body) => (
          <section>
            <h2 class={css.part}>Body</h2>
            <Sent content={body().content} types={props.types} />
          </section>
        )}
      </Show>

      <section>
        <h2 class={css.part}>Request</h2>
        <CopyCode label="Example" code={curl(props.operation, props.base, props.types)} />
      </section>

      <For each={good()}>
        {(answer) => (
          <section>
            <h2 class={css.part}>
              Answer <span class={css.status}>{answer.status}</span>
            </h2>
            <Show when={Object.keys(answer.content).length > 0} fallback={<p>{answer.description} Nothing is answered.</p>}>
              <Sent content={answer.content} types={props.types} />
              <Show when={jsonOf(answer.content)}>{(schema) => <CopyCode label="Example" code={JSON.stringify(example(schema(), props.types), null, 2)} />}</Show>
            </Show>
          </section>
        )}
      </For>

      <section>
        <h2 class={css.part}>Refusals</h2>
        <p class={css.hint}>
          Each with an <a href="#type-ApiError">ApiError</a>.
        </p>
        <dl class={css.refusals}>
          <For each={bad()}>
            {(answer) => (
              <div>
                <dt>{answer.status}</dt>
                <dd>{answer.description}</dd>
              </div>
            )}
          </For>
        </dl>
      </section>
    </article>
  );
}

/** What is sent or answered, by media type. */
function Sent(props: { content: Content; types: Readonly<Record<string, Schema>> }) {
  return (
    <Show
      when={jsonOf(props.content)}
      fallback={<p>A picture: {Object.keys(props.content).join(", ")}.</p>}
    >
      {(schema) => <SchemaView shape={shapeOf(withoutNull(schema()).schema)} types={props.types} open />}
    </Show>
  );
}
