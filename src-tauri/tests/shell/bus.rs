//! A message bus of the test's own.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};
use zbus::{Connection, connection};

/// Says to a test that runs anew that it does.
const INSIDE: &str = "SNUG_TEST_BUS";

/// Ends with the value.
pub(crate) struct Bus {
    daemon: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Bus {
    /// With nobody on it.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        let listen = format!("<listen>unix:dir={}</listen>", folder.path().display());
        let policy = r#"<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>"#;
        fs::write(&config, format!("<busconfig><type>session</type>{listen}<auth>EXTERNAL</auth>{policy}</busconfig>")).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address", "--config-file"])
            .arg(&config)
            .stdout(Stdio::piped())
            // Ordinary users cannot raise limits, which it mentions every time.
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned(), _folder: folder }
    }

    /// Somebody on it.
    pub(crate) async fn connect(&self) -> Connection {
        connection::Builder::address(self.address.as_str()).unwrap().build().await.unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
    }
}

/// For what finds the session's bus by itself: runs this test anew, in a process whose session's bus is a fresh one. Returns true
/// within that process, where the test goes on.
pub(crate) fn inside(test: &str) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    let bus = Bus::start();
    again(Command::new(env::current_exe().unwrap()).env("DBUS_SESSION_BUS_ADDRESS", &bus.address), test);
    false
}

/// Runs one test by another process, which knows that it is one.
pub(crate) fn again(program: &mut Command, test: &str) {
    let done = program.args(["--exact", test, "--nocapture"]).env(INSIDE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

/// Whether this is such a process.
pub(crate) fn is_inside() -> bool {
    env::var_os(INSIDE).is_some()
}
