//! A desktop that has shortcuts, on a bus of the test's own.

use crate::common::{App, Program, Told, at, folder, nowhere};
use snug_desktop::shortcuts::Surroundings;
use snug_ipc::shortcuts::{ChooseKeys, ShortcutAction, ShortcutCommand, ShortcutToggle, ShortcutUpdate, ShortcutWay, WayStanding};
use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::mpsc;
use zbus::{
    Connection, connection, fdo, interface,
    message::Header,
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

const DESKTOP: &str = "/org/freedesktop/portal/desktop";
const SHORTCUTS: &str = "org.freedesktop.portal.GlobalShortcuts";

type Details<'a> = HashMap<&'a str, Value<'a>>;

/// A bus that starts no programs: whoever tests here may have a desktop of their own.
struct Bus {
    _program: Program,
    address: String,
}

impl Bus {
    fn start(folder: &Path) -> Self {
        let config = folder.join("bus.conf");
        let listen = format!("unix:dir={}", folder.display());
        let text = format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>{listen}</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow receive_sender="*" eavesdrop="true"/><allow own="*"/></policy></busconfig>"#
        );
        fs::write(&config, text).unwrap();
        let mut command = Command::new("dbus-daemon");
        command.arg(format!("--config-file={}", config.display())).args(["--nofork", "--nopidfile", "--print-address=1"]).stdout(Stdio::piped());
        let mut program = Program(command.spawn().expect("dbus-daemon is installed"));
        let mut address = String::new();
        BufReader::new(program.0.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { _program: program, address: address.trim().to_owned() }
    }
}

/// What the desktop's dialog is answered.
#[derive(Clone, Copy)]
enum Answer {
    Yes,
    No,
    Nothing,
    /// The desktop does not know the program.
    Stranger,
}

/// What the portal was asked.
#[derive(Debug, PartialEq)]
enum Asked {
    Register(String),
    Session,
    /// The keys that are wanted, with those that are proposed.
    Bind(Vec<(String, Option<String>)>),
    Configure,
}

struct Shortcuts {
    version: u32,
    answer: Answer,
    asked: mpsc::UnboundedSender<Asked>,
    session: Arc<Mutex<Option<OwnedObjectPath>>>,
}

/// Where what was asked for is told of, by the portal's documentation.
fn path(kind: &str, header: &Header<'_>, options: &HashMap<String, OwnedValue>, token: &str) -> OwnedObjectPath {
    let sender = header.sender().unwrap().trim_start_matches(':').replace('.', "_");
    let token: &str = options[token].downcast_ref().unwrap();
    OwnedObjectPath::try_from(format!("{DESKTOP}/{kind}/{sender}/{token}")).unwrap()
}

async fn respond(connection: &Connection, request: &OwnedObjectPath, code: u32, results: Details<'_>) {
    connection.emit_signal(None::<&str>, request, "org.freedesktop.portal.Request", "Response", &(code, results)).await.unwrap();
}

#[interface(name = "org.freedesktop.portal.GlobalShortcuts")]
impl Shortcuts {
    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        self.version
    }

    async fn create_session(
        &self,
        options: HashMap<String, OwnedValue>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> fdo::Result<OwnedObjectPath> {
        self.asked.send(Asked::Session).unwrap();
        let request = path("request", &header, &options, "handle_token");
        let session = path("session", &header, &options, "session_handle_token");
        *self.session.lock().unwrap() = Some(session.clone());
        respond(connection, &request, 0, HashMap::from([("session_handle", Value::from(session.as_str().to_owned()))])).await;
        Ok(request)
    }

    async fn bind_shortcuts(
        &self,
        _session: OwnedObjectPath,
        shortcuts: Vec<(String, HashMap<String, OwnedValue>)>,
        _parent: String,
        options: HashMap<String, OwnedValue>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> fdo::Result<OwnedObjectPath> {
        let trigger = |details: &HashMap<String, OwnedValue>| details.get("preferred_trigger").map(|value| value.downcast_ref::<String>().unwrap());
        self.asked.send(Asked::Bind(shortcuts.iter().map(|(id, details)| (id.clone(), trigger(details))).collect())).unwrap();
        let request = path("request", &header, &options, "handle_token");
        match self.answer {
            Answer::Yes => respond(connection, &request, 0, HashMap::from([("shortcuts", Value::from(bound("F9")))])).await,
            Answer::No => respond(connection, &request, 1, HashMap::new()).await,
            Answer::Nothing | Answer::Stranger => {}
        }
        Ok(request)
    }

    async fn configure_shortcuts(&self, _session: OwnedObjectPath, _parent: String, _options: HashMap<String, OwnedValue>) {
        self.asked.send(Asked::Configure).unwrap();
    }
}

/// What the desktop tells of its keys: one for talking, and none for the others.
fn bound(talk: &str) -> Vec<(String, HashMap<String, Value<'static>>)> {
    let shortcut = |id: &str, trigger: &str| {
        let details = HashMap::from([
            ("description".to_owned(), Value::from("Something")),
            ("trigger_description".to_owned(), Value::from(trigger.to_owned())),
        ]);
        (id.to_owned(), details)
    };
    vec![shortcut("push-to-talk", talk), shortcut("toggle-mute", ""), shortcut("of-another-version", "F1")]
}

/// The portal of newer desktops, to which programs say who they are.
struct Registry(Answer, mpsc::UnboundedSender<Asked>);

/// As the portal's errors are called.
#[derive(Debug, zbus::DBusError)]
#[zbus(prefix = "org.freedesktop.portal.Error")]
enum Refusal {
    NotAllowed(String),
}

/// A portal that has no shortcuts for programs without a name.
struct Strict;

#[interface(name = "org.freedesktop.portal.GlobalShortcuts")]
impl Strict {
    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        2
    }

    fn create_session(&self, _options: HashMap<String, OwnedValue>) -> Result<OwnedObjectPath, Refusal> {
        Err(Refusal::NotAllowed("An app id is required".to_owned()))
    }
}

#[interface(name = "org.freedesktop.host.portal.Registry")]
impl Registry {
    fn register(&self, app_id: String, _options: HashMap<String, OwnedValue>) -> fdo::Result<()> {
        self.1.send(Asked::Register(app_id)).unwrap();
        match self.0 {
            Answer::Stranger => Err(fdo::Error::Failed("there is no such desktop entry".to_owned())),
            Answer::Yes | Answer::No | Answer::Nothing => Ok(()),
        }
    }
}

/// A desktop.
struct Desktop {
    connection: Connection,
    asked: mpsc::UnboundedReceiver<Asked>,
    session: Arc<Mutex<Option<OwnedObjectPath>>>,
}

impl Desktop {
    async fn start(bus: &Bus, version: u32, answer: Answer) -> Self {
        let (send, asked) = mpsc::unbounded_channel();
        let session = Arc::default();
        let shortcuts = Shortcuts { version, answer, asked: send.clone(), session: Arc::clone(&session) };
        let builder = connection::Builder::address(bus.address.as_str()).unwrap().serve_at(DESKTOP, Registry(answer, send)).unwrap();
        let builder = match answer {
            Answer::Stranger => builder.serve_at(DESKTOP, Strict).unwrap(),
            Answer::Yes | Answer::No | Answer::Nothing => builder.serve_at(DESKTOP, shortcuts).unwrap(),
        };
        let connection = builder.name("org.freedesktop.portal.Desktop").unwrap().build().await.unwrap();
        Self { connection, asked, session }
    }

    async fn asked(&mut self) -> Asked {
        tokio::time::timeout(Duration::from_secs(30), self.asked.recv()).await.expect("the app asks").unwrap()
    }

    async fn asked_all(&mut self) {
        assert_eq!(self.asked().await, Asked::Register("app.snug.Snug".to_owned()));
        assert_eq!(self.asked().await, Asked::Session);
        assert!(matches!(self.asked().await, Asked::Bind(_)));
    }

    fn session(&self) -> OwnedObjectPath {
        self.session.lock().unwrap().clone().unwrap()
    }

    async fn key(&self, id: &str, down: bool) {
        let signal = if down { "Activated" } else { "Deactivated" };
        let body = (self.session(), id, 12_345_u64, Details::new());
        self.connection.emit_signal(None::<&str>, DESKTOP, SHORTCUTS, signal, &body).await.unwrap();
    }

    async fn change(&self, talk: &str) {
        self.connection.emit_signal(None::<&str>, DESKTOP, SHORTCUTS, "ShortcutsChanged", &(self.session(), bound(talk))).await.unwrap();
    }

    async fn close(&self) {
        let body = (Details::new(),);
        self.connection.emit_signal(None::<&str>, self.session(), "org.freedesktop.portal.Session", "Closed", &body).await.unwrap();
    }
}

fn with(folder: &TempDir, bus: &Bus) -> Surroundings {
    Surroundings { bus: Some(bus.address.clone()), ..nowhere(folder.path()) }
}

async fn app(bus: &Bus) -> App {
    let folder = folder();
    let surroundings = with(&folder, bus);
    App::start_on(folder, surroundings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desktop_is_asked_for_keys_and_tells_of_them() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let mut desktop = Desktop::start(&bus, 2, Answer::Yes).await;
    let mut app = app(&bus).await;
    app.until_active(ShortcutWay::Portal).await;
    assert_eq!(desktop.asked().await, Asked::Register("app.snug.Snug".to_owned()));
    assert_eq!(desktop.asked().await, Asked::Session);
    let ids = ["push-to-talk", "toggle-mute", "toggle-deafen"].map(|id| (id.to_owned(), None));
    assert_eq!(desktop.asked().await, Asked::Bind(ids.into()));
    assert_eq!(app.state.choose, ChooseKeys::Desktop);
    assert_eq!((app.label(ShortcutAction::Talk), app.label(ShortcutAction::Mute)), (Some("F9"), None));
    assert_eq!(at(&app.state, ShortcutWay::X11), &WayStanding::Idle);

    for _ in 0..20 {
        desktop.key("push-to-talk", true).await;
        desktop.key("push-to-talk", true).await;
        desktop.key("push-to-talk", false).await;
        app.talks(true).await;
        app.talks(false).await;
    }
    desktop.key("toggle-mute", true).await;
    desktop.key("toggle-mute", false).await;
    desktop.key("of-another-version", true).await;
    desktop.key("toggle-deafen", true).await;
    for what in [ShortcutToggle::Mute, ShortcutToggle::Deafen] {
        assert_eq!(app.next().await, Told::Window(ShortcutUpdate::Toggle { what }));
    }
    desktop.change("Super+T").await;
    app.until("the desktop has another key", |state| state.keys[0].label.as_deref() == Some("Super+T")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desktop_shows_its_dialog() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let mut desktop = Desktop::start(&bus, 2, Answer::Yes).await;
    let mut app = app(&bus).await;
    app.until_active(ShortcutWay::Portal).await;
    desktop.asked_all().await;
    app.command(ShortcutCommand::Configure).await;
    assert_eq!(desktop.asked().await, Asked::Configure);
    desktop.key("push-to-talk", true).await;
    app.talks(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_without_such_a_dialog_is_asked_anew() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let mut desktop = Desktop::start(&bus, 1, Answer::Yes).await;
    let mut app = app(&bus).await;
    app.until_active(ShortcutWay::Portal).await;
    desktop.asked_all().await;
    desktop.key("push-to-talk", true).await;
    app.talks(true).await;
    let before = desktop.session();
    app.command(ShortcutCommand::Configure).await;
    desktop.asked_all().await;
    assert_ne!(desktop.session(), before);
    app.talks(false).await;
    app.until_active(ShortcutWay::Portal).await;
    desktop.key("push-to-talk", true).await;
    app.talks(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_closed_does_not_keep_one_talking_and_is_made_anew() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let mut desktop = Desktop::start(&bus, 2, Answer::Yes).await;
    let mut app = app(&bus).await;
    app.until_active(ShortcutWay::Portal).await;
    desktop.asked_all().await;
    desktop.key("push-to-talk", true).await;
    app.talks(true).await;
    desktop.close().await;
    app.talks(false).await;
    desktop.asked_all().await;
    app.until_active(ShortcutWay::Portal).await;
    desktop.key("push-to-talk", true).await;
    app.talks(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_crashes_does_not_keep_one_talking() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let mut desktop = Desktop::start(&bus, 2, Answer::Yes).await;
    let mut app = app(&bus).await;
    app.until_active(ShortcutWay::Portal).await;
    desktop.asked_all().await;
    desktop.key("push-to-talk", true).await;
    app.talks(true).await;
    desktop.connection.close().await.unwrap();
    app.talks(false).await;
    app.until_failed(ShortcutWay::X11).await;
    // A new one is used when it is asked for.
    let mut desktop = Desktop::start(&bus, 2, Answer::Yes).await;
    app.command(ShortcutCommand::Again).await;
    app.until_active(ShortcutWay::Portal).await;
    desktop.asked_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_that_refuses_is_not_asked_again_by_itself() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let mut desktop = Desktop::start(&bus, 2, Answer::No).await;
    let mut app = app(&bus).await;
    assert_eq!(app.until_failed(ShortcutWay::Portal).await, "The desktop was told not to give keys to Snug.");
    // The next way is tried.
    app.until_failed(ShortcutWay::X11).await;
    desktop.asked_all().await;
    assert!(desktop.asked.try_recv().is_err());
    app.command(ShortcutCommand::Again).await;
    desktop.asked_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_nobody_answers_does_not_keep_other_ways_waiting() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let _desktop = Desktop::start(&bus, 2, Answer::Nothing).await;
    let own = crate::common::folder();
    let surroundings = Surroundings { answer: Duration::from_millis(300), ..with(&own, &bus) };
    let mut app = App::start_on(own, surroundings).await;
    app.until("the desktop asks", |state| *at(state, ShortcutWay::Portal) == WayStanding::Asking).await;
    assert_eq!(app.until_failed(ShortcutWay::Portal).await, "Nobody answered the desktop's question.");
    app.until_failed(ShortcutWay::X11).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_that_does_not_know_the_app_is_named() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let mut desktop = Desktop::start(&bus, 2, Answer::Stranger).await;
    let mut app = app(&bus).await;
    assert_eq!(app.until_failed(ShortcutWay::Portal).await, "This desktop gives shortcuts only to programs that it knows.");
    assert_eq!(desktop.asked().await, Asked::Register("app.snug.Snug".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_without_a_portal_is_told_so() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let mut app = app(&bus).await;
    assert_eq!(app.until_failed(ShortcutWay::Portal).await, "This desktop has no shortcuts for programs.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_without_shortcuts_is_told_so() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    // As xdg-desktop-portal is on desktops that have none.
    let (send, _asked) = mpsc::unbounded_channel();
    let builder = connection::Builder::address(bus.address.as_str()).unwrap().serve_at(DESKTOP, Registry(Answer::Yes, send)).unwrap();
    let _portal = builder.name("org.freedesktop.portal.Desktop").unwrap().build().await.unwrap();
    let mut app = app(&bus).await;
    assert_eq!(app.until_failed(ShortcutWay::Portal).await, "This desktop has no shortcuts for programs.");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bus_is_told_so() {
    let folder = folder();
    let surroundings = nowhere(folder.path());
    let mut app = App::start_on(folder, surroundings).await;
    assert_eq!(app.until_failed(ShortcutWay::Portal).await, "There is no session bus here, over which desktops are asked.");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_for_keys_before_they_are_wanted() {
    let folder = folder();
    let bus = Bus::start(folder.path());
    let mut desktop = Desktop::start(&bus, 2, Answer::Yes).await;
    let own = crate::common::folder();
    let surroundings = with(&own, &bus);
    let mut app = App::start(own, surroundings).await;
    app.until_active(ShortcutWay::Socket).await;
    assert_eq!(at(&app.state, ShortcutWay::Portal), &WayStanding::Idle);
    assert!(desktop.asked.try_recv().is_err());
    app.command(ShortcutCommand::Use { on: true }).await;
    desktop.asked_all().await;
    app.until_active(ShortcutWay::Portal).await;
    desktop.key("push-to-talk", true).await;
    app.talks(true).await;
    // Switched off while one talks.
    app.command(ShortcutCommand::Use { on: false }).await;
    app.talks(false).await;
    app.until("it is off", |state| !state.on && *at(state, ShortcutWay::Portal) == WayStanding::Idle).await;
}
