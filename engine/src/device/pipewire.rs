//! The sound devices of PipeWire, by streams of our own.
//!
//! `cpal` has a host for PipeWire too. Ours opens microphones of every class (EasyEffects and virtual cables are
//! `Audio/Source/Virtual`, which that host does not know), is called in PipeWire's own real-time thread, where that one passes
//! each block through a loop of its own, and sees devices come and go without asking.

mod registry;
mod stream;

use super::{
    Choice, Device, DeviceError, Devices, Direction, Microphone, Speaker,
    ring::{self, Opened},
};
use crate::sound::RATE;
use pipewire::{
    context::ContextRc,
    core::CoreRc,
    keys,
    main_loop::MainLoopRc,
    properties::{PropertiesBox, properties},
};
use registry::{Known, Registry};
use std::path::{Path, PathBuf};
use stream::Stream;

pub use stream::StreamError;

/// See the [module](self).
#[derive(Debug, Default)]
pub struct PipeWire {
    socket: Option<PathBuf>,
    registry: Option<Registry>,
}

impl PipeWire {
    /// The one that listens at a socket; [`PipeWire::default`] is the one of whoever runs this.
    pub fn at(socket: impl Into<PathBuf>) -> Self {
        Self { socket: Some(socket.into()), registry: None }
    }

    /// Whether it runs.
    pub fn is_running(&mut self) -> bool {
        self.known().is_some()
    }

    fn known(&mut self) -> Option<Known> {
        if let Some(known) = self.registry.as_ref().and_then(Registry::known) {
            return Some(known);
        }
        self.registry = Registry::watch(self.socket.clone());
        self.registry.as_ref().and_then(Registry::known)
    }

    /// The name of what is to be opened, and which node that is; none is the one that the system uses.
    fn target(&mut self, choice: &Choice, direction: Direction) -> Result<(String, Option<String>), DeviceError> {
        let missing = |device: &str| DeviceError::Missing { direction, device: device.to_owned() };
        let known = self.known().ok_or(DeviceError::NoSoundServer)?;
        match choice {
            Choice::Default => Ok((known.default_name(direction).ok_or_else(|| missing("the default one"))?, None)),
            Choice::Id(id) => Ok((known.name(id, direction).ok_or_else(|| missing(id))?, Some(id.clone()))),
        }
    }
}

impl Devices for PipeWire {
    fn list(&mut self) -> Result<Vec<Device>, DeviceError> {
        Ok(self.known().ok_or(DeviceError::NoSoundServer)?.devices())
    }

    fn microphone(&mut self, choice: &Choice) -> Result<Box<dyn Microphone>, DeviceError> {
        let (name, node) = self.target(choice, Direction::Input)?;
        let (heard, hears, alarm) = ring::microphone(RATE).map_err(|reason| DeviceError::Rate { device: name.clone(), reason })?;
        let stream = Stream::listen(self.socket.clone(), node, heard, alarm);
        let stream = stream.map_err(|reason| DeviceError::Open { direction: Direction::Input, device: name.clone(), reason: reason.into() })?;
        Ok(Box::new(Opened { name, ring: hears, _stream: stream }))
    }

    fn speaker(&mut self, choice: &Choice) -> Result<Box<dyn Speaker>, DeviceError> {
        let (name, node) = self.target(choice, Direction::Output)?;
        let (playing, plays, alarm) = ring::speaker(RATE).map_err(|reason| DeviceError::Rate { device: name.clone(), reason })?;
        let stream = Stream::play(self.socket.clone(), node, playing, alarm);
        let stream = stream.map_err(|reason| DeviceError::Open { direction: Direction::Output, device: name.clone(), reason: reason.into() })?;
        Ok(Box::new(Opened { name, ring: plays, _stream: stream }))
    }
}

/// A loop of this thread, and a connection to PipeWire through it.
fn connect(socket: Option<&Path>) -> Result<(MainLoopRc, ContextRc, CoreRc), pipewire::Error> {
    pipewire::init();
    let main_loop = MainLoopRc::new(None)?;
    // With the module that makes the thread of the callbacks a real-time one, by itself or through rtkit.
    let context = ContextRc::new(&main_loop, Some(properties! { *keys::CONFIG_NAME => "client-rt.conf" }))?;
    let remote = socket.map(|socket| {
        let mut properties = PropertiesBox::new();
        properties.insert(*keys::REMOTE_NAME, socket.to_string_lossy().as_ref());
        properties
    });
    let core = context.connect_rc(remote)?;
    Ok((main_loop, context, core))
}
