//! Joins a voice channel from a terminal, with live meters. `m` mutes, `d` deafens, `q` leaves.
//!
//! ```text
//! cargo run -p snug-engine --example call -- --server http://localhost:7070 --invite CODE
//! cargo run -p snug-engine --example call -- --server https://192.168.0.2:7070 --fingerprint 8F:10:… --invite CODE
//! cargo run -p snug-engine --example call -- --server … --invite … --input speech.wav --output heard.wav --seconds 20
//! ```

#[path = "../common/mod.rs"]
mod common;
mod keys;
mod screen;

use clap::Parser;
use keys::{Key, Keys};
use screen::Screen;
use snug_client::{
    Account, Address, Fingerprint, Trust,
    call::{Call, Input, Media, Output},
    gateway::{Gateway, News},
};
use snug_engine::{
    call::Settings,
    engine::{Clock, Command, Config, Engine, Handle, Update},
    state::Delta,
    transport::{Link, Stack},
};
use snug_protocol::{
    Channel, ChannelKind,
    gateway::{ClientFrame, Event, Ready},
    voice::VoiceSelf,
};
use std::{
    error::Error,
    io,
    process::ExitCode,
    time::{Duration, Instant},
};
use tokio::time;

/// Join a voice channel.
#[derive(Debug, Parser)]
struct Options {
    /// Where the server is: http://host:port or https://host:port.
    #[arg(long, required_unless_present = "list")]
    server: Option<String>,
    /// Believe the certificate with this fingerprint, whoever signed it. The server prints its own at its start.
    #[arg(long)]
    fingerprint: Option<Fingerprint>,
    /// An invite's code or link, to register with if the name is new, and to join where it leads.
    #[arg(long)]
    invite: Option<String>,
    /// The name to log in or register with.
    #[arg(long, default_value = "terminal")]
    name: String,
    /// Its password.
    #[arg(long, env = "SNUG_PASSWORD", default_value = "correct horse battery staple", hide_env_values = true)]
    password: String,
    /// The voice channel's name; the first one without.
    #[arg(long)]
    channel: Option<String>,
    #[command(flatten)]
    sound: common::Sound,
    /// What carries the call: str0m or webrtc.
    #[arg(long, default_value_t)]
    transport: Stack,
    /// Send always, and as the microphone gives it: for recordings.
    #[arg(long)]
    raw: bool,
    /// Begin muted.
    #[arg(long)]
    mute: bool,
    /// Hear nobody.
    #[arg(long)]
    deaf: bool,
    /// Leave after so many seconds.
    #[arg(long)]
    seconds: Option<u64>,
}

/// Nobody can be heard where nobody can be.
#[derive(Debug, thiserror::Error)]
enum NoChannel {
    #[error("there is no voice channel that you may see: ask whoever runs the server to make one, or for an invite to where one is")]
    None,
    #[error("there is no voice channel `{wanted}` that you may see, but there are: {there}")]
    Other { wanted: String, there: String },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(io::stderr).with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).init();
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\rcall: {error}");
            let mut source = error.source();
            while let Some(error) = source {
                eprintln!("  {error}");
                source = error.source();
            }
            if let Some(failure) = error.downcast_ref::<snug_client::Failure>() {
                eprintln!("  {}", failure.hint());
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let Some(server) = options.server.as_deref().filter(|_| !options.sound.list) else {
        return Ok(common::Sound::print_devices()?);
    };
    let address = Address::parse(server, options.fingerprint.map_or(Trust::System, Trust::Pinned))?;
    let account = Account::enter(address, &options.name, &options.password, options.invite.as_deref()).await?;
    let space = account.space();
    let mut gateway = Gateway::open(account);
    let ready = match gateway.next().await {
        Some(News::Ready(ready)) => ready,
        Some(News::Over(failure)) => return Err(failure.into()),
        _ => return Err("the server did not let the session begin".into()),
    };
    let mut channels = voice_channels(&ready);
    // Where the invite led to comes first.
    channels.sort_by_key(|channel| Some(channel.space_id) != space);
    let channel = choose(&channels, options.channel.as_deref())?;
    let engine = spawn(&options)?;
    let own = VoiceSelf { self_mute: options.mute, self_deaf: options.deaf };
    let call = Call::new(channel.id, own);
    let mut phone = Phone { gateway, call, engine, own, screen: Screen::new(), fresh: false };
    phone.screen.say(format_args!("In {}, by {}. m: mute, d: deafen, q: leave", channel.name, options.transport))?;
    phone.ready(&ready).await?;
    let ended = phone.talk(options.seconds.map(Duration::from_secs)).await;
    phone.screen.summary()?;
    phone.gateway.send(ClientFrame::VoiceLeave).await;
    phone.gateway.close().await;
    ended
}

fn voice_channels(ready: &Ready) -> Vec<Channel> {
    ready.spaces.iter().flat_map(|space| &space.channels).filter(|channel| channel.kind == ChannelKind::Voice).cloned().collect()
}

fn choose(channels: &[Channel], wanted: Option<&str>) -> Result<Channel, NoChannel> {
    match (channels.iter().find(|channel| wanted.is_none_or(|wanted| channel.name == wanted)), wanted) {
        (Some(channel), _) => Ok(channel.clone()),
        (None, Some(wanted)) if !channels.is_empty() => {
            let there: Vec<_> = channels.iter().map(|channel| format!("`{}`", channel.name)).collect();
            Err(NoChannel::Other { wanted: wanted.to_owned(), there: there.join(", ") })
        }
        (None, _) => Err(NoChannel::None),
    }
}

