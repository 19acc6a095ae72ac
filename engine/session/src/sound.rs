//! Sound into devices and out of them, each sample with the time at which PipeWire moved it.

use pipewire::{
    channel,
    context::ContextRc,
    keys,
    main_loop::MainLoopRc,
    properties::{PropertiesBox, properties},
    spa::{
        param::{
            ParamType,
            audio::{AudioFormat, AudioInfoRaw},
        },
        pod::{Object, Pod, Value, serialize::PodSerializer},
        sys::SPA_AUDIO_CHANNEL_MONO,
        utils::{Direction, SpaTypes},
    },
    stream::{Stream, StreamFlags, StreamRc, StreamState},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

/// Samples in a second.
pub const RATE: u32 = 48_000;
/// PipeWire makes 128 frames of it.
const LATENCY: &str = "240/48000";
/// One channel of `f32`.
const FRAME: usize = size_of::<f32>();
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a stream does not run.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    /// The system gives no thread.
    #[error("could not start a thread for a stream")]
    Thread(#[from] io::Error),
    /// PipeWire does not take it.
    #[error("could not make a stream")]
    PipeWire(#[from] pipewire::Error),
    /// It does not begin.
    #[error("the stream `{0}` does not begin")]
    Silent(String),
}

/// Between what, and what for.
#[derive(Clone, Debug)]
pub enum Place {
    /// Played on a loudspeaker.
    Onto(String),
    /// Played into nothing, until its output `NAME:output_MONO` is linked: see [`crate::Session::link`].
    Unlinked(String),
    /// It is a microphone itself, until it is dropped.
    Microphone {
        /// What programs know it by.
        name: String,
        /// What people call it.
        description: String,
    },
    /// Recorded: all that is played on a loudspeaker.
    Monitor(String),
}

/// A sample, and when it was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which, from 0.
    pub sample: usize,
    /// On the system's monotonic clock.
    pub nanoseconds: i64,
}

/// What was played or recorded so far. Marks stand at the beginning of each cycle.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    /// What was recorded; empty for what is played.
    pub samples: Vec<f32>,
    /// One for each cycle.
    pub marks: Vec<Mark>,
}

impl Tape {
    /// When a sample was moved; nothing if it was not.
    pub fn nanoseconds(&self, sample: usize) -> Option<i64> {
        let after = self.marks.partition_point(|mark| mark.sample <= sample);
        let mark = self.marks.get(after.checked_sub(1)?)?;
        Some(mark.nanoseconds + ((sample - mark.sample) as i64) * 1_000_000_000 / i64::from(RATE))
    }

    /// Which sample was moved at a time; nothing before the first.
    pub fn sample(&self, nanoseconds: i64) -> Option<usize> {
        let after = self.marks.partition_point(|mark| mark.nanoseconds <= nanoseconds);
        let mark = self.marks.get(after.checked_sub(1)?)?;
        Some(mark.sample + usize::try_from((nanoseconds - mark.nanoseconds) * i64::from(RATE) / 1_000_000_000).ok()?)
    }
}

/// A stream that runs until it is dropped.
#[derive(Debug)]
pub struct Sound {
    tape: Arc<Mutex<Tape>>,
    stop: Stop,
    thread: Option<thread::JoinHandle<()>>,
}

struct Stop(channel::Sender<()>);

impl std::fmt::Debug for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stop")
    }
}

impl Sound {
    /// Plays `sound`, then silence.
    pub fn play(socket: &Path, place: Place, sound: Vec<f32>) -> Result<Self, SoundError> {
        Self::start(socket, place, Some(sound))
    }

    /// Records.
    pub fn record(socket: &Path, place: Place) -> Result<Self, SoundError> {
        Self::start(socket, place, None)
    }

    fn start(socket: &Path, place: Place, sound: Option<Vec<f32>>) -> Result<Self, SoundError> {
        let tape = Arc::<Mutex<Tape>>::default();
        let (stop, stopped) = channel::channel();
        let (told, begun) = mpsc::channel();
        let name = format!("{place:?}");
        let thread = thread::Builder::new().name("sound".to_owned()).spawn({
            let (socket, tape) = (socket.to_owned(), tape.clone());
            move || {
                if let Err(error) = run(socket, &place, sound, tape, &told, stopped) {
                    drop(told.send(Err(error)));
                }
            }
        })?;
        let sound = Self { tape, stop: Stop(stop), thread: Some(thread) };
        begun.recv_timeout(PATIENCE).unwrap_or(Err(SoundError::Silent(name))).map(|()| sound)
    }

