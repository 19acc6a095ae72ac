//! Keys as the X server tells them: XInput's raw events of the root window.
//!
//! A grab (`XGrabKey`) would take the key from the game, would not come while a game has grabbed the keyboard, would need one grab
//! for every set of modifiers, and would repeat. Raw events tell of every press and release, whoever has the focus or a grab (since
//! XInput 2.1), with any modifiers, and the server's auto-repeat is not among them. They tell of all keys, so what is no chosen
//! key is forgotten at once: see [`super::keyboard`].

use super::{
    readable::Readable,
    way::{Signal, Tell},
};
use snug_ipc::shortcuts::ShortcutWay;
use std::{collections::BTreeSet, convert::Infallible, io, time::Duration};
use tokio::time::{MissedTickBehavior, interval};
use x11rb::{
    connection::{Connection, RequestConnection},
    errors::{ConnectError, ConnectionError, ReplyError},
    protocol::{
        Event,
        xinput::{self, ConnectionExt as _, Device, DeviceId, DeviceType, XIEventMask},
        xproto::{ConnectionExt as _, Window},
    },
    rust_connection::RustConnection,
};

/// How often it is looked whether keys that are down still are.
const LOOK: Duration = Duration::from_millis(500);
/// By so much an X server's numbers of keys are higher than Linux's.
const HIGHER: u32 = 8;

