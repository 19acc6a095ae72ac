//! The engine's voice, as the window steers and shows it.

use crate::{
    ipc,
    stats::{HealthNote, VoiceStats},
};
use snug_protocol::{
    UserId,
    voice::{TrackRef, VoiceOffer, VoiceTrack},
};

ipc! {
    /// What the engine is to do.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum VoiceCommand {
        /// Answer the server's offer.
        Offer {
            /// It.
            offer: VoiceOffer,
        },
        /// The lines carry others.
        Tracks {
            /// All.
            tracks: Vec<VoiceTrack>,
        },
        /// Whether the server hears something of one's voice.
        Heard {
            /// Whether it does.
            heard: bool,
        },
        /// End the connection.
        Leave,
        /// Send nothing, or something again.
        Mute {
            /// Which of both.
            on: bool,
        },
        /// Play nothing, or something again.
        Deafen {
            /// Which of both.
            on: bool,
        },
        /// The key for talking is down, or up.
        Hold {
            /// Which of both.
            on: bool,
        },
        /// Change what is set.
        Set {
            /// All of it.
            settings: VoiceSettings,
        },
        /// How loud somebody is.
        Volume {
            /// Who.
            user: UserId,
            /// 0 to 200 %.
            percent: u16,
        },
        /// Play a cue.
        Cue {
            /// Which.
            cue: VoiceCue,
        },
        /// Open the devices without a call.
        Test {
            /// Or close them.
            on: bool,
            /// And play what is said, as it would be sent.
            hear: bool,
        },
    }

    /// A short sound that tells what happened.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum VoiceCue {
        /// Somebody came.
        Join,
        /// Somebody went.
        Leave,
        /// One is not heard any more.
        Mute,
        /// One is heard again.
        Unmute,
        /// Somebody wrote.
        Message,
        /// For a loudspeaker that is tried.
        Test,
    }

    /// What one has set.
    pub struct VoiceSettings {
        /// Which microphone; nothing: the system's default.
        pub microphone: Option<String>,
        /// Which loudspeaker; nothing: the system's default.
        pub speaker: Option<String>,
        /// When to send.
        pub mode: TalkMode,
        /// From which level on it counts as speech, in dBFS. Only for activity.
        pub threshold_db: f32,
        /// Take out what the loudspeaker plays.
        pub echo: bool,
        /// Take out noise.
        pub noise: Noise,
        /// Make speech loud enough.
        pub gain: bool,
        /// Make all who are heard about as loud.
        pub even: bool,
        /// Of all that is played: 0 to 200 %.
        pub output_percent: u16,
        /// Of the microphone: 0 to 200 %.
        pub input_percent: u16,
    }

    /// When the microphone is sent.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum TalkMode {
        /// While it is louder than the threshold.
        Activity,
        /// While a key is held.
        Push,
        /// Always.
        Always,
    }

    /// How noise is suppressed.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Noise {
        /// Not.
        Off,
        /// Steady noise, and other noise while nobody speaks.
        Standard,
        /// Other noise also while somebody speaks.
        Strong,
    }

    /// What the engine tells.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum VoiceUpdate {
        /// What could be used.
        Devices {
            /// All.
            devices: Vec<SoundDevice>,
        },
        /// How the microphone or the loudspeaker is used.
        Used {
            /// Which of both.
            direction: Direction,
            /// How.
            used: Used,
        },
        /// How the way to the server is; nothing without a call.
        Link {
            /// How.
            link: Option<Link>,
        },
        /// For the server.
        Answer {
            /// Of this connection.
            #[cfg_attr(feature = "ts", ts(type = "number"))]
            connection: u64,
            /// Of this negotiation.
            negotiation: u32,
            /// SDP.
            sdp: String,
        },
        /// Something got worse, or better.
        Health {
            /// When, in milliseconds since 1970.
            #[cfg_attr(feature = "ts", ts(type = "number"))]
            at: u64,
            /// What, for people: a sentence.
            text: String,
            /// Whether it is a trouble.
            bad: bool,
        },
        /// Levels, at most 20 times in a second.
        Meters {
            /// Of the microphone after processing, in dBFS.
            microphone_db: f32,
            /// Whether it is sent.
            open: bool,
            /// Of those who are heard.
            heard: Vec<HeardLevel>,
        },
        /// How it goes, every second while devices are wanted.
        Stats {
            /// It.
            stats: Box<VoiceStats>,
        },
        /// How it went before this window was told anything, the oldest first.
        Record {
            /// Of the last two minutes.
            stats: Vec<VoiceStats>,
            /// The last of them.
            health: Vec<HealthNote>,
        },
    }

    /// How loud somebody is.
    pub struct HeardLevel {
        /// Who.
        pub track: TrackRef,
        /// In dBFS.
        pub level_db: f32,
    }

    /// A microphone or a loudspeaker.
    pub struct SoundDevice {
        /// Names it, as long as it is there.
        pub id: String,
        /// For people.
        pub name: String,
        /// Which of both.
        pub direction: Direction,
    }

    /// Where sound goes.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Direction {
        /// A microphone.
        Input,
        /// A loudspeaker.
        Output,
    }

    /// How a device is used.
    #[serde(tag = "at", rename_all = "snake_case")]
    pub enum Used {
        /// It is not.
        Off,
        /// It is tried, again and again.
        Opening,
        /// It is open.
        Open {
            /// What people call it.
            name: String,
            /// Whether it stands in for the chosen one, which is away.
            instead: bool,
        },
    }

    /// Whether media can flow.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Link {
        /// Not yet.
        Connecting,
        /// Yes.
        Up,
        /// Not now.
        Broken,
        /// Never again.
        Closed,
    }
}
