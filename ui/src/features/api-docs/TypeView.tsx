import { createMemo, For, Show } from "solid-js";
import docs from "./ApiDocs.module.css";
import { CopyCode } from "../../components/CopyCode";
import { example } from "./example";
import { type Document, groupsOf, type Operation } from "./openapi";
import operation from "./OperationView.module.css";
import { Prose } from "./Prose";
import { SchemaView } from "./SchemaView";
import { shapeOf } from "./shape";

/** One type: what it holds, and which routes take or answer it. */
export function TypeView(props: { name: string; document: Document }) {
  const types = () => props.document.components?.schemas ?? {};
  const schema = () => types()[props.name] ?? {};
  const uses = createMemo(() => {
    const ref = `"#/components/schemas/${props.name}"`;
    const names = (one: Operation) => JSON.stringify([one.body, one.answers.filter((answer) => answer.status.startsWith("2")), one.parameters]).includes(ref);
    return groupsOf(props.document).flatMap((group) => group.operations.filter(names));
  });
  return (
    <article class={docs.article}>
      <header class={operation.head}>
        <h1 class={operation.path}>{props.name}</h1>
        <p class={operation.summary}>
          <Prose text={schema().description ?? ""} />
        </p>
      </header>
      <section>
        <SchemaView shape={shapeOf(schema())} types={types()} />
      </section>
      <Show when={schema().properties || schema().oneOf}>
        <section>
          <h2 class={operation.part}>Example</h2>
          <CopyCode label="Example" code={JSON.stringify(example(schema(), types()), null, 2)} />
        </section>
      </Show>
      <Show when={uses().length > 0}>
        <section>
          <h2 class={operation.part}>Used by</h2>
          <ul>
            <For each={uses()}>
              {(one) => (
                <li>
                  <a href={`#${one.id}`}>
                    {one.method.toUpperCase()} {one.path}
                  </a>
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
    </article>
  );
}
