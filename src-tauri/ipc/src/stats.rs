//! What the engine measures, once a second, for whoever wants to see it.

use crate::ipc;
use snug_protocol::voice::TrackRef;

ipc! {
    /// How it goes. What only rises counts since the call began; times are in microseconds.
    pub struct VoiceStats {
        /// When, in milliseconds since 1970.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub at: u64,
        /// Between the microphone and the call; nothing while none is open.
        pub microphone: Option<BufferStats>,
        /// Between the call and the loudspeaker; nothing while none is open.
        pub speaker: Option<BufferStats>,
        /// The loudest 10 ms that the microphone heard in the last second, in dBFS.
        pub heard_db: f32,
        /// After processing.
        pub processed_db: f32,
        /// The loudest 10 ms that were played.
        pub played_db: f32,
        /// The part of the last second that was let through, 0 to 1.
        pub open: f32,
        /// By how many decibels echo is reduced, as the canceller reckons.
        pub echo_reduction_db: Option<f64>,
        /// What 10 ms took to reckon: the median of the last second.
        pub work_median_us: u32,
        /// And the longest.
        pub work_longest_us: u32,
        /// Whether the thread that reckons goes before ordinary ones.
        pub real_time: bool,
        /// What was made of the microphone's sound.
        pub sent: SentStats,
        /// What went through the network.
        pub network: NetworkStats,
        /// Those who are heard.
        pub lines: Vec<LineStats>,
    }

    /// What is between a device and the call: samples of one channel, at `rate`.
    #[derive(Copy)]
    pub struct BufferStats {
        /// In Hz.
        pub rate: u32,
        /// What the device's last callback moved at once.
        pub callback: u32,
        /// What waits.
        pub waiting: u32,
        /// What should wait.
        pub target: u32,
        /// How often nothing was there in time since it was opened.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub gaps: u64,
        /// By how many parts in a million its clock is faster than this machine's.
        pub drift_ppm: f32,
    }

    /// What was made of the microphone's sound.
    #[derive(Copy)]
    pub struct SentStats {
        /// Packets.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub packets: u64,
        /// Packets with copies of earlier frames.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub with_copies: u64,
        /// Bytes that the encoder made.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub encoded: u64,
        /// Bytes with the copies.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub payload: u64,
        /// What the encoder is to make, in bits per second; 0 before the first packet.
        pub bitrate: u32,
        /// Whether it is spared what is above 8 kHz, so that there is room for copies.
        pub narrowed: bool,
    }

    /// What went through the network.
    pub struct NetworkStats {
        /// Bytes sent.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub sent: u64,
        /// Bytes that came.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub received: u64,
        /// There and back.
        pub round_trip_us: Option<u32>,
        /// The part of what is sent that the server misses, 0 to 1.
        pub uplink_loss: f32,
        /// Which stack of WebRTC carries it.
        pub stack: String,
        /// The way that it takes; nothing before there is one.
        pub path: Option<PathStats>,
    }

    /// The way that packets take: what kind of addresses, and none itself.
    #[derive(Copy)]
    pub struct PathStats {
        /// Where they leave.
        pub local: PathEnd,
        /// Where the server takes them.
        pub remote: PathEnd,
    }

    /// One end of a way.
    #[derive(Copy)]
    pub struct PathEnd {
        /// How ICE came to its address.
        pub candidate: CandidateKind,
        /// Whether it is of IPv6.
        pub v6: bool,
        /// From where it is reached.
        pub reach: Reach,
    }

    /// How ICE comes to an address, as WebRTC calls it.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "lowercase")]
    pub enum CandidateKind {
        /// A machine has it.
        Host,
        /// A server outside has seen it.
        Srflx,
        /// The other end has seen it.
        Prflx,
        /// A relay's.
        Relay,
    }

    /// From where an address is reached.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "lowercase")]
    pub enum Reach {
        /// From this machine only.
        Loopback,
        /// From the same network.
        Private,
        /// From everywhere.
        Public,
    }

    /// A line of the server's, and who is heard on it.
    pub struct LineStats {
        /// Names it.
        pub mid: String,
        /// Whom it carries.
        pub track: Option<TrackRef>,
        /// Packets that came, each once.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub received: u64,
        /// Packets that did not come.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub lost: u64,
        /// Packets that came too late to be played.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub late: u64,
        /// Frames that were played from a copy.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub from_red: u64,
        /// Frames that were played from the next packet's repair data.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub from_fec: u64,
        /// Samples at 48 kHz that were played or made up, silence left out.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub played: u64,
        /// Of them, those that were made up.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub concealed: u64,
        /// Samples that were taken out.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub shortened: u64,
        /// Samples that were put in.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub lengthened: u64,
        /// Interarrival jitter.
        pub jitter_us: u32,
        /// How much later than the fastest packet allows sound is played.
        pub delay_us: u32,
        /// How much later it should be.
        pub target_us: u32,
    }

    /// Something that got worse, or better.
    pub struct HealthNote {
        /// When, in milliseconds since 1970.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        pub at: u64,
        /// What, for people: a sentence.
        pub text: String,
        /// Whether it is a trouble.
        pub bad: bool,
    }

    /// This program, and what it runs on.
    pub struct About {
        /// The app's version.
        pub version: String,
        /// Which revision of the wire it speaks.
        pub protocol: u32,
        /// The system, as it calls itself.
        pub system: String,
    }
}
