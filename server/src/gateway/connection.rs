//! One connection to the gateway, before and beside its session: the order of frames, heartbeats, limits. Sans-IO.

use snug_protocol::{
    ChannelId, ClientFrame,
    gateway::{Identify, Resume, close},
};
use std::time::{Duration, Instant};

/// How often a client says that it is there.
pub const HEARTBEAT: Duration = Duration::from_secs(30);
/// How long a client may be silent.
const SILENCE: Duration = Duration::from_secs(45);
/// How long a client may take to say who it is.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Frames a client may send at once, and how long it takes to earn one more.
const BURST: u32 = 60;
const PER_FRAME: Duration = Duration::from_millis(500);

/// Where the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// `hello` was sent; `identify` or `resume` must come.
    Greeted,
    /// One of them has come; the answer is under way.
    Answering,
    /// A session is attached.
    Live,
}

/// What the shell is to do for a frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// Start a session; then call [`Connection::answered`].
    Identify(Identify),
    /// Go on with one; then call [`Connection::answered`].
    Resume(Resume),
    /// Answer the heartbeat.
    Acknowledge,
    /// Tell the others.
    Typing(ChannelId),
    /// Note whether the user is there.
    Activity(bool),
    /// Send the digest.
    Verify,
    /// Close the connection.
    Close(u16, &'static str),
}

/// See the module.
#[derive(Debug)]
pub struct Connection {
    state: State,
    deadline: Instant,
    /// When the allowance for frames is full again (a GCRA's theoretical arrival time).
    full_at: Instant,
}

impl Connection {
    /// A connection that was just accepted and sent `hello`.
    pub fn new(now: Instant) -> Self {
        Self { state: State::Greeted, deadline: now + HANDSHAKE, full_at: now }
    }

    /// A text frame arrived.
    pub fn handle(&mut self, now: Instant, text: &str) -> Action {
        self.full_at = self.full_at.max(now) + PER_FRAME;
        if self.full_at > now + PER_FRAME * BURST {
            return Action::Close(close::RATE_LIMITED, "Too many frames.");
        }
        let Ok(frame) = serde_json::from_str::<ClientFrame>(text) else {
            return Action::Close(close::BAD_FRAME, "The frame was not understood.");
        };
        match (self.state, frame) {
            (State::Greeted, ClientFrame::Identify(identify)) if identify.version != snug_protocol::VERSION => Action::Close(
                close::VERSION,
                if identify.version < snug_protocol::VERSION {
                    "The app is older than the server: update the app."
                } else {
                    "The server is older than the app: ask whoever runs it to update it."
                },
            ),
            (State::Greeted, ClientFrame::Identify(identify)) => {
                self.state = State::Answering;
                Action::Identify(identify)
            }
            (State::Greeted, ClientFrame::Resume(resume)) => {
                self.state = State::Answering;
                Action::Resume(resume)
            }
            (State::Greeted, _) => Action::Close(close::BAD_STATE, "Identify or resume first."),
            (State::Answering, _) => Action::Close(close::BAD_STATE, "Wait for the answer first."),
            (State::Live, ClientFrame::Identify(_) | ClientFrame::Resume(_)) => Action::Close(close::BAD_STATE, "A session is attached already."),
            (State::Live, frame) => {
                self.deadline = now + SILENCE;
                match frame {
                    ClientFrame::Heartbeat { .. } => Action::Acknowledge,
                    ClientFrame::Typing { channel_id } => Action::Typing(channel_id),
                    ClientFrame::Activity { active } => Action::Activity(active),
                    ClientFrame::Verify => Action::Verify,
                    ClientFrame::Identify(_) | ClientFrame::Resume(_) => unreachable!("matched above"),
                }
            }
        }
    }

    /// The answer to `identify` or `resume` is there: a session is attached, or the client must identify.
    pub fn answered(&mut self, now: Instant, attached: bool) {
        (self.state, self.deadline) = if attached { (State::Live, now + SILENCE) } else { (State::Greeted, now + HANDSHAKE) };
    }

    /// When the connection is to be closed unless the client says something.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Why it is closed then.
    pub fn expired(&self) -> (u16, &'static str) {
        match self.state {
            State::Greeted | State::Answering => (close::TIMED_OUT, "The client did not say who it is."),
            State::Live => (close::TIMED_OUT, "No heartbeat for 45 seconds."),
        }
    }
}

#[cfg(test)]
mod tests;
