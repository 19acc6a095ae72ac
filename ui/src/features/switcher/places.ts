import type { State } from "../../state/model";
import { channelsOf, nameOf, unreadOf } from "../../state/selectors";
import { type Candidate, rank } from "../../text/completion";
import { channelPath, spacePath } from "../../paths";

/** Somewhere to go, or somebody to see. */
export interface Place extends Candidate {
  key: string;
  kind: "channel" | "voice" | "space" | "person";
  id: string;
  label: string;
  hint: string;
  /** Where it leads; nothing for a person, who is shown. */
  href: string | null;
  mentions: number;
}

const MOST = 12;

/** What fits a query: `#` before it means channels, `@` people, `*` spaces. Without one, what is unread comes first. */
export function findPlaces(state: State, query: string): Place[] {
  const sigil = /^[#@*]/.exec(query)?.[0];
  const words = (sigil ? query.slice(1) : query).trim();
  const all = [...(sigil && sigil !== "#" ? [] : channels(state)), ...(sigil && sigil !== "*" ? [] : spaces(state)), ...(sigil === "@" || (!sigil && words !== "") ? people(state) : [])];
  return rank(words, all, MOST);
}

function channels(state: State): Place[] {
  return state.spaceIds.flatMap((spaceId) =>
    channelsOf(state, spaceId)
      .filter((channel) => channel.kind !== "category")
      .map((channel) => {
        const { unread, mentions } = unreadOf(state, channel.id);
        return {
          key: `#${channel.id}`,
          kind: channel.kind === "voice" ? ("voice" as const) : ("channel" as const),
          id: channel.id,
          label: channel.name,
          hint: state.spaces[spaceId]?.name ?? "",
          href: channelPath(spaceId, channel.id),
          names: [channel.name],
          mentions,
          recency: mentions > 0 ? 3 : unread ? 2 : 1,
        };
      }),
  );
}

function spaces(state: State): Place[] {
  return state.spaceIds.flatMap((id) => {
    const space = state.spaces[id];
    return space ? [{ key: `*${id}`, kind: "space" as const, id, label: space.name, hint: "Space", href: spacePath(id), names: [space.name], mentions: 0, recency: 0 }] : [];
  });
}

function people(state: State): Place[] {
  const ids = new Set(state.spaceIds.flatMap((id) => Object.keys(state.members[id] ?? {})));
  return [...ids].flatMap((id) => {
    const user = state.users[id];
    return user ? [{ key: `@${id}`, kind: "person" as const, id, label: nameOf(state, id), hint: user.username, href: null, names: [user.display_name, user.username], mentions: 0, recency: 0 }] : [];
  });
}
