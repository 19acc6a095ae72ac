//! The icon in the tray (StatusNotifierItem): how one is in voice, what is new, and what is done most often.

use super::wish::{Wish, Wishes};
use ksni::{
    Category, Handle, Icon, MenuItem, OfflineReason, ToolTip, TrayMethods,
    menu::{CheckmarkItem, StandardItem},
};
use snug_ipc::shell::{ShellUpdate, TrayState};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};
use tauri::{image::Image, include_image};

/// The longest name of a place, in characters.
const MOST_CHARS: usize = 120;

/// See the [module](self). It stays in wait for a tray to appear, where there is none.
#[derive(Clone)]
pub struct Tray(Handle<Item>);

impl Tray {
    /// Puts the icon there. [`Wish::Tray`] tells of every tray that comes and goes.
    pub async fn start(wishes: Wishes) -> Result<Self, ksni::Error> {
        let there = Arc::new(AtomicBool::new(true));
        let item = Item { wishes: wishes.clone(), there: there.clone(), state: TrayState::default() };
        let handle = item.assume_sni_available(true).spawn().await?;
        wishes.wish(Wish::Tray(there.load(Relaxed)));
        Ok(Self(handle))
    }

    /// Shows how it is now.
    pub async fn show(&self, state: TrayState) {
        if self.0.update(|item| item.state = state).await.is_none() {
            tracing::debug!("the tray is gone");
        }
    }
}

struct Item {
    wishes: Wishes,
    there: Arc<AtomicBool>,
    state: TrayState,
}

/// How one is in voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Talk {
    Out,
    In,
    Muted,
    Deafened,
}

impl Item {
    fn talk(&self) -> Talk {
        match self.state {
            TrayState { voice: None, .. } => Talk::Out,
            TrayState { deafened: true, .. } => Talk::Deafened,
            TrayState { muted: true, .. } => Talk::Muted,
            TrayState { .. } => Talk::In,
        }
    }

    fn choice(label: &str, icon: &str, wish: impl Fn() -> Wish + Send + 'static) -> StandardItem<Self> {
        let activate = Box::new(move |item: &mut Self| item.wishes.wish(wish()));
        StandardItem { label: label.to_owned(), icon_name: icon.to_owned(), activate, ..StandardItem::default() }
    }

    fn check(label: &str, checked: bool, update: impl Fn(bool) -> ShellUpdate + Send + 'static) -> MenuItem<Self> {
        let activate = Box::new(move |item: &mut Self| item.wishes.wish(Wish::Window(update(!checked))));
        CheckmarkItem { label: label.to_owned(), checked, activate, ..CheckmarkItem::default() }.into()
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "app.snug.Snug".to_owned()
    }

    fn title(&self) -> String {
        "Snug".to_owned()
    }

    fn category(&self) -> Category {
        Category::Communications
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        let news = self.state.unread || self.state.mentions > 0;
        icons(self.talk(), news).iter().map(icon).collect()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Snug".to_owned(), description: escaped(&description(&self.state)), ..ToolTip::default() }
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let state = &self.state;
        let raise = || Wish::Raise { token: ksni::current_xdg_activation_token() };
        let leave = Self::choice("Leave voice", "call-stop", || Wish::Window(ShellUpdate::Leave));
        vec![
            Self::choice("Show Snug", "", raise).into(),
            MenuItem::Separator,
            Self::check("Mute", state.muted || state.deafened, |on| ShellUpdate::Mute { on }),
            Self::check("Deafen", state.deafened, |on| ShellUpdate::Deafen { on }),
            StandardItem { enabled: state.voice.is_some(), ..leave }.into(),
            MenuItem::Separator,
            Self::choice("Quit", "application-exit", || Wish::Quit).into(),
        ]
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.wishes.wish(Wish::Toggle { token: ksni::current_xdg_activation_token() });
    }

    fn secondary_activate(&mut self, _x: i32, _y: i32) {
        self.wishes.wish(Wish::Window(ShellUpdate::Mute { on: !(self.state.muted || self.state.deafened) }));
    }

    fn watcher_online(&self) {
        self.there.store(true, Relaxed);
        self.wishes.wish(Wish::Tray(true));
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        tracing::info!(?reason, "there is no tray");
        self.there.store(false, Relaxed);
        self.wishes.wish(Wish::Tray(false));
        true
    }
}

/// In words: where one is and how, and what is new.
fn description(state: &TrayState) -> String {
    let mut words = Vec::new();
    if let Some(place) = &state.voice {
        words.push(place.chars().filter(|c| !c.is_control()).take(MOST_CHARS).collect());
        if state.deafened {
            words.push("Deafened".to_owned());
        } else if state.muted {
            words.push("Muted".to_owned());
        }
    }
    match state.mentions {
        0 if state.unread => words.push("Unread messages".to_owned()),
        0 => {}
        1 => words.push("1 mention".to_owned()),
        many => words.push(format!("{many} mentions")),
    }
    words.join(" · ")
}

/// As markup, of which tooltips and notifications take a part.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// For the two densities of screens; `icons/tray/draw` draws them.
fn icons(talk: Talk, news: bool) -> [Image<'static>; 2] {
    match (talk, news) {
        (Talk::Out, false) => [include_image!("icons/tray/out-24.png"), include_image!("icons/tray/out-48.png")],
        (Talk::Out, true) => [include_image!("icons/tray/out-news-24.png"), include_image!("icons/tray/out-news-48.png")],
        (Talk::In, false) => [include_image!("icons/tray/in-24.png"), include_image!("icons/tray/in-48.png")],
        (Talk::In, true) => [include_image!("icons/tray/in-news-24.png"), include_image!("icons/tray/in-news-48.png")],
        (Talk::Muted, false) => [include_image!("icons/tray/muted-24.png"), include_image!("icons/tray/muted-48.png")],
        (Talk::Muted, true) => [include_image!("icons/tray/muted-news-24.png"), include_image!("icons/tray/muted-news-48.png")],
        (Talk::Deafened, false) => [include_image!("icons/tray/deafened-24.png"), include_image!("icons/tray/deafened-48.png")],
        (Talk::Deafened, true) => [include_image!("icons/tray/deafened-news-24.png"), include_image!("icons/tray/deafened-news-48.png")],
    }
}

/// RGBA as ARGB.
fn icon(image: &Image<'_>) -> Icon {
    let mut data = image.rgba().to_vec();
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    let length = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    Icon { width: length(image.width()), height: length(image.height()), data }
}
