//! The server's own program, started and stopped as its host would.

use crate::{failure::Failure, http};
use std::{
    env,
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::{Instant, sleep, timeout},
};

/// How long a start or a stop may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the server is started.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) binary: PathBuf,
    pub(crate) data: PathBuf,
    /// Port 0 for any that is free.
    pub(crate) listen: SocketAddr,
}

/// A running server. It is killed when this is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) pid: u32,
    child: Child,
    /// Held so that the server can go on writing there.
    _greeting: Lines<BufReader<ChildStdout>>,
}

impl Program {
    pub(crate) fn new(binary: &Path, data: &Path) -> Self {
        Self { binary: binary.into(), data: data.into(), listen: SocketAddr::from(([127, 0, 0, 1], 0)) }
    }

    /// The same, always on one port.
    pub(crate) fn at(self, listen: SocketAddr) -> Self {
        Self { listen, ..self }
    }

    /// Where its log goes.
    fn log(&self) -> PathBuf {
        self.data.with_extension("log")
    }

    /// Starts it. `failpoint` is where a debug build is to die, if it is.
    pub(crate) fn spawn(&self, failpoint: Option<&str>) -> Result<Child, Failure> {
        let fail = Failure::io("start the server");
        let log = File::options().create(true).append(true).open(self.log()).map_err(&fail)?;
        let mut command = Command::new(&self.binary);
        command.arg("--data").arg(&self.data).arg("--listen").arg(self.listen.to_string()).arg("--no-rate-limits");
        // Whoever runs this may have settings of their own.
        for name in ["CONFIG", "LISTEN", "DATA", "DATABASE", "TRUST_PROXY", "NO_RATE_LIMITS", "LOG_FORMAT", "FAILPOINT"] {
            command.env_remove(format!("SNUG_{name}"));
        }
        if let Some(failpoint) = failpoint {
            command.env("SNUG_FAILPOINT", failpoint);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true).spawn().map_err(&fail)
    }

    /// Starts it and waits until it says where it is.
    pub(crate) async fn start(&self) -> Result<Server, Failure> {
        let child = self.spawn(None)?;
        self.greeted(child).await
    }

    /// Waits until a server that was started says where it is.
    pub(crate) async fn greeted(&self, mut child: Child) -> Result<Server, Failure> {
        let pid = child.id().unwrap_or_default();
        let stdout = child.stdout.take().ok_or(Failure::Garbled("nothing at its start"))?;
        let mut lines = BufReader::new(stdout).lines();
        let address = timeout(PATIENCE, async {
            while let Some(line) = lines.next_line().await.map_err(Failure::io("read what the server says"))? {
                if let Some(address) = line.split("http://").nth(1).and_then(|rest| rest.trim().parse().ok()) {
                    return Ok(Some(address));
                }
            }
            Ok::<_, Failure>(None)
        });
        match address.await.map_err(|_| Failure::Silent("start"))?? {
            Some(address) => Ok(Server { address, pid, child, _greeting: lines }),
            None => Err(Failure::Ended { status: child.wait().await.map_err(Failure::io("wait for the server"))?, log: self.end_of_log() }),
        }
    }

    /// Starts it, and says how long it took until it was healthy. [`Self::listen`] is a port of its own.
    pub(crate) async fn start_timed(&self) -> Result<(Server, Duration), Failure> {
        let spawned = Instant::now();
        let child = self.spawn(None)?;
        self.healthy(spawned).await?;
        let took = spawned.elapsed();
        Ok((self.greeted(child).await?, took))
    }

    /// Waits until the server answers.
    async fn healthy(&self, since: Instant) -> Result<(), Failure> {
        while since.elapsed() < PATIENCE {
            if let Ok(mut client) = http::Client::connect(self.listen).await
                && let Ok(answer) = client.ask(http::Request { method: "GET", path: "/healthz", token: None, body: None }).await
                && answer.status == 200
            {
                return Ok(());
            }
            sleep(Duration::from_millis(1)).await;
        }
        Err(Failure::Silent("become healthy"))
    }

    /// The last lines of its log.
    pub(crate) fn end_of_log(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(8)..].join("\n")
    }
}

impl Server {
    /// Asks it to stop (SIGTERM), and waits until it has.
    pub(crate) async fn stop(mut self) -> Result<ExitStatus, Failure> {
        let asked = Command::new("kill").arg("-TERM").arg(self.pid.to_string()).status().await;
        asked.map_err(Failure::io("stop the server"))?;
        let ended = timeout(PATIENCE, self.child.wait()).await.map_err(|_| Failure::Silent("stop"))?;
        ended.map_err(Failure::io("wait for the server"))
    }

    /// Kills it (SIGKILL), and waits until it is gone. It must have lived until then.
    pub(crate) async fn kill(mut self) -> Result<(), Failure> {
        if let Some(status) = self.child.try_wait().map_err(Failure::io("look after the server"))? {
            return Err(Failure::Broken(vec![format!("the server ended by itself ({status})")]));
        }
        self.child.kill().await.map_err(Failure::io("kill the server"))
    }
}

/// A program that cargo put beside this one, or, with `profile`, into the folder of another profile.
pub(crate) fn sibling(profile: Option<&str>) -> PathBuf {
    let own = env::current_exe().unwrap_or_default();
    let folder = own.parent().unwrap_or(Path::new("."));
    let folder = match profile {
        Some(profile) => folder.parent().unwrap_or(folder).join(profile),
        None => folder.into(),
    };
    folder.join("snug-server")
}

/// The path, if there is a file.
pub(crate) fn existing(path: PathBuf, how: &'static str) -> Result<PathBuf, Failure> {
    if path.is_file() { Ok(path) } else { Err(Failure::NoBinary { path, how }) }
}
