//! Named points at which a test lets the server die, as if by `kill -9`. Not in release builds.
//!
//! `SNUG_FAILPOINT=migrate-inside:3:2` aborts when the point `migrate-inside` is reached with the number 3 for the
//! second time.

/// Tells that the point has been reached.
#[cfg(debug_assertions)]
pub fn reached(name: &str, number: u32) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static TIMES: AtomicU32 = AtomicU32::new(0);

    let Ok(wanted) = std::env::var("SNUG_FAILPOINT") else { return };
    let mut parts = wanted.split(':');
    if parts.next() != Some(name) || parts.next() != Some(&number.to_string()) {
        return;
    }
    let times = parts.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    if TIMES.fetch_add(1, Ordering::Relaxed) + 1 == times {
        std::process::abort();
    }
}

/// Nothing, in a release build.
#[cfg(not(debug_assertions))]
pub fn reached(_name: &str, _number: u32) {}
