import { createSignal } from "solid-js";
import { type Candidate, type Completing, complete, completing, rank } from "../../text/completion";
import { loadEmoji } from "../../text/emoji/data";
import { searchEmoji } from "../../text/emoji/search";
import { withTone } from "../../text/emoji/tone";
import { useSnug } from "../../state/context";
import { iconOf } from "../channels/icon";
import { useOpenChannel } from "../messages/channelContext";
import { channelsOf, nameOf, rolesOf } from "../../state/selectors";
import { allows, channelPermissions } from "../../state/permissions";
import type { IconName } from "../../components/icons";

/** Something to choose from. `insert` is what is written. */
export interface Item extends Candidate {
  key: string;
  label: string;
  hint: string;
  insert: string;
  look: { kind: "user"; id: string } | { kind: "icon"; icon: IconName; color?: string | undefined } | { kind: "emoji"; emoji: string };
}

const MOST = 8;

/** Offers people, roles, channels and emoji while a name is typed. */
export function createCompletion(options: { element: () => HTMLTextAreaElement | undefined; put: (text: string, start: number, end: number, selectFrom: number, selectTo: number) => void }) {
  const snug = useSnug();
  const open = useOpenChannel();
  const [what, setWhat] = createSignal<Completing>();
  const [items, setItems] = createSignal<Item[]>([]);
  const [chosen, setChosen] = createSignal(0);

  const close = (): void => {
    setWhat(undefined);
    setItems([]);
  };
  const offer = (found: Item[]): void => {
    setItems(found);
    setChosen(0);
  };
  const people = (query: string): Item[] => {
    const space = open.channel().space_id;
    const may = channelPermissions(snug.state, open.channel().id);
    const users: Item[] = Object.keys(snug.state.members[space] ?? {}).flatMap((id) => {
      const user = snug.state.users[id];
      if (!user) return [];
      const name = nameOf(snug.state, id, space);
      return [{ key: `u${id}`, label: name, hint: user.username, insert: open.labels().label("user", id), names: [name, user.username, user.display_name], recency: snug.state.presences[id] ? 3 : 2, look: { kind: "user", id } }];
    });
    const roles: Item[] = rolesOf(snug.state, space)
      .filter((role) => role.id !== space && (role.mentionable || allows(may, "mention_everyone")))
      .map((role) => ({ key: `r${role.id}`, label: role.name, hint: "Role", insert: open.labels().label("role", role.id), names: [role.name], recency: 1, look: { kind: "icon", icon: "at", color: role.color ?? undefined } }));
    const all: Item[] = allows(may, "mention_everyone")
      ? [
          { key: "everyone", label: "everyone", hint: "All who see this channel", insert: "@everyone", names: ["everyone"], look: { kind: "icon", icon: "people" } },
          { key: "here", label: "here", hint: "Those of them who are here now", insert: "@here", names: ["here"], look: { kind: "icon", icon: "people" } },
        ]
      : [];
    return rank(query, [...users, ...roles, ...all], MOST);
  };
  const channels = (query: string): Item[] =>
    rank(
      query,
      channelsOf(snug.state, open.channel().space_id)
        .filter((channel) => channel.kind !== "category")
        .map((channel) => ({
          key: channel.id,
          label: channel.name,
          hint: channel.parent_id === null ? "" : (snug.state.channels[channel.parent_id]?.name ?? ""),
          insert: open.labels().label("channel", channel.id),
          names: [channel.name],
          look: { kind: "icon", icon: iconOf(channel) },
        })),
      MOST,
    );
  const emoji = async (now: Completing): Promise<void> => {
    const set = await loadEmoji().catch(() => undefined);
    if (!set || what() !== now) return;
    const { tone, recents } = snug.preferences.emoji;
    offer(
      searchEmoji(now.query, set.all, MOST, recents).map((one) => {
        const emoji = one.toned ? withTone(one.emoji, tone) : one.emoji;
        return { key: one.emoji, label: `:${one.codes[0]}:`, hint: one.name, insert: emoji, names: one.codes, look: { kind: "emoji", emoji } };
      }),
    );
  };
  const choose = (at: number): void => {
    const area = options.element();
    const now = what();
    const item = items()[at];
    if (!area || !now || !item) return;
    const next = complete(area.value, now, item.insert);
    const end = next.text.length - (area.value.length - now.end);
    options.put(next.text.slice(now.start, end), now.start, now.end, next.caret, next.caret);
    close();
  };

  return {
    items,
    chosen,
    choose,
    point: setChosen,
    close,
    /** The text or the caret changed. */
    look: (): void => {
      const area = options.element();
      if (!area) return;
      const now = area.selectionStart === area.selectionEnd ? completing(area.value, area.selectionStart) : undefined;
      setWhat(now);
      if (!now) return close();
      if (now.sigil === "@") offer(people(now.query));
      else if (now.sigil === "#") offer(channels(now.query));
      else void emoji(now);
    },
    /** Whether a key was for the list. */
    key: (event: KeyboardEvent): boolean => {
      const count = items().length;
      if (count === 0) return false;
      if (event.key === "ArrowDown") setChosen((at) => (at + 1) % count);
      else if (event.key === "ArrowUp") setChosen((at) => (at - 1 + count) % count);
      else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") choose(chosen());
      else if (event.key === "Escape") close();
      else return false;
      event.preventDefault();
      return true;
    },
  };
}
