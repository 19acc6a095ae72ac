//! What can happen to the server. Its own language: what a session is told of it is decided in the gateway.

use super::{Person, Place, Settings};
use crate::voice::Move;
use snug_protocol::{Channel, ChannelId, Member, Message, MessageId, ReadState, Role, RoleId, SessionId, Space, SpaceId, UserId, gateway::SpaceGone};

/// One thing that happened. Things are carried whole, as they are afterwards.
#[derive(Clone, Debug)]
pub enum Change {
    /// Somebody registered, or their account changed. [`Person::spaces`] is not looked at.
    Person(Person),
    /// An account is gone. It has left its spaces before.
    PersonDeleted(UserId),
    /// Somebody logged in.
    LoggedIn {
        /// The log-in.
        session: SessionId,
        /// Who.
        user: UserId,
    },
    /// Somebody's log-ins ended.
    LoggedOut {
        /// Whose.
        user: UserId,
        /// Which of them.
        which: Revoked,
    },
    /// An administrator set something.
    Settings(Settings),
    /// A space was made.
    SpaceMade(Box<Place>),
    /// A space changed.
    Space(Space),
    /// A space was deleted.
    SpaceDeleted(SpaceId),
    /// A channel was made, changed or restored.
    Channel(Channel),
    /// A channel was deleted.
    ChannelDeleted {
        /// Where.
        space: SpaceId,
        /// Which.
        channel: ChannelId,
    },
    /// A role was made or changed.
    Role(Role),
    /// A role was deleted.
    RoleDeleted {
        /// Where.
        space: SpaceId,
        /// Which.
        role: RoleId,
    },
    /// Somebody joined.
    MemberJoined(Member),
    /// Somebody's nickname or roles changed, or whether they are muted or deafened.
    Member(Member),
    /// Somebody is no longer a member.
    MemberLeft {
        /// Where.
        space: SpaceId,
        /// Who.
        user: UserId,
        /// Why.
        why: Departure,
    },
    /// A moderator moved somebody in voice, or put them out.
    Moved(Move),
    /// A message was written, changed or restored.
    Message {
        /// What happened to it.
        kind: MessageChange,
        /// As it is now.
        message: Box<Message>,
    },
    /// Messages were deleted.
    MessagesDeleted {
        /// Where.
        channel: ChannelId,
        /// Which.
        ids: Vec<MessageId>,
    },
    /// Somebody reacted, or took it back.
    Reaction {
        /// Whether it was added.
        added: bool,
        /// Where.
        channel: ChannelId,
        /// On what.
        message: MessageId,
        /// Who.
        user: UserId,
        /// With what.
        emoji: String,
    },
    /// Somebody read on.
    Read {
        /// Who.
        user: UserId,
        /// What.
        state: ReadState,
    },
}

/// Which log-ins ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// One.
    One(SessionId),
    /// All but one.
    AllBut(SessionId),
    /// All.
    All,
}

impl Revoked {
    /// Whether `session` is among them.
    pub fn covers(self, session: SessionId) -> bool {
        match self {
            Self::One(one) => session == one,
            Self::AllBut(one) => session != one,
            Self::All => true,
        }
    }
}

/// Why somebody is no longer a member.
pub type Departure = SpaceGone;

/// What happened to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageChange {
    /// Written.
    Create,
    /// Edited, pinned or unpinned.
    Update,
    /// Back after a deletion.
    Restore,
}

impl Change {
    /// Whether later changes may be decided otherwise because of it.
    pub fn alters_world(&self) -> bool {
        match self {
            Self::Person(_)
            | Self::PersonDeleted(_)
            | Self::LoggedIn { .. }
            | Self::LoggedOut { .. }
            | Self::Settings(_)
            | Self::SpaceMade(_)
            | Self::Space(_)
            | Self::SpaceDeleted(_)
            | Self::Channel(_)
            | Self::ChannelDeleted { .. }
            | Self::Role(_)
            | Self::RoleDeleted { .. }
            | Self::MemberJoined(_)
            | Self::Member(_)
            | Self::MemberLeft { .. } => true,
            // `last_message_id` only rises, and no check looks at it.
            // And who is in voice is not in it.
            Self::Moved(_) | Self::Message { .. } | Self::MessagesDeleted { .. } | Self::Reaction { .. } | Self::Read { .. } => false,
        }
    }
}
