//! The bridge between the window and the engine: commands in, updates out. The engine lives as long as the app; the window may come and
//! go, and is told the whole state whenever it comes, with what was measured of late.

mod record;
mod stats;

use record::{Record, now};
use snug_engine::{
    call::Settings,
    cue::Cue,
    device::{self, Choice, system::System},
    engine::{Clock, Command, Commander, Config, Engine, Handle, NotObeyed, SpawnError, Update},
    gate::Mode,
    health::Health,
    process,
    state::{Delta, Use},
    transport::{self, Stack, TransportError},
};
use snug_ipc::voice::{Direction, HeardLevel, Link, Noise, SoundDevice, TalkMode, Used, VoiceCommand, VoiceCue, VoiceSettings, VoiceUpdate};
use snug_protocol::voice::VoiceTracks;
use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// How often it is looked whether the app is at its end.
const LOOK: Duration = Duration::from_millis(200);

/// Why there is no voice.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VoiceError {
    /// The network.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The engine.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// The bridge's thread.
    #[error("could not start a thread for the voice engine's news")]
    Thread(#[from] io::Error),
}

type Listener = Box<dyn Fn(VoiceUpdate) + Send>;

/// Who is told, and what whoever comes next is told of before.
#[derive(Default)]
struct Desk {
    listener: Option<Listener>,
    record: Record,
}

/// See the [module](self). Its end is the engine's.
pub(crate) struct Voice {
    commander: Commander,
    desk: Arc<Mutex<Desk>>,
    over: Arc<AtomicBool>,
    bridge: Mutex<Option<JoinHandle<()>>>,
}

impl Voice {
    /// Starts the engine, with this machine's devices. Nothing is opened before it is wanted.
    pub(crate) fn start(stack: Stack) -> Result<Self, VoiceError> {
        let engine = Engine::spawn(Config {
            devices: Box::<System>::default(),
            network: stack.network()?,
            clock: Clock::System,
            settings: Settings::default(),
            microphone: Choice::Default,
            speaker: Choice::Default,
        })?;
        let commander = engine.commander();
        let desk: Arc<Mutex<Desk>> = Arc::default();
        let over = Arc::new(AtomicBool::new(false));
        let (told, ends) = (desk.clone(), over.clone());
        let bridge = thread::Builder::new().name("snug-bridge".to_owned()).spawn(move || carry(&engine, stack, &told, &ends))?;
        Ok(Self { commander, desk, over, bridge: Mutex::new(Some(bridge)) })
    }

    /// From now on this is told, the whole state first.
    pub(crate) fn attach(&self, told: impl Fn(VoiceUpdate) + Send + 'static) -> Result<(), NotObeyed> {
        {
            // What is measured meanwhile follows on what was before.
            let mut desk = lock(&self.desk);
            told(desk.record.replay());
            desk.listener = Some(Box::new(told));
        }
        self.commander.command(Command::Replicate)
    }

    /// Nobody listens any more. What goes on goes on.
    pub(crate) fn detach(&self) {
        lock(&self.desk).listener = None;
    }

    /// Tells the engine to do something.
    pub(crate) fn command(&self, command: VoiceCommand) -> Result<(), NotObeyed> {
        commands_for(command).into_iter().try_for_each(|command| self.commander.command(command))
    }

    /// Ends the engine, and waits until devices and connections are given back.
    pub(crate) fn end(&self) {
        self.over.store(true, Relaxed);
        let bridge = self.bridge.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(bridge) = bridge
            && bridge.join().is_err()
        {
            tracing::error!("the bridge to the voice engine panicked");
        }
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.end();
    }
}

/// Hands on what the engine tells.
fn carry(engine: &Handle, stack: Stack, desk: &Mutex<Desk>, over: &AtomicBool) {
    while !over.load(Relaxed) {
        match engine.update(LOOK) {
            Ok(Some(update)) => {
                let Some(update) = update_for(update, now(), stack) else {
                    continue;
                };
                let mut desk = lock(desk);
                desk.record.take(&update);
                if let Some(tell) = &desk.listener {
                    tell(update);
                }
            }
            Ok(None) => {}
            Err(NotObeyed) => return tracing::error!("the voice engine is gone"),
        }
    }
}

fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