fn spawn(options: &Options) -> Result<Handle, Box<dyn Error>> {
    let (devices, microphone, speaker) = options.sound.open();
    let settings = if options.raw { Settings::untouched() } else { Settings::default() };
    let engine = Engine::spawn(Config { devices, network: options.transport.network()?, clock: Clock::System, settings, microphone, speaker })?;
    engine.command(Command::Mute(options.mute))?;
    engine.command(Command::Deafen(options.deaf))?;
    Ok(engine)
}

/// A call, and what it is made of.
struct Phone {
    gateway: Gateway,
    call: Call,
    engine: Handle,
    own: VoiceSelf,
    screen: Screen,
    /// The engine was given an offer for a new connection, and still tells of the one before.
    fresh: bool,
}

impl Phone {
    async fn talk(&mut self, lasts: Option<Duration>) -> Result<(), Box<dyn Error>> {
        let end = lasts.map(|lasts| Instant::now() + lasts);
        let mut keys = Keys::watch()?;
        let mut poll = time::interval(Duration::from_millis(10));
        poll.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => return Ok(()),
                key = keys.next() => match key {
                    Key::Mute => self.speak(VoiceSelf { self_mute: !self.own.self_mute, ..self.own }).await?,
                    Key::Deafen => self.speak(VoiceSelf { self_deaf: !self.own.self_deaf, ..self.own }).await?,
                    Key::Quit => return Ok(()),
                },
                news = self.gateway.next() => match news {
                    Some(news) => self.hear(news).await?,
                    None => return Err("the gateway is gone".into()),
                },
                _ = poll.tick() => {
                    while let Some(update) = self.engine.try_update() {
                        self.follow(&update).await?;
                        self.screen.show(update)?;
                    }
                    let now = Instant::now();
                    if self.call.deadline().is_some_and(|deadline| deadline <= now) {
                        self.input(Input::Time).await?;
                    }
                    if end.is_some_and(|end| now >= end) {
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn ready(&mut self, ready: &Ready) -> Result<(), Box<dyn Error>> {
        self.screen.names = ready.users.iter().map(|user| (user.id, user.display_name.clone())).collect();
        self.input(Input::Ready).await
    }

    async fn hear(&mut self, news: News) -> Result<(), Box<dyn Error>> {
        match news {
            News::Ready(ready) => {
                self.screen.say("The server has started anew, or forgotten us: joining again.")?;
                self.ready(&ready).await
            }
            News::Resumed => {
                self.screen.say("The server is back.")?;
                self.input(Input::Resumed).await
            }
            News::Lost => {
                self.screen.say("The server is away. Talk goes on while sound comes through.")?;
                self.input(Input::Lost).await
            }
            News::Over(failure) => Err(failure.into()),
            News::Event(event) => {
                self.call.dispatch(Instant::now(), &event);
                if let Some(command) = command(*event, &mut self.screen) {
                    self.engine.command(command)?;
                }
                self.act().await
            }
        }
    }

    async fn follow(&mut self, update: &Update) -> Result<(), Box<dyn Error>> {
        match update {
            Update::Answer(answer) => self.input(Input::Answered(answer.clone())).await,
            Update::Delta(Delta::Link(Some(Link::Connecting))) => {
                self.fresh = false;
                Ok(())
            }
            Update::Delta(Delta::Link(Some(link))) if !self.fresh => {
                let media = match link {
                    Link::Up => Media::Up,
                    Link::Broken | Link::Connecting => Media::Broken,
                    Link::Closed => Media::Closed,
                };
                if media == Media::Broken {
                    // Whatever it is, the gateway may have gone with it.
                    self.gateway.wake().await;
                }
                self.input(Input::Media(media)).await
            }
            Update::Health(_) | Update::Delta(_) | Update::Meters(_) | Update::Stats(_) => Ok(()),
        }
    }

    async fn speak(&mut self, own: VoiceSelf) -> Result<(), Box<dyn Error>> {
        self.own = own;
        self.engine.command(Command::Mute(own.self_mute || own.self_deaf))?;
        self.engine.command(Command::Deafen(own.self_deaf))?;
        self.input(Input::Own(own)).await
    }

    async fn input(&mut self, input: Input) -> Result<(), Box<dyn Error>> {
        self.call.handle(Instant::now(), input);
        self.act().await
    }

    async fn act(&mut self) -> Result<(), Box<dyn Error>> {
        while let Some(output) = self.call.poll() {
            match output {
                Output::Send(frame) => self.gateway.send(frame).await,
                Output::Answer(offer) => {
                    self.fresh |= offer.negotiation == 1;
                    self.engine.command(Command::Offer(offer))?;
                }
                Output::End(over) => return Err(Box::<dyn Error>::from(over)),
            }
        }
        Ok(())
    }
}

/// What an event means for the engine.
fn command(event: Event, screen: &mut Screen) -> Option<Command> {
    match event {
        Event::VoiceTracks(tracks) => Some(Command::Tracks(tracks)),
        Event::VoiceHeard(heard) => Some(Command::Heard(heard.heard)),
        Event::UserUpdate(user) => {
            screen.names.insert(user.id, user.display_name);
            None
        }
        Event::MemberAdd(added) => {
            screen.names.insert(added.user.id, added.user.display_name);
            None
        }
        // Offers go by the call; the rest is about text.
        _ => None,
    }
}
