//! The desk: it starts the ways, hears what they tell, and tells the engine and the window.

use super::{
    Surroundings, evdev,
    hold::{Hold, Holder},
    keyboard::{Keyboard, Stroke},
    portal,
    settings::{Kept, Settings},
    sleep::Sleep,
    socket,
    way::{Labels, News, Origin, Signal, Tell, Trouble, order},
    x11,
};
use crate::failure::sentence;
use snug_ipc::shortcuts::{
    ChooseKeys, ShortcutAction, ShortcutCommand, ShortcutKey, ShortcutState, ShortcutToggle, ShortcutUpdate, ShortcutWay, ShortcutWayState,
    WayStanding,
};
use std::{collections::BTreeMap, mem, path::Path, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, JoinHandle},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

/// What ways tell that has not been looked at: they wait when it is more.
const NEWS: usize = 256;
/// How often it is looked whether the machine has slept, while a key is down.
const LOOK: Duration = Duration::from_secs(1);
/// A way that has worked so long is tried again when it is lost, and no other.
const STEADY: Duration = Duration::from_secs(10);
/// So often one that does not work for long is tried again.
const TRIES: u32 = 3;
/// How long it is waited before the first of these.
const PAUSE: Duration = Duration::from_millis(200);
/// How long it is waited when nothing works any more that has worked.
const LONG_PAUSE: Duration = Duration::from_secs(30);

pub(super) type Listener = Box<dyn Fn(ShortcutUpdate) + Send>;

/// What the desk is told.
pub(super) enum Command {
    Attach(Listener),
    Detach,
    /// The window's own key for talking is down, or up.
    Window(bool),
    Do(ShortcutCommand),
}

/// A way that is tried or used. It ends with it.
struct Running {
    origin: Origin,
    task: JoinHandle<Trouble>,
    /// Since when it works.
    up: Option<Instant>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The way that finds keys by itself.
enum Global {
    /// None is wanted, or none works.
    Off,
    Running(Running),
    /// The ways are tried from this one on, later.
    Later(usize, Instant),
}

/// See the [module](self).
pub(super) struct Desk {
    surroundings: Surroundings,
    kept: Kept,
    unkept: Option<String>,
    tell_engine: Box<dyn Fn(bool) + Send>,
    listener: Option<Listener>,
    commands: mpsc::Receiver<Command>,
    line: mpsc::Sender<News>,
    news: mpsc::Receiver<News>,
    turn: u64,
    global: Global,
    socket: Option<Running>,
    standings: BTreeMap<ShortcutWay, WayStanding>,
    /// How often in a row the way that works was lost soon.
    losses: u32,
    configure: Option<mpsc::Sender<()>>,
    labels: Labels,
    keyboard: Keyboard,
    hold: Hold,
    sleep: Sleep,
}

impl Desk {
    pub(super) fn new(file: &Path, surroundings: Surroundings, tell_engine: Box<dyn Fn(bool) + Send>, commands: mpsc::Receiver<Command>) -> Self {
        let (line, news) = mpsc::channel(NEWS);
        Self {
            surroundings,
            kept: Kept::open(file),
            unkept: None,
            tell_engine,
            listener: None,
            commands,
            line,
            news,
            turn: 0,
            global: Global::Off,
            socket: None,
            standings: BTreeMap::new(),
            losses: 0,
            configure: None,
            labels: Labels::new(),
            keyboard: Keyboard::default(),
            hold: Hold::default(),
            sleep: Sleep::default(),
        }
    }

