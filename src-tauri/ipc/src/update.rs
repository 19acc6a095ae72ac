//! How the app is brought up to date.

use crate::ipc;

ipc! {
    /// This copy of the app.
    pub struct Updating {
        /// Its version: `0.1.0`.
        pub version: String,
        /// How it is brought up to date.
        pub way: UpdateWay,
        /// The version that is installed already, and runs from the next start on.
        pub installed: Option<String>,
    }

    /// How a copy of the app is brought up to date.
    #[derive(Eq)]
    #[serde(tag = "by", rename_all = "snake_case")]
    pub enum UpdateWay {
        /// By itself.
        Itself {
            /// Which server it asks: `snug.example`.
            server: String,
            /// How it was installed.
            package: Package,
        },
        /// By whoever installed it.
        Others {
            /// Why not by itself.
            why: NotItself,
        },
    }

    /// How a copy of the app was installed.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Package {
        /// As a package of Debian's kind.
        Deb,
        /// As a package of Fedora's kind.
        Rpm,
        /// It is one file.
        AppImage,
    }

    /// Why a copy of the app does not bring itself up to date.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum NotItself {
        /// It was built from source, and is in no package.
        Built,
        /// It was built without the key that updates are signed with.
        NoKey,
        /// It was not told where updates are.
        NoServer,
        /// It was told not to, by `SNUG_UPDATES=off`.
        Off,
        /// It was told an address, by `SNUG_UPDATES`, that cannot be used: it must begin with `https://`.
        Address,
    }

    /// What a look for an update found.
    #[serde(tag = "found", rename_all = "snake_case")]
    pub enum CheckedUpdate {
        /// This is the newest.
        Newest,
        /// The server has one that is older than this: it is never installed.
        Older {
            /// Its version.
            version: String,
        },
        /// There is a newer one.
        Newer {
            /// Which.
            update: Update,
        },
    }

    /// A newer version of the app.
    pub struct Update {
        /// Its version: `0.2.0`.
        pub version: String,
        /// When it was made, in milliseconds since 1970.
        pub date: Option<f64>,
        /// What is new, as markdown.
        pub notes: Option<String>,
    }

    /// How far an update is.
    #[derive(Copy, Eq)]
    #[serde(tag = "at", rename_all = "snake_case")]
    pub enum UpdateProgress {
        /// It is being downloaded.
        Download {
            /// So many bytes are there.
            bytes: u32,
            /// Of so many, if the server says.
            of: Option<u32>,
        },
        /// It is there, is what was signed, and is being installed; the system may ask for a password.
        Install,
    }
}
