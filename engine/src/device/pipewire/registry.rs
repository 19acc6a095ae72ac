//! The devices that PipeWire knows, kept up to date by a thread that listens to its registry.

use super::{
    super::{Device, Direction},
    connect,
};
use pipewire::{
    channel,
    core::PW_ID_CORE,
    keys,
    metadata::{Metadata, MetadataListener},
    registry::GlobalObject,
    spa::utils::dict::DictRef,
    types::ObjectType,
};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

/// How long the sound server may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What PipeWire told.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// By PipeWire's number, which is of its time of running.
    devices: BTreeMap<u32, Vec<Device>>,
    /// The ids of those that are used by default.
    default_input: Option<String>,
    default_output: Option<String>,
}

impl Known {
    pub(super) fn devices(&self) -> Vec<Device> {
        self.devices.values().flatten().cloned().collect()
    }

    /// What people call a device; nothing if it is not there.
    pub(super) fn name(&self, id: &str, direction: Direction) -> Option<String> {
        let mut all = self.devices.values().flatten();
        all.find(|device| device.id == id && device.direction == direction).map(|device| device.name.clone())
    }

    /// What people call the device that is used by default; nothing if there is none.
    pub(super) fn default_name(&self, direction: Direction) -> Option<String> {
        let id = match direction {
            Direction::Input => self.default_input.as_deref(),
            Direction::Output => self.default_output.as_deref(),
        };
        id.and_then(|id| self.name(id, direction)).or_else(|| {
            // The session manager has not chosen one yet, and will.
            let mut all = self.devices.values().flatten();
            all.find(|device| device.direction == direction).map(|device| device.name.clone())
        })
    }

    fn set_default(&mut self, key: &str, value: Option<&str>) {
        let name = value.and_then(name_in).map(str::to_owned);
        match key {
            "default.audio.source" => self.default_input = name,
            "default.audio.sink" => self.default_output = name,
            _ => {}
        }
    }
}

/// The name in `{"name":"…"}`, which is what metadata says of a default device.
fn name_in(json: &str) -> Option<&str> {
    let mut parts = json.split('"');
    (parts.nth(1) == Some("name")).then(|| parts.nth(1)).flatten()
}

/// What both threads know. Nothing once the connection is gone.
type Shared = Arc<Mutex<Option<Known>>>;

fn lock(shared: &Shared) -> MutexGuard<'_, Option<Known>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A thread that listens.
pub(super) struct Registry {
    known: Shared,
    stop: channel::Sender<()>,
    thread: Option<thread::JoinHandle<()>>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("known", &self.known).finish_non_exhaustive()
    }
}

impl Registry {
    /// Asks PipeWire, and goes on listening. Nothing if it does not run or does not answer.
    pub(super) fn watch(socket: Option<PathBuf>) -> Option<Self> {
        let known = Shared::default();
        let (stop, stopped) = channel::channel();
        let (told, answered) = mpsc::channel();
        let thread = thread::Builder::new().name("snug-registry".to_owned()).spawn({
            let known = known.clone();
            move || {
                if let Err(error) = listen(socket.as_deref(), &known, told, stopped) {
                    tracing::debug!(%error, "no PipeWire");
                }
                *lock(&known) = None;
            }
        });
        let thread = thread.map_err(|error| tracing::error!(%error, "no thread for the list of devices")).ok()?;
        let registry = Self { known, stop, thread: Some(thread) };
        // Dropped without an answer, it stops.
        answered.recv_timeout(PATIENCE).ok().map(|()| registry)
    }

    /// What there is now. Nothing once PipeWire is gone.
    pub(super) fn known(&self) -> Option<Known> {
        lock(&self.known).clone()
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        if self.stop.send(()).is_err() {
            tracing::trace!("the list of devices ended by itself");
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread for the list of devices panicked");
        }
    }
}

