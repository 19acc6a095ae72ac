//! Waits until a file descriptor can be read, whoever reads it then.

use std::{
    io,
    os::fd::{AsFd, OwnedFd},
};
use tokio::io::{Interest, unix::AsyncFd};

/// See the [module](self).
pub(super) struct Readable(AsyncFd<OwnedFd>);

impl Readable {
    pub(super) fn new(file: impl AsFd) -> io::Result<Self> {
        let file = file.as_fd().try_clone_to_owned()?;
        #[allow(unsafe_code)] // tokio wants to be promised it, whatever the file.
        // SAFETY: an `OwnedFd` is open, and the same file, for as long as it lives; nobody takes it out again.
        let file = unsafe { AsyncFd::register_with_interest(file, Interest::READABLE) };
        Ok(Self(file?))
    }

    /// Waits. Before the next time, it must be read until nothing is left.
    pub(super) async fn wait(&self) -> io::Result<()> {
        self.0.readable().await?.clear_ready();
        Ok(())
    }
}
