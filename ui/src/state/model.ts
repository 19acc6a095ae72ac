import type * as P from "../protocol/generated";

/** The normalized copy of what this session may see. Things are kept as they came, unknown fields too, for the digest. */
export interface State {
  /** Whether a `ready` has come. */
  loaded: boolean;
  account: P.Account | null;
  /** The log-in, as in the list of sessions. */
  sessionId: P.SessionId | null;
  /** In the order of the rail. */
  spaceIds: P.SpaceId[];
  spaces: Record<P.SpaceId, P.Space>;
  channels: Record<P.ChannelId, P.Channel>;
  roles: Record<P.RoleId, P.Role>;
  members: Record<P.SpaceId, Record<P.UserId, P.Member>>;
  /** Those one shares a space with, and authors met in histories. */
  users: Record<P.UserId, P.User>;
  /** Nobody in here is offline. */
  presences: Record<P.UserId, P.Presence>;
  readStates: Record<P.ChannelId, P.ReadState>;
  /** Those in visible voice channels. Somebody is in one at most. */
  voiceStates: Record<P.UserId, P.VoiceState>;
  histories: Record<P.ChannelId, History>;
  /** Who types, with when it ends. */
  typing: Record<P.ChannelId, Record<P.UserId, number>>;
  /** People who knock; nothing for those who may not let them in. */
  knocks: number | null;
  /** Spaces that one was put out of, until it is read. */
  partings: Parting[];
}

/** A space that is gone, and why. */
export interface Parting {
  id: P.SpaceId;
  name: string;
  reason: P.SpaceGone;
}

/** The part of a channel's messages that is here: one piece without holes. */
export interface History {
  status: HistoryStatus;
  /** Oldest first. Replaced as a whole, never changed in place. */
  ids: readonly P.MessageId[];
  messages: Record<P.MessageId, P.Message>;
  hasBefore: boolean;
  hasAfter: boolean;
  /** Events were missed: what is here may be out of date. */
  stale: boolean;
  /** Rises when another part of the channel takes the place of this one. */
  part: number;
}

export type HistoryStatus =
  | { at: "new" }
  | { at: "loading"; what: "page" | "before" | "after" }
  | { at: "loaded" }
  | { at: "failed"; what: "page" | "before" | "after"; message: string; hint?: string | undefined };

export function emptyState(): State {
  return {
    loaded: false,
    account: null,
    sessionId: null,
    spaceIds: [],
    spaces: {},
    channels: {},
    roles: {},
    members: {},
    users: {},
    presences: {},
    readStates: {},
    voiceStates: {},
    histories: {},
    typing: {},
    knocks: null,
    partings: [],
  };
}

export function emptyHistory(): History {
  return { status: { at: "new" }, ids: [], messages: {}, hasBefore: false, hasAfter: false, stale: false, part: 0 };
}
