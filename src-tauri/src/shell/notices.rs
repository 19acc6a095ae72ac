//! The system's notifications (org.freedesktop.Notifications): of messages that nobody looks at, and of the tray.

use super::{
    pace::Pace,
    tray::escaped,
    wish::{Wish, Wishes},
};
use futures_util::StreamExt;
use snug_ipc::shell::{Note, NoteTold, ShellUpdate};
use std::{
    collections::HashMap,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Mutex, time::timeout};
use zbus::{
    Connection,
    fdo::{DBusProxy, NameOwnerChangedStream},
    proxy,
    zvariant::Value,
};

/// How long whoever shows notifications may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// So many are shown at once, and remembered.
const MOST: usize = 100;
/// The longest title, in characters.
const MOST_TITLE: usize = 120;
/// The longest text, in characters.
const MOST_BODY: usize = 500;
/// The service's name on the bus.
const SERVICE: &str = "org.freedesktop.Notifications";
/// What a click on the notification itself is called.
const DEFAULT: &str = "default";

#[proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;
    #[expect(clippy::too_many_arguments, reason = "as it is specified")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;
    fn close_notification(&self, id: u32) -> zbus::Result<()>;
    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;
    #[zbus(signal)]
    fn activation_token(&self, id: u32, activation_token: String) -> zbus::Result<()>;
    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

/// What one is about: a later one takes the place of an earlier one about the same.
#[derive(Clone, Debug, PartialEq)]
enum About {
    Channel { account: String, space: snug_protocol::SpaceId, channel: snug_protocol::ChannelId },
    Tray,
}

/// One that is shown.
#[derive(Debug)]
struct Shown {
    id: u32,
    about: About,
    /// What Wayland wants to know of a click.
    token: Option<String>,
}

#[derive(Debug)]
struct Board {
    shown: Vec<Shown>,
    pace: Pace,
}

/// See the [module](self).
#[derive(Clone, Debug)]
pub struct Notices {
    proxy: NotificationsProxy<'static>,
    board: Arc<Mutex<Board>>,
}

impl Notices {
    /// On the session's bus. Clicks become wishes.
    pub async fn start(session: &Connection, wishes: Wishes) -> zbus::Result<Self> {
        let proxy = NotificationsProxy::new(session).await?;
        let board = Arc::new(Mutex::new(Board { shown: Vec::new(), pace: Pace::new(Instant::now()) }));
        let listening = Listening {
            clicks: proxy.receive_action_invoked().await?,
            tokens: proxy.receive_activation_token().await?,
            closings: proxy.receive_notification_closed().await?,
            owners: DBusProxy::new(session).await?.receive_name_owner_changed_with_args(&[(0, SERVICE)]).await?,
        };
        tokio::spawn(listening.run(board.clone(), wishes));
        Ok(Self { proxy, board })
    }

    /// Tells of a message.
    pub async fn tell(&self, note: Note) -> NoteTold {
        let Note { account, space, channel, title, body, sound } = note;
        self.put(About::Channel { account, space, channel }, &title, &body, sound).await
    }

    /// Tells that the app is in the tray now.
    pub async fn tell_of_tray(&self) -> NoteTold {
        self.put(About::Tray, "Snug is still there", "It stays in the tray, so that calls go on and messages are told. Quit it there.", false).await
    }

    /// A channel was read: nothing needs to be told of it any more.
    pub async fn withdraw(&self, account: &str, channel: snug_protocol::ChannelId) {
        let here = |about: &About| matches!(about, About::Channel { account: a, channel: c, .. } if a == account && *c == channel);
        let mut board = self.board.lock().await;
        let gone: Vec<Shown> = board.shown.extract_if(.., |shown| here(&shown.about)).collect();
        drop(board);
        for shown in gone {
            answered(self.proxy.close_notification(shown.id)).await;
        }
    }

