//! Snug's server from outside: real sockets and a real database, in one process.
//!
//! Each scenario has a server of its own and runs on SQLite and, where `SNUG_TEST_POSTGRES` names a cluster on which
//! databases may be made (`postgres://user@host/database`), on PostgreSQL.

#![allow(unreachable_pub, reason = "a test program has no outside")]

mod harness;

mod accounts;
mod authorization;
mod bad_input;
mod channels;
mod cost;
mod gateway;
mod limits;
mod members;
mod messages;
mod permissions;
mod roles;
mod spaces;
mod store;
mod voice;