    /// What was moved so far.
    pub fn tape(&self) -> Tape {
        lock(&self.tape).clone()
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.stop.0.send(());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn lock(tape: &Mutex<Tape>) -> MutexGuard<'_, Tape> {
    tape.lock().unwrap_or_else(PoisonError::into_inner)
}

type Told = mpsc::Sender<Result<(), SoundError>>;

fn run(
    socket: PathBuf,
    place: &Place,
    sound: Option<Vec<f32>>,
    tape: Arc<Mutex<Tape>>,
    told: &Told,
    stopped: channel::Receiver<()>,
) -> Result<(), SoundError> {
    pipewire::init();
    let main_loop = MainLoopRc::new(None)?;
    let context = ContextRc::new(&main_loop, Some(properties! { *keys::CONFIG_NAME => "client-rt.conf" }))?;
    let mut remote = PropertiesBox::new();
    remote.insert(*keys::REMOTE_NAME, socket.to_string_lossy().as_ref());
    let core = context.connect_rc(Some(remote))?;
    let _stopped = stopped.attach(main_loop.loop_(), {
        let main_loop = main_loop.clone();
        move |()| main_loop.quit()
    });
    let plays = sound.is_some();
    let stream = StreamRc::new(core.clone(), "sound", properties_of(place, plays))?;
    let listener = stream.add_local_listener_with_user_data(()).state_changed({
        let (told, place) = (told.clone(), place.clone());
        move |_, (), _, new| {
            // A stream that nobody listens to yet waits.
            let waits = matches!(place, Place::Unlinked(_) | Place::Microphone { .. });
            if new == StreamState::Streaming || (waits && new == StreamState::Paused) {
                drop(told.send(Ok(())));
            }
        }
    });
    let listener = match sound {
        Some(sound) => {
            let mut at = 0;
            listener.process(move |stream, ()| play(stream, &sound, &mut at, &tape))
        }
        None => listener.process(move |stream, ()| record(stream, &tape)),
    }
    .register()?;
    let mut flags = StreamFlags::MAP_BUFFERS | StreamFlags::RT_PROCESS;
    if matches!(place, Place::Onto(_) | Place::Monitor(_)) {
        flags |= StreamFlags::AUTOCONNECT;
    }
    let format = format();
    let Some(pod) = Pod::from_bytes(&format) else {
        return Err(SoundError::Silent("a format that is none".to_owned()));
    };
    stream.connect(if plays { Direction::Output } else { Direction::Input }, None, flags, &mut [pod])?;
    main_loop.run();
    // Before the listener, which holds what the real-time thread works with.
    drop(stream.disconnect());
    drop(listener);
    Ok(())
}

fn properties_of(place: &Place, plays: bool) -> PropertiesBox {
    let mut properties = properties! {
        *keys::MEDIA_TYPE => "Audio",
        *keys::MEDIA_CATEGORY => if plays { "Playback" } else { "Capture" },
        *keys::NODE_LATENCY => LATENCY,
    };
    match place {
        Place::Onto(device) => properties.insert(*keys::TARGET_OBJECT, device.as_str()),
        Place::Monitor(device) => {
            properties.insert(*keys::TARGET_OBJECT, device.as_str());
            properties.insert("stream.capture.sink", "true");
        }
        Place::Unlinked(name) => properties.insert(*keys::NODE_NAME, name.as_str()),
        Place::Microphone { name, description } => {
            properties.insert(*keys::NODE_NAME, name.as_str());
            properties.insert(*keys::NODE_DESCRIPTION, description.as_str());
            properties.insert(*keys::MEDIA_CLASS, "Audio/Source");
            // There is no sound card that says when.
            properties.insert("node.want-driver", "true");
        }
    }
    properties
}

fn format() -> Vec<u8> {
    let mut info = AudioInfoRaw::new();
    info.set_format(AudioFormat::F32LE);
    info.set_rate(RATE);
    info.set_channels(1);
    let mut position = info.position();
    position[0] = SPA_AUDIO_CHANNEL_MONO;
    info.set_position(position);
    let object = Object { type_: SpaTypes::ObjectParamFormat.as_raw(), id: ParamType::EnumFormat.as_raw(), properties: info.into() };
    PodSerializer::serialize(io::Cursor::new(Vec::new()), &Value::Object(object)).map(|(cursor, _)| cursor.into_inner()).unwrap_or_default()
}

fn play(stream: &Stream, sound: &[f32], at: &mut usize, tape: &Mutex<Tape>) {
    let now = stream.time().map(|time| time.now());
    let Some(mut buffer) = stream.dequeue_buffer() else {
        return;
    };
    let requested = buffer.requested() as usize;
    let Some(data) = buffer.datas_mut().first_mut() else {
        return;
    };
    let Some(bytes) = data.data() else {
        return;
    };
    let (frames, _) = bytes.as_chunks_mut::<FRAME>();
    let count = if requested == 0 { frames.len() } else { requested.min(frames.len()) };
    if let Ok(nanoseconds) = now {
        lock(tape).marks.push(Mark { sample: *at, nanoseconds });
    }
    for frame in &mut frames[..count] {
        *frame = sound.get(*at).copied().unwrap_or(0.0).to_le_bytes();
        *at += 1;
    }
    let chunk = data.chunk_mut();
    *chunk.offset_mut() = 0;
    *chunk.stride_mut() = FRAME as i32;
    *chunk.size_mut() = (count * FRAME) as u32;
}

fn record(stream: &Stream, tape: &Mutex<Tape>) {
    let now = stream.time().map(|time| time.now());
    let Some(mut buffer) = stream.dequeue_buffer() else {
        return;
    };
    let Some(data) = buffer.datas_mut().first_mut() else {
        return;
    };
    let (offset, size) = (data.chunk().offset() as usize, data.chunk().size() as usize);
    if let Some(bytes) = data.data().and_then(|bytes| bytes.get(offset..offset + size)) {
        let mut tape = lock(tape);
        if let Ok(nanoseconds) = now {
            let sample = tape.samples.len();
            tape.marks.push(Mark { sample, nanoseconds });
        }
        let (frames, _) = bytes.as_chunks::<FRAME>();
        tape.samples.extend(frames.iter().map(|frame| f32::from_le_bytes(*frame)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_the_time_of_its_cycle() {
        let tape = Tape { samples: Vec::new(), marks: vec![Mark { sample: 0, nanoseconds: 1_000 }, Mark { sample: 48, nanoseconds: 2_000_000 }] };
        assert_eq!(tape.nanoseconds(24), Some(501_000));
        assert_eq!(tape.nanoseconds(48), Some(2_000_000));
        assert_eq!((tape.sample(501_000), tape.sample(2_000_000), tape.sample(0)), (Some(24), Some(48), None));
        assert_eq!(Tape::default().nanoseconds(0), None);
    }
}
