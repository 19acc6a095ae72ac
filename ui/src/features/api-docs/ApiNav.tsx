import { For, Show } from "solid-js";
import css from "./ApiNav.module.css";
import { MethodBadge } from "./MethodBadge";
import type { Operation } from "./openapi";

/** The routes by subject, and the types. */
export function ApiNav(props: { groups: { tag: string; operations: Operation[] }[]; types: string[]; chosen: string }) {
  return (
    <nav class={css.nav} aria-label="Routes and types">
      <For each={props.groups}>
        {(group) => (
          <section>
            <h2 class={css.tag}>{group.tag}</h2>
            <ul>
              <For each={group.operations}>
                {(operation) => (
                  <li>
                    <a class={css.row} href={`#${operation.id}`} aria-current={props.chosen === operation.id ? "page" : undefined}>
                      <MethodBadge method={operation.method} />
                      <span class={css.path}>{operation.path}</span>
                    </a>
                  </li>
                )}
              </For>
            </ul>
          </section>
        )}
      </For>
      <Show when={props.types.length > 0}>
        <section>
          <h2 class={css.tag}>types</h2>
          <ul>
            <For each={props.types}>
              {(name) => (
                <li>
                  <a class={css.row} href={`#type-${name}`} aria-current={props.chosen === `type-${name}` ? "page" : undefined}>
                    {name}
                  </a>
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
    </nav>
  );
}
