//! A PipeWire of their own for tests and measurements: D-Bus, PipeWire and WirePlumber in a folder of their own, with devices made
//! of nothing. They touch neither the sound card nor the session of whoever runs them, and end with the [`Session`].
//!
//! [`sound`] plays into such devices and records what comes out of them, each sample with its time.

mod config;
pub mod sound;

use std::{
    ffi::OsString,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a program may take to do its first thing.
const PATIENCE: Duration = Duration::from_secs(20);

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// A program is missing, or cannot run.
    #[error("could not run `{program}`: `scripts/setup test` installs it")]
    Run {
        /// Which.
        program: &'static str,
        /// Why.
        #[source]
        reason: io::Error,
    },
    /// Files cannot be written.
    #[error("could not make a folder for PipeWire")]
    Folder(#[from] io::Error),
    /// Something did not happen.
    #[error("{what} did not happen within {} s: {seen}", PATIENCE.as_secs())]
    Late {
        /// What.
        what: String,
        /// What was there instead.
        seen: String,
    },
    /// PipeWire does not do as it is told.
    #[error("PipeWire refuses: {0}")]
    Refused(String),
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A loudspeaker; what is played on it can be recorded from its monitor.
    Sink,
    /// A microphone that a program is, as EasyEffects has. What is played into it comes out of it. For microphones as sound
    /// cards have them see [`sound::Place::Microphone`].
    VirtualSource,
}

impl Class {
    /// As PipeWire calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Sink => "Audio/Sink",
            Self::VirtualSource => "Audio/Source/Virtual",
        }
    }
}

/// A device, made of nothing.
#[derive(Clone, Debug)]
struct Made {
    class: Class,
    name: String,
    description: String,
}

/// See the [crate](self). Dropping it ends all of it.
#[derive(Debug)]
pub struct Session {
    // Before the folder that they work in.
    programs: Vec<Child>,
    bus: Child,
    bus_address: String,
    made: Vec<Made>,
    folder: TempDir,
}

impl Session {
    /// Starts one, without any device.
    pub fn start() -> Result<Self, SessionError> {
        // Short: the path of a socket may have 107 bytes.
        let folder = tempfile::Builder::new().prefix("snug-pw").tempdir()?;
        config::write(folder.path())?;
        let (bus, bus_address) = start_bus(folder.path())?;
        let mut session = Self { programs: Vec::new(), bus, bus_address, made: Vec::new(), folder };
        session.start_pipewire()?;
        Ok(session)
    }

