//! The gateway: one WebSocket at `/ws`, JSON text frames.
//!
//! ```text
//! client                         server
//!   |  <------------------------ hello            instance, heartbeat interval
//!   |  identify ---------------> |                token: who
//!   |  <------------------------ ready            all that this session may see
//!   |  <------------------------ dispatch s=1     then what changes, in order
//!   |  heartbeat --------------> |
//!   |  <------------------------ heartbeat_ack
//!   x  connection lost
//!   |  resume (session, s) ----> |                on a new connection
//!   |  <------------------------ resumed          then every dispatch after s, each once
//!   |  <------------------------ invalid_session  or: the window is over, identify again
//! ```
//!
//! `s` rises by one with each dispatch of a session. A session outlives its connection by five minutes or 4 MiB of
//! dispatches, whichever ends first. At a resume, what the session may no longer see is left out, and the rest is
//! numbered anew after the `s` that the client named. A session that has missed the joining of a space starts anew.

use crate::{id::*, model::*, voice::*, wire::wire};

/// A connection is closed with one of these (RFC 6455, private range), and with a reason in words.
pub mod close {
    /// A frame was not understood. Do not send it again.
    pub const BAD_FRAME: u16 = 4000;
    /// The token is wrong, expired or revoked. Get a new one, or log in.
    pub const UNAUTHORIZED: u16 = 4001;
    /// A frame other than `identify` and `resume` came first, or one of these came twice.
    pub const BAD_STATE: u16 = 4002;
    /// Too many frames, or too many connections.
    pub const RATE_LIMITED: u16 = 4003;
    /// No heartbeat in time. Resume.
    pub const TIMED_OUT: u16 = 4004;
    /// The client reads too slowly. Resume.
    pub const TOO_SLOW: u16 = 4005;
    /// Another connection has resumed the session.
    pub const REPLACED: u16 = 4006;
    /// The session was revoked: logged out, suspended or deleted. Log in again.
    pub const REVOKED: u16 = 4007;
    /// The protocol versions do not fit. Update the older side.
    pub const VERSION: u16 = 4008;
    /// The server is stopping. Resume or identify when it is back.
    pub const GOING_AWAY: u16 = 1001;
}

