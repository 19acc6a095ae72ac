import { EVERYONE_PERMISSIONS } from "../protocol/constants";
import type * as P from "../protocol/generated";
import { emptyState, type State } from "../state/model";
import { fromReady } from "../state/apply";

/* Things for tests, each whole and as the server would send it. */

export function user(id: string, change: Partial<P.User> = {}): P.User {
  return { id, username: `user${id}`, display_name: `User ${id}`, avatar: null, bio: "", ...change };
}

export function account(id: string, change: Partial<P.Account> = {}): P.Account {
  return { ...user(id), admin: false, owner: false, status: "online", status_text: "", ...change };
}

export function member(space: string, id: string, roles: string[] = [], change: Partial<P.Member> = {}): P.Member {
  return { space_id: space, user_id: id, nickname: null, roles, joined_at: 1, muted: false, deafened: false, ...change };
}

export function role(space: string, id: string, change: Partial<P.Role> = {}): P.Role {
  return { id, space_id: space, name: `Role ${id}`, color: null, position: id === space ? 0 : 1, permissions: id === space ? EVERYONE_PERMISSIONS : "0", hoist: false, mentionable: false, ...change };
}

export function channel(space: string, id: string, change: Partial<P.Channel> = {}): P.Channel {
  return { id, space_id: space, kind: "text", name: `channel-${id}`, topic: "", parent_id: null, position: 0, slow_mode_s: 0, user_limit: 0, opus: null, overwrites: [], last_message_id: null, ...change };
}

export function message(channelId: string, id: string, author = "2", change: Partial<P.Message> = {}): P.Message {
  return {
    id,
    channel_id: channelId,
    author_id: author,
    content: `message ${id}`,
    edited_at: null,
    pinned_at: null,
    reply_to: null,
    mentions: { users: [], roles: [], everyone: false },
    reactions: [],
    nonce: null,
    ...change,
  };
}

export function page(messages: P.Message[], change: Partial<P.MessagePage> = {}): P.MessagePage {
  return { messages, users: [], has_before: false, has_after: false, ...change };
}

/** Space 10 with channel 11 (text), members 1 (oneself) and 2, and role 12. */
export function ready(change: Partial<P.Ready> = {}): P.Ready {
  return {
    session: "secret",
    session_id: "900",
    account: account("1"),
    spaces: [
      {
        space: { id: "10", name: "Home", description: "", icon: null, public: false, owner_id: "2" },
        channels: [channel("10", "11")],
        roles: [role("10", "10"), role("10", "12")],
        members: [member("10", "1"), member("10", "2")],
      },
    ],
    users: [user("1"), user("2")],
    presences: [{ user_id: "1", status: "online", text: "" }],
    read_states: [{ channel_id: "11", last_read_id: null, unread: 0, mentions: 0 }],
    voice_states: [],
    knocks: null,
    digest: "",
    ...change,
  };
}

export function sampleState(change: Partial<P.Ready> = {}): State {
  return { ...emptyState(), ...fromReady(structuredClone(ready(change))) };
}
