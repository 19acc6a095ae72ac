//! What is around the window, for tests that are not written in Rust: a panel with a tray, a service that shows notifications, and a
//! logind, all on the session's bus (`DBUS_SESSION_BUS_ADDRESS`). It says `ready`, and then does what it is told on standard input, a
//! line each, with a line of JSON or `failed: …` for an answer. It ends with its input.
//!
//! ```text
//! icon            how the icon in the tray looks: {"tooltip": "…", "entries": ["Show Snug", …]}; null before there is one
//! click           on it
//! choose LABEL    of its menu
//! notes           what is notified of, the oldest first: [{"id": 1, "title": "…", "body": "…"}]
//! open ID         a click on one of them, which takes it away
//! sleep           the machine is about to
//! wake            it did, and is awake
//! ```

#![allow(missing_docs, reason = "what is made of interfaces has none")]

use serde_json::{Value as Json, json};
use std::{
    collections::HashMap,
    error::Error,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use zbus::{
    Connection, Proxy, interface,
    object_server::{InterfaceRef, SignalEmitter},
    zvariant::{OwnedValue, Value},
};

/// Width, height and colours of a picture.
type Pixmap = (i32, i32, Vec<u8>);

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What is kept by several.
struct Shared<T>(Arc<Mutex<T>>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Default> Default for Shared<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Shared<T> {
    fn get(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the icon is that came last.
struct Watcher(Shared<Option<String>>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        *self.0.get() = Some(service);
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

struct Note {
    id: u32,
    title: String,
    body: String,
}

#[derive(Default)]
struct Notes {
    shown: Vec<Note>,
    last: u32,
}

struct Notifications(Shared<Notes>);

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["actions", "body"]
    }

    #[expect(clippy::too_many_arguments, reason = "as it is specified")]
    fn notify(
        &self,
        _app_name: &str,
        replaces: u32,
        _icon: &str,
        title: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut notes = self.0.get();
        let id = if replaces == 0 { notes.last + 1 } else { replaces };
        notes.last = notes.last.max(id);
        notes.shown.retain(|note| note.id != id);
        notes.shown.push(Note { id, title, body });
        id
    }

    async fn close_notification(&self, id: u32, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) -> zbus::fdo::Result<()> {
        self.0.get().shown.retain(|note| note.id != id);
        Ok(emitter.notification_closed(id, 3).await?)
    }

    /// One was clicked.
    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action_key: &str) -> zbus::Result<()>;
    /// One is gone.
    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

struct Logind;

#[interface(name = "org.freedesktop.login1.Manager")]
impl Logind {
    /// Before sleep, and after it.
    #[zbus(signal)]
    async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
}

struct Surroundings {
    bus: Connection,
    icon: Shared<Option<String>>,
    notes: Shared<Notes>,
    notifications: InterfaceRef<Notifications>,
    logind: InterfaceRef<Logind>,
}

#[tokio::main(flavor = "multi_thread")]
async fn main() -> Outcome<()> {
    let around = Surroundings::start().await?;
    println!("ready");
    // The bus is served by the runtime's other threads meanwhile.
    for line in io::stdin().lines() {
        let line = line?;
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match around.follow(word, rest).await {
            Ok(answer) => println!("{answer}"),
            Err(error) => println!("failed: {error}"),
        }
    }
    Ok(())
}

impl Surroundings {
    async fn start() -> Outcome<Self> {
        let bus = Connection::session().await?;
        let (icon, notes) = (Shared::default(), Shared::default());
        let objects = bus.object_server();
        objects.at("/StatusNotifierWatcher", Watcher(icon.clone())).await?;
        objects.at("/org/freedesktop/Notifications", Notifications(notes.clone())).await?;
        objects.at("/org/freedesktop/login1", Logind).await?;
        let notifications = objects.interface("/org/freedesktop/Notifications").await?;
        let logind = objects.interface("/org/freedesktop/login1").await?;
        for name in ["org.kde.StatusNotifierWatcher", "org.freedesktop.Notifications", "org.freedesktop.login1"] {
            bus.request_name(name).await?;
        }
        Ok(Self { bus, icon, notes, notifications, logind })
    }

    async fn follow(&self, word: &str, rest: &str) -> Outcome<Json> {
        match word {
            "icon" => return self.look().await,
            "notes" => {
                let notes = self.notes.get();
                return Ok(notes.shown.iter().map(|Note { id, title, body }| json!({ "id": id, "title": title, "body": body })).collect());
            }
            "click" => self.item().await?.call::<_, _, ()>("Activate", &(0, 0)).await?,
            "choose" => {
                let entries = self.entries().await?;
                let (id, _) = entries.into_iter().find(|(_, label)| label == rest).ok_or("that is not in the menu")?;
                self.menu().await?.call::<_, _, ()>("Event", &(id, "clicked", Value::from(0), 0_u32)).await?;
            }
            "open" => {
                let (id, emitter) = (rest.parse()?, self.notifications.signal_emitter());
                self.notes.get().shown.retain(|note| note.id != id);
                emitter.action_invoked(id, "default").await?;
                emitter.notification_closed(id, 2).await?;
            }
            "sleep" => self.logind.signal_emitter().prepare_for_sleep(true).await?,
            "wake" => self.logind.signal_emitter().prepare_for_sleep(false).await?,
            _ => return Err("that is not known".into()),
        }
        Ok(Json::Null)
    }

    async fn look(&self) -> Outcome<Json> {
        if self.icon.get().is_none() {
            return Ok(Json::Null);
        }
        let (_, _, _, tooltip): (String, Vec<Pixmap>, String, String) = self.item().await?.get_property("ToolTip").await?;
        let labels: Vec<String> = self.entries().await?.into_iter().map(|(_, label)| label).collect();
        Ok(json!({ "tooltip": tooltip, "entries": labels }))
    }

    /// What is in the menu, with the numbers that it goes by.
    async fn entries(&self) -> Outcome<Vec<(i32, String)>> {
        type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
        let (_, (_, _, children)): (u32, Layout) = self.menu().await?.call("GetLayout", &(0, -1, Vec::<&str>::new())).await?;
        let mut entries = Vec::new();
        for child in children {
            let (id, properties, _) = Layout::try_from(child)?;
            // Lines between have no label.
            if let Some(label) = properties.get("label") {
                entries.push((id, label.downcast_ref::<String>()?));
            }
        }
        Ok(entries)
    }

    async fn item(&self) -> Outcome<Proxy<'static>> {
        self.part("/StatusNotifierItem", "org.kde.StatusNotifierItem").await
    }

    async fn menu(&self) -> Outcome<Proxy<'static>> {
        self.part("/MenuBar", "com.canonical.dbusmenu").await
    }

    async fn part(&self, path: &'static str, interface: &'static str) -> Outcome<Proxy<'static>> {
        let owner = self.icon.get().clone().ok_or("there is no icon")?;
        let builder = zbus::proxy::Builder::<Proxy<'_>>::new(&self.bus).destination(owner)?.path(path)?.interface(interface)?;
        Ok(builder.cache_properties(zbus::proxy::CacheProperties::No).build().await?)
    }
}
