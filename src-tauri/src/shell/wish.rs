//! What people want who click somewhere outside of the window.

use snug_ipc::shell::ShellUpdate;
use tokio::sync::mpsc;

/// So many clicks wait; nobody clicks faster.
const WAITING: usize = 64;

/// What somebody wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// To see the window. `token` is what Wayland wants to know for it: who was clicked (xdg-activation).
    Raise {
        /// If there was a click.
        token: Option<String>,
    },
    /// To see the window, or to see it no more.
    Toggle {
        /// If there was a click.
        token: Option<String>,
    },
    /// To end the app.
    Quit,
    /// Something that the window does.
    Window(ShellUpdate),
    /// Not a wish: there is a tray now, or none any more.
    Tray(bool),
}

/// Whom to tell.
#[derive(Clone, Debug)]
pub struct Wishes(mpsc::Sender<Wish>);

impl Wishes {
    /// Both ends.
    pub fn new() -> (Self, mpsc::Receiver<Wish>) {
        let (sends, receives) = mpsc::channel(WAITING);
        (Self(sends), receives)
    }

    /// Somebody wants something.
    pub fn wish(&self, wish: Wish) {
        if let Err(error) = self.0.try_send(wish) {
            tracing::warn!(%error, "a click is lost");
        }
    }
}
