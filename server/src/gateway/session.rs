//! A session of the gateway: what was dispatched to it, what of that was sent, and what a resume gets. Sans-IO.
//!
//! # Invariants
//! * Dispatches are numbered from 1 without a gap.
//! * `sent` never passes the newest dispatch, and everything up to the oldest kept one was sent before.
//! * What is kept is younger than [`WINDOW`] and smaller than [`WINDOW_BYTES`]; what waits to be sent is smaller than
//!   [`QUEUE_BYTES`], or the connection is closed.

use snug_protocol::{
    ChannelId, SessionId, SpaceId, UserId,
    gateway::{Intent, close},
};
use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

/// How long a session can be resumed after its connection was lost, and how old a kept dispatch may be.
pub const WINDOW: Duration = Duration::from_secs(5 * 60);
/// How much is kept for a resume, in bytes of dispatches.
pub const WINDOW_BYTES: usize = 4 * 1024 * 1024;
/// How much may wait for a slow reader, in bytes of dispatches.
pub const QUEUE_BYTES: usize = 1024 * 1024;
/// How much is handed to the socket at once, in bytes.
const BATCH_BYTES: usize = 64 * 1024;

/// Who may see a dispatch: looked at again at a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The user, whatever happens.
    Own,
    /// Administrators of the server.
    Administration,
    /// Those who share a space with this person.
    Person(UserId),
    /// Members of the space.
    Space(SpaceId),
    /// Members of the space, once: it shows channels as they were when they joined. A replay that would tell it again
    /// does not happen.
    Joined(SpaceId),
    /// Those who see the channel.
    Channel(ChannelId),
    /// Those who see the channel, now: left out of replays.
    Fleeting(ChannelId),
}

/// A dispatch without its number: serialized once, shared by all sessions it goes to.
#[derive(Debug)]
pub struct Dispatch {
    /// `"t":…,"d":…}`: what follows after `{"op":"dispatch","s":42,`.
    tail: Box<str>,
    scope: Scope,
    intent: Option<Intent>,
    at: Instant,
}

impl Dispatch {
    /// Serializes an event.
    pub fn new(event: &snug_protocol::Event, scope: Scope, at: Instant) -> Arc<Self> {
        let json = serde_json::to_string(event).expect("events have string keys only");
        Arc::new(Self { tail: json[1..].into(), scope, intent: event.intent(), at })
    }

    fn bytes(&self) -> usize {
        self.tail.len() + 32
    }

    fn write(&self, s: u64) -> String {
        format!("{{\"op\":\"dispatch\",\"s\":{s},{}", self.tail)
    }
}

/// The connection of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// Frames go to the connection with this number.
    Attached(u64),
    /// No connection since then.
    Detached(Instant),
    /// The session is over.
    Ended(u16, &'static str),
}

/// What a connection is to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these text frames.
    Send(Vec<String>),
    /// Close with this code and reason.
    Close(u16, &'static str),
    /// Wait for more.
    Wait,
}

/// How a resume went.
#[derive(Debug, PartialEq, Eq)]
pub enum Resumption {
    /// So many dispatches follow on the connection with this number.
    Goes {
        /// The connection.
        link: u64,
        /// How many.
        replayed: u32,
    },
    /// It cannot go on, because of this.
    Not(&'static str),
}

/// See the module.
#[derive(Debug)]
pub struct Session {
    /// Whose it is.
    pub user: UserId,
    /// The log-in it belongs to.
    pub login: SessionId,
    /// What it wants to hear of; everything, if nothing is said.
    intents: Option<Vec<Intent>>,
    link: Link,
    /// Number of the last connection.
    links: u64,
    /// Frames that go before the next dispatch: `ready` or `resumed`.
    first: Vec<String>,
    kept: VecDeque<Arc<Dispatch>>,
    kept_bytes: usize,
    /// Number of the newest dispatch.
    newest: u64,
    /// Number of the last dispatch handed to the connection.
    sent: u64,
    unsent_bytes: usize,
    /// Whether the user is at this device.
    pub active: bool,
}

impl Session {
    /// The number of a session's first connection.
    pub const FIRST_LINK: u64 = 1;

