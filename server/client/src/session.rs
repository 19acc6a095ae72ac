//! A session of the gateway, without its socket and clock: inputs in, outputs out.
//!
//! ```text
//! connecting ──hello──> identifying ──ready────> ready
//!   ▲    ▲       └────> resuming ────resumed──>    │
//!   │    └──time── waiting <──────lost─────────────┘
//!   └─────────────────────────── reconnect
//! ```
//!
//! What comes out as [`Output::Ready`] and [`Output::Event`] is the server's order, without a gap or a repeat.

use snug_protocol::{
    VERSION,
    gateway::{ClientFrame, Event, Hello, Identify, Ready, Resume, ServerFrame, close},
};
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// What is under way must be done by then.
const PATIENCE: Duration = Duration::from_secs(15);
/// The pause after the first loss. It doubles with each attempt that fails.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How soon the server must answer when it is asked whether it is there.
const SOON: Duration = Duration::from_secs(1);

/// What happened.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once per frame")]
pub enum Input {
    /// A socket was opened, with this token to show.
    Opened(String),
    /// It could not be, for now.
    Unreachable,
    /// A frame came.
    Frame(ServerFrame),
    /// A dispatch with this number came, of a kind that this program does not know: the server is newer.
    Unknown(u64),
    /// The socket is closed; with a code, the server closed it.
    Closed(Option<u16>),
    /// The network may be another one: whether the server is still there is to be known soon.
    Wake,
    /// The deadline has come.
    Time,
}

/// What is to be done.
#[derive(Debug)]
pub enum Output {
    /// Open a socket; with `renew`, get a new token first.
    Open {
        /// The last token is no longer taken.
        renew: bool,
    },
    /// Send a frame.
    Send(ClientFrame),
    /// Close the socket.
    Close,
    /// The session began (anew): this is all there is.
    Ready(Box<Ready>),
    /// The session goes on; what was missed follows.
    Resumed,
    /// Something happened.
    Event(Box<Event>),
    /// The connection is lost; it is tried again.
    Lost,
    /// There will be no further attempt.
    End(&'static str),
}

#[derive(Clone, Debug)]
enum Phase {
    Connecting,
    Hello,
    Identifying,
    Resuming,
    Ready,
    Waiting,
    Ended,
}

#[derive(Clone, Debug)]
struct Known {
    id: String,
    instance: String,
    s: u64,
}

/// See the [module](self).
#[derive(Debug)]
pub struct Session {
    phase: Phase,
    /// When the phase must be over; none in [`Phase::Ready`].
    until: Option<Instant>,
    token: String,
    instance: String,
    known: Option<Known>,
    attempt: u32,
    beat: Option<(Duration, Instant)>,
    /// A heartbeat was sent, and no answer came yet.
    unanswered: bool,
    out: VecDeque<Output>,
}

impl Session {
    /// One that begins: its first output opens a socket.
    pub fn new(now: Instant) -> Self {
        let mut session = Self {
            phase: Phase::Waiting,
            until: None,
            token: String::new(),
            instance: String::new(),
            known: None,
            attempt: 0,
            beat: None,
            unanswered: false,
            out: VecDeque::new(),
        };
        session.connect(now, false);
        session
    }

    /// What is to be done next.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When [`Input::Time`] is to be handed in.
    pub fn deadline(&self) -> Option<Instant> {
        let beat = self.beat.map(|(_, at)| at);
        self.until.into_iter().chain(beat).min()
    }

    /// Whether frames of a call may be sent.
    pub fn is_ready(&self) -> bool {
        matches!(self.phase, Phase::Ready)
    }

    /// Takes what happened.
    pub fn handle(&mut self, now: Instant, input: Input) {
        match (input, &self.phase) {
            (_, Phase::Ended) => {}
            (Input::Opened(token), _) => {
                self.token = token;
                self.enter(now, Phase::Hello);
            }
            (Input::Frame(frame), _) => self.take(now, frame),
            (Input::Unknown(s), _) => {
                if let Some(known) = self.known.as_mut().filter(|known| s == known.s + 1) {
                    known.s = s;
                }
            }
            (Input::Unreachable | Input::Closed(None), _) => self.wait(now),
            (Input::Closed(Some(code)), _) => self.closed(now, code),
            (Input::Wake, Phase::Waiting) => self.connect(now, false),
            (Input::Wake, Phase::Ready) if !self.unanswered => self.beat(now, SOON),
            (Input::Wake, _) => {}
            (Input::Time, Phase::Waiting) if self.until.is_some_and(|until| until <= now) => self.connect(now, false),
            (Input::Time, _) => self.time(now),
        }
    }

    fn time(&mut self, now: Instant) {
        if self.until.is_some_and(|until| until <= now) {
            return self.lose(now);
        }
        let Some((interval, at)) = self.beat.filter(|(_, at)| *at <= now) else {
            return;
        };
        if self.unanswered {
            return self.lose(now);
        }
        self.beat(now, interval.saturating_sub(now.saturating_duration_since(at)));
    }

