//! Speech that survives loss: redundant audio (RFC 2198), and how much of it.
//!
//! Each leg of a call is protected by itself: the speaker carries earlier frames along as its way to the server needs it,
//! and the server anew, for each listener, as the way to them does. Frames are opaque: they may be encrypted end to end.
//!
//! [`payload`] takes payloads apart, [`History`] keeps frames and packs them again, [`Losses`] decides how many.

mod history;
mod losses;
pub mod payload;

pub use history::History;
pub use losses::{Copies, Losses};

/// The longest payload that is made, in bytes: with all headers and the tag of SRTP, it fits into the 1280 bytes that each link has
/// for IPv6 (RFC 8200, 5).
pub const MAX_PAYLOAD: usize = 1_150;
