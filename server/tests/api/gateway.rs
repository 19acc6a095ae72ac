//! The gateway.

mod closing;
mod faults;
mod presence;
mod resume;
mod slow;
