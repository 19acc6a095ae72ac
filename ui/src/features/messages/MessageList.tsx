import { createSignal, Match, Show, Switch, untrack } from "solid-js";
import { Virtualizer } from "virtua/solid";
import { Button } from "../../components/Button";
import { ContextMenu } from "../../components/ContextMenu";
import { ErrorNote } from "../../components/ErrorNote";
import { Spinner } from "../../components/Spinner";
import { Refusal } from "../../backend/refusal";
import type { Channel, MessageId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { createdAt } from "../../state/ids";
import { Announcer } from "./Announcer";
import { useOpenChannel } from "./channelContext";
import { JumpBars } from "./JumpBars";
import { createList } from "./list";
import { ListRow } from "./ListRow";
import { messageMenu } from "./messageMenu";
import css from "./messages.module.css";

/** What the list lets the channel around it do. */
export interface ListHandle {
  jump(id: MessageId): void;
  toPresent(): void;
}

/** The messages of a channel. Only those in view are drawn. */
export function MessageList(props: { channel: Channel; target: MessageId | undefined; ref: (handle: ListHandle) => void }) {
  const snug = useSnug();
  const open = useOpenChannel();
  const list = createList(props);
  const { rows, history, scroll } = list;
  const [scroller, setScroller] = createSignal<HTMLDivElement>();
  props.ref({ jump: list.jump, toPresent: list.toPresent });

  let pointedAt: HTMLElement | null = null;
  const menu = () => {
    const found = pointedAt?.closest<HTMLElement>("[data-message]");
    const message = found && history()?.messages[found.dataset["message"] ?? ""];
    return message ? messageMenu(snug, message, open.actions, () => open.pickReaction(message, found)) : [];
  };
  const status = () => history()?.status;
  const failure = () => {
    const now = status();
    return now?.at === "failed" ? new Refusal("offline", now.message, now.hint) : undefined;
  };

  return (
    <ContextMenu class={css.frame} label="Message menu" items={menu} disabled={false}>
      <Show when={rows().keys.length > 0}>
        <Edge loading={status()?.at === "loading"} failed={status()?.at === "failed"} onRetry={list.retry} />
      </Show>
      <JumpBars
        freshAbove={list.freshAbove()}
        freshSince={list.readUpTo() === null || list.readUpTo() === "0" ? null : createdAt(list.readUpTo()!)}
        onFresh={list.toFresh}
        onRead={list.markRead}
        away={history()?.hasAfter === true || scroll.far()}
        unread={snug.state.readStates[props.channel.id]?.unread ?? 0}
        onPresent={list.toPresent}
      />
      <div
        class={css.scroller}
        ref={setScroller}
        role="region"
        aria-label={`Messages in ${props.channel.name}`}
        tabIndex={0}
        onPointerDown={(event) => (pointedAt = event.target as HTMLElement)}
        onContextMenu={(event) => {
          pointedAt = event.target as HTMLElement;
          // What is selected, or a link, has the browser's own menu.
          if (menu().length === 0 || pointedAt.closest("a, textarea") || String(getSelection()) !== "") event.stopPropagation();
        }}
        onKeyDown={scroll.keys}
      >
        <div class={css.spacer} />
        <Show when={rows().keys.length === 0}>
          <Switch>
            <Match when={failure()}>
              {(refusal) => (
                <div class={css.failedPage}>
                  <ErrorNote error={refusal()} onRetry={list.retry} />
                </div>
              )}
            </Match>
            <Match when={status()?.at === "loading"}>
              <div class={css.loadingPage}>
                <Spinner label="Loading messages" size={24} />
              </div>
            </Match>
          </Switch>
        </Show>
        <Show when={scroller() !== undefined && history()?.part} keyed>
          <Show when={rows().keys.length === 0 && history()?.hasBefore === false}>
            <ListRow.Start channel={props.channel} />
          </Show>
          <Virtualizer
            ref={(handle) => {
              list.setVirtualizer(handle);
              if (handle) scroll.begin(untrack(list.beginning));
            }}
            data={rows().keys}
            shift={rows().shift}
            scrollRef={scroller()!}
            bufferSize={500}
            as="ol"
            item="li"
            onScroll={scroll.moved}
            onResize={scroll.resized}
          >
            {(key) => <ListRow key_={key} row={rows().of.get(key)} first={rows().keys[0] === key && history()?.hasBefore === false} channel={props.channel} lit={list.lit() === key} />}
          </Virtualizer>
        </Show>
      </div>
      <Announcer channelId={props.channel.id} />
    </ContextMenu>
  );
}

/** More is being fetched at an edge of the list, or could not be. */
function Edge(props: { loading: boolean; failed: boolean; onRetry: () => void }) {
  return (
    <Switch>
      <Match when={props.loading}>
        <div class={css.loadingMore}>
          <Spinner label="Loading messages" />
        </div>
      </Match>
      <Match when={props.failed}>
        <div class={css.failedMore} role="alert">
          These messages could not be loaded.
          <Button small onClick={() => props.onRetry()}>
            Try again
          </Button>
        </div>
      </Match>
    </Switch>
  );
}
