import { createEffect, createMemo, createSignal, on, onCleanup, onMount, untrack } from "solid-js";
import { unwrap } from "solid-js/store";
import type { VirtualizerHandle } from "virtua/solid";
import { toast } from "../../components/Toast";
import type { Channel, MessageId } from "../../protocol/generated";
import { looking } from "../../state/attention";
import { useSnug } from "../../state/context";
import { compareIds, idBefore } from "../../state/ids";
import { buildRows, EMPTY } from "./rows";
import { createScroll } from "./scroll";

/** Where the next drawing of the list begins. */
type Start = { at: "end" } | { at: "fresh" } | { at: "message"; id: MessageId };

/** How long a message that was jumped to is lit. */
const LIT_MS = 2_500;
/** What is jumped to stands this far below the upper edge. */
const MARGIN_PX = 80;

/** What the list of a channel's messages shows, and where in it one is. */
export function createList(props: { channel: Channel; target: MessageId | undefined }) {
  const snug = useSnug();
  const id = () => props.channel.id;
  const history = () => snug.state.histories[id()];
  const [readUpTo, setReadUpTo] = createSignal<MessageId | null>(null);
  const [lit, setLit] = createSignal<MessageId | null>(null);
  const [virtualizer, setVirtualizer] = createSignal<VirtualizerHandle>();

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
    present: () => untrack(() => history()?.hasAfter === false),
    more: (what) => {
      const present = untrack(history);
      if (present?.status.at !== "loaded") return;
      if (what === "before" ? present.hasBefore : present.hasAfter) void snug.histories.load(id(), { what });
    },
  });

  /** Set before another part of the history is fetched. */
  let start: Start = { at: "end" };
  const light = (message: MessageId): void => {
    setLit(message);
    setTimeout(() => lit() === message && setLit(null), LIT_MS);
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
  /** Whether the first new message is further back than what is here. */
  const freshOutside = (): boolean => {
    const [first, read] = [rows().keys[0], readUpTo()];
    return rows().fresh !== null && history()?.hasBefore === true && first !== undefined && read !== null && compareIds(first, read) > 0;
  };
  /** Where the first new message is, if it is here. */
  const freshIndex = (): number | null => {
    const { fresh, keys } = rows();
    return fresh === null || freshOutside() ? null : keys.indexOf(fresh);
  };
  const beginning = (): { index: number; align: "start" | "center" } | null => {
    const at = start;
    start = { at: "end" };
    if (at.at === "message") {
      const index = rows().keys.indexOf(at.id);
      if (index < 0) toast({ text: "That message is not there any more." });
      return { index, align: "center" };
    }
    const fresh = at.at === "fresh" ? freshIndex() : null;
    return fresh === null ? null : { index: fresh, align: "start" };
  };
  const toFresh = (): void => {
    const index = freshIndex();
    if (index !== null) return scroll.to(index, "start", -MARGIN_PX);
    start = { at: "fresh" };
    void snug.histories.load(id(), { what: "around", id: readUpTo() ?? "0" });
  };
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
      else if (readUpTo() === null && !(looking() && scroll.stuck())) setReadUpTo(idBefore(event.d.id));
    }),
  );
  const newest = () => rows().keys.findLast((key) => !key.startsWith("+"));
  createEffect(() => {
    const last = newest();
    if (last !== undefined && scroll.stuck() && looking() && history()?.hasAfter === false && !history()?.stale) snug.reads.seen(id(), last);
  });

  return {
    rows,
    history,
    scroll,
    lit,
    readUpTo,
    jump,
    toPresent,
    toFresh,
    beginning,
    setVirtualizer,
    /** Whether the first new message is above what is seen. */
    freshAbove: () => freshOutside() || scroll.isAbove(freshIndex()),
    /** Everything is read, seen or not. */
    markRead: () => {
      setReadUpTo(null);
      if (props.channel.last_message_id !== null) snug.reads.seen(id(), props.channel.last_message_id);
    },
    /** Tries once more what failed. */
    retry: () => {
      const status = history()?.status;
      if (status?.at === "failed") void snug.histories.load(id(), { what: status.what === "page" ? "newest" : status.what });
    },
  };
}
