//! The media server, with real datagrams on this machine, and clients that are not ours (str0m).

mod attacks;
mod changes;
mod client;
mod stage;
mod talking;