fn listen(socket: Option<&Path>, known: &Shared, told: mpsc::Sender<()>, stopped: channel::Receiver<()>) -> Result<(), pipewire::Error> {
    let (main_loop, _context, core) = connect(socket)?;
    let _stopped = stopped.attach(main_loop.loop_(), {
        let main_loop = main_loop.clone();
        move |()| main_loop.quit()
    });
    *lock(known) = Some(Known::default());
    let registry = core.get_registry_rc()?;
    let metadata: Rc<RefCell<Vec<(Metadata, MetadataListener)>>> = Rc::default();
    let _globals = registry
        .add_listener_local()
        .global({
            let (known, registry, metadata) = (known.clone(), registry.downgrade(), metadata.clone());
            move |global| match &global.type_ {
                ObjectType::Node => {
                    if let Some(known) = &mut *lock(&known) {
                        known.devices.insert(global.id, devices(global));
                    }
                }
                ObjectType::Metadata if global.props.and_then(|props| props.get("metadata.name")) == Some("default") => {
                    let bound = registry.upgrade().and_then(|registry| registry.bind::<Metadata, _>(global).ok());
                    if let Some(bound) = bound {
                        let listener = defaults(&bound, known.clone());
                        metadata.borrow_mut().push((bound, listener));
                    }
                }
                // The rest is no device.
                _ => {}
            }
        })
        .global_remove({
            let known = known.clone();
            move |id| {
                if let Some(known) = &mut *lock(&known) {
                    known.devices.remove(&id);
                }
            }
        })
        .register();
    // All that is there is told when the first is answered, and what is asked for then when the second is.
    let pending = Rc::new(Cell::new(Some((core.sync(0)?, true))));
    let _core = core
        .add_listener_local()
        .done({
            let (pending, core) = (pending.clone(), core.downgrade());
            move |_, sequence| match pending.get() {
                Some((asked, true)) if sequence == asked => {
                    let next = core.upgrade().and_then(|core| core.sync(0).ok());
                    pending.set(next.map(|asked| (asked, false)));
                }
                Some((asked, false)) if sequence == asked => {
                    pending.set(None);
                    if told.send(()).is_err() {
                        tracing::trace!("nobody waits for the list of devices any more");
                    }
                }
                Some(_) | None => {}
            }
        })
        .error({
            let main_loop = main_loop.clone();
            move |id, _, _, message| {
                if id == PW_ID_CORE {
                    tracing::debug!(message, "PipeWire is gone");
                    main_loop.quit();
                }
            }
        })
        .register();
    main_loop.run();
    Ok(())
}

fn defaults(metadata: &Metadata, known: Shared) -> MetadataListener {
    metadata
        .add_listener_local()
        .property(move |_, key, _, value| {
            if let (Some(known), Some(key)) = (&mut *lock(&known), key) {
                known.set_default(key, value);
            }
            0
        })
        .register()
}

/// The devices that a node is: a headset may be two.
fn devices(node: &GlobalObject<&DictRef>) -> Vec<Device> {
    let property = |key: &str| node.props.and_then(|props| props.get(key));
    let Some(id) = property(&keys::NODE_NAME) else {
        return Vec::new();
    };
    let name = property(&keys::NODE_DESCRIPTION).or(property(&keys::NODE_NICK)).unwrap_or(id);
    let directions = property(&keys::MEDIA_CLASS).map_or(&[][..], directions);
    directions.iter().map(|direction| Device { id: id.to_owned(), name: name.to_owned(), direction: *direction }).collect()
}

fn directions(class: &str) -> &'static [Direction] {
    match class.strip_suffix("/Virtual").unwrap_or(class) {
        "Audio/Source" => &[Direction::Input],
        "Audio/Sink" => &[Direction::Output],
        "Audio/Duplex" => &[Direction::Input, Direction::Output],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_device_is_read_out_of_its_metadata() {
        assert_eq!(name_in(r#"{"name":"alsa_input.usb"}"#), Some("alsa_input.usb"));
        assert_eq!(name_in(r#"{ "name": "alsa_input.usb" }"#), Some("alsa_input.usb"));
        assert_eq!(name_in("{}"), None);
    }

    #[test]
    fn a_virtual_microphone_is_a_microphone() {
        assert_eq!(directions("Audio/Source/Virtual"), [Direction::Input]);
        assert_eq!(directions("Audio/Sink"), [Direction::Output]);
        assert_eq!(directions("Stream/Output/Audio"), []);
    }
}
