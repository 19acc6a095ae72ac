//! Threads that are woken in time, whatever else the machine does.
//!
//! By the system's leave (root, or a limit for real-time priority), or through RealtimeKit, which gives it to whoever sits at the machine.

mod rtkit;

use rustix::{
    process::{Resource, Rlimit, getrlimit, setrlimit},
    thread::gettid,
};
use std::time::Duration;

/// Below that of PipeWire's own threads (83 to 88), above all that is not real-time.
const PRIORITY: i32 = 10;
/// A thread that works for so long without a pause is stopped by the system, rather than the system by it. What RealtimeKit
/// demands at most.
const WITHOUT_PAUSE: Duration = Duration::from_millis(200);

/// How a thread is scheduled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Priority {
    /// Before all ordinary ones.
    RealTime,
    /// As any other: sound may be late while the machine is busy.
    #[default]
    Ordinary,
}

/// Raises the priority of the thread that calls this. Takes milliseconds.
pub(crate) fn raise() -> Priority {
    if by_leave() {
        return Priority::RealTime;
    }
    limit();
    match rtkit::raise(gettid().as_raw_nonzero().get().unsigned_abs().into(), PRIORITY.unsigned_abs()) {
        Ok(()) => Priority::RealTime,
        Err(reason) => {
            tracing::info!(%reason, "a thread of voice has an ordinary priority: sound may be late while this machine is busy");
            Priority::Ordinary
        }
    }
}

/// Whether the system lets this thread be a real-time one.
#[allow(unsafe_code)] // No safe crate has this call.
fn by_leave() -> bool {
    let parameters = libc::sched_param { sched_priority: PRIORITY };
    // SAFETY: the parameters live until the call returns, and 0 is the thread that calls.
    unsafe { libc::sched_setscheduler(0, libc::SCHED_RR | libc::SCHED_RESET_ON_FORK, &raw const parameters) == 0 }
}

/// Limits how long real-time threads of this process may work without a pause, if nobody has yet.
fn limit() {
    let wanted = WITHOUT_PAUSE.as_micros() as u64;
    let Rlimit { current, maximum } = getrlimit(Resource::Rttime);
    let least = |limit: Option<u64>| Some(limit.map_or(wanted, |limit| limit.min(wanted)));
    if let Err(error) = setrlimit(Resource::Rttime, Rlimit { current: least(current), maximum: least(maximum) }) {
        tracing::debug!(%error, "real-time threads are not limited");
    }
}
