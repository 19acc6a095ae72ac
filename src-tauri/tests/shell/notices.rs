//! Notifications, against a small service that shows them.

use crate::{PATIENCE, bus::Bus, next, none};
use snug_desktop::shell::{Wish, Wishes, notices::Notices};
use snug_ipc::shell::{Note, NoteTold, ShellUpdate};
use std::collections::HashMap;
use tokio::{sync::mpsc, time::timeout};
use zbus::{
    Connection, interface,
    object_server::{InterfaceRef, SignalEmitter},
    zvariant::OwnedValue,
};

const ACCOUNT: &str = "0123456789abcdef";

#[derive(Debug)]
enum Asked {
    Notify { replaces: u32, title: String, body: String, actions: Vec<String>, hints: HashMap<String, OwnedValue> },
    Close(u32),
}

struct Service {
    can: &'static [&'static str],
    last: u32,
    asked: mpsc::UnboundedSender<Asked>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    fn get_capabilities(&self) -> Vec<String> {
        self.can.iter().map(ToString::to_string).collect()
    }

    #[expect(clippy::too_many_arguments, reason = "as it is specified")]
    fn notify(
        &mut self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expire_timeout: i32,
    ) -> u32 {
        assert_eq!((app_name, app_icon, expire_timeout), ("Snug", "app.snug.Snug", -1));
        self.asked.send(Asked::Notify { replaces: replaces_id, title: summary.to_owned(), body: body.to_owned(), actions, hints }).unwrap();
        if replaces_id != 0 {
            return replaces_id;
        }
        self.last += 1;
        self.last
    }

    async fn close_notification(&self, id: u32, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        self.asked.send(Asked::Close(id)).unwrap();
        emitter.notification_closed(id, 3).await.unwrap();
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action_key: &str) -> zbus::Result<()>;
    #[zbus(signal)]
    async fn activation_token(emitter: &SignalEmitter<'_>, id: u32, activation_token: &str) -> zbus::Result<()>;
    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

/// A desktop that shows notifications, and the app.
struct Desktop {
    _bus: Bus,
    _connection: Connection,
    service: InterfaceRef<Service>,
    asked: mpsc::UnboundedReceiver<Asked>,
    notices: Notices,
    wished: mpsc::Receiver<Wish>,
}

impl Desktop {
    async fn start(can: &'static [&'static str]) -> Self {
        let bus = Bus::start();
        let connection = bus.connect().await;
        let (sends, asked) = mpsc::unbounded_channel();
        let path = "/org/freedesktop/Notifications";
        connection.object_server().at(path, Service { can, last: 0, asked: sends }).await.unwrap();
        connection.request_name("org.freedesktop.Notifications").await.unwrap();
        let service = connection.object_server().interface(path).await.unwrap();
        let (wishes, wished) = Wishes::new();
        let notices = Notices::start(&bus.connect().await, wishes).await.unwrap();
        Self { _bus: bus, _connection: connection, service, asked, notices, wished }
    }

    async fn asked(&mut self) -> Asked {
        timeout(PATIENCE, self.asked.recv()).await.expect("the service is asked").unwrap()
    }

    async fn click(&self, id: u32, key: &str) {
        self.service.signal_emitter().action_invoked(id, key).await.unwrap();
    }
}

fn note(channel: u64, body: &str) -> Note {
    Note {
        account: ACCOUNT.to_owned(),
        space: "10".parse().unwrap(),
        channel: channel.to_string().parse().unwrap(),
        title: "Ilse in #tea".to_owned(),
        body: body.to_owned(),
        sound: true,
    }
}

#[tokio::test]
async fn a_click_raises_the_window_and_leads_to_the_channel() {
    let mut desktop = Desktop::start(&["body", "body-markup", "actions", "sound"]).await;
    assert_eq!(desktop.notices.tell(note(11, "tea?")).await, NoteTold::Heard);
    assert_eq!(desktop.notices.tell(note(12, "cake?")).await, NoteTold::Heard);
    let Asked::Notify { actions, hints, .. } = desktop.asked().await else { panic!() };
    assert_eq!(actions, ["default", "Open"]);
    assert_eq!(hints["desktop-entry"].downcast_ref::<&str>().unwrap(), "app.snug.Snug");
    assert_eq!(hints["sound-name"].downcast_ref::<&str>().unwrap(), "message-new-instant");

    desktop.click(7, "default").await;
    desktop.click(2, "other").await;
    desktop.service.signal_emitter().activation_token(2, "token-1").await.unwrap();
    desktop.click(2, "default").await;
    assert_eq!(next(&mut desktop.wished).await, Wish::Raise { token: Some("token-1".to_owned()) });
    let (space, channel) = ("10".parse().unwrap(), "12".parse().unwrap());
    assert_eq!(next(&mut desktop.wished).await, Wish::Window(ShellUpdate::Channel { account: ACCOUNT.to_owned(), space, channel }));

    // It is gone with its click.
    desktop.click(2, "default").await;
    desktop.click(1, "default").await;
    assert_eq!(next(&mut desktop.wished).await, Wish::Raise { token: None });
    assert!(matches!(next(&mut desktop.wished).await, Wish::Window(ShellUpdate::Channel { channel, .. }) if channel.to_string() == "11"));
    none(&mut desktop.wished);
}

