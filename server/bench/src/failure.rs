//! What can go wrong.

use std::{io, path::PathBuf, process::ExitStatus};

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A program is not where it was looked for.
    #[error("there is no server at {}: build it ({how}), or say where it is", path.display())]
    NoBinary { path: PathBuf, how: &'static str },
    /// The server ended when it should have served.
    #[error("the server ended ({status}) before it answered; its log ends with:\n{log}")]
    Ended { status: ExitStatus, log: String },
    /// The server does not answer.
    #[error("the server did not {0} in time")]
    Silent(&'static str),
    /// A request was refused.
    #[error("{request} was answered with {status}: {body}")]
    Refused { request: String, status: u16, body: String },
    /// Something came that nobody can make sense of.
    #[error("the server answered {0}")]
    Garbled(&'static str),
    /// The operating system said no.
    #[error("cannot {what}: {source}")]
    Io { what: &'static str, source: io::Error },
    /// The database cannot be read.
    #[error("cannot read the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The media server, or a client of it.
    #[error("the media server cannot be measured: {0}")]
    Media(String),
    /// Another program that measures, or speaks, did not.
    #[error("{program} does not do its work: {said}")]
    Tool { program: &'static str, said: String },
    /// A recording cannot be read or written.
    #[error(transparent)]
    Sound(#[from] snug_engine::device::wav::WavError),
    /// There is no codec, or it does not work.
    #[error(transparent)]
    Codec(#[from] snug_engine::codec::CodecError),
    /// There is no engine to call with.
    #[error(transparent)]
    Engine(#[from] snug_engine::engine::SpawnError),
    /// The engine takes no commands.
    #[error(transparent)]
    NotObeyed(#[from] snug_engine::engine::NotObeyed),
    /// A client cannot go on.
    #[error(transparent)]
    Client(#[from] snug_client::Failure),
    /// There are no devices.
    #[error(transparent)]
    Session(#[from] snug_session::SessionError),
    /// They do not sound.
    #[error(transparent)]
    Devices(#[from] snug_session::sound::SoundError),
    /// Two people cannot talk.
    #[error("the call `{call}` did not come about: {reason}")]
    Call { call: String, reason: &'static str },
    /// Not every message reached every session, once.
    #[error("{missing} sessions did not get every message exactly once: the first of them got {got} of {of}")]
    Undelivered { missing: usize, got: u32, of: u32 },
    /// The server broke its promises.
    #[error("the server broke its promise:\n  {}", .0.join("\n  "))]
    Broken(Vec<String>),
}

impl Failure {
    /// Says what was being done when the operating system said no.
    pub(crate) fn io(what: &'static str) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io { what, source }
    }
}
