//! Keys by the numbers that Linux gives them (`linux/input-event-codes.h`), with what people call them.
//!
//! A number is a place on the keyboard, whatever is printed on it. An X server's number is the same and 8.

use serde::{Deserialize, Serialize};
use snug_ipc::shortcuts::ShortcutAction;
use std::{collections::BTreeMap, fmt};

/// Where the numbers of mouse buttons begin: the left one's.
pub(super) const MOUSE: u16 = 0x110;
/// Escape.
pub(super) const ESCAPE: u16 = 1;
/// The highest number that is used.
pub(super) const HIGHEST: u16 = 0x2ff;

/// The key for each action that has one.
pub(super) type Keys = BTreeMap<ShortcutAction, Chord>;

/// A key that goes with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Modifier {
    Ctrl,
    Alt,
    Shift,
    Super,
}

impl Modifier {
    /// Which one a key is, on whichever side.
    pub(super) fn of(code: u16) -> Option<Self> {
        Some(match code {
            29 | 97 => Self::Ctrl,
            56 | 100 => Self::Alt,
            42 | 54 => Self::Shift,
            125 | 126 => Self::Super,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ctrl => "Ctrl",
            Self::Alt => "Alt",
            Self::Shift => "Shift",
            Self::Super => "Super",
        }
    }

    /// As the desktops' specification of shortcuts calls it.
    const fn trigger(self) -> &'static str {
        match self {
            Self::Ctrl => "CTRL",
            Self::Alt => "ALT",
            Self::Shift => "SHIFT",
            Self::Super => "LOGO",
        }
    }
}

/// A key, and those that have to be down with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chord {
    /// In their order, none twice.
    pub(super) modifiers: Vec<Modifier>,
    pub(super) code: u16,
}

impl Chord {
    /// Whether it also writes something where one writes.
    pub(super) fn writes(&self) -> bool {
        self.modifiers.iter().all(|modifier| *modifier == Modifier::Shift)
            && matches!(self.code, 2..=13 | 15..=28 | 30..=41 | 43..=53 | 55 | 57 | 71..=83 | 86 | 96 | 98 | 117)
    }

    /// As the desktops' specification of shortcuts writes it; nothing for keys that it has no name for.
    pub(super) fn trigger(&self) -> Option<String> {
        let key = keysym(self.code)?;
        Some(self.modifiers.iter().map(|modifier| modifier.trigger()).chain([key.as_str()]).collect::<Vec<_>>().join("+"))
    }

    /// Whether it could be one that was chosen here: files can be written by anybody.
    pub(super) fn is_sound(&self) -> bool {
        self.modifiers.is_sorted_by(|a, b| a < b) && (1..=HIGHEST).contains(&self.code)
    }
}

/// As people read it: `Ctrl+Alt+M`.
impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.modifiers.iter().try_for_each(|modifier| write!(f, "{}+", modifier.name()))?;
        f.write_str(&name(self.code))
    }
}

/// From this number on, what each key is called and which keysym it is on a keyboard for English.
const ROWS: [(u16, &[(&str, &str)]); 4] = [
    (
        2,
        &[
            ("1", "1"),
            ("2", "2"),
            ("3", "3"),
            ("4", "4"),
            ("5", "5"),
            ("6", "6"),
            ("7", "7"),
            ("8", "8"),
            ("9", "9"),
            ("0", "0"),
            ("-", "minus"),
            ("=", "equal"),
            ("Backspace", "BackSpace"),
            ("Tab", "Tab"),
        ],
    ),
    (26, &[("[", "bracketleft"), ("]", "bracketright"), ("Enter", "Return"), ("Left Ctrl", "Control_L")]),
    (39, &[(";", "semicolon"), ("'", "apostrophe"), ("`", "grave"), ("Left Shift", "Shift_L"), ("\\", "backslash")]),
    (
        51,
        &[
            (",", "comma"),
            (".", "period"),
            ("/", "slash"),
            ("Right Shift", "Shift_R"),
            ("Numpad *", "KP_Multiply"),
            ("Left Alt", "Alt_L"),
            ("Space", "space"),
            ("Caps Lock", "Caps_Lock"),
        ],
    ),
];

