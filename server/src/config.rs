//! Settings: by flag, by environment (`SNUG_…`), or in a file. A flag wins over the environment, and that over the file.

use crate::store::Database;
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;
use std::{fs, io, net::SocketAddr, path::PathBuf};

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
            trust_proxy: self.trust_proxy.or(file.trust_proxy).unwrap_or(false),
            rate_limits: !self.no_rate_limits.or(file.no_rate_limits).unwrap_or(false),
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
        })
    }
}
