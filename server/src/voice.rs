//! Voice: who is in which channel, from which device, and what the media server is to do about it.
//!
//! * [`calls`] decides, and knows no clock and no socket: frames of clients, changes of the world, ends of sessions and what
//!   the media server tells come in; events for sessions and commands for the media server go out.
//! * [`access`] says who may come in, who may stay, and what they may in there.
//! * [`moving`] is the route by which a moderator moves somebody or puts them out.
//!
//! All of it happens under the lock of the [`Hub`](crate::gateway::Hub), so that voice states keep their place among
//! everything else that a session is told.
//!
//! # Who may be where
//! * One comes in with `view_channel` and `connect`, while there is room; with `move_members` also when there is none.
//! * A moderator moves somebody with `move_members` where they are, and `connect` and `move_members` where they go. Whoever
//!   is moved needs to see the channel, but no `connect`: they are let in. There they stay until they go, come back on
//!   another device too, and need `connect` again when they return later.
//! * Whoever may not be where they are any more is out at once.

pub mod access;
mod call;
pub mod calls;
pub mod moving;

pub use calls::Calls;
pub use moving::routes;

use snug_protocol::{
    ChannelId, Event, UserId,
    voice::{TrackKind, TrackRef, VoiceAnswer, VoiceJoin, VoiceSelf, VoiceStateUpdate},
};

/// A session of the gateway. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Device(pub u64);

/// What a device asks for: the frames of [`snug_protocol::ClientFrame`] that have to do with voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Be in a channel.
    Join(VoiceJoin),
    /// Be in none.
    Leave,
    /// Be muted or deaf, or not any more.
    Be(VoiceSelf),
    /// Answer an offer.
    Answer(VoiceAnswer),
    /// Send something beside the microphone.
    Publish(TrackKind),
    /// Send it no more.
    Unpublish(TrackKind),
    /// Be sent what somebody shows.
    Watch(TrackRef),
    /// And no more.
    Unwatch(TrackRef),
    /// Find a way anew.
    Restart,
    /// Whether to be told how everyone is connected.
    Stats(bool),
}

/// A moderator moves somebody, or puts them out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Whom.
    pub user: UserId,
    /// Where they were. Whoever is not there any more has moved by themselves, and stays where they are.
    pub from: ChannelId,
    /// Where they come to; nothing puts them out.
    pub to: Option<ChannelId>,
}

/// What is to be done, in this order.
#[derive(Clone, Debug)]
pub enum Output {
    /// Dispatch this to these devices.
    Tell {
        /// Which.
        devices: Vec<Device>,
        /// What.
        event: Box<Event>,
        /// Whether it is of no use later: nothing for a replay. It has to do with this channel then.
        fleeting: Option<ChannelId>,
    },
    /// Dispatch this to all who see the channel.
    Show(VoiceStateUpdate),
    /// The media server is to do this.
    Command(crate::sfu::Command),
}
