//! One connection to the gateway, before and beside its session: the order of frames, heartbeats, limits. Sans-IO.

use crate::voice::Wish;
use snug_protocol::{
    ChannelId, ClientFrame,
    gateway::{Identify, Resume, close},
    limits,
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

/// Times somebody may come to a voice channel at once, and how long it takes to earn one more.
const JOINS: (u32, Duration) = (5, Duration::from_secs(1));
/// The same of starting and ending to send something.
const PUBLICATIONS: (u32, Duration) = (8, Duration::from_millis(500));
/// The same of finding a way anew.
const RESTARTS: (u32, Duration) = (3, Duration::from_secs(2));

const TOO_LONG: Action = Action::Close(close::BAD_FRAME, "The frame is too long.");

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
    /// Do what has to do with voice.
    Voice(Wish),
    /// Close the connection.
    Close(u16, &'static str),
}

/// See the module.
#[derive(Debug)]
pub struct Connection {
    state: State,
    deadline: Instant,
    frames: Allowance,
    joins: Allowance,
    publications: Allowance,
    restarts: Allowance,
}

/// How much of something may come: so many at once, and one more in each interval.
#[derive(Debug)]
struct Allowance {
    burst: u32,
    interval: Duration,
    /// When it is full again (a GCRA's theoretical arrival time).
    full_at: Instant,
}

impl Allowance {
    fn new(now: Instant, (burst, interval): (u32, Duration)) -> Self {
        Self { burst, interval, full_at: now }
    }

    /// Takes one. Whether there was one left.
    fn take(&mut self, now: Instant) -> bool {
        self.full_at = self.full_at.max(now) + self.interval;
        self.full_at <= now + self.interval * self.burst
    }
}

impl Connection {
    /// A connection that was just accepted and sent `hello`.
    pub fn new(now: Instant) -> Self {
        Self {
            state: State::Greeted,
            deadline: now + HANDSHAKE,
            frames: Allowance::new(now, (BURST, PER_FRAME)),
            joins: Allowance::new(now, JOINS),
            publications: Allowance::new(now, PUBLICATIONS),
            restarts: Allowance::new(now, RESTARTS),
        }
    }

    /// A text frame arrived.
    pub fn handle(&mut self, now: Instant, text: &str) -> Action {
        if !self.frames.take(now) {
            return Action::Close(close::RATE_LIMITED, "Too many frames.");
        }
        // Whoever has not said who they are has no long answer to give.
        let long = text.len() > limits::CLIENT_FRAME_BYTES;
        if long && self.state != State::Live {
            return TOO_LONG;
        }
        let Ok(frame) = serde_json::from_str::<ClientFrame>(text) else {
            return Action::Close(close::BAD_FRAME, "The frame was not understood.");
        };
        if long && !matches!(frame, ClientFrame::VoiceAnswer(_)) {
            return TOO_LONG;
        }
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
                    ClientFrame::VoiceJoin(join) => self.voice(now, Wish::Join(join)),
                    ClientFrame::VoiceLeave => self.voice(now, Wish::Leave),
                    ClientFrame::VoiceSelf(own) => self.voice(now, Wish::Be(own)),
                    ClientFrame::VoiceAnswer(answer) => self.voice(now, Wish::Answer(answer)),
                    ClientFrame::VoicePublish { kind } => self.voice(now, Wish::Publish(kind)),
                    ClientFrame::VoiceUnpublish { kind } => self.voice(now, Wish::Unpublish(kind)),
                    ClientFrame::VoiceWatch(track) => self.voice(now, Wish::Watch(track)),
                    ClientFrame::VoiceUnwatch(track) => self.voice(now, Wish::Unwatch(track)),
                    ClientFrame::VoiceRestart => self.voice(now, Wish::Restart),
                    ClientFrame::VoiceStats { on } => self.voice(now, Wish::Stats(on)),
                    ClientFrame::Identify(_) | ClientFrame::Resume(_) => unreachable!("matched above"),
                }
            }
        }
    }

    /// What takes the media server time has an allowance of its own.
    fn voice(&mut self, now: Instant, wish: Wish) -> Action {
        let allowed = match wish {
            Wish::Join(_) => self.joins.take(now),
            Wish::Publish(_) | Wish::Unpublish(_) => self.publications.take(now),
            Wish::Restart => self.restarts.take(now),
            // An answer comes after an offer, and who watches changes nothing for others.
            Wish::Leave | Wish::Be(_) | Wish::Answer(_) | Wish::Watch(_) | Wish::Unwatch(_) | Wish::Stats(_) => true,
        };
        if allowed { Action::Voice(wish) } else { Action::Close(close::RATE_LIMITED, "Too many frames that have to do with voice.") }
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
