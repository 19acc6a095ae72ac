//! Load and crash drivers behind `scripts/bench`.
//!
//! * [`chat`] measures a server with a thousand sessions in one channel: deliveries, writes, reconnects, memory, start.
//! * [`sfu`] measures what the media server's threads need for each packet that they pass on.
//! * [`voice`] lets engines and browsers talk through bad networks, and looks at what is heard.
//! * [`soak`] lets people come to voice, talk and go again for as long as one likes, and looks whether anything grows.
//! * [`durability`] kills a server again and again while it writes, and looks for what it lost or did twice.
//!
//! All but [`sfu`], which runs in this process, start the server's own program on an empty folder and speak to it as any client does. Server and load share
//! the machine, so the clients here are lean: one thread, no library between them and the socket, and of a frame
//! nothing is parsed but what is counted.
//!
//! Progress goes to standard error; the last line of standard output is one JSON object with the figures.

mod api;
mod chat;
mod durability;
mod failure;
mod figures;
mod gateway;
mod http;
mod process;
mod random;
mod sfu;
mod soak;
mod voice;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;
use tokio::task::LocalSet;

/// Measures a Snug server.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A server under the load of a thousand sessions in one channel.
    Chat(chat::Flags),
    /// A server killed again and again while it writes, and inside every step of its migrations.
    Durability(durability::Flags),
    /// People who come to voice, talk and go, for half an hour: is everyone heard, and does nothing grow?
    Soak(soak::Flags),
    /// The media server's threads: processor time for each packet that they pass on.
    Sfu(sfu::Flags),
    /// Voice as it is heard, by the engine and by a browser.
    Voice(voice::Flags),
    /// One of those in a call: `voice` starts it, to measure a process of its own.
    #[command(hide = true)]
    Peer(voice::cost::PeerFlags),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::io("start")).and_then(|runtime| {
        runtime.block_on(LocalSet::new().run_until(async {
            match cli.what {
                What::Chat(flags) => chat::run(flags).await,
                What::Durability(flags) => durability::run(flags).await,
                What::Sfu(flags) => sfu::run(&flags),
                What::Soak(flags) => soak::run(flags).await,
                What::Voice(flags) => voice::run(flags).await,
                What::Peer(flags) => voice::cost::stay(flags).await,
            }
        }))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("snug-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}
