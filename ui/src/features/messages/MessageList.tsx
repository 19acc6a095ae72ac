import { createEffect, createMemo, createSignal, on, onCleanup, onMount, Show, untrack } from "solid-js";
import { unwrap } from "solid-js/store";
import { Virtualizer, type VirtualizerHandle } from "virtua/solid";
import { ContextMenu } from "../../components/ContextMenu";
import { ErrorNote } from "../../components/ErrorNote";
import { Spinner } from "../../components/Spinner";
import type { Channel, MessageId } from "../../protocol/generated";
import { looking } from "../../state/attention";
import { useSnug } from "../../state/context";
import { createdAt } from "../../state/ids";
import { useOpenChannel } from "./channelContext";
import { ListRow } from "./ListRow";
import { Announcer } from "./Announcer";
import { JumpBars } from "./JumpBars";
import { messageMenu } from "./messageMenu";
import { buildRows, EMPTY } from "./rows";
import { createScroll } from "./scroll";
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
  const id = () => props.channel.id;
  const history = () => snug.state.histories[id()];
  const [readUpTo, setReadUpTo] = createSignal<MessageId | null>(null);
  const [lit, setLit] = createSignal<MessageId | null>(null);
  const [virtualizer, setVirtualizer] = createSignal<VirtualizerHandle>();
  const [scroller, setScroller] = createSignal<HTMLDivElement>();

  const rows = createMemo((before: typeof EMPTY) => {
    const present = history();
    // Replaced as a whole when a message comes or goes; what is inside of messages does not matter here.
    const ids = unwrap(present?.ids ?? []);
    const messages = untrack(() => unwrap(present?.messages ?? {}));
    return buildRows({ ids, messages, outgoing: snug.outbox.of(id()), present: present?.hasAfter === false, readUpTo: readUpTo(), me: snug.state.account?.id ?? "" }, before);
  }, EMPTY);

  const scroll = createScroll({
    handle: virtualizer,
    count: () => rows().keys.length,
    more: (what) => {
      const present = untrack(history);
      if (present?.status.at !== "loaded") return;
      if (what === "before" ? present.hasBefore : present.hasAfter) void snug.histories.load(id(), { what });
    },
  });

  /** Where the next drawing of the list begins: set before another part of the history is fetched. */
  let start: { at: "end" } | { at: "fresh" } | { at: "message"; id: MessageId } = { at: "end" };
  const light = (message: MessageId): void => {
    setLit(message);
    setTimeout(() => lit() === message && setLit(null), 2_500);
  };
  const jump = (message: MessageId): void => {
    const index = rows().keys.indexOf(message);
    light(message);
    if (index >= 0) return scroll.to(index, "center");
    start = { at: "message", id: message };
    void snug.histories.load(id(), { what: "around", id: message });
  };
  const toPresent = (): void => {
    if (!history()?.hasAfter) return scroll.toEnd();
    start = { at: "end" };
    void snug.histories.load(id(), { what: "newest" });
  };
  /** Where the first new message is; nothing where it may be further back than what is here. */
  const freshIndex = (): number | null => {
    const { fresh, keys } = rows();
    return fresh === null || (fresh === keys[0] && history()?.hasBefore) ? null : keys.indexOf(fresh);
  };
  const beginning = (): { index: number; align: "start" | "center" } | null => {
    const at = start;
    start = { at: "end" };
    if (at.at === "message") return { index: rows().keys.indexOf(at.id), align: "center" };
    const fresh = at.at === "fresh" ? freshIndex() : null;
    return fresh === null ? null : { index: fresh, align: "start" };
  };
  const toFresh = (): void => {
    const index = freshIndex();
    if (index !== null) return scroll.to(index, "start", -80);
    start = { at: "fresh" };
    void snug.histories.load(id(), { what: "around", id: readUpTo() ?? "0" });
  };
  props.ref({ jump, toPresent });

  // What was new when one came stays marked until one leaves.
  onMount(() => {
    const read = snug.state.readStates[id()];
    if ((read?.unread ?? 0) > 0) setReadUpTo(read?.last_read_id ?? "0");
    if (props.target === undefined) {
      start = { at: "fresh" };
      snug.histories.open(id());
    } else {
      snug.histories.open(id());
      jump(props.target);
    }
  });
  createEffect(on(() => props.target, (target) => target !== undefined && jump(target), { defer: true }));
  // At the end the channel itself may be gone.
  const opened = untrack(id);
  onCleanup(() => {
    snug.histories.close(opened);
    snug.reads.release(opened);
  });
  createEffect(
    on(
      () => history()?.stale === true && history()?.status.at === "loaded",
      (stale) => {
        const at = stale && !scroll.stuck() ? rows().keys[scroll.first()] : undefined;
        if (!stale) return;
        start = at === undefined || at.startsWith("+") ? { at: "end" } : { at: "message", id: at };
        void snug.histories.load(id(), start.at === "message" ? { what: "around", id: start.id } : { what: "newest" });
      },
    ),
  );
  onCleanup(
    snug.onEvent((event) => {
      if (event.t !== "message_create" || event.d.channel_id !== id()) return;
      if (event.d.author_id === snug.state.account?.id) setReadUpTo(null);
      else if (readUpTo() === null && !(looking() && scroll.stuck())) setReadUpTo(String(BigInt(event.d.id) - 1n));
    }),
  );
  const newest = () => rows().keys.findLast((key) => !key.startsWith("+"));
  createEffect(() => {
    const last = newest();
    if (last !== undefined && scroll.stuck() && looking() && history()?.hasAfter === false && !history()?.stale) snug.reads.seen(id(), last);
  });

  let pointedAt: HTMLElement | null = null;
  const menu = () => {
    const found = pointedAt?.closest<HTMLElement>("[data-message]");
    const message = found && history()?.messages[found.dataset["message"] ?? ""];
    return message ? messageMenu(snug, message, open.actions, () => open.pickReaction(message, found)) : [];
  };
  const status = () => history()?.status;

  return (
    <ContextMenu class={css.frame} label="Message menu" items={menu} disabled={false}>
      <Show when={status()?.at === "loading" && rows().keys.length > 0}>
        <div class={css.loadingMore}>
          <Spinner label="Loading messages" />
        </div>
      </Show>
      <JumpBars
        freshAbove={scroll.freshAbove(rows().fresh === null ? null : rows().keys.indexOf(rows().fresh!), history()?.hasBefore === true && rows().fresh === rows().keys[0])}
        freshSince={readUpTo() === null || readUpTo() === "0" ? null : createdAt(readUpTo()!)}
        onFresh={toFresh}
        onRead={() => {
          setReadUpTo(null);
          if (props.channel.last_message_id !== null) snug.reads.seen(id(), props.channel.last_message_id);
        }}
        away={history()?.hasAfter === true || scroll.far()}
        unread={snug.state.readStates[id()]?.unread ?? 0}
        onPresent={toPresent}
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
        <Show when={status()?.at === "failed" && rows().keys.length === 0 ? status() : undefined}>
          {(failed) => (
            <div class={css.failedPage}>
              <ErrorNote error={Object.assign(new Error((failed() as { message: string }).message), failed())} onRetry={() => void snug.histories.load(id(), { what: "newest" })} />
            </div>
          )}
        </Show>
        <Show when={status()?.at === "loading" && rows().keys.length === 0}>
          <div class={css.loadingPage}>
            <Spinner label="Loading messages" size={24} />
          </div>
        </Show>
        <Show when={scroller() !== undefined && history()?.part} keyed>
          <Show when={rows().keys.length === 0 && history()?.hasBefore === false}>
            <ListRow.Start channel={props.channel} />
          </Show>
          <Virtualizer
            ref={(handle) => {
              setVirtualizer(handle);
              if (handle) scroll.begin(untrack(beginning));
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
            {(key) => <ListRow key_={key} row={rows().of.get(key)} first={rows().keys[0] === key && history()?.hasBefore === false} channel={props.channel} lit={lit() === key} />}
          </Virtualizer>
        </Show>
      </div>
      <Announcer channelId={id()} />
    </ContextMenu>
  );
}
