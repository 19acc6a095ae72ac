//! The command itself.

use crate::{DONE, LONGEST, Word, socket};
use std::{
    env,
    ffi::OsString,
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

/// So long the app may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

const USAGE: &str = "Usage: snug-ptt press|release|toggle-mute|toggle-deafen

Tells the Snug app of this session that a key was pressed. Give it to your desktop as the command of a key:

  press           talk, until it is told `release`
  release         talk no more
  toggle-mute     mute yourself, or not any more
  toggle-deafen   deafen yourself, or not any more";

/// Why the app was not told.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("XDG_RUNTIME_DIR does not name a folder, so there is no way to the app: run this within your desktop's session")]
    NoSession,
    #[error("Snug does not run: start it first")]
    NotThere,
    #[error("Snug is there, but cannot be told: {0}")]
    Deaf(#[from] io::Error),
    #[error("Snug says: {0}")]
    Refused(String),
}

/// What a call of the command is for.
#[derive(Debug, PartialEq, Eq)]
enum Call {
    Tell(Word),
    Help,
    Strange,
}

/// The whole command: 0 when the app has done it, 1 when it was not told, 2 for a call that makes no sense.
pub fn main() -> ExitCode {
    match parse(env::args_os().skip(1)) {
        Call::Tell(word) => match tell(word) {
            Ok(()) => ExitCode::SUCCESS,
            Err(trouble) => {
                eprintln!("snug-ptt: {trouble}");
                ExitCode::FAILURE
            }
        },
        Call::Help => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        Call::Strange => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut given: impl Iterator<Item = OsString>) -> Call {
    let (Some(first), None) = (given.next(), given.next()) else {
        return Call::Strange;
    };
    match first.to_str() {
        Some("-h" | "--help") => Call::Help,
        text => text.and_then(Word::parse).map_or(Call::Strange, Call::Tell),
    }
}

fn tell(word: Word) -> Result<(), Trouble> {
    let path = socket(env::var_os("XDG_RUNTIME_DIR").as_deref()).ok_or(Trouble::NoSession)?;
    let mut stream = connect(path)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(format!("{word}\n").as_bytes())?;
    let mut answer = String::new();
    stream.take(LONGEST as u64).read_to_string(&mut answer)?;
    match answer.trim_end() {
        DONE => Ok(()),
        "" => Err(Trouble::Refused("nothing".to_owned())),
        other => Err(Trouble::Refused(other.to_owned())),
    }
}

fn connect(path: PathBuf) -> Result<UnixStream, Trouble> {
    UnixStream::connect(path).map_err(|error| match error.kind() {
        // The second is a socket that was left behind.
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Trouble::NotThere,
        _ => Trouble::Deaf(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_names_one_word() {
        let call = |given: &[&str]| parse(given.iter().map(OsString::from));
        assert_eq!(call(&["toggle-mute"]), Call::Tell(Word::ToggleMute));
        assert_eq!(call(&["--help"]), Call::Help);
        for strange in [&[] as &[&str], &["shout"], &["press", "release"]] {
            assert_eq!(call(strange), Call::Strange, "{strange:?}");
        }
    }
}