    /// Until nobody can command it any more, or it is over.
    pub(super) async fn run(mut self, mut over: oneshot::Receiver<()>) {
        self.start_socket();
        self.restart();
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let later = match &self.global {
                Global::Later(_, when) => Some(*when),
                Global::Off | Global::Running(_) => None,
            };
            tokio::select! {
                // What a way has told comes before its end.
                biased;
                Some((origin, signal)) = self.news.recv() => self.signal(origin, signal),
                command = self.commands.recv() => match command {
                    Some(command) => self.command(command),
                    None => break,
                },
                // Nobody sends anything: it is dropped.
                _ = &mut over => break,
                ended = ended(&mut self.socket) => self.socket_lost(trouble(ended)),
                ended = global_ended(&mut self.global) => self.lost(trouble(ended)),
                () = sleep_until(later.unwrap_or_else(Instant::now)), if later.is_some() => self.try_later(),
                _ = look.tick(), if self.hold.any() => self.look(),
            }
        }
        self.let_go();
        if let Some(mut socket) = self.socket.take() {
            socket.task.abort();
            // Its file goes with it, before whoever quits goes on.
            drop((&mut socket.task).await);
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Attach(listener) => {
                self.held(Holder::Window, false);
                self.listener = Some(listener);
                self.changed();
            }
            Command::Detach => {
                self.listener = None;
                self.keyboard.record(None);
                self.held(Holder::Window, false);
            }
            Command::Window(down) => self.held(Holder::Window, down),
            Command::Do(command) => self.obey(command),
        }
    }

    fn obey(&mut self, command: ShortcutCommand) {
        match command {
            ShortcutCommand::Use { on } => {
                self.set(|settings| settings.on = on);
                self.restart();
            }
            ShortcutCommand::Read { keyboards } => {
                self.set(|settings| settings.keyboards = keyboards);
                self.restart();
            }
            ShortcutCommand::Record { action } => {
                let action = action.filter(|_| self.choose() == ChooseKeys::Here);
                self.keyboard.record(action);
            }
            ShortcutCommand::Forget { action } => self.set(|settings| drop(settings.keys.remove(&action))),
            ShortcutCommand::Configure => {
                // One question at a time is enough: a second one is dropped.
                if self.configure.as_ref().is_some_and(|configure| configure.try_send(()).is_err()) {
                    tracing::debug!("the desktop's dialog is being asked for already");
                }
            }
            ShortcutCommand::Again => {
                if self.socket.is_none() {
                    self.start_socket();
                }
                self.restart();
            }
        }
        self.changed();
    }

    fn set(&mut self, change: impl FnOnce(&mut Settings)) {
        self.unkept = self.kept.change(change).err().map(|error| sentence(format!("what you set here is forgotten when Snug is quit: {error}")));
    }

    fn signal(&mut self, origin: Origin, signal: Signal) {
        let holder = if self.socket.as_ref().is_some_and(|running| running.origin == origin) {
            Holder::Socket
        } else if matches!(&self.global, Global::Running(running) if running.origin == origin) {
            Holder::Key
        } else {
            return;
        };
        match signal {
            Signal::Asking => self.stands(origin.way, WayStanding::Asking),
            Signal::Up => {
                let running = match (&mut self.global, holder) {
                    (_, Holder::Socket) => self.socket.as_mut(),
                    (Global::Running(running), _) => Some(running),
                    (Global::Off | Global::Later(..), _) => None,
                };
                if let Some(running) = running {
                    running.up.get_or_insert_with(Instant::now);
                }
                tracing::info!(way = ?origin.way, "keys work from anywhere");
                self.stands(origin.way, WayStanding::Active);
            }
            Signal::Labels(labels) => {
                self.labels = labels;
                self.changed();
            }
            Signal::Act(action, down) => self.acts(holder, action, down),
            Signal::Key(code, down) => match self.keyboard.key(code, down, &self.kept.get().keys) {
                Some(Stroke::Acts(action, down)) => self.acts(holder, action, down),
                Some(Stroke::Recorded(action, chord)) => {
                    self.set(|settings| settings.choose(action, chord));
                    self.changed();
                }
                Some(Stroke::Cancelled) => self.changed(),
                None => {}
            },
        }
    }

    fn acts(&mut self, holder: Holder, action: ShortcutAction, down: bool) {
        let toggle = match action {
            ShortcutAction::Talk => return self.held(holder, down),
            ShortcutAction::Mute => ShortcutToggle::Mute,
            ShortcutAction::Deafen => ShortcutToggle::Deafen,
        };
        if down {
            self.tell(ShortcutUpdate::Toggle { what: toggle });
        }
    }

