//! The devices that `cpal` knows: ALSA's, on Linux. For machines where PipeWire does not run.

use super::{
    Choice, Device, DeviceError, Devices, Direction, Microphone, Speaker, noun,
    ring::{self, Alarm, Opened},
};
use crate::sound::RATE;
use cpal::{
    BufferSize, Error, ErrorKind, FromSample, Sample, SampleFormat, SizedSample, Stream, StreamConfig, SupportedStreamConfig,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};

/// What is asked for, in frames: 5 ms. Callbacks of any size are taken.
const CALLBACK: u32 = 240;

/// See the [module](self).
#[derive(Clone, Copy, Debug, Default)]
pub struct Cpal {}

impl Cpal {
    fn device(self, choice: &Choice, direction: Direction) -> Result<cpal::Device, DeviceError> {
        // Anew each time: after the sound server was restarted, a host from before may be of no use.
        let host = cpal::default_host();
        let missing = |device: &str| DeviceError::Missing { direction, device: device.to_owned() };
        match choice {
            Choice::Default => match direction {
                Direction::Input => host.default_input_device(),
                Direction::Output => host.default_output_device(),
            }
            .ok_or_else(|| missing("the default one")),
            Choice::Id(id) => {
                host.devices().map_err(DeviceError::List)?.find(|device| device.id().is_ok_and(|found| found.id() == id)).ok_or_else(|| missing(id))
            }
        }
    }
}

impl Devices for Cpal {
    fn list(&mut self) -> Result<Vec<Device>, DeviceError> {
        let host = cpal::default_host();
        let mut found = Vec::new();
        for device in host.devices().map_err(DeviceError::List)? {
            let (Ok(id), Ok(description)) = (device.id(), device.description()) else {
                continue;
            };
            let supported = [(Direction::Input, device.supports_input()), (Direction::Output, device.supports_output())];
            for (direction, _) in supported.into_iter().filter(|(_, supported)| *supported) {
                found.push(Device { id: id.id().to_owned(), name: description.name().to_owned(), direction });
            }
        }
        Ok(found)
    }

    fn microphone(&mut self, choice: &Choice) -> Result<Box<dyn Microphone>, DeviceError> {
        let device = self.device(choice, Direction::Input)?;
        let opening = Opening::new(&device, Direction::Input)?;
        let config = device.default_input_config().map_err(|reason| opening.failed(reason))?;
        let (heard, hears, alarm) = ring::microphone(RATE).map_err(|reason| DeviceError::Rate { device: opening.name.clone(), reason })?;
        let stream = match config.sample_format() {
            SampleFormat::I16 => listen::<i16>(&device, &config, heard, alarm),
            SampleFormat::I32 => listen::<i32>(&device, &config, heard, alarm),
            // Any other is converted by the host, or refused by it.
            _ => listen::<f32>(&device, &config, heard, alarm),
        }
        .and_then(started)
        .map_err(|reason| opening.failed(reason))?;
        Ok(Box::new(Opened { name: opening.name, ring: hears, _stream: stream }))
    }

    fn speaker(&mut self, choice: &Choice) -> Result<Box<dyn Speaker>, DeviceError> {
        let device = self.device(choice, Direction::Output)?;
        let opening = Opening::new(&device, Direction::Output)?;
        let config = device.default_output_config().map_err(|reason| opening.failed(reason))?;
        let (playing, plays, alarm) = ring::speaker(RATE).map_err(|reason| DeviceError::Rate { device: opening.name.clone(), reason })?;
        let stream = match config.sample_format() {
            SampleFormat::I16 => play::<i16>(&device, &config, playing, alarm),
            SampleFormat::I32 => play::<i32>(&device, &config, playing, alarm),
            _ => play::<f32>(&device, &config, playing, alarm),
        }
        .and_then(started)
        .map_err(|reason| opening.failed(reason))?;
        Ok(Box::new(Opened { name: opening.name, ring: plays, _stream: stream }))
    }
}

/// What is being opened, for errors.
struct Opening {
    name: String,
    direction: Direction,
}

impl Opening {
    fn new(device: &cpal::Device, direction: Direction) -> Result<Self, DeviceError> {
        let name = device.description().map_or_else(|_| noun(direction).to_owned(), |description| description.name().to_owned());
        Ok(Self { name, direction })
    }

    fn failed(&self, reason: Error) -> DeviceError {
        DeviceError::Open { direction: self.direction, device: self.name.clone(), reason: reason.into() }
    }
}

/// 48 kHz, which every sound server can do; the channels as the device has them.
fn wanted(config: &SupportedStreamConfig) -> StreamConfig {
    StreamConfig { channels: config.channels(), sample_rate: RATE, buffer_size: BufferSize::Fixed(CALLBACK) }
}

fn listen<T: SizedSample>(device: &cpal::Device, config: &SupportedStreamConfig, mut heard: ring::Heard, alarm: Alarm) -> Result<Stream, Error>
where
    f32: FromSample<T>,
{
    let config = wanted(config);
    let channels = usize::from(config.channels);
    device.build_input_stream::<T, _, _>(
        config,
        move |samples, _| heard.push(samples.iter().map(|sample| f32::from_sample(*sample)), channels),
        on_error(alarm),
        None,
    )
}

fn play<T: SizedSample + FromSample<f32>>(
    device: &cpal::Device,
    config: &SupportedStreamConfig,
    mut playing: ring::Playing,
    alarm: Alarm,
) -> Result<Stream, Error> {
    let config = wanted(config);
    let channels = usize::from(config.channels);
    device.build_output_stream::<T, _, _>(
        config,
        move |samples, _| playing.fill(samples, channels, |sample| sample.to_sample()),
        on_error(alarm),
        None,
    )
}

fn on_error(alarm: Alarm) -> impl FnMut(Error) + Send + 'static {
    move |error| match error.kind() {
        // It still works.
        ErrorKind::Xrun | ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged => {}
        _ => alarm.gone(),
    }
}

fn started(stream: Stream) -> Result<Stream, Error> {
    stream.play()?;
    Ok(stream)
}