fn commands_for(command: VoiceCommand) -> Vec<Command> {
    match command {
        VoiceCommand::Offer { offer } => vec![Command::Offer(offer)],
        VoiceCommand::Tracks { tracks } => vec![Command::Tracks(VoiceTracks { tracks })],
        VoiceCommand::Heard { heard } => vec![Command::Heard(heard)],
        VoiceCommand::Leave => vec![Command::Leave],
        VoiceCommand::Mute { on } => vec![Command::Mute(on)],
        VoiceCommand::Deafen { on } => vec![Command::Deafen(on)],
        VoiceCommand::Hold { on } => vec![Command::Hold(on)],
        VoiceCommand::Volume { user, percent } => vec![Command::Volume(user, percent.min(200))],
        VoiceCommand::Cue { cue } => vec![Command::Cue(cue_for(cue))],
        VoiceCommand::Test { on, hear } => vec![Command::HearYourself(on && hear), Command::Test(on)],
        VoiceCommand::Set { settings } => vec![
            Command::Choose(device::Direction::Input, choice(settings.microphone.clone())),
            Command::Choose(device::Direction::Output, choice(settings.speaker.clone())),
            Command::Set(settings_for(&settings)),
        ],
    }
}

fn cue_for(cue: VoiceCue) -> Cue {
    match cue {
        VoiceCue::Join => Cue::Join,
        VoiceCue::Leave => Cue::Leave,
        VoiceCue::Mute => Cue::Mute,
        VoiceCue::Unmute => Cue::Unmute,
        VoiceCue::Message => Cue::Message,
        VoiceCue::Test => Cue::Test,
    }
}

fn choice(id: Option<String>) -> Choice {
    id.map_or(Choice::Default, Choice::Id)
}

fn settings_for(settings: &VoiceSettings) -> Settings {
    Settings {
        mode: match settings.mode {
            TalkMode::Activity => Mode::VoiceActivity { threshold_db: settings.threshold_db.clamp(-100.0, 0.0) },
            TalkMode::Push => Mode::PushToTalk,
            TalkMode::Always => Mode::Open,
        },
        processing: process::Settings {
            echo: settings.echo,
            noise: match settings.noise {
                Noise::Off => process::Noise::Off,
                Noise::Standard => process::Noise::Standard,
                Noise::Strong => process::Noise::Strong,
            },
            gain: settings.gain,
        },
        output_volume: settings.output_percent.min(200),
        input_volume: settings.input_percent.min(200),
        evened: settings.even,
    }
}

/// What the window is told at a time; nothing of what it has set itself.
fn update_for(update: Update, at: u64, stack: Stack) -> Option<VoiceUpdate> {
    Some(match update {
        Update::Delta(Delta::Devices(devices)) => VoiceUpdate::Devices {
            devices: devices
                .into_iter()
                .map(|device| SoundDevice { id: device.id, name: device.name, direction: direction(device.direction) })
                .collect(),
        },
        Update::Delta(Delta::Use(way, used)) => VoiceUpdate::Used {
            direction: direction(way),
            used: match used {
                Use::Off => Used::Off,
                Use::Opening => Used::Opening,
                Use::Open { name, instead } => Used::Open { name, instead },
            },
        },
        Update::Delta(Delta::Link(link)) => VoiceUpdate::Link {
            link: link.map(|link| match link {
                transport::Link::Connecting => Link::Connecting,
                transport::Link::Up => Link::Up,
                transport::Link::Broken => Link::Broken,
                transport::Link::Closed => Link::Closed,
            }),
        },
        Update::Delta(
            Delta::Choice(..) | Delta::Muted(_) | Delta::Deafened(_) | Delta::Open(_) | Delta::Settings(_) | Delta::Lines(_) | Delta::Volume(..),
        ) => return None,
        Update::Health(health) => VoiceUpdate::Health { at, bad: is_bad(&health), text: health.to_string() },
        Update::Answer(answer) => VoiceUpdate::Answer { connection: answer.connection, negotiation: answer.negotiation, sdp: answer.sdp },
        Update::Meters(meters) => VoiceUpdate::Meters {
            microphone_db: meters.microphone_db,
            open: meters.open,
            heard: meters.lines.into_iter().filter_map(|(_, track, level_db)| Some(HeardLevel { track: track?, level_db })).collect(),
        },
        Update::Stats(told) => VoiceUpdate::Stats { stats: Box::new(stats::of(*told, at, stack)) },
    })
}

fn direction(direction: device::Direction) -> Direction {
    match direction {
        device::Direction::Input => Direction::Input,
        device::Direction::Output => Direction::Output,
    }
}

fn is_bad(health: &Health) -> bool {
    match health {
        Health::DeviceLost { .. }
        | Health::DeviceReplaced { .. }
        | Health::NoDevice { .. }
        | Health::NetworkLost
        | Health::Refused { .. }
        | Health::NotHeard
        | Health::Overloaded { .. } => true,
        Health::DeviceBack { .. } | Health::NetworkBack | Health::HeardAgain => false,
    }
}