    fn held(&mut self, holder: Holder, down: bool) {
        if !self.hold.any() {
            // What was before does not matter.
            self.sleep.has_slept();
        }
        let before = self.hold.is_from_anywhere();
        if let Some(talks) = self.hold.set(holder, down) {
            (self.tell_engine)(talks);
        }
        let now = self.hold.is_from_anywhere();
        if now != before {
            self.tell(ShortcutUpdate::Talk { down: now });
        }
    }

    fn look(&mut self) {
        if self.sleep.has_slept() {
            tracing::info!("the machine has slept: the key for talking is taken to be up");
            self.let_go();
        }
    }

    fn let_go(&mut self) {
        for holder in [Holder::Window, Holder::Key, Holder::Socket] {
            self.held(holder, false);
        }
        self.keyboard.forget();
    }

    fn start_socket(&mut self) {
        let tell = self.line(ShortcutWay::Socket);
        let origin = tell.origin;
        let runtime_dir = self.surroundings.runtime_dir.clone();
        let task = tokio::spawn(async move { socket::run(runtime_dir, tell).await.into() });
        self.socket = Some(Running { origin, task, up: None });
        self.stands(ShortcutWay::Socket, WayStanding::Trying);
    }

    fn socket_lost(&mut self, trouble: Trouble) {
        self.socket = None;
        self.held(Holder::Socket, false);
        self.failed(ShortcutWay::Socket, &trouble);
    }

    /// Tries all ways anew, if that is wanted.
    fn restart(&mut self) {
        self.stop();
        self.losses = 0;
        for way in [ShortcutWay::Portal, ShortcutWay::X11, ShortcutWay::Evdev] {
            self.standings.insert(way, WayStanding::Idle);
        }
        if self.kept.get().on {
            self.start(0);
        }
        self.changed();
    }

    fn stop(&mut self) {
        self.global = Global::Off;
        self.configure = None;
        self.labels.clear();
        self.keyboard.forget();
        self.held(Holder::Key, false);
    }

    /// Tries the ways from this one on.
    fn start(&mut self, index: usize) {
        let Some(way) = order(self.kept.get().keyboards).get(index).copied() else {
            // Nothing works. What has worked may do so again.
            self.global = if self.losses > 0 { Global::Later(0, Instant::now() + LONG_PAUSE) } else { Global::Off };
            return;
        };
        let tell = self.line(way);
        let origin = tell.origin;
        let here = self.surroundings.clone();
        let task = match way {
            ShortcutWay::Portal => {
                let (configure, asked) = mpsc::channel(1);
                self.configure = Some(configure);
                let wishes =
                    portal::Wishes { bus: here.bus, app_id: here.app_id, keys: self.kept.get().keys.clone(), answer: here.answer, configure: asked };
                tokio::spawn(async move { portal::run(wishes, tell).await.into() })
            }
            ShortcutWay::X11 => tokio::spawn(async move { x11::run(here.display, here.wayland, tell).await.into() }),
            ShortcutWay::Evdev => tokio::spawn(async move { evdev::run(here.input, tell).await.into() }),
            ShortcutWay::Socket => unreachable!("the socket is beside the order"),
        };
        self.global = Global::Running(Running { origin, task, up: None });
        self.stands(way, WayStanding::Trying);
    }

    fn line(&mut self, way: ShortcutWay) -> Tell {
        self.turn += 1;
        Tell { origin: Origin { way, turn: self.turn }, news: self.line.clone() }
    }

