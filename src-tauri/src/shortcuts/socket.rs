//! A socket for `snug-ptt`, which desktops call that give keys to commands only. It is always there.

use super::way::{Signal, Tell};
use snug_ipc::shortcuts::ShortcutAction;
use snug_ptt::{DONE, LONGEST, Word};
use std::{
    ffi::OsString,
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    task::JoinSet,
    time::{sleep, timeout},
};

/// So many are listened to at a time; the others wait.
const AT_ONCE: usize = 16;
/// So long one may take to say its word.
const PATIENCE: Duration = Duration::from_millis(500);
/// A rest after the system has refused a connection, for lack of files.
const REST: Duration = Duration::from_millis(100);

/// Why there is no socket.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("this session has no folder for sockets: XDG_RUNTIME_DIR names none")]
    NoFolder,
    #[error("the folder {0} belongs to somebody else")]
    Strange(PathBuf),
    #[error("another Snug listens there already")]
    Taken,
    #[error("the socket {path} cannot be made: {source}")]
    File { path: PathBuf, source: io::Error },
}

impl Trouble {
    pub(super) const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoFolder => Some("Start Snug within a desktop's session."),
            Self::Strange(_) => Some("Remove it, and try again."),
            Self::Taken => Some("Quit the other one, and try again."),
            Self::File { .. } => None,
        }
    }
}

/// Tells what it is told until it does not work any more.
pub(super) async fn run(runtime_dir: Option<OsString>, tell: Tell) -> Trouble {
    let Some(path) = snug_ptt::socket(runtime_dir.as_deref()) else {
        return Trouble::NoFolder;
    };
    let (listener, _socket) = match listen(&path).await {
        Ok(listener) => listener,
        Err(trouble) => return trouble,
    };
    tell.tell(Signal::Up).await;
    let owner = rustix::process::geteuid().as_raw();
    let mut visits = JoinSet::new();
    loop {
        while visits.len() >= AT_ONCE {
            visits.join_next().await;
        }
        while visits.try_join_next().is_some() {}
        match listener.accept().await {
            // Its folder is closed to others; whoever comes all the same is not heard.
            Ok((stream, _)) if stream.peer_cred().is_ok_and(|peer| peer.uid() == owner) => {
                visits.spawn(visit(stream, tell.clone()));
            }
            Ok(_) => tracing::warn!("somebody else tried to press keys"),
            Err(error) => {
                tracing::warn!(%error, "the socket for snug-ptt");
                sleep(REST).await;
            }
        }
    }
}

/// Goes with the listener.
struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::debug!(%error, "the socket for snug-ptt was gone already");
        }
    }
}

async fn listen(path: &Path) -> Result<(UnixListener, Socket), Trouble> {
    let trouble = |source| Trouble::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        own(folder).map_err(trouble)?.then_some(()).ok_or_else(|| Trouble::Strange(folder.to_owned()))?;
    }
    let listener = match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            match UnixStream::connect(path).await {
                Ok(_) => return Err(Trouble::Taken),
                // Left behind by a crash: nobody listens.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path).map_err(trouble)?,
                Err(error) => return Err(trouble(error)),
            }
            UnixListener::bind(path).map_err(trouble)?
        }
        other => other.map_err(trouble)?,
    };
    let socket = Socket(path.to_owned());
    fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(trouble)?;
    Ok((listener, socket))
}

/// Makes a folder for nobody else. Says whether it is one.
fn own(folder: &Path) -> io::Result<bool> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let found = fs::symlink_metadata(folder)?;
    if !found.is_dir() || found.uid() != rustix::process::geteuid().as_raw() {
        return Ok(false);
    }
    fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    Ok(true)
}

async fn visit(stream: UnixStream, tell: Tell) {
    match timeout(PATIENCE, hear(stream, &tell)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "snug-ptt left early"),
        Err(_) => tracing::debug!("snug-ptt said nothing"),
    }
}

async fn hear(mut stream: UnixStream, tell: &Tell) -> io::Result<()> {
    let (reading, mut writing) = stream.split();
    let mut line = Vec::new();
    BufReader::new(reading.take(LONGEST as u64)).read_until(b'\n', &mut line).await?;
    let word = line.strip_suffix(b"\n").and_then(|line| std::str::from_utf8(line).ok()).and_then(Word::parse);
    let answer = match word {
        Some(word) => {
            for (action, down) in acts(word) {
                tell.tell(Signal::Act(*action, *down)).await;
            }
            DONE
        }
        None => "this is no word that it knows",
    };
    writing.write_all(format!("{answer}\n").as_bytes()).await?;
    writing.shutdown().await
}

const fn acts(word: Word) -> &'static [(ShortcutAction, bool)] {
    match word {
        Word::Press => &[(ShortcutAction::Talk, true)],
        Word::Release => &[(ShortcutAction::Talk, false)],
        Word::ToggleMute => &[(ShortcutAction::Mute, true), (ShortcutAction::Mute, false)],
        Word::ToggleDeafen => &[(ShortcutAction::Deafen, true), (ShortcutAction::Deafen, false)],
    }
}