wire! {
    /// What a client sends.
    #[serde(tag = "op", content = "d", rename_all = "snake_case")]
    pub enum ClientFrame {
        /// Start a session. First frame.
        Identify(Identify),
        /// Go on with a session whose connection was lost. First frame.
        Resume(Resume),
        /// At least once in every `heartbeat_interval_ms`.
        Heartbeat {
            /// The last `s` that was applied.
            s: u64,
        },
        /// The user types. At most once in 5 s and channel is passed on.
        Typing {
            /// Where.
            channel_id: ChannelId,
        },
        /// The user came back to this device, or left it.
        Activity {
            /// Whether they are there.
            active: bool,
        },
        /// Asks for a digest of what the session may see: see [`ServerFrame::Digest`].
        Verify,
        /// Be in a voice channel, on this device.
        VoiceJoin(VoiceJoin),
        /// Leave the voice channel that one is in on this device.
        VoiceLeave,
        /// Mute or deafen oneself, or not any more.
        VoiceSelf(VoiceSelf),
        /// Answer an offer.
        VoiceAnswer(VoiceAnswer),
        /// Send something beside the microphone. An offer follows.
        VoicePublish {
            /// What.
            kind: TrackKind,
        },
        /// Send it no more.
        VoiceUnpublish {
            /// What.
            kind: TrackKind,
        },
        /// Be sent what somebody shows, who is in the same channel. An offer follows, once they do. At most
        /// [`crate::limits::WATCHED`] pictures, and as many sounds, are watched at once.
        VoiceWatch(TrackRef),
        /// Be sent it no more.
        VoiceUnwatch(TrackRef),
        /// Find a way anew: the network has changed. An offer with an ICE restart follows (RFC 8445, 9).
        VoiceRestart,
        /// Whether to be told how everyone in the channel is connected.
        VoiceStats {
            /// Every two seconds, or not any more.
            on: bool,
        },
    }

    /// Who starts a session.
    pub struct Identify {
        /// An access token.
        pub token: String,
        /// The client's [`crate::VERSION`].
        pub version: u32,
        /// What a bot wants to hear of, beside what is always told; everything, if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        pub intents: Option<Vec<Intent>>,
        /// A session of the same log-in, by [`Ready::session`], that is to go on with a fresh `ready`, for a client that has lost
        /// its copy: a call of it goes on. One that is over is as good as none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        pub session: Option<String>,
    }

    /// A kind of events that a session may do without. All others are what a copy of `ready` is kept right with.
    #[derive(Copy, Hash, PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    pub enum Intent {
        /// Messages written, edited, deleted, restored.
        Messages,
        /// Reactions.
        Reactions,
        /// Who types.
        Typing,
        /// Who is there.
        Presences,
        /// What one has read elsewhere.
        Reads,
    }

    /// Which session goes on.
    pub struct Resume {
        /// An access token of the same log-in.
        pub token: String,
        /// From `ready`.
        pub session: String,
        /// The last `s` that was applied.
        pub s: u64,
    }

    /// What a server sends.
    #[serde(tag = "op", rename_all = "snake_case")]
    pub enum ServerFrame {
        /// The first frame.
        Hello {
            /// What it says.
            d: Hello,
        },
        /// The session has started.
        Ready {
            /// All that it may see.
            d: Ready,
        },
        /// The session goes on; every dispatch after the named `s` follows.
        Resumed {
            /// What it says.
            d: Resumed,
        },
        /// A heartbeat arrived.
        HeartbeatAck,
        /// Something happened.
        Dispatch {
            /// Rises by one.
            s: u64,
            /// What.
            #[serde(flatten)]
            event: Event,
        },
        /// The digest asked for with `verify`.
        Digest {
            /// What it says.
            d: Digest,
        },
        /// Connect again and resume: the server wants to let this connection go.
        Reconnect,
        /// The session cannot go on: identify again on this connection.
        InvalidSession {
            /// Why.
            d: InvalidSession,
        },
    }

    /// The server introduces itself.
    pub struct Hello {
        /// Its [`crate::VERSION`].
        pub version: u32,
        /// Changes with every start of the server. What is kept in memory only ends with it.
        pub instance: String,
        /// A client that is silent for longer than 1.5 of these is taken for lost.
        pub heartbeat_interval_ms: u32,
    }

    /// All that a session may see.
    pub struct Ready {
        /// Names the session at a resume. A secret.
        pub session: String,
        /// The log-in it belongs to, as in the list of sessions.
        pub session_id: SessionId,
        /// Who one is.
        pub account: Account,
        /// The spaces one is in, oldest membership first.
        pub spaces: Vec<SpaceSnapshot>,
        /// Everyone in these spaces, oneself included, by rising identifier.
        pub users: Vec<User>,
        /// Those of them who are not offline.
        pub presences: Vec<Presence>,
        /// What was read, of every visible text channel.
        pub read_states: Vec<ReadState>,
        /// Who is in which visible voice channel.
        pub voice_states: Vec<VoiceState>,
        /// The connection of a call that goes on in this session: see [`Identify::session`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional, type = "number"))]
        pub call: Option<u64>,
        /// People who knock; nothing for those who may not let them in.
        pub knocks: Option<u32>,
        /// As in [`Digest::digest`].
        pub digest: String,
    }

    /// How a session goes on.
    pub struct Resumed {
        /// How many dispatches follow at once.
        pub replayed: u32,
        /// As in [`Digest::digest`], after those.
        pub digest: String,
    }

    /// A proof of what a session may see.
    pub struct Digest {
        /// After this dispatch.
        pub s: u64,
        /// BLAKE3, in hexadecimal, over the canonical JSON of `{spaces, users}` as `ready` would hold them now:
        /// keys sorted by code unit, no white space (RFC 8785); `spaces`, and in each `channels`, `roles` and
        /// `members`, and `users` sorted by identifier as a number (`members` by `user_id`).
        pub digest: String,
    }

    /// Why a session cannot go on.
    pub struct InvalidSession {
        /// In words.
        pub reason: String,
    }

    /// What can happen. Each goes only to the sessions that may know.
    #[serde(tag = "t", content = "d", rename_all = "snake_case")]
    pub enum Event {
        /// One's own account changed.
        AccountUpdate(Account),
        /// One read on, on some device.
        ReadUpdate(ReadState),
        /// Somebody's profile changed.
        UserUpdate(User),
        /// Presences changed.
        PresenceUpdate(PresenceUpdate),
        /// One is in a space: made or joined.
        SpaceCreate(SpaceCreate),
        /// A space changed.
        SpaceUpdate(Space),
        /// One is no longer in a space.
        SpaceDelete(SpaceDelete),
        /// A channel was made, restored, or has become visible.
        ChannelCreate(Channel),
        /// A channel changed.
        ChannelUpdate(Channel),
        /// A channel was deleted, or is no longer visible.
        ChannelDelete(ChannelDelete),
        /// A role was made.
        RoleCreate(Role),
        /// A role changed.
        RoleUpdate(Role),
        /// A role was deleted. Members and overwrites have lost it too.
        RoleDelete(RoleDelete),
        /// Somebody joined a space.
        MemberAdd(MemberAdd),
        /// Somebody's nickname or roles changed, or whether they are muted or deafened.
        MemberUpdate(Member),
        /// Somebody left a space. Overwrites for them are gone too.
        MemberRemove(MemberRemove),
        /// A message was written.
        MessageCreate(Message),
        /// A message was edited or (un)pinned.
        MessageUpdate(Message),
        /// Messages are gone.
        MessageDelete(MessageDelete),
        /// A deleted message is back.
        MessageRestore(Message),
        /// Somebody reacted.
        ReactionAdd(ReactionChange),
        /// Somebody took a reaction back.
        ReactionRemove(ReactionChange),
        /// Somebody types.
        TypingStart(TypingStart),
        /// For administrators: how many people knock.
        KnockUpdate(KnockUpdate),
        /// Somebody came to a voice channel, left it, or is in it in another way.
        VoiceStateUpdate(VoiceStateUpdate),
        /// To the device that is in voice: how media is to flow.
        VoiceOffer(VoiceOffer),
        /// To the device that is in voice: whom its m-lines carry from now on.
        VoiceTracks(VoiceTracks),
        /// To those in the channel: who is heard.
        VoiceSpeaking(VoiceSpeaking),
        /// To the device that is in voice: whether its sound arrives.
        VoiceHeard(VoiceHeard),
        /// To the device that was in voice: it is over.
        VoiceEnded(VoiceEnded),
        /// To a device that asked: how everyone in the channel is connected.
        VoiceStats(VoiceStats),
    }

    /// See [`Event::PresenceUpdate`].
    pub struct PresenceUpdate {
        /// The new ones; `offline` among them.
        pub presences: Vec<Presence>,
    }

    /// See [`Event::SpaceCreate`].
    pub struct SpaceCreate {
        /// What one may see of it.
        pub snapshot: SpaceSnapshot,
        /// Its members.
        pub users: Vec<User>,
        /// Those of them who are not offline.
        pub presences: Vec<Presence>,
        /// What was read of its text channels.
        pub read_states: Vec<ReadState>,
        /// Who is in its voice channels.
        pub voice_states: Vec<VoiceState>,
    }

    /// See [`Event::SpaceDelete`].
    pub struct SpaceDelete {
        /// Which.
        pub id: SpaceId,
        /// Why.
        pub reason: SpaceGone,
    }

    /// Why one is no longer in a space.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum SpaceGone {
        /// One left.
        Left,
        /// One was removed, and may come back.
        Kicked,
        /// One was removed for good.
        Banned,
        /// The space was deleted.
        Deleted,
    }

    /// See [`Event::ChannelDelete`].
    pub struct ChannelDelete {
        /// Which.
        pub id: ChannelId,
        /// Where.
        pub space_id: SpaceId,
    }

    /// See [`Event::RoleDelete`].
    pub struct RoleDelete {
        /// Which.
        pub id: RoleId,
        /// Where.
        pub space_id: SpaceId,
    }

    /// See [`Event::MemberAdd`].
    pub struct MemberAdd {
        /// How they are in it.
        pub member: Member,
        /// Who they are.
        pub user: User,
        /// Whether they are there.
        pub presence: Presence,
    }

    /// See [`Event::MemberRemove`].
    pub struct MemberRemove {
        /// Where.
        pub space_id: SpaceId,
        /// Who.
        pub user_id: UserId,
    }

    /// See [`Event::MessageDelete`].
    pub struct MessageDelete {
        /// Where.
        pub channel_id: ChannelId,
        /// Which.
        pub ids: Vec<MessageId>,
    }

    /// See [`Event::ReactionAdd`].
    pub struct ReactionChange {
        /// Where.
        pub channel_id: ChannelId,
        /// On what.
        pub message_id: MessageId,
        /// Who.
        pub user_id: UserId,
        /// With what.
        pub emoji: String,
    }

    /// See [`Event::TypingStart`].
    pub struct TypingStart {
        /// Where.
        pub channel_id: ChannelId,
        /// Who. Shown for 8 s, or until they write.
        pub user_id: UserId,
    }

    /// See [`Event::KnockUpdate`].
    pub struct KnockUpdate {
        /// How many.
        pub waiting: u32,
    }
}

