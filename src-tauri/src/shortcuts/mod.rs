//! Keys that work while another program has the focus: push to talk, mute, deafen.
//!
//! How they reach the app depends on the desktop, so there are several ways ([`way`]), and one after the other is tried: the
//! desktop's portal, the X server, and, where that is wanted, the keyboards themselves. Beside them there is always a socket for
//! `snug-ptt`. The [`desk`] starts them, knows why those that do not work do not, and makes one of what they tell. Talking goes from here
//! to the engine, past the window; muting and deafening are the window's to do, so that all that shows them agrees.
//!
//! Invariant: whoever holds the key for talking and is lost, lets go of it. So does everybody when the machine has slept.

pub(crate) mod commands;
mod desk;
mod evdev;
mod hold;
mod keyboard;
mod keys;
mod portal;
mod readable;
mod settings;
mod sleep;
mod socket;
mod way;
mod x11;

pub use evdev::Folders;

use desk::{Command, Desk};
use snug_ipc::shortcuts::{ShortcutCommand, ShortcutUpdate};
use std::{
    env,
    ffi::OsString,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};

/// Commands that wait. People press keys, and the desk is quick.
const WAITING: usize = 64;

/// How long the end may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// So long the desktop may wait for an answer of whoever sits there, before another way is tried.
const ANSWER: Duration = Duration::from_secs(120);

/// Where the ways are.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The address of the session bus; nothing: as the environment says.
    pub bus: Option<String>,
    /// The app, as its desktop entry is called.
    pub app_id: String,
    /// The X server's name.
    pub display: Option<String>,
    /// Whether the session is one of Wayland, and the X server only a part of it.
    pub wayland: bool,
    /// The session's folder for sockets.
    pub runtime_dir: Option<OsString>,
    /// Keyboards and mice.
    pub input: Folders,
    /// How `snug-ptt` is called here.
    pub command: String,
    /// So long the desktop may wait for an answer.
    pub answer: Duration,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process(app_id: &str) -> Self {
        let text = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            bus: None,
            app_id: app_id.to_owned(),
            display: text("DISPLAY"),
            wayland: text("WAYLAND_DISPLAY").is_some() || text("XDG_SESSION_TYPE").as_deref() == Some("wayland"),
            runtime_dir: env::var_os("XDG_RUNTIME_DIR"),
            input: Folders::default(),
            command: command(),
            answer: ANSWER,
        }
    }
}

/// `snug-ptt` by its name if the desktop finds it so, or else where it lies: beside this program.
fn command() -> String {
    const NAME: &str = "snug-ptt";
    let beside = env::current_exe().ok().and_then(|program| Some(program.parent()?.join(NAME)));
    let known = |folder: &Path| env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|one| one == folder));
    match beside {
        Some(path) if path.is_file() && !path.parent().is_some_and(known) => path.display().to_string(),
        _ => NAME.to_owned(),
    }
}

/// See the [module](self). They end with it.
#[derive(Debug)]
pub struct Shortcuts {
    commands: mpsc::Sender<Command>,
    /// The desk, and what it ends with. Nothing when it has ended.
    desk: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

impl Shortcuts {
    /// Begins, with what is set in a file. `hold` is told when one talks by a key, and when no more; it must not wait.
    /// Call it within tokio's runtime.
    pub fn start(file: &Path, surroundings: Surroundings, hold: impl Fn(bool) + Send + 'static) -> Self {
        let (commands, commanded) = mpsc::channel(WAITING);
        let (ends, over) = oneshot::channel();
        let desk = tokio::spawn(Desk::new(file, surroundings, Box::new(hold), commanded).run(over));
        Self { commands, desk: Mutex::new(Some((ends, desk))) }
    }

    /// Lets go of all keys, and takes the socket's file away, before whoever quits goes on.
    pub async fn end(&self) {
        let desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((ends, desk)) = desk {
            drop(ends);
            if timeout(GOODBYE, desk).await.is_err() {
                tracing::warn!("the shortcuts took too long to end");
            }
        }
    }

    /// From now on this is told, how things are first. Whoever listened before is gone, with the keys that they held.
    pub async fn attach(&self, told: impl Fn(ShortcutUpdate) + Send + 'static) {
        self.tell(Command::Attach(Box::new(told))).await;
    }

    /// Nobody listens any more.
    pub fn detach(&self) {
        if self.commands.try_send(Command::Detach).is_err() {
            tracing::warn!("the window's end is not known to the shortcuts until it is back");
        }
    }

    /// The window's own key for talking is down, or up.
    pub async fn hold(&self, down: bool) {
        self.tell(Command::Window(down)).await;
    }

    /// Does what the window asks for.
    pub async fn command(&self, command: ShortcutCommand) {
        self.tell(Command::Do(command)).await;
    }

    async fn tell(&self, command: Command) {
        if self.commands.send(command).await.is_err() {
            tracing::error!("shortcuts are gone");
        }
    }
}