    async fn put(&self, about: About, title: &str, body: &str, sound: bool) -> NoteTold {
        // One after the other, so that a click finds what it is about, and a second one about the same finds the first.
        let mut board = self.board.lock().await;
        if !board.pace.allows(Instant::now()) {
            return NoteTold::TooMany;
        }
        let Some(can) = answered(self.proxy.get_capabilities()).await else {
            return NoteTold::Nobody;
        };
        let can = |what: &str| can.iter().any(|one| one == what);
        let heard = sound && can("sound");
        let (title, body) = (shortened(title, MOST_TITLE), shortened(body, MOST_BODY));
        let body = if can("body-markup") { escaped(&body) } else { body };
        let actions: &[&str] = if can("actions") { &[DEFAULT, "Open"] } else { &[] };
        let mut hints = HashMap::from([("desktop-entry", Value::from("app.snug.Snug")), ("category", Value::from("im.received"))]);
        if heard {
            hints.insert("sound-name", Value::from("message-new-instant"));
        } else {
            hints.insert("suppress-sound", Value::from(true));
        }
        let before = board.shown.iter().position(|shown| shown.about == about).map(|at| board.shown.remove(at).id);
        let told = self.proxy.notify("Snug", before.unwrap_or(0), "app.snug.Snug", &title, &body, actions, hints, -1);
        let Some(id) = answered(told).await else {
            return NoteTold::Nobody;
        };
        if board.shown.len() == MOST {
            board.shown.remove(0);
        }
        board.shown.push(Shown { id, about, token: None });
        if heard { NoteTold::Heard } else { NoteTold::Shown }
    }
}

/// What whoever shows notifications says; nothing if it does not answer.
async fn answered<T>(answer: impl Future<Output = zbus::Result<T>>) -> Option<T> {
    match timeout(PATIENCE, answer).await {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(error)) => {
            tracing::debug!(%error, "notifications");
            None
        }
        Err(_) => {
            tracing::warn!("whoever shows notifications does not answer");
            None
        }
    }
}

/// Text of others, without what is no text.
fn shortened(text: &str, most: usize) -> String {
    let mut chars = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c });
    let short: String = chars.by_ref().take(most).collect();
    if chars.next().is_some() { short + "…" } else { short }
}

struct Listening {
    clicks: ActionInvokedStream,
    tokens: ActivationTokenStream,
    closings: NotificationClosedStream,
    owners: NameOwnerChangedStream,
}

impl Listening {
    /// Until the bus is gone.
    async fn run(mut self, board: Arc<Mutex<Board>>, wishes: Wishes) {
        loop {
            // In the order in which they are sent: the token before the click, and the click before the end.
            tokio::select! {
                biased;
                Some(token) = self.tokens.next() => {
                    if let Ok(args) = token.args()
                        && let Some(shown) = board.lock().await.shown.iter_mut().find(|shown| shown.id == args.id)
                    {
                        shown.token = Some(args.activation_token);
                    }
                }
                Some(click) = self.clicks.next() => {
                    if let Ok(args) = click.args()
                        && args.action_key == DEFAULT
                        && let Some(shown) = take(&mut *board.lock().await, args.id)
                    {
                        clicked(shown, &wishes);
                    }
                }
                Some(closing) = self.closings.next() => {
                    if let Ok(args) = closing.args() {
                        drop(take(&mut *board.lock().await, args.id));
                    }
                }
                // Another program shows them now, and gives its own numbers. Where there was none, it was started by the first of ours.
                Some(changed) = self.owners.next() => {
                    if changed.args().is_ok_and(|args| args.old_owner.is_some()) {
                        board.lock().await.shown.clear();
                    }
                }
                else => return,
            }
        }
    }
}

fn take(board: &mut Board, id: u32) -> Option<Shown> {
    let at = board.shown.iter().position(|shown| shown.id == id)?;
    Some(board.shown.remove(at))
}

fn clicked(shown: Shown, wishes: &Wishes) {
    wishes.wish(Wish::Raise { token: shown.token });
    match shown.about {
        About::Channel { account, space, channel } => wishes.wish(Wish::Window(ShellUpdate::Channel { account, space, channel })),
        About::Tray => {}
    }
}
