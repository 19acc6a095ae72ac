//! Where sound comes from and goes to.
//!
//! A [`Microphone`] gives 10 ms whenever it is asked, a [`Speaker`] takes 10 ms whenever it is given some: what a device's own clock and
//! blocks are like stays behind these. [`Devices`] has members of three kinds: [`system`] for real ones (by [`pipewire`], or by [`cpal`]
//! where that does not run), [`file`](mod@file) for WAV files, and [`synthetic`] for tests, where time is whatever the test says.

pub mod cpal;
pub mod file;
pub mod pipewire;
mod ring;
pub mod synthetic;
pub mod system;
pub mod wav;

use crate::{drift::DriftError, sound::Block};

/// Which way sound goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A microphone.
    Input,
    /// A loudspeaker.
    Output,
}

/// A device of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What it is chosen by; the same as long as it is plugged in the same way.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Which way.
    pub direction: Direction,
}

/// Which device to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The one that the system uses.
    #[default]
    Default,
    /// The one with this [`Device::id`]; the default one while it is away.
    Id(String),
}

/// Why a device cannot be used (any more).
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// It is not there.
    #[error("there is no {direction} `{device}`", direction = noun(*direction))]
    Missing {
        /// What it is.
        direction: Direction,
        /// What was looked for.
        device: String,
    },
    /// It is there, and cannot be used.
    #[error("could not open the {direction} `{device}`", direction = noun(*direction))]
    Open {
        /// What it is.
        direction: Direction,
        /// Which.
        device: String,
        /// What the system says.
        #[source]
        reason: OpenError,
    },
    /// Its rate is strange.
    #[error("could not follow the clock of `{device}`")]
    Rate {
        /// Which.
        device: String,
        /// Why.
        #[source]
        reason: DriftError,
    },
    /// The system's devices are not to be had.
    #[error("could not list the sound devices")]
    List(#[source] ::cpal::Error),
    /// It was there, or is to be.
    #[error("PipeWire does not run")]
    NoSoundServer,
    /// A file in the place of a device.
    #[error(transparent)]
    File(#[from] wav::WavError),
}

/// What the system says about a device that does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// ALSA, or what else `cpal` knows.
    #[error(transparent)]
    Cpal(#[from] ::cpal::Error),
    /// PipeWire.
    #[error(transparent)]
    PipeWire(#[from] pipewire::StreamError),
}

impl DeviceError {
    /// What helps.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "Plug it in, or choose another one.",
            Self::Open { .. } => "Another program may hold it: close that, or choose another device.",
            Self::Rate { .. } => "Set the device to 44.1 or 48 kHz, or choose another one.",
            Self::List(_) | Self::NoSoundServer => "See whether PipeWire runs: systemctl --user status pipewire.",
            Self::File(_) => "Look at the path, and at who may read or write there.",
        }
    }
}

fn noun(direction: Direction) -> &'static str {
    match direction {
        Direction::Input => "microphone",
        Direction::Output => "loudspeaker",
    }
}

/// What happened to a device in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It was unplugged, or the sound server went away.
    Gone,
    /// It is there, and nothing comes from it or goes to it.
    Stalled,
}

/// What is between a device and the call: samples of one channel, at `rate`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Buffer {
    /// As the device is run, in Hz.
    pub rate: u32,
    /// What its last callback moved at once: what was asked for is no more than a wish. 0 before the first.
    pub callback: u32,
    /// What waits between it and the call.
    pub waiting: u32,
    /// What should wait.
    pub target: u32,
    /// How often nothing was there in time since it was opened: each is a click, or worse.
    pub gaps: u64,
    /// By how many parts in a million its clock is faster than this machine's, as far as that is learned.
    pub drift_ppm: f32,
}

/// Something that hears.
pub trait Microphone: Send {
    /// Gives the next 10 ms; silence if there is nothing. Called every 10 ms; must not wait.
    fn read(&mut self, block: &mut Block);
    /// What is wrong, if something is.
    fn fault(&self) -> Option<Fault>;
    /// What people call it.
    fn name(&self) -> &str;
    /// What is between it and the call; nothing for what has no clock of its own.
    fn buffer(&self) -> Option<Buffer> {
        None
    }
}

/// Something that is heard.
pub trait Speaker: Send {
    /// Takes the next 10 ms. Called every 10 ms; must not wait.
    fn write(&mut self, block: &Block);
    /// What is wrong, if something is.
    fn fault(&self) -> Option<Fault>;
    /// What people call it.
    fn name(&self) -> &str;
    /// What is between it and the call; nothing for what has no clock of its own.
    fn buffer(&self) -> Option<Buffer> {
        None
    }
}

/// All devices of one kind. What it does may take seconds.
pub trait Devices: Send {
    /// Those that are there.
    fn list(&mut self) -> Result<Vec<Device>, DeviceError>;
    /// Opens a microphone.
    fn microphone(&mut self, choice: &Choice) -> Result<Box<dyn Microphone>, DeviceError>;
    /// Opens a loudspeaker.
    fn speaker(&mut self, choice: &Choice) -> Result<Box<dyn Speaker>, DeviceError>;
}
