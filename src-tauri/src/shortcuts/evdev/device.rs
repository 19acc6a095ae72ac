//! One keyboard or mouse.

use super::{
    super::readable::Readable,
    event::{Event, SIZE, events},
};
use rustix::fs::OFlags;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};
use tokio::sync::mpsc;

/// As many events are read at a time.
const AT_ONCE: usize = 64;

/// What a device tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A key went down, or came up.
    Key(u16, bool),
    /// It does not know what is down.
    Lost,
    /// It is gone, and this is the last of it.
    Gone,
}

/// Whether a device is a keyboard or a mouse, by the keys that it has. Touchpads and tablets have buttons, too, but tell without end
/// where fingers are.
pub(super) fn has_keys(about: &Path, name: &str) -> bool {
    match fs::read_to_string(about.join(name).join("device/capabilities/key")) {
        Ok(keys) => {
            let has = |code| has_key(&keys, code);
            ((1..=248).any(has) || (0x110..=0x117).any(has)) && !has(BTN_TOUCH) && !has(BTN_TOOL_FINGER)
        }
        Err(error) => {
            tracing::debug!(%error, name, "it is not known what this device is");
            false
        }
    }
}

const BTN_TOUCH: u16 = 0x14a;
const BTN_TOOL_FINGER: u16 = 0x145;

/// The kernel writes such sets as its words in hexadecimal, the highest first.
fn has_key(keys: &str, code: u16) -> bool {
    let bits = usize::BITS as usize;
    let word = keys.split_whitespace().rev().nth(usize::from(code) / bits);
    word.and_then(|word| usize::from_str_radix(word, 16).ok()).is_some_and(|word| word >> (usize::from(code) % bits) & 1 == 1)
}

/// Opens it.
pub(super) fn open(path: &Path) -> io::Result<(File, Readable)> {
    let file = OpenOptions::new().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path)?;
    let readable = Readable::new(&file)?;
    Ok((file, readable))
}

/// Tells what it tells until it is gone.
pub(super) async fn follow(name: String, (mut file, readable): (File, Readable), send: mpsc::Sender<(String, Told)>) {
    let mut buffer = [0; AT_ONCE * SIZE];
    while readable.wait().await.is_ok() {
        let over = loop {
            match file.read(&mut buffer) {
                Ok(0) => break true,
                Ok(read) => {
                    for event in events(&buffer[..read]) {
                        // Nobody hears it if the way is at its end.
                        drop(send.send((name.clone(), told(event))).await);
                    }
                }
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock => break false,
                    io::ErrorKind::Interrupted => {}
                    // One that was pulled out.
                    _ => break true,
                },
            }
        };
        if over {
            break;
        }
    }
    drop(send.send((name, Told::Gone)).await);
}

const fn told(event: Event) -> Told {
    match event {
        Event::Key(code, down) => Told::Key(code, down),
        Event::Dropped => Told::Lost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keys_a_device_has_is_read_as_the_kernel_writes_it() {
        // A laptop's keyboard, and a mouse with five buttons.
        let keyboard = "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe";
        assert!(has_key(keyboard, 1) && has_key(keyboard, 30) && !has_key(keyboard, 0) && !has_key(keyboard, 0x110));
        let mouse = "1f0000 0 0 0 0";
        assert!(has_key(mouse, 0x110) && has_key(mouse, 0x114) && !has_key(mouse, 0x115) && !has_key(mouse, 30));
    }

    #[test]
    fn keyboards_and_mice_are_read_and_no_touchpads() {
        let about = tempfile::tempdir().unwrap();
        let device = |name: &str, keys: &str| {
            let folder = about.path().join(name).join("device/capabilities");
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("key"), keys).unwrap();
        };
        device("event0", "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe\n");
        device("event1", "1f0000 0 0 0 0\n");
        device("event2", "e520 10000 0 0 0 0\n");
        device("event3", "0\n");
        assert_eq!(["event0", "event1", "event2", "event3", "event4"].map(|name| has_keys(about.path(), name)), [true, true, false, false, false]);
    }
}
