//! Whether there is a display to show a window on. What opens windows below us panics where there is none.

use gtk::glib;
use std::env;

/// Why there is no window. Both name what was looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoDisplay {
    /// Nobody said where one is.
    #[error("there is no display for its window: neither DISPLAY nor WAYLAND_DISPLAY is set")]
    Unnamed,
    /// Nobody is there.
    #[error("there is no display for its window: `{0}` does not answer")]
    Silent(String),
}

impl NoDisplay {
    /// What helps.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Unnamed => {
                "start it from a desktop. Over SSH, `ssh -X` brings windows to where you are; `xvfb-run` makes a display that nobody sees."
            }
            Self::Silent(_) => "look whether the desktop still runs, and whether you may use it: a desktop belongs to who logged in there.",
        }
    }
}

/// Opens the display, and tells it which app this is: windows are grouped under the desktop entry of that name.
pub(crate) fn open(identifier: &str) -> Result<(), NoDisplay> {
    glib::set_prgname(Some(identifier));
    gtk::init().map_err(|_| {
        let named = ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().filter_map(env::var_os).find(|name| !name.is_empty());
        named.map_or(NoDisplay::Unnamed, |name| NoDisplay::Silent(name.to_string_lossy().into_owned()))
    })
}
