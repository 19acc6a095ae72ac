//! The wire of Snug: everything that a client and a server say to each other, and nothing else.
//!
//! * [`gateway`]: the frames of the WebSocket at `/ws`: [`ClientFrame`], [`ServerFrame`], [`Event`].
//! * [`rest`]: the bodies of the requests and answers under `/api/v1`.
//! * [`model`]: the things both speak of: users, spaces, channels, roles, members, messages.
//! * [`voice`]: who is in which voice channel, and the signalling of their media.
//! * [`permission`]: the permission bits and how they add up.
//! * [`id`]: 64-bit snowflake identifiers, strings on the wire.
//!
//! # Evolution
//! The protocol grows by adding: new optional fields, new events, new operations. A receiver ignores
//! fields and events that it does not know. [`VERSION`] rises only when that is not enough.
//!
//! # Conventions
//! Times are [`Timestamp`]s: milliseconds since the Unix epoch, as numbers. Identifiers and permission
//! sets are decimal strings, because JavaScript's numbers end at 2⁵³.

pub mod discovery;
pub mod error;
pub mod gateway;
pub mod id;
pub mod limits;
pub mod model;
pub mod permission;
pub mod rest;
pub mod voice;
mod wire;

pub use error::{ApiError, ErrorCode};
pub use gateway::{ClientFrame, Event, ServerFrame};
pub use id::{ChannelId, MessageId, RoleId, SessionId, SpaceId, Timestamp, UserId};
pub use model::*;
pub use permission::{Permission, Permissions};

/// The protocol's version, in `hello`, `identify` and `GET /server`. Versions that differ do not fit.
pub const VERSION: u32 = 1;
