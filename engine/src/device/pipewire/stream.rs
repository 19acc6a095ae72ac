//! One stream: a thread that speaks with PipeWire, and a callback in PipeWire's real-time thread.

use super::{
    super::ring::{Alarm, Heard, Playing},
    connect,
};
use crate::sound::RATE;
use pipewire::{
    channel,
    core::PW_ID_CORE,
    keys,
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
    stream::{Stream as PwStream, StreamFlags, StreamRc, StreamState},
};
use std::{io, path::PathBuf, sync::mpsc, thread, time::Duration};

/// What is asked for at once: 5 ms. PipeWire makes 128 frames of it, 2.7 ms. Callbacks of any size are taken.
const LATENCY: &str = "240/48000";
/// How long a stream may take to begin: a device that slept is woken first.
const PATIENCE: Duration = Duration::from_secs(4);
/// One channel of `f32`.
const FRAME: usize = size_of::<f32>();

/// Why there is no stream.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The system gives no thread.
    #[error("could not start a thread for it")]
    Thread(#[from] io::Error),
    /// It is not reached, or not in words that it understands.
    #[error("PipeWire does not answer")]
    Connect(#[from] pipewire::Error),
    /// It says why not.
    #[error("PipeWire refuses: {0}")]
    Refused(String),
    /// It says nothing.
    #[error("no sound came within {} s", PATIENCE.as_secs())]
    Silent,
}

/// What a callback does.
enum Work {
    Listen(Heard),
    Play(Playing),
}

/// A stream that runs. Dropping it ends it, and waits for that.
pub(super) struct Stream {
    stop: channel::Sender<()>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Stream {
    /// Hears a node; the one that the system uses without it.
    pub(super) fn listen(socket: Option<PathBuf>, node: Option<String>, heard: Heard, alarm: Alarm) -> Result<Self, StreamError> {
        Self::start(socket, node, Work::Listen(heard), alarm)
    }

    /// Plays on a node; the one that the system uses without it.
    pub(super) fn play(socket: Option<PathBuf>, node: Option<String>, playing: Playing, alarm: Alarm) -> Result<Self, StreamError> {
        Self::start(socket, node, Work::Play(playing), alarm)
    }

    fn start(socket: Option<PathBuf>, node: Option<String>, work: Work, alarm: Alarm) -> Result<Self, StreamError> {
        let (stop, stopped) = channel::channel();
        let (told, begun) = mpsc::channel();
        let thread = thread::Builder::new().name("snug-pipewire".to_owned()).spawn(move || {
            if let Err(error) = run(socket, node, work, &alarm, &told, stopped) {
                tell(&told, Err(error));
            }
            alarm.gone();
        })?;
        // Dropped without having begun, it stops.
        let stream = Self { stop, thread: Some(thread) };
        begun.recv_timeout(PATIENCE).unwrap_or(Err(StreamError::Silent)).map(|()| stream)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.stop.send(()).is_err() {
            tracing::trace!("a stream ended by itself");
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of a stream panicked");
        }
    }
}

type Told = mpsc::Sender<Result<(), StreamError>>;

fn tell(told: &Told, result: Result<(), StreamError>) {
    if told.send(result).is_err() {
        tracing::trace!("nobody waits for the stream to begin any more");
    }
}

fn run(
    socket: Option<PathBuf>,
    node: Option<String>,
    work: Work,
    alarm: &Alarm,
    told: &Told,
    stopped: channel::Receiver<()>,
) -> Result<(), StreamError> {
    let (main_loop, _context, core) = connect(socket.as_deref())?;
    let _stopped = stopped.attach(main_loop.loop_(), {
        let main_loop = main_loop.clone();
        move |()| main_loop.quit()
    });
    let _core = core
        .add_listener_local()
        .error({
            let (main_loop, alarm) = (main_loop.clone(), alarm.clone());
            move |id, _, _, message| {
                if id == PW_ID_CORE {
                    tracing::debug!(message, "PipeWire is gone");
                    alarm.gone();
                    main_loop.quit();
                }
            }
        })
        .register();

    let direction = match &work {
        Work::Listen(_) => Direction::Input,
        Work::Play(_) => Direction::Output,
    };
    let stream = StreamRc::new(core.clone(), "Voice", properties_of(direction, node.as_deref()))?;
    let listener = stream.add_local_listener_with_user_data(()).state_changed({
        let (main_loop, alarm, told) = (main_loop.clone(), alarm.clone(), told.clone());
        move |_, (), old, new| match new {
            StreamState::Streaming => tell(&told, Ok(())),
            StreamState::Error(reason) => {
                tell(&told, Err(StreamError::Refused(reason)));
                alarm.gone();
                main_loop.quit();
            }
            StreamState::Unconnected if old != StreamState::Unconnected => {
                alarm.gone();
                main_loop.quit();
            }
            // A stream that is moved to another device waits for a moment.
            StreamState::Unconnected | StreamState::Connecting | StreamState::Paused => {}
        }
    });
    // These run in PipeWire's real-time thread: what they hold is theirs alone.
    let listener = match work {
        Work::Listen(mut heard) => listener.process(move |stream, ()| listen(stream, &mut heard)),
        Work::Play(mut playing) => listener.process(move |stream, ()| play(stream, &mut playing)),
    }
    .register()?;

    let format = format();
    let pod = Pod::from_bytes(&format).ok_or_else(|| StreamError::Refused("a format that is none".to_owned()))?;
    let mut flags = StreamFlags::AUTOCONNECT | StreamFlags::MAP_BUFFERS | StreamFlags::RT_PROCESS;
    if node.is_some() {
        flags |= StreamFlags::DONT_RECONNECT;
    }
    stream.connect(direction, None, flags, &mut [pod])?;
    main_loop.run();
    // Before the listener, which holds what the real-time thread works with.
    if let Err(error) = stream.disconnect() {
        tracing::debug!(%error, "a stream was gone already");
    }
    drop(listener);
    Ok(())
}

fn properties_of(direction: Direction, node: Option<&str>) -> PropertiesBox {
    let mut properties = properties! {
        *keys::MEDIA_TYPE => "Audio",
        *keys::MEDIA_CATEGORY => if direction == Direction::Input { "Capture" } else { "Playback" },
        *keys::MEDIA_ROLE => "Communication",
        *keys::APP_NAME => "Snug",
        *keys::NODE_NAME => "snug",
        *keys::NODE_DESCRIPTION => "Snug",
        *keys::NODE_LATENCY => LATENCY,
    };
    if let Some(node) = node {
        properties.insert(*keys::TARGET_OBJECT, node);
    }
    properties
}

/// One channel of `f32` at 48 kHz: PipeWire makes it of whatever the device has.
fn format() -> Vec<u8> {
    let mut info = AudioInfoRaw::new();
    info.set_format(AudioFormat::F32LE);
    info.set_rate(RATE);
    info.set_channels(1);
    let mut position = info.position();
    position[0] = SPA_AUDIO_CHANNEL_MONO;
    info.set_position(position);
    let object = Object { type_: SpaTypes::ObjectParamFormat.as_raw(), id: ParamType::EnumFormat.as_raw(), properties: info.into() };
    // Writing to memory does not fail; without bytes the stream says that there is no format.
    PodSerializer::serialize(io::Cursor::new(Vec::new()), &Value::Object(object)).map(|(cursor, _)| cursor.into_inner()).unwrap_or_default()
}

fn listen(stream: &PwStream, heard: &mut Heard) {
    let Some(mut buffer) = stream.dequeue_buffer() else {
        return;
    };
    let Some(data) = buffer.datas_mut().first_mut() else {
        return;
    };
    let (offset, size) = (data.chunk().offset() as usize, data.chunk().size() as usize);
    if let Some(bytes) = data.data().and_then(|bytes| bytes.get(offset..offset + size)) {
        let (frames, _) = bytes.as_chunks::<FRAME>();
        heard.push(frames.iter().map(|frame| f32::from_le_bytes(*frame)), 1);
    }
}

fn play(stream: &PwStream, playing: &mut Playing) {
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
    // Versions before 0.3.49 do not say how much they want.
    let count = if requested == 0 { frames.len() } else { requested.min(frames.len()) };
    playing.fill(&mut frames[..count], 1, f32::to_le_bytes);
    let chunk = data.chunk_mut();
    *chunk.offset_mut() = 0;
    *chunk.stride_mut() = FRAME as i32;
    *chunk.size_mut() = (count * FRAME) as u32;
}
