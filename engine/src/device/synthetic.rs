//! Devices made of numbers: what is heard is given, what is played is kept. Their time is that of whoever reads and writes, so
//! a call runs as fast as it can be reckoned. They can be unplugged.

use super::{Choice, Device, DeviceError, Devices, Direction, Fault, Microphone, Speaker};
use crate::sound::Block;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

#[derive(Debug, Default)]
struct Inside {
    heard: VecDeque<f32>,
    played: Vec<f32>,
    devices: Vec<Device>,
    unplugged: Vec<String>,
    server_down: bool,
}

/// A set of devices and what goes through them. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Synthetic {
    inside: Arc<Mutex<Inside>>,
}

/// The name of the device that is always there.
const DEFAULT: &str = "default";

impl Synthetic {
    /// Appends to what the microphone hears; after that it hears silence.
    pub fn hear(&self, sound: &[f32]) {
        self.lock().heard.extend(sound);
    }

    /// What was played so far.
    pub fn played(&self) -> Vec<f32> {
        self.lock().played.clone()
    }

    /// What was played since it was last taken.
    pub fn take_played(&self) -> Vec<f32> {
        std::mem::take(&mut self.lock().played)
    }

    /// Plugs a device in.
    pub fn plug(&self, id: &str, direction: Direction) {
        let mut inside = self.lock();
        inside.unplugged.retain(|other| other != id);
        inside.devices.push(Device { id: id.to_owned(), name: id.to_owned(), direction });
    }

    /// Pulls a device out.
    pub fn unplug(&self, id: &str) {
        let mut inside = self.lock();
        inside.devices.retain(|device| device.id != id);
        inside.unplugged.push(id.to_owned());
    }

    /// Lets the sound server go away, or come back: no device works without it.
    pub fn set_server_down(&self, down: bool) {
        self.lock().server_down = down;
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, choice: &Choice, direction: Direction) -> Result<SyntheticDevice, DeviceError> {
        let id = match choice {
            Choice::Default => DEFAULT,
            Choice::Id(id) => id,
        };
        let inside = self.lock();
        let there = id == DEFAULT || inside.devices.iter().any(|device| device.id == id && device.direction == direction);
        if inside.server_down || !there {
            return Err(DeviceError::Missing { direction, device: id.to_owned() });
        }
        Ok(SyntheticDevice { id: id.to_owned(), all: self.clone() })
    }
}

impl Devices for Synthetic {
    fn list(&mut self) -> Result<Vec<Device>, DeviceError> {
        Ok(self.lock().devices.clone())
    }

    fn microphone(&mut self, choice: &Choice) -> Result<Box<dyn Microphone>, DeviceError> {
        Ok(Box::new(self.open(choice, Direction::Input)?))
    }

    fn speaker(&mut self, choice: &Choice) -> Result<Box<dyn Speaker>, DeviceError> {
        Ok(Box::new(self.open(choice, Direction::Output)?))
    }
}

#[derive(Debug)]
struct SyntheticDevice {
    id: String,
    all: Synthetic,
}

impl SyntheticDevice {
    fn fault(&self) -> Option<Fault> {
        let inside = self.all.lock();
        (inside.server_down || inside.unplugged.contains(&self.id)).then_some(Fault::Gone)
    }
}

impl Microphone for SyntheticDevice {
    fn read(&mut self, block: &mut Block) {
        let working = SyntheticDevice::fault(self).is_none();
        let mut inside = self.all.lock();
        for sample in block {
            *sample = inside.heard.pop_front().filter(|_| working).unwrap_or(0.0);
        }
    }

    fn fault(&self) -> Option<Fault> {
        SyntheticDevice::fault(self)
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Speaker for SyntheticDevice {
    fn write(&mut self, block: &Block) {
        if SyntheticDevice::fault(self).is_none() {
            self.all.lock().played.extend_from_slice(block);
        }
    }

    fn fault(&self) -> Option<Fault> {
        SyntheticDevice::fault(self)
    }

    fn name(&self) -> &str {
        &self.id
    }
}
