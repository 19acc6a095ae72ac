//! What is around the window: the tray, notifications, links, the session that the app starts with.

use crate::ipc;
use snug_protocol::{ChannelId, SpaceId};

ipc! {
    /// What the window is told by what is around it.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum ShellUpdate {
        /// Somebody opened a `snug://` link. It asks for something; the person in front of the window says whether.
        Open {
            /// What it leads to.
            link: ServerLink,
        },
        /// A notification was clicked: show what it was about.
        Channel {
            /// Of this entry.
            account: String,
            /// In this space.
            space: SpaceId,
            /// This channel.
            channel: ChannelId,
        },
        /// Be mute, or not.
        Mute {
            /// Which of both.
            on: bool,
        },
        /// Be deaf, or not.
        Deafen {
            /// Which of both.
            on: bool,
        },
        /// Leave voice.
        Leave,
        /// The computer has slept, or is on another network: connections are to be looked at now.
        Wake,
    }

    /// Where a `snug://` link leads.
    #[derive(Eq)]
    pub struct ServerLink {
        /// `https://snug.example:7070`, without anything behind it.
        pub address: String,
        /// The code of an invite there.
        pub invite: Option<String>,
    }

    /// What the tray shows.
    #[derive(Default, Eq)]
    pub struct TrayState {
        /// Where one is in voice: `Kitchen · The Hearth`; nothing outside of it.
        pub voice: Option<String>,
        /// Whether one is mute.
        pub muted: bool,
        /// Whether one is deaf.
        pub deafened: bool,
        /// Whether there are messages that were not read.
        pub unread: bool,
        /// How many of them mean oneself.
        pub mentions: u32,
    }

    /// A message that nobody looks at, for the system to tell of.
    pub struct Note {
        /// Of this entry.
        pub account: String,
        /// In this space.
        pub space: SpaceId,
        /// In this channel: a later note about it takes the place of this one.
        pub channel: ChannelId,
        /// Who wrote, and where.
        pub title: String,
        /// What, as plain text.
        pub body: String,
        /// Whether it may be heard.
        pub sound: bool,
    }

    /// How a note was told.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum NoteTold {
        /// The system shows it, and makes the sound that was wished.
        Heard,
        /// The system shows it, and makes no sound.
        Shown,
        /// There is nobody who would show it.
        Nobody,
        /// There were too many just now.
        TooMany,
    }

    /// What is set for the app on this computer.
    #[derive(Copy, Eq)]
    pub struct ShellSettings {
        /// It starts with the session.
        pub autostart: bool,
        /// It starts with the session in the tray, without its window.
        pub hidden: bool,
        /// Closing the window leaves the app in the tray, if there is one.
        pub close_to_tray: bool,
    }

    /// How the app stands on this computer.
    #[derive(Copy, Eq)]
    pub struct Shell {
        /// What is set.
        pub settings: ShellSettings,
        /// Whether there is a tray.
        pub tray: bool,
    }
}
