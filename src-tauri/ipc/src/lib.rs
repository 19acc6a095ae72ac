//! What the desktop app and its window say to each other, and the only place that says how. `scripts/gen` makes the window's types of it.

pub mod failure;
pub mod server;
pub mod shell;
pub mod shortcuts;
pub mod stats;
pub mod update;
pub mod voice;

/// The derives of every type here.
macro_rules! ipc {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "desktop.ts"))]
        $item
    )*};
}

use ipc;