    /// Where PipeWire listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("pipewire-0")
    }

    /// A program that finds this session as its own.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.envs(self.variables()).stdin(Stdio::null());
        for other in ["DISPLAY", "WAYLAND_DISPLAY", "PIPEWIRE_REMOTE", "PIPEWIRE_RUNTIME_DIR", "PULSE_SERVER"] {
            command.env_remove(other);
        }
        command
    }

    /// What of a program's environment leads it to this session.
    pub fn variables(&self) -> [(&'static str, OsString); 5] {
        let folder = self.folder.path();
        [
            ("XDG_RUNTIME_DIR", folder.into()),
            ("XDG_CONFIG_HOME", folder.join("config").into()),
            ("XDG_STATE_HOME", folder.join("state").into()),
            ("XDG_CACHE_HOME", folder.join("cache").into()),
            ("DBUS_SESSION_BUS_ADDRESS", (&self.bus_address).into()),
        ]
    }

    /// Plugs a device in, and waits until it is there.
    pub fn plug(&mut self, class: Class, name: &str, description: &str) -> Result<(), SessionError> {
        let made = Made { class, name: name.to_owned(), description: description.to_owned() };
        self.make(&made)?;
        self.made.push(made);
        Ok(())
    }

    /// Pulls a device out, and waits until it is gone.
    pub fn unplug(&mut self, name: &str) -> Result<(), SessionError> {
        self.made.retain(|made| made.name != name);
        self.tool("pw-cli", &["destroy", name])?;
        self.wait(&format!("the end of {name}"), |nodes| !has(nodes, name))
    }

    /// Says which loudspeaker is used by default.
    pub fn set_default_sink(&self, name: &str) -> Result<(), SessionError> {
        self.set_default("sink", name)
    }

    /// Says which microphone is used by default.
    pub fn set_default_source(&self, name: &str) -> Result<(), SessionError> {
        self.set_default("source", name)
    }

    fn set_default(&self, what: &str, name: &str) -> Result<(), SessionError> {
        let value = format!(r#"{{ "name": "{name}" }}"#);
        self.tool("pw-metadata", &["0", &format!("default.configured.audio.{what}"), &value, "Spa:String:JSON"])?;
        let shown = || self.tool("pw-metadata", &["0", &format!("default.audio.{what}")]);
        until(&format!("{name} by default"), || shown().map(|shown| (has_value(&shown, name), shown)))
    }

    /// Links what a stream that is [`sound::Place::Unlinked`] plays to a virtual microphone.
    pub fn link(&self, stream: &str, microphone: &str) -> Result<(), SessionError> {
        for side in ["FL", "FR"] {
            let (from, to) = (format!("{stream}:output_MONO"), format!("{microphone}:input_{side}"));
            // A stream that has just begun has no ports yet.
            until(&format!("a link from {from} to {to}"), || match self.tool("pw-link", &[&from, &to]) {
                Ok(_) => Ok((true, String::new())),
                Err(SessionError::Refused(reason)) => Ok((false, reason)),
                Err(error) => Err(error),
            })?;
        }
        Ok(())
    }

    /// Ends PipeWire and its manager, as a crash does.
    pub fn kill(&mut self) {
        // The last first: a manager that loses its PipeWire ends by itself, and talks about it.
        for mut program in self.programs.drain(..).rev() {
            end(&mut program);
        }
        for socket in ["pipewire-0", "pulse/native"] {
            // The next one makes it anew.
            drop(std::fs::remove_file(self.folder.path().join(socket)));
        }
    }

    /// Starts PipeWire again after [`Session::kill`], with the devices that there were.
    pub fn restart(&mut self) -> Result<(), SessionError> {
        self.start_pipewire()?;
        for made in &self.made {
            self.make(made)?;
        }
        Ok(())
    }

    /// Starts what speaks PulseAudio's words, which browsers do.
    pub fn start_pulse(&mut self) -> Result<(), SessionError> {
        self.spawn("pipewire-pulse")?;
        let socket = self.folder.path().join("pulse/native");
        until("PulseAudio's socket", || Ok((socket.exists(), String::new())))
    }

    fn start_pipewire(&mut self) -> Result<(), SessionError> {
        self.spawn("pipewire")?;
        let socket = self.socket();
        until("PipeWire's socket", || Ok((socket.exists(), String::new())))?;
        self.spawn("wireplumber")?;
        // Its metadata are there once it works.
        until("the start of WirePlumber", || {
            let shown = self.tool("pw-cli", &["ls", "Metadata"]).unwrap_or_default();
            Ok((shown.contains("\"default\""), shown))
        })
    }

    fn spawn(&mut self, program: &'static str) -> Result<(), SessionError> {
        let log = std::fs::File::create(self.folder.path().join(format!("{program}.log")))?;
        let run = |reason| SessionError::Run { program, reason };
        let child = self.command(program).stdout(Stdio::null()).stderr(log).spawn().map_err(run)?;
        self.programs.push(child);
        Ok(())
    }

    fn make(&self, made: &Made) -> Result<(), SessionError> {
        let Made { class, name, description } = made;
        let class = class.name();
        let properties = format!(
            "{{ factory.name=support.null-audio-sink node.name={name} node.description=\"{description}\" media.class={class} \
             audio.position=[FL FR] object.linger=true monitor.channel-volumes=true }}"
        );
        self.tool("pw-cli", &["create-node", "adapter", &properties])?;
        self.wait(&format!("the device {name}"), |nodes| has(nodes, name))
    }

    fn wait(&self, what: &str, holds: impl Fn(&str) -> bool) -> Result<(), SessionError> {
        until(what, || self.tool("pw-cli", &["ls", "Node"]).map(|nodes| (holds(&nodes), nodes)))
    }

    fn tool(&self, program: &'static str, arguments: &[&str]) -> Result<String, SessionError> {
        let run = |reason| SessionError::Run { program, reason };
        let Output { status, stdout, stderr } = self.command(program).args(arguments).output().map_err(run)?;
        if !status.success() {
            return Err(SessionError::Refused(String::from_utf8_lossy(&stderr).into_owned()));
        }
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.kill();
        end(&mut self.bus);
    }
}

fn has(nodes: &str, name: &str) -> bool {
    nodes.contains(&format!("node.name = \"{name}\""))
}

fn has_value(metadata: &str, name: &str) -> bool {
    metadata.contains(&format!("\"{name}\""))
}

/// Asks again and again, as nothing tells.
fn until(what: &str, mut ask: impl FnMut() -> Result<(bool, String), SessionError>) -> Result<(), SessionError> {
    let begun = Instant::now();
    loop {
        let (holds, seen) = ask()?;
        if holds {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            return Err(SessionError::Late { what: what.to_owned(), seen });
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn start_bus(folder: &Path) -> Result<(Child, String), SessionError> {
    let program = "dbus-daemon";
    let run = |reason| SessionError::Run { program, reason };
    let address = format!("unix:path={}", folder.join("bus").display());
    let mut bus = Command::new(program)
        .args(["--session", "--nofork", "--print-address", "--address", &address])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(run)?;
    let mut line = String::new();
    if let Some(out) = bus.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    Ok((bus, line.trim().to_owned()))
}

fn end(program: &mut Child) {
    // One that ended by itself cannot be ended.
    drop(program.kill());
    drop(program.wait());
}
