//! One's own call, without media, socket or clock: inputs in, outputs out.
//!
//! ```text
//! asking ──offer──> connecting ──media──> connected
//!   ▲ ▲                  │                 │    ▲
//!   │ └──time── waiting <┘ failed         lost  media
//!   │              ▲                       ▼    │
//!   └── moved      └──────failed────── restarting
//! ```
//!
//! The server is the only one that offers. An offer for another connection than the present one is the first of a new one.

use snug_protocol::{
    ChannelId,
    gateway::{ClientFrame, Event},
    voice::{VoiceAnswer, VoiceGone, VoiceJoin, VoiceOffer, VoiceSelf},
};
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// The server's offer must be there by then.
const ASKED: Duration = Duration::from_secs(8);
/// Media must flow by then.
const CONNECT: Duration = Duration::from_secs(10);
/// A new way must be found by then.
const RESTART: Duration = Duration::from_secs(4);
/// The pause after the first attempt that failed. It doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// So often in a row a call is tried to be had.
const TRIES: u32 = 8;

/// How the media of a connection fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// It flows.
    Up,
    /// Nothing comes through.
    Broken,
    /// And never will.
    Closed,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The gateway's session began, at first or anew.
    Ready,
    /// It goes on.
    Resumed,
    /// It is away. Media goes on without.
    Lost,
    /// An offer was answered.
    Answered(VoiceAnswer),
    /// The media of the newest connection.
    Media(Media),
    /// One mutes or deafens oneself, or not any more.
    Own(VoiceSelf),
    /// The deadline has come.
    Time,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send it by the gateway.
    Send(ClientFrame),
    /// Answer it. Another connection than before is a new one.
    Answer(VoiceOffer),
    /// It is over.
    End(Over),
}

/// Why a call is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Over {
    /// One joined on another device.
    #[error("you are in voice on another device now")]
    TakenOver,
    /// A moderator ended it.
    #[error("a moderator put you out of the channel")]
    Disconnected,
    /// One may not be there.
    #[error("you may not be in this channel, or it is gone")]
    Forbidden,
    /// There is no room.
    #[error("the channel has as many people as it takes")]
    Full,
    /// It was tried often enough.
    #[error("no sound comes through to the server or back: a firewall may block its media port (UDP)")]
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The gateway is away, and nothing is alive.
    Absent,
    Asking,
    /// The next attempt is due.
    Waiting,
    Connecting(u64),
    Connected(u64),
    /// A new way is looked for. Without the gateway nothing can be done but wait.
    Restarting(u64),
    Over,
}

/// See the [module](self).
#[derive(Debug)]
pub struct Call {
    channel: ChannelId,
    own: VoiceSelf,
    stage: Stage,
    /// When the stage must be over.
    until: Option<Instant>,
    gateway: bool,
    attempt: u32,
    /// The newest: it may have been lost with the gateway's connection.
    answer: Option<VoiceAnswer>,
    out: VecDeque<Output>,
}

impl Call {
    /// A call that begins as soon as the gateway is [`Input::Ready`].
    pub fn new(channel: ChannelId, own: VoiceSelf) -> Self {
        Self { channel, own, stage: Stage::Absent, until: None, gateway: false, attempt: 0, answer: None, out: VecDeque::new() }
    }

    /// What is to be done next.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When [`Input::Time`] is to be handed in.
    pub fn deadline(&self) -> Option<Instant> {
        self.until
    }

    /// Where one is, or wants to be.
    pub fn channel(&self) -> ChannelId {
        self.channel
    }

    /// Takes what happened.
    pub fn handle(&mut self, now: Instant, input: Input) {
        if self.stage == Stage::Over {
            return;
        }
        match input {
            Input::Ready => {
                self.gateway = true;
                self.answer = None;
                self.ask(now);
            }
            Input::Resumed => self.resume(now),
            Input::Lost => {
                self.gateway = false;
                match self.stage {
                    Stage::Asking | Stage::Waiting => self.enter(Stage::Absent, None),
                    // What is alive goes on: media needs no gateway.
                    Stage::Restarting(connection) => self.enter(Stage::Restarting(connection), None),
                    Stage::Absent | Stage::Connecting(_) | Stage::Connected(_) | Stage::Over => {}
                }
            }
            Input::Answered(answer) => {
                if self.connection() == Some(answer.connection) {
                    self.answer = Some(answer.clone());
                    self.send(ClientFrame::VoiceAnswer(answer));
                }
            }
            Input::Media(media) => self.media(now, media),
            Input::Own(own) => {
                self.own = own;
                self.send(ClientFrame::VoiceSelf(own));
            }
            Input::Time => self.time(now),
        }
    }