#[tokio::test]
async fn one_about_the_same_channel_takes_the_place_of_the_one_before_until_that_is_read() {
    let mut desktop = Desktop::start(&["body", "actions"]).await;
    for body in ["one", "two"] {
        desktop.notices.tell(note(11, body)).await;
    }
    assert!(matches!(desktop.asked().await, Asked::Notify { replaces: 0, .. }));
    assert!(matches!(desktop.asked().await, Asked::Notify { replaces: 1, .. }));
    desktop.notices.withdraw("fedcba9876543210", "11".parse().unwrap()).await;
    desktop.notices.withdraw(ACCOUNT, "12".parse().unwrap()).await;
    desktop.notices.withdraw(ACCOUNT, "11".parse().unwrap()).await;
    assert!(matches!(desktop.asked().await, Asked::Close(1)));
    desktop.notices.withdraw(ACCOUNT, "11".parse().unwrap()).await;
    desktop.notices.tell(note(11, "three")).await;
    assert!(matches!(desktop.asked().await, Asked::Notify { replaces: 0, .. }));
}

#[tokio::test]
async fn the_numbers_of_a_program_that_has_ended_are_not_used() {
    let mut desktop = Desktop::start(&[]).await;
    desktop.notices.tell(note(11, "one")).await;
    assert!(matches!(desktop.asked().await, Asked::Notify { replaces: 0, .. }));
    desktop._connection.release_name("org.freedesktop.Notifications").await.unwrap();
    while desktop.notices.tell(note(12, "two")).await != NoteTold::Nobody {}
    desktop._connection.request_name("org.freedesktop.Notifications").await.unwrap();
    // As one that is started by what it is to show.
    for replaced in [0, 2] {
        desktop.notices.tell(note(11, "three")).await;
        assert!(matches!(desktop.asked().await, Asked::Notify { replaces, .. } if replaces == replaced));
    }
}

#[tokio::test]
async fn text_stays_text() {
    let evil = "<b>bold</b> & <img src=\"file:///etc/passwd\"/>\u{7}";
    for (can, shown) in [
        (&["body-markup"][..], "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;img src=\"file:///etc/passwd\"/&gt; "),
        (&[], "<b>bold</b> & <img src=\"file:///etc/passwd\"/> "),
    ] {
        let mut desktop = Desktop::start(can).await;
        desktop.notices.tell(Note { title: "a & b".to_owned(), ..note(11, evil) }).await;
        let Asked::Notify { title, body, actions, .. } = desktop.asked().await else { panic!() };
        assert_eq!((title.as_str(), body.as_str()), ("a & b", shown), "a title is never markup");
        assert_eq!(actions, [""; 0], "nothing to click where nothing can be clicked");
    }
}

#[tokio::test]
async fn what_is_not_to_be_heard_is_not() {
    let mut desktop = Desktop::start(&["sound"]).await;
    assert_eq!(desktop.notices.tell(Note { sound: false, ..note(11, "hush") }).await, NoteTold::Shown);
    let Asked::Notify { hints, .. } = desktop.asked().await else { panic!() };
    assert_eq!(hints["suppress-sound"].downcast_ref::<bool>(), Ok(true));
    assert!(!hints.contains_key("sound-name"));
}

#[tokio::test]
async fn too_much_is_not_told_and_long_text_is_cut() {
    let mut desktop = Desktop::start(&[]).await;
    let mut told = Vec::new();
    for channel in 1..=20 {
        told.push(desktop.notices.tell(note(channel, &"ü".repeat(5_000))).await);
    }
    let shown = told.iter().filter(|told| **told == NoteTold::Shown).count();
    assert!((6..=16).contains(&shown), "{told:?}");
    assert!(told.contains(&NoteTold::TooMany));
    let Asked::Notify { body, .. } = desktop.asked().await else { panic!() };
    assert_eq!(body.chars().count(), 501);
}

#[tokio::test]
async fn where_nobody_shows_notifications_that_is_said() {
    let bus = Bus::start();
    let notices = Notices::start(&bus.connect().await, Wishes::new().0).await.unwrap();
    assert_eq!(notices.tell(note(11, "tea?")).await, NoteTold::Nobody);
}
