//! The gateway: sessions, what they are told, and the sockets they are told through.
//!
//! * [`session`] and [`connection`] decide and know no clock and no socket.
//! * [`hub`] holds the world and all sessions; committed changes come in, dispatches go out: `tell` says who is told
//!   what, `live` finds their sessions.
//! * [`view`] says what somebody may see, as `ready` and as a digest.
//! * [`presence`] says who is there.
//! * `voice` carries out what [`crate::voice`] decides.
//! * [`socket`] is the shell: one task per connection, a WebSocket beneath it, and texts that many are sent alike.

pub mod connection;
pub mod hub;
mod live;
pub mod presence;
pub mod session;
pub mod socket;
mod tell;
mod text;
pub mod view;
mod voice;
mod websocket;

pub use hub::Hub;
