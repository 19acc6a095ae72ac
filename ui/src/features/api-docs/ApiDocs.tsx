import { useLocation } from "@solidjs/router";
import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import { EmptyState } from "../../components/EmptyState";
import { Icon } from "../../components/Icon";
import { createLoad } from "../../components/load";
import { Loaded } from "../../components/Loaded";
import { TextField } from "../../components/TextField";
import { useSnug } from "../../state/context";
import css from "./ApiDocs.module.css";
import { ApiNav } from "./ApiNav";
import { type Document, documentOf, groupsOf, search } from "./openapi";
import { OperationView } from "./OperationView";
import { TypeView } from "./TypeView";

/** The server's own description of its API, to read and to search. What is shown stands in the address, after the `#`. */
export default function ApiDocs() {
  const { api } = useSnug();
  const loaded = createLoad(async () => documentOf(await api.openapi()));
  return (
    <Show
      when={loaded.value()}
      fallback={
        <main class={css.alone}>
          <h1 class={css.title}>API</h1>
          <Loaded of={loaded} what="the description of the API">
            {() => null}
          </Loaded>
        </main>
      }
    >
      {(document) => <Docs document={document()} />}
    </Show>
  );
}

function Docs(props: { document: Document }) {
  const place = useLocation();
  const [text, setText] = createSignal("");
  const chosen = () => decodeURIComponent(place.hash.slice(1));
  const found = createMemo(() => search(props.document, text()));
  const types = () => props.document.components?.schemas ?? {};
  const operation = createMemo(() =>
    groupsOf(props.document)
      .flatMap((group) => group.operations)
      .find((one) => one.id === chosen()),
  );
  const type = () => (chosen().startsWith("type-") && chosen().slice(5) in types() ? chosen().slice(5) : undefined);
  const { link } = useSnug();
  const base = () => link("") + (props.document.servers?.[0]?.url ?? "");

  return (
    <div class={css.page} data-chosen={operation() || type() ? "" : undefined}>
      <aside class={css.side}>
        <header class={css.head}>
          <a class={css.home} href="#" aria-label="Overview of the API">
            <Icon name="code" size={20} />
            <span>API</span>
          </a>
          <TextField label="Search the API" hideLabel icon="search" type="search" placeholder="Search routes and types" value={text()} onInput={setText} />
        </header>
        <Show
          when={found().groups.length + found().types.length > 0}
          fallback={
            <EmptyState icon="search" title="Nothing found">
              Try a part of a path, or a word like “invite”.
            </EmptyState>
          }
        >
          <ApiNav groups={found().groups} types={found().types} chosen={chosen()} />
        </Show>
      </aside>
      <main class={css.main}>
        <a class={css.back} href="#">
          <Icon name="chevronLeft" size={16} />
          All routes
        </a>
        <Switch fallback={<Intro document={props.document} base={base()} />}>
          <Match when={operation()} keyed>
            {(one) => <OperationView operation={one} base={base()} types={types()} />}
          </Match>
          <Match when={type()} keyed>
            {(name) => <TypeView name={name} document={props.document} />}
          </Match>
        </Switch>
      </main>
    </div>
  );
}

function Intro(props: { document: Document; base: string }) {
  return (
    <article class={css.article}>
      <h1 class={css.title}>
        {props.document.info.title} API <span class={css.version}>{props.document.info.version}</span>
      </h1>
      <p>{props.document.info.description}</p>
      <dl class={css.facts}>
        <For
          each={[
            ["Address", <code>{props.base}</code>],
            ["Token", <>Send <code>Authorization: Bearer …</code> on all but the routes marked “anyone”. <a href="#post_auth_login">Log in</a> to get one.</>],
            ["Errors", <>Every refusal is an <a href="#type-ApiError">ApiError</a>: a code, a sentence, and what helps.</>],
            ["Document", <a href={`${props.base}/openapi.json`} target="_blank" rel="noopener">openapi.json</a>],
          ]}
        >
          {([term, text]) => (
            <div>
              <dt>{term}</dt>
              <dd>{text}</dd>
            </div>
          )}
        </For>
      </dl>
    </article>
  );
}
