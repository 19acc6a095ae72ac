//! Native voice: microphone to network, network to ear.
//!
//! It knows nothing of windows, HTTP or the gateway.

pub mod call;
pub mod codec;
pub mod cue;
pub mod device;
pub mod drift;
pub mod engine;
pub mod gate;
pub mod health;
pub mod jitter;
pub mod meter;
pub mod mixer;
pub mod priority;
pub mod process;
pub mod sound;
pub mod state;
pub mod transport;