impl Event {
    /// The kind that a session may do without; nothing for what every session is told.
    pub fn intent(&self) -> Option<Intent> {
        match self {
            Self::MessageCreate(_) | Self::MessageUpdate(_) | Self::MessageDelete(_) | Self::MessageRestore(_) => Some(Intent::Messages),
            Self::ReactionAdd(_) | Self::ReactionRemove(_) => Some(Intent::Reactions),
            Self::TypingStart(_) => Some(Intent::Typing),
            Self::PresenceUpdate(_) => Some(Intent::Presences),
            Self::ReadUpdate(_) => Some(Intent::Reads),
            Self::AccountUpdate(_)
            | Self::UserUpdate(_)
            | Self::SpaceCreate(_)
            | Self::SpaceUpdate(_)
            | Self::SpaceDelete(_)
            | Self::ChannelCreate(_)
            | Self::ChannelUpdate(_)
            | Self::ChannelDelete(_)
            | Self::RoleCreate(_)
            | Self::RoleUpdate(_)
            | Self::RoleDelete(_)
            | Self::MemberAdd(_)
            | Self::MemberUpdate(_)
            | Self::MemberRemove(_)
            | Self::KnockUpdate(_)
            | Self::VoiceStateUpdate(_)
            | Self::VoiceOffer(_)
            | Self::VoiceTracks(_)
            | Self::VoiceSpeaking(_)
            | Self::VoiceHeard(_)
            | Self::VoiceEnded(_)
            | Self::VoiceStats(_) => None,
        }
    }
}
