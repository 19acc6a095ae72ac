//! The devices of this machine: PipeWire's, or what `cpal` knows where PipeWire does not run.

use super::{Choice, Device, DeviceError, Devices, Microphone, Speaker, cpal::Cpal, pipewire::PipeWire};

/// See the [module](self).
#[derive(Debug, Default)]
pub struct System {
    pipewire: PipeWire,
    cpal: Cpal,
    /// Whether PipeWire was there once. While it is away it restarts, and would not get back the hardware that is opened past it.
    seen: bool,
}

impl System {
    fn now(&mut self) -> &mut dyn Devices {
        self.seen = self.seen || self.pipewire.is_running();
        if self.seen { &mut self.pipewire } else { &mut self.cpal }
    }
}

impl Devices for System {
    fn list(&mut self) -> Result<Vec<Device>, DeviceError> {
        self.now().list()
    }

    fn microphone(&mut self, choice: &Choice) -> Result<Box<dyn Microphone>, DeviceError> {
        self.now().microphone(choice)
    }

    fn speaker(&mut self, choice: &Choice) -> Result<Box<dyn Speaker>, DeviceError> {
        self.now().speaker(choice)
    }
}
