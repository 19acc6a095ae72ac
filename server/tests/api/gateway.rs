//! The gateway.

mod closing;
mod presence;
mod resume;
mod slow;
