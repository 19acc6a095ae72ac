//! The engine: an actor that hears, plays, and talks to the server's media.
//!
//! [`Engine::spawn`] gives a [`Handle`]. [`Command`]s go in, [`Update`]s come out; dropping the handle stops it. It works without a
//! call: devices can be listed, tested and chosen before. It never opens the gateway: offers come in as commands, answers go
//! out as updates.
//!
//! Two threads: the voice thread lives by blocks of 10 ms and never waits for anything else; the [`keeper`] opens
//! devices, which may take seconds, and hands them over.

mod keeper;
mod outbox;
mod pace;
mod stats;
mod voice;

pub use pace::{Clock, Ticker};
pub use stats::{Loudest, Stats};

use crate::{
    call::{Call, Settings},
    codec::CodecError,
    cue::Cue,
    device::{Choice, Devices, Direction},
    health::Health,
    state::{Delta, State},
    transport::Network,
};
use snug_protocol::{
    UserId,
    voice::{TrackRef, VoiceAnswer, VoiceOffer, VoiceTracks},
};
use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError},
    },
    thread,
    time::Duration,
};

/// Commands that wait for the next 10 ms.
const COMMANDS: usize = 256;
/// Updates that wait to be read. What is beyond it waits inside, but for meters, which are dropped.
const UPDATES: usize = 1_024;

/// What the engine is to do.
#[derive(Clone, Debug)]
pub enum Command {
    /// Answer the server's offer. If it is for another connection than before, that one ends and a new one begins.
    Offer(VoiceOffer),
    /// The lines carry others.
    Tracks(VoiceTracks),
    /// Whether the server hears something of one's voice.
    Heard(bool),
    /// End the call.
    Leave,
    /// Send nothing, or something again.
    Mute(bool),
    /// Play nothing, or something again.
    Deafen(bool),
    /// The key for talking is down, or up.
    Hold(bool),
    /// Change what is set.
    Set(Settings),
    /// Use another device.
    Choose(Direction, Choice),
    /// How loud somebody is, 0 to 200 %.
    Volume(UserId, u16),
    /// Open the devices without a call, to see the meter.
    Test(bool),
    /// Play what is said, as it would be sent, with [`Command::Test`].
    HearYourself(bool),
    /// Play a cue, with or without a call.
    Cue(Cue),
    /// Tell the whole state, as deltas.
    Replicate,
}

/// What the engine tells.
#[derive(Clone, Debug)]
pub enum Update {
    /// The state changed.
    Delta(Delta),
    /// Something went wrong, or right again.
    Health(Health),
    /// For the server.
    Answer(VoiceAnswer),
    /// Levels, 20 times in a second while devices are wanted.
    Meters(Meters),
    /// How it goes, every second while devices are wanted.
    Stats(Box<Stats>),
}

/// Levels, in dBFS.
#[derive(Clone, Debug, Default)]
pub struct Meters {
    /// Of the microphone, after processing.
    pub microphone_db: f32,
    /// Whether it is sent.
    pub open: bool,
    /// Of those who are heard, by line.
    pub lines: Vec<(Arc<str>, Option<TrackRef>, f32)>,
}

/// What an engine is made of.
pub struct Config {
    /// Where sound comes from and goes to.
    pub devices: Box<dyn Devices>,
    /// How the server is reached.
    pub network: Box<dyn Network>,
    /// What drives it: [`Clock::System`], but in tests.
    pub clock: Clock,
    /// What is set from the start.
    pub settings: Settings,
    /// Which microphone.
    pub microphone: Choice,
    /// Which loudspeaker.
    pub speaker: Choice,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum SpawnError {
    /// The system gives no thread.
    #[error("could not start a thread for voice")]
    Thread(#[from] io::Error),
    /// The codec does not work.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// See the [module](self).
#[derive(Debug)]
pub struct Engine {}

impl Engine {
    /// Starts an engine.
    pub fn spawn(config: Config) -> Result<Handle, SpawnError> {
        let Config { devices, network, clock, settings, microphone, speaker } = config;
        let (commands, obeyed) = mpsc::sync_channel(COMMANDS);
        let (told, updates) = mpsc::sync_channel(UPDATES);
        let keeper = keeper::spawn(devices)?;
        let state = State { settings: settings.clone(), microphone_choice: microphone, speaker_choice: speaker, ..State::default() };
        let voice = voice::Voice::new(Call::new(settings)?, state, keeper, network, told);
        let thread = thread::Builder::new().name("snug-voice".to_owned()).spawn(move || voice.run(clock, obeyed))?;
        Ok(Handle { commander: Commander(Arc::new(Mutex::new(Some(commands)))), updates, thread: Some(thread) })
    }
}

/// The way to a running engine. Dropping it stops the engine, and waits until its devices are closed.
#[derive(Debug)]
pub struct Handle {
    commander: Commander,
    updates: Receiver<Update>,
    thread: Option<thread::JoinHandle<()>>,
}

/// Tells an engine what to do, from any thread; to no effect when its [`Handle`] is gone.
#[derive(Clone, Debug)]
pub struct Commander(Arc<Mutex<Option<SyncSender<Command>>>>);

impl Commander {
    /// Tells it to do something, within 10 ms.
    pub fn command(&self, command: Command) -> Result<(), NotObeyed> {
        let commands = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        commands.as_ref().ok_or(NotObeyed)?.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => NotObeyed,
        })
    }
}

/// The engine does not take commands: it is gone, or has too many waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the voice engine does not answer")]
pub struct NotObeyed;

impl Handle {
    /// Tells it to do something, within 10 ms.
    pub fn command(&self, command: Command) -> Result<(), NotObeyed> {
        self.commander.command(command)
    }

    /// The same for other threads.
    pub fn commander(&self) -> Commander {
        self.commander.clone()
    }

    /// The next update, if there is one already.
    pub fn try_update(&self) -> Option<Update> {
        self.updates.try_recv().ok()
    }

    /// Waits for the next update; nothing if none comes in time.
    pub fn update(&self, patience: Duration) -> Result<Option<Update>, NotObeyed> {
        match self.updates.recv_timeout(patience) {
            Ok(update) => Ok(Some(update)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(NotObeyed),
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        *self.commander.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the voice thread panicked");
        }
    }
}