    /// A session whose first connection has just identified.
    pub fn new(user: UserId, login: SessionId, intents: Option<Vec<Intent>>) -> Self {
        Self {
            user,
            login,
            intents,
            link: Link::Attached(Self::FIRST_LINK),
            links: Self::FIRST_LINK,
            first: Vec::new(),
            kept: VecDeque::new(),
            kept_bytes: 0,
            newest: 0,
            sent: 0,
            unsent_bytes: 0,
            active: true,
        }
    }

    /// Something happened that this session may know.
    pub fn dispatch(&mut self, now: Instant, dispatch: &Arc<Dispatch>) {
        let wanted = |intents: &Vec<Intent>| dispatch.intent.is_none_or(|intent| intents.contains(&intent));
        if matches!(self.link, Link::Ended(..)) || !self.intents.as_ref().is_none_or(wanted) {
            return;
        }
        self.newest += 1;
        self.kept_bytes += dispatch.bytes();
        self.kept.push_back(dispatch.clone());
        if let Link::Attached(_) = self.link {
            self.unsent_bytes += dispatch.bytes();
        }
        if self.unsent_bytes > QUEUE_BYTES && matches!(self.link, Link::Attached(_)) {
            // The connection hears of it at its next poll, for its number no longer fits.
            self.detach(now);
        }
        self.forget(now);
    }

    /// Drops what a resume no longer gets.
    fn forget(&mut self, now: Instant) {
        while let Some(oldest) = self.kept.front() {
            let number = self.newest + 1 - self.kept.len() as u64;
            let waits = matches!(self.link, Link::Attached(_)) && number > self.sent;
            let expired = now.saturating_duration_since(oldest.at) > WINDOW || self.kept_bytes > WINDOW_BYTES;
            if waits || !expired {
                break;
            }
            self.kept_bytes -= oldest.bytes();
            self.kept.pop_front();
        }
    }

    /// A frame that goes before the next dispatch.
    pub fn greet(&mut self, frame: String) {
        self.first.push(frame);
    }

    /// A new connection wants to go on after dispatch `s`. `visible` says what the session may see now.
    pub fn resume(&mut self, now: Instant, s: u64, visible: impl Fn(Scope) -> bool) -> Resumption {
        match self.link {
            Link::Ended(..) => return Resumption::Not("The session is over."),
            Link::Detached(since) if now.saturating_duration_since(since) > WINDOW => return Resumption::Not("The session was lost for too long."),
            Link::Detached(_) | Link::Attached(_) => {}
        }
        self.forget(now);
        let oldest = self.newest + 1 - self.kept.len() as u64;
        if s > self.newest {
            return Resumption::Not("The session never got that far.");
        }
        if s + 1 < oldest {
            return Resumption::Not("Too much has happened since.");
        }
        let mut missed = self.kept.range((s + 1 - oldest) as usize..).map(|dispatch| dispatch.scope);
        if missed.any(|scope| matches!(scope, Scope::Joined(_)) && visible(scope)) {
            return Resumption::Not("A space was joined in the meantime.");
        }
        self.kept.drain(..(s + 1 - oldest) as usize);
        self.kept.retain(|dispatch| match dispatch.scope {
            Scope::Fleeting(_) => false,
            scope => visible(scope),
        });
        self.kept_bytes = self.kept.iter().map(|d| d.bytes()).sum();
        self.unsent_bytes = self.kept_bytes;
        self.newest = s + self.kept.len() as u64;
        self.sent = s;
        self.first.clear();
        self.links += 1;
        self.link = Link::Attached(self.links);
        Resumption::Goes { link: self.links, replayed: self.kept.len() as u32 }
    }

