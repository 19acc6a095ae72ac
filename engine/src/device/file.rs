//! WAV files in the place of devices.

use super::{Choice, Device, DeviceError, Devices, Fault, Microphone, Speaker, wav};
use crate::sound::{BLOCK, Block};
use std::path::PathBuf;

/// A file that is heard, and one that is written.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// What the microphone hears; silence without it, and after its end.
    pub input: Option<PathBuf>,
    /// Where what is played is written; nowhere without it.
    pub output: Option<PathBuf>,
    /// Begin anew when the input ends.
    pub repeat: bool,
}

impl Devices for Files {
    fn list(&mut self) -> Result<Vec<Device>, DeviceError> {
        Ok(Vec::new())
    }

    fn microphone(&mut self, _: &Choice) -> Result<Box<dyn Microphone>, DeviceError> {
        let (name, sound) = match &self.input {
            Some(path) => (path.display().to_string(), wav::read(path)?),
            None => ("silence".to_owned(), Vec::new()),
        };
        Ok(Box::new(FileMicrophone { name, sound, at: 0, repeat: self.repeat }))
    }

    fn speaker(&mut self, _: &Choice) -> Result<Box<dyn Speaker>, DeviceError> {
        let recording = self.output.as_deref().map(wav::Recording::create).transpose()?;
        let name = self.output.as_ref().map_or_else(|| "nowhere".to_owned(), |path| path.display().to_string());
        Ok(Box::new(FileSpeaker { name, recording, blocks: 0 }))
    }
}

#[derive(Debug)]
struct FileMicrophone {
    name: String,
    sound: Vec<f32>,
    at: usize,
    repeat: bool,
}

impl Microphone for FileMicrophone {
    fn read(&mut self, block: &mut Block) {
        if self.repeat && self.at >= self.sound.len() {
            self.at = 0;
        }
        let rest = &self.sound[self.at.min(self.sound.len())..];
        let length = rest.len().min(BLOCK);
        block[..length].copy_from_slice(&rest[..length]);
        block[length..].fill(0.0);
        self.at += BLOCK;
    }

    fn fault(&self) -> Option<Fault> {
        None
    }

    fn name(&self) -> &str {
        &self.name
    }
}

#[derive(Debug)]
struct FileSpeaker {
    name: String,
    recording: Option<wav::Recording>,
    blocks: u32,
}

impl Speaker for FileSpeaker {
    fn write(&mut self, block: &Block) {
        let Some(recording) = &mut self.recording else {
            return;
        };
        self.blocks += 1;
        let written = recording.write(block).and_then(|()| {
            // Once in a second, so that the file is whole whenever the program ends.
            if self.blocks.is_multiple_of(100) { recording.flush() } else { Ok(()) }
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the recording ends");
            self.recording = None;
        }
    }

    fn fault(&self) -> Option<Fault> {
        None
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// Microphone and loudspeaker of two kinds: a file and a device.
pub struct Split<M, S> {
    /// Where microphones are from.
    pub microphones: M,
    /// Where loudspeakers are from.
    pub speakers: S,
}

impl<M, S> std::fmt::Debug for Split<M, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Split").finish_non_exhaustive()
    }
}

impl<M: Devices, S: Devices> Devices for Split<M, S> {
    fn list(&mut self) -> Result<Vec<Device>, DeviceError> {
        let mut devices = self.microphones.list()?;
        devices.retain(|device| device.direction == super::Direction::Input);
        devices.extend(self.speakers.list()?.into_iter().filter(|device| device.direction == super::Direction::Output));
        Ok(devices)
    }

    fn microphone(&mut self, choice: &Choice) -> Result<Box<dyn Microphone>, DeviceError> {
        self.microphones.microphone(choice)
    }

    fn speaker(&mut self, choice: &Choice) -> Result<Box<dyn Speaker>, DeviceError> {
        self.speakers.speaker(choice)
    }
}
