//! Snug's server: accounts, spaces and text, with the web app inside.
//!
//! A request goes through [`http`] (limits, who asks) to a feature module ([`accounts`], [`spaces`], [`channels`],
//! [`roles`], [`members`], [`invites`], [`messages`], [`voice`], [`admin`]). That hands one closure to the [`store`], which runs
//! it in a transaction against the [`world`], commits, and passes what it emitted to the [`gateway`], which applies it
//! to the world and tells every session that may know.

pub mod accounts;
pub mod admin;
pub mod auth;
pub mod channels;
pub mod config;
pub mod discovery;
pub mod error;
pub mod failpoint;
pub mod gateway;
pub mod http;
pub mod images;
pub mod invites;
pub mod members;
pub mod messages;
pub mod metrics;
pub mod roles;
pub mod run;
pub mod server_info;
pub mod sfu;
pub mod spaces;
pub mod store;
pub mod text;
pub mod tls;
pub mod voice;
pub mod world;
