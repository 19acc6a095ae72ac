//! Somebody who comes to voice and goes again, with an engine of their own.

use crate::failure::Failure;
use futures_util::FutureExt as _;
use snug_client::{
    Account, Address,
    call::{Call, Input, Media, Output},
    gateway::{Gateway, News},
};
use snug_engine::{
    call::Settings,
    device::{Choice, synthetic::Synthetic},
    engine::{Clock, Command, Config, Engine, Handle, Update},
    state::Delta,
    transport::{Link, rtc::Str0m},
};
use snug_protocol::{ChannelId, ClientFrame, gateway::Event, voice::VoiceSelf};
use std::time::Instant;

const PASSWORD: &str = crate::api::PASSWORD;

/// See the module.
pub(super) struct Friend {
    name: String,
    address: Address,
    invite: String,
    gateway: Option<Gateway>,
    /// The gateway's session has begun.
    attached: bool,
    talk: Option<Talk>,
}

/// What there is while one is in voice, or tries to be.
struct Talk {
    call: Call,
    engine: Handle,
    sound: Synthetic,
    /// Media flows.
    up: bool,
    /// The engine was given an offer for a new connection, and still tells of the one before.
    fresh: bool,
}

impl Friend {
    pub(super) fn new(name: String, address: Address, invite: String) -> Self {
        Self { name, address, invite, gateway: None, attached: false, talk: None }
    }

    /// Where they are, or want to be.
    pub(super) fn channel(&self) -> Option<ChannelId> {
        self.talk.as_ref().map(|talk| talk.call.channel())
    }

    /// Whether media flows.
    pub(super) fn is_up(&self) -> bool {
        self.talk.as_ref().is_some_and(|talk| talk.up)
    }

    /// Whether all that they want has come about.
    pub(super) fn is_settled(&self) -> bool {
        self.talk.is_none() || self.is_up()
    }

    /// Comes to a channel, from another one too.
    pub(super) async fn join(&mut self, channel: ChannelId) -> Result<(), Failure> {
        if self.gateway.is_none() {
            let account = Account::enter(self.address.clone(), &self.name, PASSWORD, Some(&self.invite)).await?;
            (self.gateway, self.attached) = (Some(Gateway::open(account)), false);
        }
        let sound = Synthetic::default();
        let engine = Engine::spawn(Config {
            devices: Box::new(sound.clone()),
            network: Box::new(Str0m::default()),
            clock: Clock::System,
            settings: Settings::untouched(),
            microphone: Choice::Default,
            speaker: Choice::Default,
        })?;
        let mut call = Call::new(channel, VoiceSelf { self_mute: false, self_deaf: false });
        if self.attached {
            call.handle(Instant::now(), Input::Ready);
        }
        self.talk = Some(Talk { call, engine, sound, up: false, fresh: false });
        Ok(())
    }

    /// Goes, and says so.
    pub(super) async fn leave(&mut self) {
        if self.talk.take().is_some()
            && let Some(gateway) = &self.gateway
        {
            gateway.send(ClientFrame::VoiceLeave).await;
        }
    }

    /// Goes without a word, as when somebody pulls the plug.
    pub(super) fn vanish(&mut self) {
        (self.talk, self.gateway, self.attached) = (None, None, false);
    }

    /// Closes the connection too.
    pub(super) async fn go_home(&mut self) {
        self.leave().await;
        if let Some(gateway) = self.gateway.take() {
            gateway.close().await;
        }
    }

    /// Says something, after what was to be said before.
    pub(super) fn say(&self, words: &[f32]) {
        if let Some(talk) = &self.talk {
            talk.sound.hear(words);
        }
    }

    /// What they heard since they were last asked.
    pub(super) fn heard(&self) -> Vec<f32> {
        self.talk.as_ref().map(|talk| talk.sound.take_played()).unwrap_or_default()
    }

    /// Carries what there is between engine and server.
    pub(super) async fn step(&mut self) -> Result<(), Failure> {
        let Some(gateway) = &mut self.gateway else { return Ok(()) };
        let now = Instant::now();
        let mut talk = self.talk.as_mut();
        while let Some(news) = gateway.next().now_or_never() {
            let news = news.ok_or(Failure::Garbled("nothing more"))?;
            match news {
                News::Ready(_) => self.attached = true,
                News::Over(failure) => return Err(failure.into()),
                News::Resumed | News::Event(_) | News::Lost => {}
            }
            if let Some(talk) = talk.as_mut() {
                talk.hear(now, news)?;
            }
        }
        let Some(talk) = talk else { return Ok(()) };
        while let Some(update) = talk.engine.try_update() {
            talk.follow(now, update);
        }
        if talk.call.deadline().is_some_and(|deadline| deadline <= now) {
            talk.call.handle(now, Input::Time);
        }
        while let Some(output) = talk.call.poll() {
            match output {
                Output::Send(frame) => gateway.send(frame).await,
                Output::Answer(offer) => {
                    talk.fresh |= offer.negotiation == 1;
                    talk.engine.command(Command::Offer(offer))?;
                }
                Output::End(over) => return Err(Failure::Broken(vec![format!("{}: {over}", self.name)])),
            }
        }
        Ok(())
    }
}

impl Talk {
    fn hear(&mut self, now: Instant, news: News) -> Result<(), Failure> {
        match news {
            News::Ready(_) => self.call.handle(now, Input::Ready),
            News::Resumed => self.call.handle(now, Input::Resumed),
            News::Lost => self.call.handle(now, Input::Lost),
            News::Event(event) => {
                self.call.dispatch(now, &event);
                if let Event::VoiceTracks(tracks) = *event {
                    self.engine.command(Command::Tracks(tracks))?;
                }
            }
            News::Over(_) => {}
        }
        Ok(())
    }

    fn follow(&mut self, now: Instant, update: Update) {
        match update {
            Update::Answer(answer) => self.call.handle(now, Input::Answered(answer)),
            Update::Delta(Delta::Link(Some(Link::Connecting))) => (self.fresh, self.up) = (false, false),
            Update::Delta(Delta::Link(Some(link))) if !self.fresh => {
                self.up = link == Link::Up;
                let media = match link {
                    Link::Up => Media::Up,
                    Link::Broken | Link::Connecting => Media::Broken,
                    Link::Closed => Media::Closed,
                };
                self.call.handle(now, Input::Media(media));
            }
            Update::Delta(_) | Update::Health(_) | Update::Meters(_) | Update::Stats(_) => {}
        }
    }
}
