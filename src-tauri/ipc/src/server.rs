//! The servers that one has added, and the way to them.

use crate::{failure::IpcError, ipc};
use snug_protocol::rest::ServerInfo;

ipc! {
    /// The servers that were added.
    pub struct Servers {
        /// In the order that they are shown in.
        pub entries: Vec<Entry>,
        /// How their secrets are kept.
        pub kept: Kept,
    }

    /// One account on one server; two accounts on the same server are two entries.
    pub struct Entry {
        /// Names it: 16 hexadecimal digits.
        pub id: String,
        /// `https://snug.example:7070`, without anything behind it.
        pub origin: String,
        /// What the server calls itself, as it said last.
        pub name: String,
        /// The fingerprint of the one certificate that is believed, if it is not one that this machine trusts anyway.
        pub pinned: Option<String>,
        /// Who one is there, for what is shown before the server is reached.
        pub account: Option<KnownAccount>,
    }

    /// An account, as it was last seen.
    pub struct KnownAccount {
        /// The name one logs in with.
        pub username: String,
        /// The name that is shown.
        pub display_name: String,
    }

    /// How secrets are kept.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Kept {
        /// By the Secret Service: gnome-keyring, KWallet, KeePassXC.
        SecretService,
        /// In a file, whose key lies beside it: whoever can read this person's files can read it too.
        File,
    }

    /// A server that was found at an address.
    pub struct FoundServer {
        /// Where it is.
        pub origin: String,
        /// What it says of itself.
        pub info: ServerInfo,
    }

    /// What a server answered, refusals too.
    pub struct Answer {
        /// HTTP's.
        pub status: u16,
        /// The type of its body.
        pub kind: String,
        /// Its body.
        pub body: String,
    }

    /// What a gateway socket tells.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum SocketEvent {
        /// The server said something.
        Message {
            /// What.
            text: String,
        },
        /// It is over.
        Closed {
            /// As the server said, or 1006 (RFC 6455, 7.4.1).
            code: u16,
            /// As the server said.
            reason: String,
            /// Why there was no connection at all.
            why: Option<IpcError>,
        },
    }

    /// A server on the local network.
    pub struct NearbyServer {
        /// What it calls itself there.
        pub name: String,
        /// Addresses to try, best first: `https://192.0.2.7:7070`.
        pub addresses: Vec<String>,
        /// Its version of the protocol.
        pub protocol: u32,
    }
}