    /// Takes what the gateway dispatches; what is not about this call is left alone.
    pub fn dispatch(&mut self, now: Instant, event: &Event) {
        match event {
            Event::VoiceOffer(offer) => self.offer(now, offer.clone()),
            Event::VoiceEnded(ended) if ended.channel_id == self.channel => self.ended(now, ended.reason),
            _ => {}
        }
    }

    fn connection(&self) -> Option<u64> {
        match self.stage {
            Stage::Connecting(connection) | Stage::Connected(connection) | Stage::Restarting(connection) => Some(connection),
            Stage::Absent | Stage::Asking | Stage::Waiting | Stage::Over => None,
        }
    }

    fn ask(&mut self, now: Instant) {
        if !self.gateway {
            return self.enter(Stage::Absent, None);
        }
        self.enter(Stage::Asking, Some(now + ASKED));
        let VoiceSelf { self_mute, self_deaf } = self.own;
        self.send(ClientFrame::VoiceJoin(VoiceJoin { channel_id: self.channel, self_mute, self_deaf }));
    }

    fn resume(&mut self, now: Instant) {
        self.gateway = true;
        if let Some(answer) = self.answer.clone().filter(|answer| self.connection() == Some(answer.connection)) {
            self.send(ClientFrame::VoiceAnswer(answer));
        }
        match self.stage {
            Stage::Absent | Stage::Asking | Stage::Waiting => self.ask(now),
            Stage::Connecting(_) | Stage::Connected(_) => self.send(ClientFrame::VoiceSelf(self.own)),
            Stage::Restarting(connection) => self.restart(now, connection),
            Stage::Over => {}
        }
    }

    fn offer(&mut self, now: Instant, offer: VoiceOffer) {
        if self.stage == Stage::Over || (self.connection() != Some(offer.connection) && offer.negotiation != 1) {
            return;
        }
        if self.connection() != Some(offer.connection) {
            // Or a moderator moved us: the offer says where to.
            self.channel = offer.channel_id;
            self.enter(Stage::Connecting(offer.connection), Some(now + CONNECT));
        }
        self.out.push_back(Output::Answer(offer));
    }

    fn ended(&mut self, now: Instant, reason: VoiceGone) {
        match reason {
            VoiceGone::Left => {}
            // The offer that says where to follows.
            VoiceGone::Moved => self.enter(Stage::Asking, Some(now + ASKED)),
            VoiceGone::Failed => self.fail(now),
            VoiceGone::TakenOver => self.end(Over::TakenOver),
            VoiceGone::Disconnected => self.end(Over::Disconnected),
            VoiceGone::Forbidden => self.end(Over::Forbidden),
            VoiceGone::Full => self.end(Over::Full),
        }
    }

    fn media(&mut self, now: Instant, media: Media) {
        match (media, self.stage) {
            (Media::Up, Stage::Connecting(connection) | Stage::Restarting(connection)) => {
                self.attempt = 0;
                self.enter(Stage::Connected(connection), None);
            }
            (Media::Broken, Stage::Connected(connection)) => self.restart(now, connection),
            (Media::Closed, Stage::Connecting(_) | Stage::Connected(_) | Stage::Restarting(_)) => self.fail(now),
            (Media::Broken, Stage::Connecting(_) | Stage::Restarting(_))
            | (Media::Up, Stage::Connected(_))
            | (_, Stage::Absent | Stage::Asking | Stage::Waiting | Stage::Over) => {}
        }
    }

    fn restart(&mut self, now: Instant, connection: u64) {
        self.enter(Stage::Restarting(connection), self.gateway.then_some(now + RESTART));
        self.send(ClientFrame::VoiceRestart);
    }

    fn time(&mut self, now: Instant) {
        if self.until.is_none_or(|until| until > now) {
            return;
        }
        match self.stage {
            Stage::Waiting | Stage::Restarting(_) => self.ask(now),
            Stage::Asking | Stage::Connecting(_) => self.fail(now),
            Stage::Absent | Stage::Connected(_) | Stage::Over => {}
        }
    }

    /// It did not work; tried again a little later, or given up.
    fn fail(&mut self, now: Instant) {
        if self.attempt == TRIES {
            self.send(ClientFrame::VoiceLeave);
            return self.end(Over::Failed);
        }
        let pause = FIRST_PAUSE * (1 << self.attempt.min(4));
        self.attempt += 1;
        if self.gateway {
            self.enter(Stage::Waiting, Some(now + pause));
        } else {
            self.enter(Stage::Absent, None);
        }
    }

    fn end(&mut self, over: Over) {
        self.enter(Stage::Over, None);
        self.out.push_back(Output::End(over));
    }

    fn enter(&mut self, stage: Stage, until: Option<Instant>) {
        self.stage = stage;
        self.until = until;
    }

    fn send(&mut self, frame: ClientFrame) {
        if self.gateway {
            self.out.push_back(Output::Send(frame));
        }
    }
}

#[cfg(test)]
#[path = "call_tests.rs"]
mod tests;
