//! Settings: by flag, by environment (`SNUG_…`), or in a file. A flag wins over the environment, and that over the file.

use crate::store::Database;
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;
use std::{
    fs, io,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
};

/// A server of one's own: text, voice and screens for a group of friends.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// Without one: run the server.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The settings.
    #[command(flatten)]
    pub settings: Flags,
}

/// What the program can do besides running the server.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve(Flags),
    /// Change accounts from the command line, for when nobody can log in.
    Admin {
        /// What to do.
        #[command(subcommand)]
        command: Admin,
    },
}

/// Changes from the command line.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Give somebody a new password, print it, and end their sessions. The server may be running.
    ResetPassword {
        /// The username.
        username: String,
        /// The settings.
        #[command(flatten)]
        settings: Flags,
    },
}

/// Settings as flags and environment give them.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Flags {
    /// File with settings, named as the flags: `listen = "0.0.0.0:7070"`.
    #[arg(long, env = "SNUG_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// Address and port to serve on [default: 0.0.0.0:7070].
    #[arg(long, env = "SNUG_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Folder for the database [default: ./data].
    #[arg(long, env = "SNUG_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// PostgreSQL instead of the embedded database: postgres://user:password@host/name.
    #[arg(long, env = "SNUG_DATABASE", value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// UDP ports for voice and screens, a worker thread each: 7070, or 7070-7073 [default: the port of --listen].
    #[arg(long, env = "SNUG_MEDIA_PORTS", value_name = "PORTS")]
    media_ports: Option<Ports>,
    /// Address at which clients reach this machine, if its interfaces have others; several are separated by commas.
    #[arg(long, env = "SNUG_PUBLIC_IP", value_name = "ADDRESS", value_delimiter = ',')]
    #[serde(default)]
    public_ip: Vec<IpAddr>,
    /// Behind a proxy: believe its X-Forwarded-For and X-Forwarded-Proto.
    #[arg(long, env = "SNUG_TRUST_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    trust_proxy: Option<bool>,
    /// Switch rate limits off: for tests under load only.
    #[arg(long, env = "SNUG_NO_RATE_LIMITS", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    no_rate_limits: Option<bool>,
    /// Log lines for people or for programs [default: text].
    #[arg(long, env = "SNUG_LOG_FORMAT", value_name = "FORMAT")]
    log_format: Option<LogFormat>,
}

/// The most worker threads that media is given.
const MEDIA_PORTS: usize = 64;

/// Ports, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Ports {
    first: u16,
    last: u16,
}

/// Why a text names no ports.
#[derive(Debug, thiserror::Error)]
#[error("a port such as 7070, or up to {MEDIA_PORTS} of them such as 7070-7073, is needed")]
struct NoPorts;

impl FromStr for Ports {
    type Err = NoPorts;

    fn from_str(text: &str) -> Result<Self, NoPorts> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (first.trim().parse().map_err(|_| NoPorts)?, last.trim().parse().map_err(|_| NoPorts)?);
        let ports = Self { first, last };
        if first <= last && ports.range().len() <= MEDIA_PORTS { Ok(ports) } else { Err(NoPorts) }
    }
}

impl TryFrom<String> for Ports {
    type Error = NoPorts;

    fn try_from(text: String) -> Result<Self, NoPorts> {
        text.parse()
    }
}

impl Ports {
    fn range(self) -> RangeInclusive<u16> {
        self.first..=self.last
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The settings that hold.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to serve.
    pub listen: SocketAddr,
    /// The folder for what the server keeps.
    pub data: PathBuf,
    /// The database.
    pub database: Database,
    /// The UDP ports for media. None: the one that is listened on.
    pub media_ports: Vec<u16>,
    /// Where clients reach this machine, if its interfaces have other addresses.
    pub public_ip: Vec<IpAddr>,
    /// Whether a proxy's headers are believed.
    pub trust_proxy: bool,
    /// Whether rate limits hold.
    pub rate_limits: bool,
    /// How log lines look.
    pub log_format: LogFormat,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the settings in {path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is wrong.
    #[error("the settings in {path} are wrong: {source}")]
    Parse {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: toml::de::Error,
    },
    /// The database's address is wrong.
    #[error("--database takes an address that starts with postgres://; the embedded database needs only --data")]
    Database,
}

impl Flags {
    /// The settings, with the file's and the defaults where nothing else is said.
    pub fn resolve(self) -> Result<Config, ConfigError> {
        let file = match &self.config {
            None => Self::default(),
            Some(path) => {
                let text = fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.clone(), source })?;
                toml::from_str(&text).map_err(|source| ConfigError::Parse { path: path.clone(), source })?
            }
        };
        let data = self.data.or(file.data).unwrap_or_else(|| "data".into());
        let database = match self.database.or(file.database) {
            None => Database::Sqlite(data.join("snug.db")),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Database::Postgres(url),
            Some(_) => return Err(ConfigError::Database),
        };
        Ok(Config {
            listen: self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 7070))),
            data,
            database,
            media_ports: self.media_ports.or(file.media_ports).map(|ports| ports.range().collect()).unwrap_or_default(),
            public_ip: if self.public_ip.is_empty() { file.public_ip } else { self.public_ip },
            trust_proxy: self.trust_proxy.or(file.trust_proxy).unwrap_or(false),
            rate_limits: !self.no_rate_limits.or(file.no_rate_limits).unwrap_or(false),
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_one_or_a_range_of_a_few() {
        let ports = |text: &str| text.parse::<Ports>().map(|ports| ports.range().collect::<Vec<_>>()).ok();
        assert_eq!(ports("7070"), Some(vec![7070]));
        assert_eq!(ports("7070-7073"), Some(vec![7070, 7071, 7072, 7073]));
        for wrong in ["", "-", "7073-7070", "1-65535", "70700", "a", "7070-", "-1"] {
            assert_eq!(ports(wrong), None, "{wrong}");
        }
    }
}
