//! An app without a window, and what it does.

use snug_desktop::shortcuts::{Folders, Shortcuts, Surroundings};
use snug_ipc::shortcuts::{ShortcutAction, ShortcutCommand, ShortcutState, ShortcutUpdate, ShortcutWay, WayStanding};
use std::{path::Path, time::Duration};
use tempfile::TempDir;
use tokio::{sync::mpsc, time::timeout};

/// For what takes milliseconds on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the app tells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    /// Its engine.
    Engine(bool),
    /// Its window, but for states.
    Window(ShortcutUpdate),
}

/// See the [module](self).
pub(crate) struct App {
    pub(crate) shortcuts: Shortcuts,
    told: mpsc::UnboundedReceiver<Result<Told, ShortcutState>>,
    pub(crate) state: ShortcutState,
    /// What was told and not looked at.
    seen: Vec<Told>,
    folder: TempDir,
}

/// Where there is nothing: each test puts there what it is about.
pub(crate) fn nowhere(folder: &Path) -> Surroundings {
    Surroundings {
        bus: Some(format!("unix:path={}/no-bus", folder.display())),
        app_id: "app.snug.Snug".to_owned(),
        display: None,
        wayland: false,
        runtime_dir: Some(folder.into()),
        input: Folders { devices: folder.join("no-devices"), about: folder.join("no-devices") },
        command: "snug-ptt".to_owned(),
        answer: Duration::from_secs(60),
    }
}

/// A short one: the path of a socket may have 107 bytes.
pub(crate) fn folder() -> TempDir {
    tempfile::Builder::new().prefix("snug-keys").tempdir().unwrap()
}

impl App {
    /// Starts one, and waits until its window knows how it is.
    pub(crate) async fn start(folder: TempDir, surroundings: Surroundings) -> Self {
        let (send, told) = mpsc::unbounded_channel();
        let engine = send.clone();
        let shortcuts = Shortcuts::start(&folder.path().join("data/shortcuts.json"), surroundings, move |on| drop(engine.send(Ok(Told::Engine(on)))));
        shortcuts
            .attach(move |update| {
                drop(send.send(match update {
                    ShortcutUpdate::State { state } => Err(state),
                    other => Ok(Told::Window(other)),
                }));
            })
            .await;
        let mut app = Self { shortcuts, told, state: empty(), seen: Vec::new(), folder };
        app.until("the socket is there", |state| at(state, ShortcutWay::Socket) != &WayStanding::Trying).await;
        app
    }

    /// Starts one whose keys work from anywhere, if they can.
    pub(crate) async fn start_on(folder: TempDir, surroundings: Surroundings) -> Self {
        let mut app = Self::start(folder, surroundings).await;
        app.command(ShortcutCommand::Use { on: true }).await;
        app.until("they are on", |state| state.on).await;
        app
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Quits it, and keeps its folder.
    pub(crate) async fn quit(self) -> TempDir {
        let Self { shortcuts, mut told, folder, .. } = self;
        drop(shortcuts);
        // Its desk drops what it tells when it is at its end.
        while timeout(PATIENCE, told.recv()).await.expect("it ends").is_some() {}
        folder
    }

    pub(crate) async fn command(&self, command: ShortcutCommand) {
        self.shortcuts.command(command).await;
    }

    /// Waits until the state is so.
    pub(crate) async fn until(&mut self, what: &str, holds: impl Fn(&ShortcutState) -> bool) {
        while !holds(&self.state) {
            let next = timeout(PATIENCE, self.told.recv()).await;
            match next.unwrap_or_else(|_| panic!("waiting until {what}: {:#?} {:?}", self.state, self.seen)).expect("the app is there") {
                Ok(told) => self.seen.push(told),
                Err(state) => self.state = state,
            }
        }
    }

    pub(crate) async fn until_active(&mut self, way: ShortcutWay) {
        self.until(&format!("{way:?} is active"), |state| *at(state, way) == WayStanding::Active).await;
    }

    /// Waits until a way does not work, and says why.
    pub(crate) async fn until_failed(&mut self, way: ShortcutWay) -> String {
        self.until(&format!("{way:?} has failed"), |state| matches!(at(state, way), WayStanding::Failed { .. })).await;
        match at(&self.state, way) {
            WayStanding::Failed { why, .. } => why.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// What it tells next, but for states.
    pub(crate) async fn next(&mut self) -> Told {
        loop {
            if !self.seen.is_empty() {
                return self.seen.remove(0);
            }
            match timeout(PATIENCE, self.told.recv()).await.expect("it tells something").expect("the app is there") {
                Ok(told) => return told,
                Err(state) => self.state = state,
            }
        }
    }

    /// The key for talking goes down, or comes up: the engine and the window know it, and nothing else happens before.
    pub(crate) async fn talks(&mut self, down: bool) {
        assert_eq!([self.next().await, self.next().await], [Told::Engine(down), Told::Window(ShortcutUpdate::Talk { down })]);
    }

    pub(crate) fn label(&self, action: ShortcutAction) -> Option<&str> {
        self.state.keys.iter().find(|key| key.action == action).and_then(|key| key.label.as_deref())
    }
}

pub(crate) fn at(state: &ShortcutState, way: ShortcutWay) -> &WayStanding {
    // Before the first state there is none.
    state.ways.iter().find(|one| one.way == way).map_or(&WayStanding::Trying, |one| &one.standing)
}

fn empty() -> ShortcutState {
    use snug_ipc::shortcuts::{ChooseKeys, ReadKeyboards, UdevRule};
    ShortcutState {
        on: false,
        keyboards: ReadKeyboards::Never,
        ways: Vec::new(),
        choose: ChooseKeys::Nowhere,
        keys: Vec::new(),
        recording: None,
        talking: false,
        command: String::new(),
        rule: UdevRule { path: String::new(), text: String::new(), reload: String::new() },
        unkept: None,
    }
}

/// A program that ends with the test.
pub(crate) struct Program(pub(crate) std::process::Child);

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
