//! A client without a window, for terminals, tests and bots: logs in, keeps a session of the gateway, and one's own call.
//!
//! What decides has no clock and no socket: [`session`] knows the order of the gateway's frames, [`call`] that of a call's.
//! [`gateway`] is the shell around the first. Media is another's: offers come out, answers go in.

pub mod account;
pub mod address;
pub mod call;
pub mod failure;
pub mod gateway;
pub mod session;
pub mod trust;

pub use account::Account;
pub use address::Address;
pub use failure::Failure;
pub use trust::{Fingerprint, Trust};
