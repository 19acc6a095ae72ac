//! The way to the server: one trait, so that two stacks of WebRTC can stand behind it.
//!
//! The server makes all offers. An implementation answers them, and moves RTP. It has a thread of its own where it needs
//! one; nothing here waits for the network.

pub mod memory;
mod path;
mod route;
pub mod rtc;
pub mod sdp;
pub mod webrtc_rs;

pub use path::{Candidate, End, Path, Reach};
use std::{
    fmt,
    str::FromStr,
    sync::Arc,
    time::{Duration, Instant},
};

/// What is in a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// One frame (RFC 7587).
    Opus,
    /// Opus with earlier frames (RFC 2198).
    Red,
    /// H.264 (RFC 6184).
    H264,
}

/// A packet to send.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// On which m-line.
    pub mid: Arc<str>,
    /// What is in it.
    pub codec: Codec,
    /// Of this m-line: each is one more than that before.
    pub sequence: u64,
    /// In samples at 48 kHz, or in 90,000ths of a second for pictures.
    pub timestamp: u32,
    /// Whether a stretch of speech begins (RFC 3551, 4.1), or a picture ends.
    pub marker: bool,
    /// RFC 6464: 0 is loud, 127 is silence. Only for sound.
    pub level: Option<u8>,
    /// What is in it.
    pub payload: Vec<u8>,
}

/// A packet that came.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// On which m-line.
    pub mid: Arc<str>,
    /// What is in it.
    pub codec: Codec,
    /// RTP's.
    pub sequence: u16,
    /// RTP's.
    pub timestamp: u32,
    /// RTP's.
    pub marker: bool,
    /// When it came.
    pub at: Instant,
    /// What is in it.
    pub payload: Arc<[u8]>,
}

impl Outgoing {
    /// The packet as it comes out at the other end of a network, at a time. For networks that are none.
    pub fn arrived(self, at: Instant) -> Incoming {
        let Self { mid, codec, sequence, timestamp, marker, level: _, payload } = self;
        Incoming { mid, codec, sequence: sequence as u16, timestamp, marker, at, payload: payload.into() }
    }
}

/// Whether media can flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not yet: ICE and DTLS are under way.
    Connecting,
    /// Yes.
    Up,
    /// Not now: nothing comes through. It may come back by itself, or by an ICE restart.
    Broken,
    /// Never again.
    Closed,
}

/// What a transport tells.
#[derive(Clone, Debug)]
pub enum Event {
    /// Whether media can flow has changed.
    Link(Link),
    /// A packet came.
    Packet(Incoming),
    /// Whoever sees what is sent on an m-line needs a whole picture.
    KeyframeWanted {
        /// On which.
        mid: Arc<str>,
    },
    /// How much could be sent, in bits per second, as far as it is known.
    UplinkEstimate(u64),
    /// How those who get what is sent get it.
    Feedback {
        /// On which m-line.
        mid: Arc<str>,
        /// The part that is lost, 0 to 1.
        loss: f32,
        /// There and back.
        round_trip: Option<Duration>,
    },
}

/// What went through, since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes sent, with all headers above UDP.
    pub sent: u64,
    /// Bytes that came, with all headers above UDP.
    pub received: u64,
    /// There and back, as ICE or RTCP knows.
    pub round_trip: Option<Duration>,
}

/// What a transport could not do.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The offer makes no sense to it.
    #[error("could not answer the server's offer: {reason}")]
    Offer {
        /// What is wrong with it.
        reason: String,
    },
    /// There is no such m-line, or nothing of the kind is sent on it.
    #[error("nothing can be sent on the m-line `{mid}`")]
    Line {
        /// Which.
        mid: Arc<str>,
    },
    /// No socket, no address.
    #[error("could not use the network")]
    Network(#[from] std::io::Error),
    /// It was closed.
    #[error("the connection was closed")]
    Closed,
}

/// A connection to the server, or one in the making.
pub trait Transport: Send {
    /// Answers an offer; `sends` are the m-lines on which it is to send. Returns SDP. Takes milliseconds at most.
    fn answer(&mut self, now: Instant, offer: &str, sends: &[Arc<str>]) -> Result<String, TransportError>;
    /// Sends a packet. Before the link is up, packets are dropped.
    fn send(&mut self, now: Instant, packet: Outgoing) -> Result<(), TransportError>;
    /// The next thing that happened; nothing if nothing has. Does not wait.
    fn poll(&mut self, now: Instant) -> Option<Event>;
    /// Asks whoever sends on an m-line for a whole picture.
    fn want_keyframe(&mut self, now: Instant, mid: &str);
    /// What went through.
    fn traffic(&self) -> Traffic;
    /// The way that it takes; nothing before there is one.
    fn path(&self) -> Option<Path>;
    /// Tells the other side, and stops. Nothing works after it.
    fn close(&mut self);
}

/// Makes a transport for each new connection.
pub trait Network: Send {
    /// A new one.
    fn connect(&mut self) -> Result<Box<dyn Transport>, TransportError>;
}

/// Which stack of WebRTC carries a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// [`str0m`](https://github.com/algesten/str0m): a state machine, with sockets of ours.
    #[default]
    Str0m,
    /// [webrtc-rs](https://github.com/webrtc-rs/webrtc): with sockets and tasks of its own.
    WebRtc,
}

/// There is no such stack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no transport `{0}`: choose str0m or webrtc")]
pub struct NoStack(String);

impl Stack {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Str0m, Self::WebRtc];

    /// What makes its connections.
    pub fn network(self) -> Result<Box<dyn Network>, TransportError> {
        Ok(match self {
            Self::Str0m => Box::new(rtc::Str0m::default()),
            Self::WebRtc => Box::new(webrtc_rs::WebRtc::new()?),
        })
    }
}

impl fmt::Display for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Str0m => "str0m",
            Self::WebRtc => "webrtc",
        })
    }
}

impl FromStr for Stack {
    type Err = NoStack;

    fn from_str(text: &str) -> Result<Self, NoStack> {
        Self::ALL.into_iter().find(|stack| stack.to_string() == text).ok_or_else(|| NoStack(text.to_owned()))
    }
}