    /// Asks the server whether it is there, and wants to know by then.
    fn beat(&mut self, now: Instant, patience: Duration) {
        let Some((_, next)) = &mut self.beat else { return };
        *next = now + patience;
        self.unanswered = true;
        let s = self.known.as_ref().map_or(0, |known| known.s);
        self.out.push_back(Output::Send(ClientFrame::Heartbeat { s }));
    }

    fn take(&mut self, now: Instant, frame: ServerFrame) {
        match (frame, &self.phase) {
            (ServerFrame::Hello { d: hello }, Phase::Hello) => self.hello(now, hello),
            (ServerFrame::Ready { d: ready }, Phase::Identifying) => {
                self.known = Some(Known { id: ready.session.clone(), instance: self.instance.clone(), s: 0 });
                self.settle();
                self.out.push_back(Output::Ready(Box::new(ready)));
            }
            (ServerFrame::Resumed { .. }, Phase::Resuming) => {
                self.settle();
                self.out.push_back(Output::Resumed);
            }
            (ServerFrame::Dispatch { s, event }, Phase::Ready) => {
                let Some(known) = self.known.as_mut().filter(|known| s > known.s) else {
                    return;
                };
                if s > known.s + 1 {
                    // Something is missing: only a new session helps.
                    self.known = None;
                    return self.lose(now);
                }
                known.s = s;
                self.out.push_back(Output::Event(Box::new(event)));
            }
            (ServerFrame::HeartbeatAck, _) => self.unanswered = false,
            (ServerFrame::InvalidSession { .. }, _) => {
                self.known = None;
                self.identify(now);
            }
            (ServerFrame::Reconnect, _) => {
                self.out.extend([Output::Close, Output::Lost]);
                self.connect(now, false);
            }
            (ServerFrame::Digest { .. }, _) => {}
            // Out of turn.
            (ServerFrame::Hello { .. } | ServerFrame::Ready { .. } | ServerFrame::Resumed { .. } | ServerFrame::Dispatch { .. }, _) => {}
        }
    }

    fn hello(&mut self, now: Instant, hello: Hello) {
        if hello.version != VERSION {
            return self.end("the server speaks another version of the protocol: update the older of the two");
        }
        let interval = Duration::from_millis(hello.heartbeat_interval_ms.into());
        self.beat = Some((interval, now + interval));
        self.unanswered = false;
        self.instance = hello.instance;
        match self.known.take_if(|known| known.instance == self.instance) {
            Some(known) => {
                let resume = Resume { token: self.token.clone(), session: known.id.clone(), s: known.s };
                self.known = Some(known);
                self.enter(now, Phase::Resuming);
                self.out.push_back(Output::Send(ClientFrame::Resume(resume)));
            }
            None => self.identify(now),
        }
    }

    fn identify(&mut self, now: Instant) {
        self.known = None;
        self.enter(now, Phase::Identifying);
        self.out.push_back(Output::Send(ClientFrame::Identify(Identify {
            token: self.token.clone(),
            version: VERSION,
            intents: Some(Vec::new()),
            session: None,
        })));
    }

    fn settle(&mut self) {
        self.phase = Phase::Ready;
        self.until = None;
        self.attempt = 0;
    }

    fn closed(&mut self, now: Instant, code: u16) {
        match code {
            close::REVOKED => self.end("it was revoked: somebody logged this session out, or suspended the account"),
            close::VERSION => self.end("the server speaks another version of the protocol: update the older of the two"),
            close::UNAUTHORIZED => {
                // Not again at once, if the new token is not taken either.
                if self.attempt > 2 {
                    return self.end("the server does not take its own tokens");
                }
                self.attempt += 1;
                self.out.push_back(Output::Lost);
                self.connect(now, true);
            }
            close::BAD_FRAME | close::BAD_STATE | close::REPLACED => {
                self.known = None;
                self.wait(now);
            }
            _ => self.wait(now),
        }
    }

    fn lose(&mut self, now: Instant) {
        self.out.push_back(Output::Close);
        self.wait(now);
    }

    fn wait(&mut self, now: Instant) {
        if matches!(self.phase, Phase::Waiting) {
            return;
        }
        let pause = FIRST_PAUSE.saturating_mul(1 << self.attempt.min(10)).min(LONGEST_PAUSE);
        self.attempt += 1;
        self.phase = Phase::Waiting;
        self.until = Some(now + pause);
        self.beat = None;
        self.out.push_back(Output::Lost);
    }

    fn connect(&mut self, now: Instant, renew: bool) {
        self.beat = None;
        self.enter(now, Phase::Connecting);
        self.out.push_back(Output::Open { renew });
    }

    fn enter(&mut self, now: Instant, phase: Phase) {
        self.phase = phase;
        self.until = Some(now + PATIENCE);
    }

    fn end(&mut self, why: &'static str) {
        self.phase = Phase::Ended;
        self.until = None;
        self.beat = None;
        self.out.extend([Output::Close, Output::End(why)]);
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
