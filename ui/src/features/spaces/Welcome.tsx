import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Button } from "../../components/Button";
import { IconButton } from "../../components/IconButton";
import { spacePath } from "../../paths";
import { useSnug } from "../../state/context";
import { unreadOfSpace } from "../../state/selectors";
import { useLayout } from "../../state/layout";
import { AddSpaceDialog, PublicSpaces } from "./AddSpaceDialog";
import css from "./Welcome.module.css";

/** The start page: one's spaces with what is new in them, and others to join. */
export function Welcome() {
  const { image, state } = useSnug();
  const layout = useLayout();
  const [adding, setAdding] = createSignal(false);
  return (
    <main class={css.page}>
      <header class={css.bar}>
        <Show when={layout.narrow()}>
          <IconButton icon="menu" label="Spaces and channels" placement="bottom" onClick={layout.openNav} />
        </Show>
      </header>
      <div class={css.column}>
        <h1 class={css.title}>Hello, {state.account?.display_name}.</h1>
        <Show when={state.spaceIds.length > 0} fallback={<p class={css.lead}>You are in no space. A space is a home for a group: its channels, its people, its own rules.</p>}>
          <ul class={css.grid}>
            <For each={state.spaceIds}>
              {(id) => (
                <Show when={state.spaces[id]}>
                  {(space) => (
                    <li>
                      <A class={css.card} href={spacePath(id)}>
                        <Avatar square id={id} name={space().name} src={image(space().icon)} size={48} />
                        <span class={css.words}>
                          <span class={css.name}>{space().name}</span>
                          <span class={css.hint}>{newsOf(unreadOfSpace(state, id))}</span>
                        </span>
                      </A>
                    </li>
                  )}
                </Show>
              )}
            </For>
          </ul>
        </Show>
        <div>
          <Button kind={state.spaceIds.length === 0 ? "primary" : "plain"} icon="plus" onClick={() => setAdding(true)}>
            Add a space
          </Button>
        </div>
        <section class={css.section}>
          <h2>Public spaces on this server</h2>
          <PublicSpaces others onDone={() => undefined} />
        </section>
      </div>
      <AddSpaceDialog open={adding()} onOpenChange={setAdding} />
    </main>
  );
}

function newsOf(news: { unread: boolean; mentions: number }): string {
  if (news.mentions > 0) return news.mentions === 1 ? "1 mention of you" : `${news.mentions} mentions of you`;
  return news.unread ? "New messages" : "Nothing new";
}
