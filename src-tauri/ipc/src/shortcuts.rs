//! Keys that work while another program has the focus, as the window sets and shows them.

use crate::ipc;

ipc! {
    /// What a key can do.
    #[derive(Copy, Eq, PartialOrd, Ord, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum ShortcutAction {
        /// Talk, as long as it is held.
        Talk,
        /// Mute, or not any more.
        Mute,
        /// Deafen, or not any more.
        Deafen,
    }

    /// How keys can reach the app.
    #[derive(Copy, Eq, PartialOrd, Ord, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum ShortcutWay {
        /// The desktop tells, by its portal.
        Portal,
        /// The X server tells.
        X11,
        /// The desktop calls `snug-ptt`.
        Socket,
        /// The keyboards are read.
        Evdev,
    }

    /// Whether keyboards are read.
    #[derive(Copy, Default, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum ReadKeyboards {
        /// Never.
        #[default]
        Never,
        /// Where neither the desktop nor the X server tells.
        Otherwise,
        /// Rather than asking them.
        First,
    }

    /// What the window asks for.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum ShortcutCommand {
        /// Use keys while another program has the focus, or not any more. The socket is there in any case.
        Use {
            /// Which of both.
            on: bool,
        },
        /// Read keyboards, or not.
        Read {
            /// When.
            keyboards: ReadKeyboards,
        },
        /// Take the next key that is pressed for this; nothing: leave it as it is after all.
        Record {
            /// For what.
            action: Option<ShortcutAction>,
        },
        /// Use no key for this.
        Forget {
            /// For what.
            action: ShortcutAction,
        },
        /// Show the desktop's own dialog, in which keys are chosen.
        Configure,
        /// Try again what did not work.
        Again,
    }

    /// What the window is told.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum ShortcutUpdate {
        /// How things are: first, and whenever that changes.
        State {
            /// All of it.
            state: ShortcutState,
        },
        /// The key for talking is down, or up. The engine has been told already.
        Talk {
            /// Which of both.
            down: bool,
        },
        /// A key was pressed that changes something: the window changes it, so that all agree.
        Toggle {
            /// What.
            what: ShortcutToggle,
        },
    }

    /// What is changed by a key.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum ShortcutToggle {
        /// Whether one is muted.
        Mute,
        /// Whether one is deafened.
        Deafen,
    }

    /// How things are.
    pub struct ShortcutState {
        /// Whether keys are used while another program has the focus.
        pub on: bool,
        /// Whether keyboards are read.
        pub keyboards: ReadKeyboards,
        /// All ways, in the order in which they are tried.
        pub ways: Vec<ShortcutWayState>,
        /// Where keys are chosen now.
        pub choose: ChooseKeys,
        /// The key for each action.
        pub keys: Vec<ShortcutKey>,
        /// For what the next key is taken.
        pub recording: Option<ShortcutAction>,
        /// Whether the key for talking is down.
        pub talking: bool,
        /// How `snug-ptt` is called: by its name, or by its path where it is not among the programs.
        pub command: String,
        /// What a system needs before keyboards can be read.
        pub rule: UdevRule,
        /// What is set cannot be kept: why.
        pub unkept: Option<String>,
    }

    /// How a way is.
    pub struct ShortcutWayState {
        /// Which.
        pub way: ShortcutWay,
        /// How.
        pub standing: WayStanding,
    }

    /// How a way is.
    #[serde(tag = "at", rename_all = "snake_case")]
    pub enum WayStanding {
        /// Keys come by it.
        Active,
        /// It is looked whether it works.
        Trying,
        /// The desktop asks whoever sits there.
        Asking,
        /// It is not tried: a better one is used, or it is not wanted.
        Idle,
        /// It does not work here.
        Failed {
            /// Why: a sentence.
            why: String,
            /// What helps: a sentence.
            hint: Option<String>,
        },
    }

    /// Where keys are chosen.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum ChooseKeys {
        /// In the app, by pressing them.
        Here,
        /// In the desktop's own dialog.
        Desktop,
        /// Nowhere: no way is active for which keys could be chosen.
        Nowhere,
    }

    /// A key for something.
    pub struct ShortcutKey {
        /// For what.
        pub action: ShortcutAction,
        /// What it is called, as `Ctrl+Alt+M`, or as the desktop calls it; nothing if there is none.
        pub label: Option<String>,
        /// Whether it writes something, too.
        pub writes: bool,
    }

    /// A file for udev.
    pub struct UdevRule {
        /// Where it goes.
        pub path: String,
        /// What is in it.
        pub text: String,
        /// What makes it work without a restart, for a terminal.
        pub reload: String,
    }
}
