//! Keys of the terminal, one by one. Where there is no terminal, bytes of whatever is there instead.

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::{
    io::{self, Read},
    thread,
};
use tokio::sync::mpsc;

/// Keys that wait.
const WAITING: usize = 16;

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// `m`: mute, or not any more.
    Mute,
    /// `d`: deafen, or not any more.
    Deafen,
    /// `q`: leave.
    Quit,
}

/// Gives keys as they are pressed, until it is dropped.
pub(crate) struct Keys {
    pressed: mpsc::Receiver<Key>,
    /// How the terminal was.
    before: Option<Termios>,
}

impl Keys {
    pub(crate) fn watch() -> io::Result<Self> {
        let before = tcgetattr(io::stdin()).ok();
        if let Some(before) = &before {
            let mut raw = before.clone();
            // Ctrl-C still is a signal.
            raw.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
            tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        }
        let (press, pressed) = mpsc::channel(WAITING);
        // Reading cannot be stopped: the thread ends with the program.
        thread::Builder::new().name("keys".to_owned()).spawn(move || {
            for byte in io::stdin().lock().bytes().map_while(Result::ok) {
                let key = match byte {
                    b'm' => Key::Mute,
                    b'd' => Key::Deafen,
                    b'q' => Key::Quit,
                    _ => continue,
                };
                if press.blocking_send(key).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { pressed, before })
    }

    /// The next key; waits for ever when no more will come.
    pub(crate) async fn next(&mut self) -> Key {
        match self.pressed.recv().await {
            Some(key) => key,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if let Some(before) = &self.before
            && let Err(error) = tcsetattr(io::stdin(), OptionalActions::Now, before)
        {
            tracing::warn!(%error, "the terminal stays as it is: `stty sane` helps");
        }
    }
}