    /// A new connection has lost the copy that it had, and gets a fresh `ready`: dispatches are numbered from 1 again. Answers the
    /// connection's number, or nothing if the session is over.
    pub fn restart(&mut self, intents: Option<Vec<Intent>>) -> Option<u64> {
        if let Link::Ended(..) = self.link {
            return None;
        }
        let links = self.links + 1;
        *self = Self { links, link: Link::Attached(links), ..Self::new(self.user, self.login, intents) };
        Some(links)
    }

    /// The connection with this number is gone.
    pub fn lost(&mut self, now: Instant, link: u64) {
        if self.link == Link::Attached(link) {
            self.detach(now);
        }
    }

    fn detach(&mut self, now: Instant) {
        self.link = Link::Detached(now);
        self.unsent_bytes = 0;
        self.first.clear();
    }

    /// Ends the session: its connection is closed with this code, and it cannot be resumed.
    pub fn end(&mut self, code: u16, reason: &'static str) {
        self.link = Link::Ended(code, reason);
        self.kept = VecDeque::new();
        self.kept_bytes = 0;
    }

    /// Why the connection with this number is to be closed, if it is.
    pub fn closing(&self, link: u64) -> Option<(u16, &'static str)> {
        match self.link {
            Link::Attached(current) if current == link => None,
            Link::Ended(code, reason) => Some((code, reason)),
            Link::Attached(_) => Some((close::REPLACED, "Another connection has resumed the session.")),
            Link::Detached(_) => Some((close::TOO_SLOW, "More than 1 MiB was waiting to be read.")),
        }
    }

    /// What the connection with this number is to do next.
    pub fn poll(&mut self, link: u64) -> Output {
        if let Some((code, reason)) = self.closing(link) {
            return Output::Close(code, reason);
        }
        let mut frames = std::mem::take(&mut self.first);
        let mut bytes: usize = frames.iter().map(String::len).sum();
        let kept_from = self.newest - self.kept.len() as u64;
        while self.sent < self.newest && bytes < BATCH_BYTES {
            let dispatch = &self.kept[(self.sent - kept_from) as usize];
            self.sent += 1;
            self.unsent_bytes -= dispatch.bytes();
            let frame = dispatch.write(self.sent);
            bytes += frame.len();
            frames.push(frame);
        }
        if frames.is_empty() { Output::Wait } else { Output::Send(frames) }
    }

    /// The number of the newest dispatch.
    pub fn newest(&self) -> u64 {
        self.newest
    }

    /// Whether a connection is there, or was less than `grace` ago.
    pub fn present(&self, now: Instant, grace: Duration) -> bool {
        match self.link {
            Link::Attached(_) => true,
            Link::Detached(since) => now.saturating_duration_since(since) < grace,
            Link::Ended(..) => false,
        }
    }

    /// Whether a connection is there.
    pub fn attached(&self) -> bool {
        matches!(self.link, Link::Attached(_))
    }

    /// Whether nothing can come of it any more.
    pub fn over(&self, now: Instant) -> bool {
        match self.link {
            Link::Attached(_) => false,
            Link::Detached(since) => now.saturating_duration_since(since) > WINDOW,
            Link::Ended(..) => true,
        }
    }

    /// Panics when an invariant of the module is broken.
    pub fn verify_invariants(&self) {
        assert!(self.sent <= self.newest);
        assert!(self.kept.len() as u64 <= self.newest);
        assert_eq!(self.kept_bytes, self.kept.iter().map(|d| d.bytes()).sum::<usize>());
        assert!(self.unsent_bytes <= QUEUE_BYTES || self.sent < self.newest);
        if self.attached() {
            let unsent = (self.newest - self.sent) as usize;
            assert!(unsent <= self.kept.len(), "what waits is kept");
            assert_eq!(self.unsent_bytes, self.kept.iter().rev().take(unsent).map(|d| d.bytes()).sum::<usize>());
        }
    }
}

#[cfg(test)]
mod tests;
