//! Keys as the keyboards and mice themselves tell them. Whoever can read them can read all that is typed, so it is done only where
//! that is wanted; what is no chosen key is forgotten at once: see [`super::keyboard`].

mod device;
mod event;

use super::{
    readable::Readable,
    way::{Signal, Tell},
};
use device::Told;
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use snug_ipc::shortcuts::UdevRule;
use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    fs, io,
    mem::MaybeUninit,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
};
use tokio::{sync::mpsc, task::JoinSet};

/// What devices tell that has not been looked at.
const WAITING: usize = 64;

/// Where the kernel shows devices.
#[derive(Clone, Debug)]
pub struct Folders {
    /// Those that can be read.
    pub devices: PathBuf,
    /// What they are.
    pub about: PathBuf,
}

impl Default for Folders {
    fn default() -> Self {
        Self { devices: "/dev/input".into(), about: "/sys/class/input".into() }
    }
}

/// Why keyboards are not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("there is no keyboard and no mouse here")]
    None,
    #[error("Snug may not read keyboards")]
    Forbidden,
    #[error("keyboards cannot be read")]
    Failed(#[from] io::Error),
}

impl Trouble {
    pub(super) const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Forbidden => Some("Write the rule below for udev, which lets whoever sits at this computer read them, and try again."),
            Self::None | Self::Failed(_) => None,
        }
    }
}

/// What a system needs before keyboards can be read: the person who sits there may. Its number comes before that of systemd's own
/// rule that looks at the tag (73).
pub(super) fn rule() -> UdevRule {
    UdevRule {
        path: "/etc/udev/rules.d/70-snug.rules".to_owned(),
        text: r#"SUBSYSTEM=="input", KERNEL=="event*", ENV{ID_INPUT_KEY}=="1", TAG+="uaccess"
SUBSYSTEM=="input", KERNEL=="event*", ENV{ID_INPUT_MOUSE}=="1", TAG+="uaccess"
"#
        .to_owned(),
        reload: "sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=input --action=change".to_owned(),
    }
}

/// Tells of keys until it does not work any more.
pub(super) async fn run(folders: Folders, tell: Tell) -> Trouble {
    match read(&folders, &tell).await {
        Ok(never) => match never {},
        Err(trouble) => trouble,
    }
}

async fn read(folders: &Folders, tell: &Tell) -> Result<Infallible, Trouble> {
    // Before the first look, so that nothing comes between.
    let changes = watch(&folders.devices)?;
    let changed = Readable::new(&changes)?;
    let (send, mut told) = mpsc::channel(WAITING);
    let mut devices = Devices { folders, send, open: BTreeSet::new(), tasks: JoinSet::new(), down: BTreeMap::new() };
    let forbidden = devices.look()?;
    if devices.open.is_empty() {
        return Err(if forbidden { Trouble::Forbidden } else { Trouble::None });
    }
    tell.tell(Signal::Up).await;
    loop {
        tokio::select! {
            ready = changed.wait() => {
                ready?;
                drain(&changes)?;
                devices.look()?;
            }
            Some((name, what)) = told.recv() => {
                for (code, down) in devices.hear(&name, what) {
                    tell.tell(Signal::Key(code, down)).await;
                }
                // It may be back already, by the same name.
                if what == Told::Gone {
                    devices.look()?;
                }
            }
        }
    }
}

fn watch(folder: &Path) -> Result<OwnedFd, Trouble> {
    let changes = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).map_err(io::Error::from)?;
    // udev changes a device's owner after it has come.
    match inotify::add_watch(&changes, folder, WatchFlags::CREATE | WatchFlags::ATTRIB) {
        Ok(_) => Ok(changes),
        Err(rustix::io::Errno::NOENT) => Err(Trouble::None),
        Err(error) => Err(io::Error::from(error).into()),
    }
}

/// What changed does not matter: everything is looked at again.
fn drain(changes: &OwnedFd) -> io::Result<()> {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut events = inotify::Reader::new(changes, &mut buffer);
    loop {
        match events.next() {
            Ok(_) => {}
            Err(rustix::io::Errno::AGAIN) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

struct Devices<'a> {
    folders: &'a Folders,
    send: mpsc::Sender<(String, Told)>,
    open: BTreeSet<String>,
    tasks: JoinSet<()>,
    /// Which devices hold a key down.
    down: BTreeMap<u16, BTreeSet<String>>,
}

impl Devices<'_> {
    /// Opens those that have come. Says whether one may not be read.
    fn look(&mut self) -> Result<bool, Trouble> {
        while self.tasks.try_join_next().is_some() {}
        let mut forbidden = false;
        for entry in fs::read_dir(&self.folders.devices)? {
            let Ok(name) = entry?.file_name().into_string() else { continue };
            if !name.starts_with("event") || self.open.contains(&name) || !device::has_keys(&self.folders.about, &name) {
                continue;
            }
            match device::open(&self.folders.devices.join(&name)) {
                Ok(device) => {
                    self.tasks.spawn(device::follow(name.clone(), device, self.send.clone()));
                    self.open.insert(name);
                }
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => forbidden = true,
                Err(error) => tracing::debug!(%error, name, "a keyboard is not read"),
            }
        }
        Ok(forbidden)
    }

    /// What a device told means for all of them together.
    fn hear(&mut self, name: &str, told: Told) -> Vec<(u16, bool)> {
        match told {
            Told::Key(code, true) => {
                let holders = self.down.entry(code).or_default();
                let first = holders.is_empty();
                holders.insert(name.to_owned());
                if first { vec![(code, true)] } else { Vec::new() }
            }
            Told::Key(code, false) => self.up(name, |other| other == code),
            Told::Lost => self.up(name, |_| true),
            Told::Gone => {
                self.open.remove(name);
                self.up(name, |_| true)
            }
        }
    }

    fn up(&mut self, name: &str, which: impl Fn(u16) -> bool) -> Vec<(u16, bool)> {
        let mut up = Vec::new();
        self.down.retain(|code, holders| {
            if which(*code) && holders.remove(name) && holders.is_empty() {
                up.push((*code, false));
            }
            !holders.is_empty()
        });
        up
    }
}