/// What is in no row.
const OTHERS: [(u16, &str, &str); 45] = [
    (1, "Esc", "Escape"),
    (69, "Num Lock", "Num_Lock"),
    (70, "Scroll Lock", "Scroll_Lock"),
    (71, "Numpad 7", "KP_7"),
    (72, "Numpad 8", "KP_8"),
    (73, "Numpad 9", "KP_9"),
    (74, "Numpad -", "KP_Subtract"),
    (75, "Numpad 4", "KP_4"),
    (76, "Numpad 5", "KP_5"),
    (77, "Numpad 6", "KP_6"),
    (78, "Numpad Plus", "KP_Add"),
    (79, "Numpad 1", "KP_1"),
    (80, "Numpad 2", "KP_2"),
    (81, "Numpad 3", "KP_3"),
    (82, "Numpad 0", "KP_0"),
    (83, "Numpad .", "KP_Decimal"),
    (86, "<", "less"),
    (96, "Numpad Enter", "KP_Enter"),
    (97, "Right Ctrl", "Control_R"),
    (98, "Numpad /", "KP_Divide"),
    (99, "Print", "Print"),
    (100, "Right Alt", "Alt_R"),
    (102, "Home", "Home"),
    (103, "Up", "Up"),
    (104, "Page Up", "Page_Up"),
    (105, "Left", "Left"),
    (106, "Right", "Right"),
    (107, "End", "End"),
    (108, "Down", "Down"),
    (109, "Page Down", "Page_Down"),
    (110, "Ins", "Insert"),
    (111, "Del", "Delete"),
    (113, "Mute", "XF86AudioMute"),
    (114, "Volume Down", "XF86AudioLowerVolume"),
    (115, "Volume Up", "XF86AudioRaiseVolume"),
    (117, "Numpad =", "KP_Equal"),
    (119, "Pause", "Pause"),
    (125, "Left Super", "Super_L"),
    (126, "Right Super", "Super_R"),
    (127, "Menu", "Menu"),
    (163, "Next Track", "XF86AudioNext"),
    (164, "Play", "XF86AudioPlay"),
    (165, "Previous Track", "XF86AudioPrev"),
    (166, "Stop", "XF86AudioStop"),
    (248, "Microphone Mute", "XF86AudioMicMute"),
];

fn known(code: u16) -> Option<(&'static str, &'static str)> {
    let in_row =
        |(first, row): &(u16, &'static [(&'static str, &'static str)])| code.checked_sub(*first).and_then(|at| row.get(usize::from(at))).copied();
    ROWS.iter().find_map(in_row).or_else(|| OTHERS.iter().find(|(other, ..)| *other == code).map(|(_, name, keysym)| (*name, *keysym)))
}

/// The letter at a place of a keyboard for English.
fn letter(code: u16) -> Option<char> {
    let (row, first): (&[u8], u16) = match code {
        16..=25 => (b"QWERTYUIOP", 16),
        30..=38 => (b"ASDFGHJKL", 30),
        44..=50 => (b"ZXCVBNM", 44),
        _ => return None,
    };
    row.get(usize::from(code - first)).copied().map(char::from)
}

fn function(code: u16) -> Option<u16> {
    match code {
        59..=68 => Some(code - 58),
        87 | 88 => Some(code - 76),
        183..=194 => Some(code - 170),
        _ => None,
    }
}

/// What people call a key.
fn name(code: u16) -> String {
    if let Some(letter) = letter(code) {
        return letter.to_string();
    }
    if let Some(number) = function(code) {
        return format!("F{number}");
    }
    match code {
        0x110 => "Left mouse button".to_owned(),
        0x111 => "Right mouse button".to_owned(),
        0x112 => "Middle mouse button".to_owned(),
        0x113..=0x117 => format!("Mouse button {}", code - 0x113 + 4),
        _ => known(code).map_or_else(|| format!("Key {code}"), |(name, _)| name.to_owned()),
    }
}

fn keysym(code: u16) -> Option<String> {
    letter(code)
        .map(|letter| letter.to_ascii_lowercase().to_string())
        .or_else(|| function(code).map(|number| format!("F{number}")))
        .or_else(|| known(code).map(|(_, keysym)| keysym.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chord(modifiers: &[Modifier], code: u16) -> Chord {
        Chord { modifiers: modifiers.to_vec(), code }
    }

    #[test]
    fn keys_are_called_as_people_call_them() {
        let called = |code| chord(&[], code).to_string();
        assert_eq!(
            [16, 38, 50, 41, 57, 59, 88, 183, 194, 78, 0x113, 0x114, 240].map(called),
            ["Q", "L", "M", "`", "Space", "F1", "F12", "F13", "F24", "Numpad Plus", "Mouse button 4", "Mouse button 5", "Key 240"]
        );
        assert_eq!(chord(&[Modifier::Ctrl, Modifier::Alt], 50).to_string(), "Ctrl+Alt+M");
    }

    #[test]
    fn desktops_are_told_keys_by_their_specification() {
        assert_eq!(chord(&[Modifier::Ctrl, Modifier::Super], 28).trigger().as_deref(), Some("CTRL+LOGO+Return"));
        assert_eq!(chord(&[], 30).trigger().as_deref(), Some("a"));
        assert_eq!(chord(&[], 0x113).trigger(), None);
    }

    #[test]
    fn it_is_known_which_keys_write() {
        assert!(chord(&[], 50).writes() && chord(&[Modifier::Shift], 41).writes() && chord(&[], 57).writes());
        assert!(!chord(&[Modifier::Ctrl], 50).writes() && !chord(&[], 59).writes() && !chord(&[], 29).writes() && !chord(&[], 0x114).writes());
    }

    #[test]
    fn no_key_is_called_like_another() {
        let names: Vec<String> = (1..=HIGHEST).map(name).collect();
        let different: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len());
        // A plus stands between keys.
        assert!(names.iter().all(|name| !name.contains('+')));
    }
}