/// Why the X server does not tell.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("there is no X server here")]
    NoDisplay,
    #[error("this is a Wayland session: its X server tells only of keys that are pressed in windows of old programs")]
    Wayland,
    #[error("the X server cannot be reached")]
    Unreachable(#[from] ConnectError),
    #[error("this X server is too old: it has no XInput 2.1")]
    Old,
    #[error("the connection to the X server broke")]
    Gone(#[from] ConnectionError),
    #[error("the X server does not tell of keys")]
    Refused(#[source] ReplyError),
    #[error("it cannot be waited for the X server")]
    Wait(#[from] io::Error),
}

impl Trouble {
    pub(super) const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoDisplay | Self::Wayland | Self::Old => None,
            Self::Unreachable(_) | Self::Gone(_) | Self::Refused(_) | Self::Wait(_) => Some("Try again, or log out and in."),
        }
    }
}

impl From<ReplyError> for Trouble {
    fn from(error: ReplyError) -> Self {
        match error {
            ReplyError::ConnectionError(error) => Self::Gone(error),
            ReplyError::X11Error(_) => Self::Refused(error),
        }
    }
}

/// Tells of keys until it does not work any more.
pub(super) async fn run(display: Option<String>, wayland: bool, tell: Tell) -> Trouble {
    debug_assert_eq!(tell.origin.way, ShortcutWay::X11);
    match listen(display, wayland, &tell).await {
        Ok(never) => match never {},
        Err(trouble) => trouble,
    }
}

async fn listen(display: Option<String>, wayland: bool, tell: &Tell) -> Result<Infallible, Trouble> {
    if wayland {
        return Err(Trouble::Wayland);
    }
    let display = display.ok_or(Trouble::NoDisplay)?;
    // A dead server on another machine could take long to be called one.
    let opened = tokio::task::spawn_blocking(move || open(&display)).await;
    let (connection, root) = opened.map_err(|_| Trouble::NoDisplay)??;
    let mut seen = Seen::new(&connection)?;
    let readable = Readable::new(connection.stream())?;
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tell.tell(Signal::Up).await;
    loop {
        // Requests read events, too: they are looked at before anything is waited for.
        while let Some(event) = connection.poll_for_event()? {
            if let Some((code, down)) = seen.event(&event) {
                tell.tell(Signal::Key(code, down)).await;
            }
        }
        tokio::select! {
            ready = readable.wait() => ready?,
            _ = look.tick(), if seen.any() => {
                for code in seen.stale(&connection, root)? {
                    tell.tell(Signal::Key(code, false)).await;
                }
            }
        }
    }
}

fn open(display: &str) -> Result<(RustConnection, Window), Trouble> {
    let (connection, screen) = RustConnection::connect(Some(display))?;
    // Newer servers say so; older ones are known by the session.
    if connection.query_extension(b"XWAYLAND")?.reply()?.present {
        return Err(Trouble::Wayland);
    }
    if connection.extension_information(xinput::X11_EXTENSION_NAME)?.is_none() {
        return Err(Trouble::Old);
    }
    let version = connection.xinput_xi_query_version(2, 2)?.reply()?;
    if (version.major_version, version.minor_version) < (2, 1) {
        return Err(Trouble::Old);
    }
    let root = connection.setup().roots[screen].root;
    let mask = XIEventMask::RAW_KEY_PRESS | XIEventMask::RAW_KEY_RELEASE | XIEventMask::RAW_BUTTON_PRESS | XIEventMask::RAW_BUTTON_RELEASE;
    let masks = [xinput::EventMask { deviceid: Device::ALL_MASTER.into(), mask: vec![mask] }];
    connection.xinput_xi_select_events(root, &masks)?.check()?;
    Ok((connection, root))
}

/// The keys and buttons that are down.
struct Seen {
    down: BTreeSet<u16>,
    /// The pointer, for its buttons.
    pointer: DeviceId,
}

impl Seen {
    fn new(connection: &RustConnection) -> Result<Self, Trouble> {
        let masters = connection.xinput_xi_query_device(Device::ALL_MASTER)?.reply()?.infos;
        let pointer = masters.iter().find(|device| device.type_ == DeviceType::MASTER_POINTER).ok_or(Trouble::Old)?.deviceid;
        Ok(Self { down: BTreeSet::new(), pointer })
    }

    fn any(&self) -> bool {
        !self.down.is_empty()
    }

    /// What an event says of a key.
    fn event(&mut self, event: &Event) -> Option<(u16, bool)> {
        let (code, down) = match event {
            Event::XinputRawKeyPress(event) => (key(event.detail)?, true),
            Event::XinputRawKeyRelease(event) => (key(event.detail)?, false),
            Event::XinputRawButtonPress(event) => (button(event.detail)?, true),
            Event::XinputRawButtonRelease(event) => (button(event.detail)?, false),
            _ => return None,
        };
        let changed = if down { self.down.insert(code) } else { self.down.remove(&code) };
        changed.then_some((code, down))
    }

    /// Keys that came up without a word, as when their keyboard was pulled out or the machine slept.
    fn stale(&mut self, connection: &RustConnection, root: Window) -> Result<Vec<u16>, Trouble> {
        let keymap = connection.query_keymap()?.reply()?.keys;
        let buttons = connection.xinput_xi_query_pointer(root, self.pointer)?.reply()?.buttons;
        let is_down = |code: u16| match button_of(code) {
            Some(number) => buttons.get(number as usize / 32).is_some_and(|word| word >> (number % 32) & 1 == 1),
            None => {
                let number = u32::from(code) + HIGHER;
                keymap.get(number as usize / 8).is_some_and(|byte| byte >> (number % 8) & 1 == 1)
            }
        };
        let stale: Vec<u16> = self.down.iter().copied().filter(|code| !is_down(*code)).collect();
        self.down.retain(|code| is_down(*code));
        Ok(stale)
    }
}

fn key(detail: u32) -> Option<u16> {
    detail.checked_sub(HIGHER).filter(|code| (1..=247).contains(code)).map(|code| code as u16)
}

/// X's buttons: left, middle, right, four of the wheel, then those at the side.
const BUTTONS: [(u32, u16); 8] = [(1, 0x110), (2, 0x112), (3, 0x111), (8, 0x113), (9, 0x114), (10, 0x115), (11, 0x116), (12, 0x117)];

fn button(detail: u32) -> Option<u16> {
    BUTTONS.into_iter().find(|(number, _)| *number == detail).map(|(_, code)| code)
}

fn button_of(code: u16) -> Option<u32> {
    BUTTONS.into_iter().find(|(_, other)| *other == code).map(|(number, _)| number)
}
