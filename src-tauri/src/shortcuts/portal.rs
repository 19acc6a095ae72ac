//! Shortcuts of the desktop: `org.freedesktop.portal.GlobalShortcuts`.
//!
//! The desktop asks whoever sits there which keys they are, keeps them, and tells when they go down and come up.

use super::{
    keys::Keys,
    way::{Labels, Signal, Tell},
};
use ashpd::{
    AppID, Error, PortalError,
    desktop::{
        ResponseError, Session,
        global_shortcuts::{
            Activated, BindShortcutsOptions, ConfigureShortcutsOptions, Deactivated, GlobalShortcuts, NewShortcut, Shortcut, ShortcutsChanged,
        },
    },
    zbus::{self, Connection, connection},
};
use futures_util::{Stream, StreamExt};
use snug_ipc::shortcuts::ShortcutAction;
use std::{str::FromStr, time::Duration};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

/// So long the portal may take for what asks nobody.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the desktop does not tell.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("there is no session bus here, over which desktops are asked")]
    NoBus(#[source] zbus::Error),
    #[error("this desktop has no shortcuts for programs")]
    Absent,
    #[error("this desktop gives shortcuts only to programs that it knows")]
    Unknown,
    #[error("the desktop was told not to give keys to Snug")]
    Refused,
    #[error("nobody answered the desktop's question")]
    Unanswered,
    #[error("the desktop ended it")]
    Closed,
    #[error("the desktop's portal has ended")]
    Gone,
    #[error("the desktop's portal does not work")]
    Broken(#[source] Error),
}

impl Trouble {
    pub(super) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoBus(_) => Some("Start Snug within a desktop's session."),
            Self::Absent => Some("GNOME 48, KDE Plasma 5.27 and Hyprland have them, and so have newer ones."),
            Self::Unknown => Some("Install Snug from its package, which tells the desktop of it."),
            Self::Refused | Self::Unanswered => Some("Try again, and the desktop asks again."),
            Self::Closed | Self::Gone | Self::Broken(_) => Some("Try again, or log out and in."),
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match &error {
            Error::PortalNotFound(_) => Self::Absent,
            Error::Response(ResponseError::Cancelled | ResponseError::Other) => Self::Refused,
            Error::NoResponse => Self::Gone,
            Error::Portal(PortalError::NotAllowed(_)) => Self::Unknown,
            Error::Portal(PortalError::ZBus(zbus::Error::MethodError(name, ..))) => match name.as_str() {
                "org.freedesktop.DBus.Error.ServiceUnknown"
                | "org.freedesktop.DBus.Error.NameHasNoOwner"
                | "org.freedesktop.DBus.Error.UnknownMethod"
                | "org.freedesktop.DBus.Error.UnknownInterface"
                | "org.freedesktop.DBus.Error.UnknownObject" => Self::Absent,
                "org.freedesktop.DBus.Error.NoReply" => Self::Gone,
                _ => Self::Broken(error),
            },
            _ => Self::Broken(error),
        }
    }
}

