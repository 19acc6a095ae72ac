//! What is around the window, against real message buses: each test has one of its own, and plays the desktop on it.

mod bus;
mod instance;
mod network;
mod notices;
mod sleep;
mod tray;

use snug_desktop::shell::Wish;
use std::time::Duration;
use tokio::{sync::mpsc, time::timeout};

/// For what takes milliseconds on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// The next one.
async fn next(wished: &mut mpsc::Receiver<Wish>) -> Wish {
    timeout(PATIENCE, wished.recv()).await.expect("somebody wants something").unwrap()
}

/// Nothing was wished but what has been looked at.
fn none(wished: &mut mpsc::Receiver<Wish>) {
    assert_eq!(wished.try_recv(), Err(mpsc::error::TryRecvError::Empty));
}
