//! The tray, against a small StatusNotifierWatcher and host.

use crate::{PATIENCE, bus, next, none};
use snug_desktop::shell::{Wish, Wishes, tray::Tray};
use snug_ipc::shell::{ShellUpdate, TrayState};
use std::{collections::HashMap, time::Duration};
use tokio::{sync::mpsc, time::timeout};
use zbus::{
    Connection, Proxy, interface,
    zvariant::{OwnedValue, Value},
};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Hears which icons there are.
struct Watcher(mpsc::UnboundedSender<String>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.0.send(service).unwrap();
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

/// A panel with a tray.
struct Panel {
    connection: Connection,
    items: mpsc::UnboundedReceiver<String>,
}

impl Panel {
    async fn start() -> Self {
        let connection = Connection::session().await.unwrap();
        let (sends, items) = mpsc::unbounded_channel();
        connection.object_server().at("/StatusNotifierWatcher", Watcher(sends)).await.unwrap();
        connection.request_name(WATCHER).await.unwrap();
        Self { connection, items }
    }

    /// The icon that comes next.
    async fn icon(&mut self) -> Icon {
        let name = timeout(PATIENCE, self.items.recv()).await.expect("an icon comes").unwrap();
        let uncached = |path, interface| {
            let builder = zbus::proxy::Builder::<Proxy<'_>>::new(&self.connection).destination(name.clone()).unwrap();
            builder.path(path).unwrap().interface(interface).unwrap().cache_properties(zbus::proxy::CacheProperties::No).build()
        };
        Icon {
            item: uncached("/StatusNotifierItem", "org.kde.StatusNotifierItem").await.unwrap(),
            menu: uncached("/MenuBar", "com.canonical.dbusmenu").await.unwrap(),
        }
    }
}

type Pixmap = (i32, i32, Vec<u8>);
type Properties = HashMap<String, OwnedValue>;
type Layout = (i32, Properties, Vec<OwnedValue>);

struct Icon {
    item: Proxy<'static>,
    menu: Proxy<'static>,
}

impl Icon {
    async fn pixmaps(&self) -> Vec<Pixmap> {
        self.item.get_property("IconPixmap").await.unwrap()
    }

    async fn tooltip(&self) -> (String, String) {
        let (_, _, title, text): (String, Vec<Pixmap>, String, String) = self.item.get_property("ToolTip").await.unwrap();
        (title, text)
    }

    /// What is in the menu, lines between left out.
    async fn entries(&self) -> Vec<(i32, String, Properties)> {
        let (_, (_, _, children)): (u32, Layout) = self.menu.call("GetLayout", &(0, -1, Vec::<&str>::new())).await.unwrap();
        children
            .into_iter()
            .filter_map(|child| {
                let (id, properties, _) = Layout::try_from(child).unwrap();
                let label = properties.get("label")?.downcast_ref::<String>().unwrap();
                Some((id, label, properties))
            })
            .collect()
    }

    async fn labels(&self) -> Vec<String> {
        self.entries().await.into_iter().map(|(_, label, _)| label).collect()
    }

    async fn property<T: TryFrom<OwnedValue>>(&self, label: &str, property: &str) -> Option<T> {
        let mut entries = self.entries().await.into_iter();
        entries.find(|entry| entry.1 == label).unwrap().2.remove(property)?.try_into().ok()
    }

    async fn choose(&self, label: &str) {
        let id = self.entries().await.into_iter().find(|entry| entry.1 == label).unwrap().0;
        self.menu.call::<_, _, ()>("Event", &(id, "clicked", Value::from(0), 0_u32)).await.unwrap();
    }
}

fn state(change: impl FnOnce(&mut TrayState)) -> TrayState {
    let mut state = TrayState { voice: Some("Tea & cake · Hearth".to_owned()), ..TrayState::default() };
    change(&mut state);
    state
}

#[tokio::test]
async fn the_tray_shows_how_one_is_in_voice_and_what_is_new() {
    if !bus::inside("tray::the_tray_shows_how_one_is_in_voice_and_what_is_new") {
        return;
    }
    let mut panel = Panel::start().await;
    let (wishes, _wished) = Wishes::new();
    let tray = Tray::start(wishes).await.unwrap();
    let icon = panel.icon().await;
    let mut seen = Vec::new();
    for state in [
        TrayState::default(),
        TrayState { unread: true, ..TrayState::default() },
        state(|_| ()),
        state(|state| state.muted = true),
        state(|state| state.deafened = true),
        state(|state| (state.muted, state.mentions) = (true, 2)),
    ] {
        tray.show(state).await;
        let pixmaps = icon.pixmaps().await;
        assert_eq!(
            pixmaps.iter().map(|(width, height, data)| (*width, *height, data.len())).collect::<Vec<_>>(),
            [(24, 24, 24 * 24 * 4), (48, 48, 48 * 48 * 4)]
        );
        assert!(pixmaps[0].2.chunks(4).any(|argb| argb[0] == 255 && argb[1] > argb[3]), "the mark is red, in ARGB");
        assert!(!seen.contains(&pixmaps), "each state looks different");
        seen.push(pixmaps);
    }
    assert_eq!(icon.tooltip().await, ("Snug".to_owned(), "Tea &amp; cake · Hearth · Muted · 2 mentions".to_owned()));
}

#[tokio::test]
async fn clicks_on_the_tray_become_wishes() {
    if !bus::inside("tray::clicks_on_the_tray_become_wishes") {
        return;
    }
    let mut panel = Panel::start().await;
    let (wishes, mut wished) = Wishes::new();
    let tray = Tray::start(wishes).await.unwrap();
    assert_eq!(next(&mut wished).await, Wish::Tray(true));
    let icon = panel.icon().await;
    // A token holds for a tenth of a second: on a machine with much to do it may be late.
    let mut token = None;
    for _ in 0..50 {
        icon.item.call::<_, _, ()>("ProvideXdgActivationToken", &"token-1").await.unwrap();
        icon.item.call::<_, _, ()>("Activate", &(0, 0)).await.unwrap();
        let Wish::Toggle { token: Some(given) } = next(&mut wished).await else { continue };
        token = Some(given);
        break;
    }
    assert_eq!(token.as_deref(), Some("token-1"));
    assert_eq!(icon.labels().await, ["Show Snug", "Mute", "Deafen", "Leave voice", "Quit"]);
    assert_eq!(icon.property("Leave voice", "enabled").await, Some(false));

    tray.show(state(|state| state.muted = true)).await;
    assert_eq!(icon.property("Mute", "toggle-state").await, Some(1));
    assert_eq!(icon.property::<i32>("Deafen", "toggle-state").await.unwrap_or(0), 0);
    for (label, wish) in [
        ("Mute", Wish::Window(ShellUpdate::Mute { on: false })),
        ("Deafen", Wish::Window(ShellUpdate::Deafen { on: true })),
        ("Leave voice", Wish::Window(ShellUpdate::Leave)),
        ("Quit", Wish::Quit),
    ] {
        icon.choose(label).await;
        assert_eq!(next(&mut wished).await, wish);
    }
    icon.choose("Show Snug").await;
    assert!(matches!(next(&mut wished).await, Wish::Raise { .. }));
    none(&mut wished);
}

#[tokio::test]
async fn the_icon_waits_for_a_tray_and_comes_back_with_it() {
    if !bus::inside("tray::the_icon_waits_for_a_tray_and_comes_back_with_it") {
        return;
    }
    let (wishes, mut wished) = Wishes::new();
    let _tray = Tray::start(wishes).await.unwrap();
    while next(&mut wished).await != Wish::Tray(false) {}
    for _ in 0..2 {
        let mut panel = Panel::start().await;
        panel.icon().await;
        while next(&mut wished).await != Wish::Tray(true) {}
        panel.connection.close().await.unwrap();
        while next(&mut wished).await != Wish::Tray(false) {}
    }
    assert!(timeout(Duration::from_millis(1), wished.recv()).await.is_err());
}