    /// The way that was tried or used does not work any more: it is tried again if it has worked, or else the next one is. What somebody
    /// has refused is not tried again, nor is what has worked before it: that would end with the same question.
    fn lost(&mut self, trouble: Trouble) {
        let Global::Running(running) = mem::replace(&mut self.global, Global::Off) else {
            return;
        };
        let way = running.origin.way;
        let worked = running.up.map(|since| since.elapsed());
        self.stop();
        self.failed(way, &trouble);
        let index = order(self.kept.get().keyboards).iter().position(|other| *other == way).unwrap_or_default();
        if trouble.is_answer() || worked.is_some_and(|long| long >= STEADY) {
            self.losses = 0;
        }
        if worked.is_some() && !trouble.is_answer() && self.losses < TRIES {
            self.global = Global::Later(index, Instant::now() + PAUSE * 2_u32.pow(self.losses));
            self.losses += 1;
        } else {
            self.start(index + 1);
        }
        self.changed();
    }

    fn try_later(&mut self) {
        if let Global::Later(index, _) = self.global {
            self.start(index);
        }
    }

    fn failed(&mut self, way: ShortcutWay, trouble: &Trouble) {
        tracing::info!(?way, error = trouble as &dyn std::error::Error, "keys do not come this way");
        let failed = WayStanding::Failed { why: sentence(trouble.to_string()), hint: trouble.hint().map(str::to_owned) };
        self.stands(way, failed);
    }

    fn stands(&mut self, way: ShortcutWay, standing: WayStanding) {
        self.standings.insert(way, standing);
        self.changed();
    }

    fn changed(&self) {
        if self.listener.is_some() {
            self.tell(ShortcutUpdate::State { state: self.state() });
        }
    }

    fn tell(&self, update: ShortcutUpdate) {
        if let Some(tell) = &self.listener {
            tell(update);
        }
    }

    fn choose(&self) -> ChooseKeys {
        match &self.global {
            Global::Running(Running { origin, up: Some(_), .. }) => match origin.way {
                ShortcutWay::Portal => ChooseKeys::Desktop,
                ShortcutWay::X11 | ShortcutWay::Evdev => ChooseKeys::Here,
                ShortcutWay::Socket => ChooseKeys::Nowhere,
            },
            Global::Off | Global::Running(_) | Global::Later(..) => ChooseKeys::Nowhere,
        }
    }

    fn state(&self) -> ShortcutState {
        let settings = self.kept.get();
        let choose = self.choose();
        let key = |action| match choose {
            ChooseKeys::Desktop => ShortcutKey { action, label: self.labels.get(&action).cloned(), writes: false },
            ChooseKeys::Here | ChooseKeys::Nowhere => {
                let chord = settings.keys.get(&action);
                ShortcutKey { action, label: chord.map(ToString::to_string), writes: chord.is_some_and(super::keys::Chord::writes) }
            }
        };
        let found = |way: ShortcutWay| ShortcutWayState { way, standing: self.standings.get(&way).cloned().unwrap_or(WayStanding::Idle) };
        // As they are tried, with those that are not wanted behind.
        let mut ways = order(settings.keyboards).to_vec();
        ways.push(ShortcutWay::Socket);
        if !ways.contains(&ShortcutWay::Evdev) {
            ways.push(ShortcutWay::Evdev);
        }
        ShortcutState {
            on: settings.on,
            keyboards: settings.keyboards,
            ways: ways.into_iter().map(found).collect(),
            choose,
            keys: [ShortcutAction::Talk, ShortcutAction::Mute, ShortcutAction::Deafen].map(key).into(),
            recording: self.keyboard.recording(),
            talking: self.hold.is_from_anywhere(),
            command: self.surroundings.command.clone(),
            rule: evdev::rule(),
            unkept: self.unkept.clone(),
        }
    }
}

async fn ended(running: &mut Option<Running>) -> Result<Trouble, JoinError> {
    match running {
        Some(running) => (&mut running.task).await,
        None => std::future::pending().await,
    }
}

async fn global_ended(global: &mut Global) -> Result<Trouble, JoinError> {
    match global {
        Global::Running(running) => (&mut running.task).await,
        Global::Off | Global::Later(..) => std::future::pending().await,
    }
}

fn trouble(ended: Result<Trouble, JoinError>) -> Trouble {
    ended.unwrap_or_else(|error| {
        tracing::error!(%error, "a way for keys");
        Trouble::Panicked
    })
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