impl From<zbus::Error> for Trouble {
    fn from(error: zbus::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// What the portal needs to know.
pub(super) struct Wishes {
    /// The bus, if it is not the session's.
    pub(super) bus: Option<String>,
    /// The app, as its desktop entry is called.
    pub(super) app_id: String,
    /// What is proposed to the desktop.
    pub(super) keys: Keys,
    /// So long the desktop may wait for an answer.
    pub(super) answer: Duration,
    /// Comes when the keys are to be chosen.
    pub(super) configure: mpsc::Receiver<()>,
}

/// Tells of keys until it does not work any more.
pub(super) async fn run(mut wishes: Wishes, tell: Tell) -> Trouble {
    loop {
        if let Err(trouble) = session(&mut wishes, &tell).await {
            return trouble;
        }
        // A session that is over does not tell that a key comes up.
        tell.tell(Signal::Act(ShortcutAction::Talk, false)).await;
    }
}

/// One session. It ends well when the desktop has to ask anew, since it has no other dialog.
async fn session(wishes: &mut Wishes, tell: &Tell) -> Result<(), Trouble> {
    let connection = connect(wishes.bus.as_deref()).await.map_err(Trouble::NoBus)?;
    let portal = timeout(PATIENCE, open(connection, &wishes.app_id)).await.map_err(|_| Trouble::Gone)??;
    // All by one stream: of two, one does not know which of their signals came first.
    let mut signals = portal.receive_all_signals().await?;
    let mut owners = portal.receive_owner_changed().await?;
    let session = timeout(PATIENCE, portal.create_session(Default::default())).await.map_err(|_| Trouble::Gone)??;
    let mut closed = session.receive_closed().await?;
    tell.tell(Signal::Asking).await;
    let labels = tokio::select! {
        bound = bind(&portal, &session, &wishes.keys) => bound?,
        _ = closed.next() => return Err(Trouble::Closed),
        _ = owners.next() => return Err(Trouble::Gone),
        () = sleep(wishes.answer) => return Err(Trouble::Unanswered),
    };
    tell.tell(Signal::Labels(labels)).await;
    tell.tell(Signal::Up).await;
    let trouble = tokio::select! {
        () = follow(&mut signals, tell) => Trouble::Gone,
        anew = configure(&portal, &session, &mut wishes.configure) => match anew {
            Ok(()) => {
                if let Err(error) = session.close().await {
                    tracing::debug!(%error, "a session of shortcuts ends by itself");
                }
                return Ok(());
            }
            Err(trouble) => trouble,
        },
        _ = closed.next() => Trouble::Closed,
        _ = owners.next() => Trouble::Gone,
    };
    Err(trouble)
}

async fn connect(bus: Option<&str>) -> zbus::Result<Connection> {
    // One for each session: the desktop tells a connection of its own sessions only.
    match bus {
        Some(address) => connection::Builder::address(address)?.build().await,
        None => Connection::session().await,
    }
}

async fn open(connection: Connection, app_id: &str) -> Result<GlobalShortcuts, Trouble> {
    // Since 1.21, the portal has no shortcuts for programs without a name; before 1.19, it could not be told one.
    match AppID::from_str(app_id) {
        Ok(id) => {
            if let Err(error) = ashpd::register_host_app_with_connection(connection.clone(), id).await {
                tracing::debug!(%error, "the portal was not told which program this is");
            }
        }
        Err(error) => tracing::warn!(%error, "the app has no name for portals"),
    }
    Ok(GlobalShortcuts::with_connection(connection).await?)
}

async fn bind(portal: &GlobalShortcuts, session: &Session<GlobalShortcuts>, keys: &Keys) -> Result<Labels, Trouble> {
    let wanted = ALL.map(|(action, id, words)| {
        let trigger = keys.get(&action).and_then(super::keys::Chord::trigger);
        NewShortcut::new(id, words).preferred_trigger(trigger.as_deref())
    });
    let bound = portal.bind_shortcuts(session, &wanted, None, BindShortcutsOptions::default()).await?.response()?;
    Ok(labels(bound.shortcuts()))
}

/// Shows the desktop's dialog whenever that is asked for, where it has one of its own.
async fn configure(portal: &GlobalShortcuts, session: &Session<GlobalShortcuts>, asked: &mut mpsc::Receiver<()>) -> Result<(), Trouble> {
    while asked.recv().await.is_some() {
        match portal.configure_shortcuts(session, None, ConfigureShortcutsOptions::default()).await {
            Ok(()) => {}
            Err(Error::RequiresVersion(..)) => return Ok(()),
            Err(error) => tracing::warn!(%error, "the desktop does not show its dialog for shortcuts"),
        }
    }
    // The desk is gone, and this with it.
    std::future::pending().await
}

async fn follow(signals: &mut (impl Stream<Item = zbus::Message> + Unpin), tell: &Tell) {
    while let Some(message) = signals.next().await {
        let header = message.header();
        let body = message.body();
        let signal = match header.member().map(|member| member.as_str()) {
            Some("Activated") => body.deserialize::<Activated>().map(|it| action(it.shortcut_id()).map(|action| Signal::Act(action, true))),
            Some("Deactivated") => body.deserialize::<Deactivated>().map(|it| action(it.shortcut_id()).map(|action| Signal::Act(action, false))),
            Some("ShortcutsChanged") => body.deserialize::<ShortcutsChanged>().map(|it| Some(Signal::Labels(labels(it.shortcuts())))),
            _ => Ok(None),
        };
        match signal {
            Ok(Some(signal)) => tell.tell(signal).await,
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the portal says something that makes no sense"),
        }
    }
}

/// What the desktop is told of each action. The names are for its files, and stay.
const ALL: [(ShortcutAction, &str, &str); 3] = [
    (ShortcutAction::Talk, "push-to-talk", "Talk while it is held"),
    (ShortcutAction::Mute, "toggle-mute", "Mute yourself, or not"),
    (ShortcutAction::Deafen, "toggle-deafen", "Deafen yourself, or not"),
];

fn action(id: &str) -> Option<ShortcutAction> {
    ALL.into_iter().find(|(_, other, _)| *other == id).map(|(action, ..)| action)
}

fn labels(shortcuts: &[Shortcut]) -> Labels {
    let named = |shortcut: &Shortcut| Some((action(shortcut.id())?, shortcut.trigger_description().trim().to_owned()));
    shortcuts.iter().filter_map(named).filter(|(_, label)| !label.is_empty()).collect()
}
