//! Settings: by flag, by environment (`SNUG_…`), or in a file. A flag wins over the environment, and that over the file.

use crate::{
    store::Database,
    tls::{Acme, Domain},
};
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
    /// Serve https:// with a certificate that the server makes for itself, and visitors have to trust by hand.
    #[arg(long, env = "SNUG_TLS", value_name = "KIND", conflicts_with_all = ["tls_cert", "tls_key"])]
    tls: Option<TlsKind>,
    /// Serve https:// with this certificate, and all that vouch for it (PEM). Read again when it changes.
    #[arg(long, env = "SNUG_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, env = "SNUG_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Serve https:// with a certificate that Let's Encrypt gives for this domain; several are separated by commas. The
    /// domain has to lead to this machine, and --listen is 0.0.0.0:443 if nothing else is said.
    #[arg(long, env = "SNUG_ACME_DOMAIN", value_name = "DOMAIN", value_delimiter = ',', conflicts_with_all = ["tls", "tls_cert", "tls_key"])]
    #[serde(default)]
    acme_domain: Vec<Domain>,
    /// E-mail address to which the authority may write.
    #[arg(long, env = "SNUG_ACME_CONTACT", value_name = "ADDRESS", requires = "acme_domain")]
    acme_contact: Option<String>,
    /// Another authority than Let's Encrypt: the address of its ACME directory.
    #[arg(long, env = "SNUG_ACME_DIRECTORY", value_name = "URL", requires = "acme_domain")]
    acme_directory: Option<String>,
    /// Certificate by which to know that authority, if browsers do not know it (PEM).
    #[arg(long, env = "SNUG_ACME_ROOT", value_name = "FILE", requires = "acme_domain")]
    acme_root: Option<PathBuf>,
    /// With TLS: lead from http:// at this address to https:// [default: port 80 if https:// is at 443].
    #[arg(long, env = "SNUG_REDIRECT", value_name = "ADDRESS:PORT")]
    redirect: Option<SocketAddr>,
    /// Behind a proxy: believe its X-Forwarded-For and X-Forwarded-Proto.
    #[arg(long, env = "SNUG_TRUST_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    trust_proxy: Option<bool>,
    /// Switch rate limits off: for tests under load only.
    #[arg(long, env = "SNUG_NO_RATE_LIMITS", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    no_rate_limits: Option<bool>,
    /// Do not tell the local network that there is a server (mDNS), for apps to find.
    #[arg(long, env = "SNUG_NO_DISCOVERY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    no_discovery: Option<bool>,
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

/// Certificates that need no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
enum TlsKind {
    /// None: http://.
    Off,
    /// Made once, and kept in the data folder.
    SelfSigned,
}

/// Which certificate is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// None: `http://`.
    Off,
    /// One that the server makes for itself, and keeps.
    SelfSigned,
    /// One that is given.
    Files {
        /// With all that vouch for it.
        certificate: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
    /// One that an authority gives.
    Acme(Acme),
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
    /// Which certificate is shown.
    pub tls: Tls,
    /// Where else to lead from `http://` to `https://`. None: at port 80, if TLS is at 443 and the port is free.
    pub redirect: Option<SocketAddr>,
    /// Whether a proxy's headers are believed.
    pub trust_proxy: bool,
    /// Whether rate limits hold.
    pub rate_limits: bool,
    /// Whether the local network is told that there is a server.
    pub discovery: bool,
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
    /// A certificate without a key, or a key without a certificate.
    #[error("a certificate and its key go together: --tls-cert and --tls-key, and neither --tls nor --acme-domain beside them")]
    Tls,
    /// What is for ACME only, without a domain.
    #[error("--acme-contact, --acme-directory and --acme-root say how to get a certificate: --acme-domain says for what")]
    Acme,
    /// Nothing to lead to.
    #[error("--redirect leads to https://, and there is none: --tls, --tls-cert or --acme-domain is needed")]
    Redirect,
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
        let tls = resolve_tls(&self, &file)?;
        let redirect = self.redirect.or(file.redirect);
        if redirect.is_some() && tls == Tls::Off {
            return Err(ConfigError::Redirect);
        }
        let data = self.data.or(file.data).unwrap_or_else(|| "data".into());
        let database = match self.database.or(file.database) {
            None => Database::Sqlite(data.join("snug.db")),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Database::Postgres(url),
            Some(_) => return Err(ConfigError::Database),
        };
        let port = if matches!(tls, Tls::Acme(_)) { 443 } else { 7070 };
        Ok(Config {
            tls,
            redirect,
            listen: self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], port))),
            data,
            database,
            media_ports: self.media_ports.or(file.media_ports).map(|ports| ports.range().collect()).unwrap_or_default(),
            public_ip: if self.public_ip.is_empty() { file.public_ip } else { self.public_ip },
            trust_proxy: self.trust_proxy.or(file.trust_proxy).unwrap_or(false),
            discovery: !self.no_discovery.or(file.no_discovery).unwrap_or(false),
            rate_limits: !self.no_rate_limits.or(file.no_rate_limits).unwrap_or(false),
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
        })
    }
}

/// Flags and environment as a whole win over the file: half of a pair is no pair.
fn resolve_tls(flags: &Flags, file: &Flags) -> Result<Tls, ConfigError> {
    let said = |of: &Flags| of.tls.is_some() || of.tls_cert.is_some() || of.tls_key.is_some() || !of.acme_domain.is_empty();
    let of = if said(flags) { flags } else { file };
    let (contact, directory, root) = (of.acme_contact.clone(), of.acme_directory.clone(), of.acme_root.clone());
    let domains = of.acme_domain.clone();
    if domains.is_empty() && (contact.is_some() || directory.is_some() || root.is_some()) {
        return Err(ConfigError::Acme);
    }
    match (of.tls, of.tls_cert.clone(), of.tls_key.clone(), domains.is_empty()) {
        (None | Some(TlsKind::Off), None, None, true) => Ok(Tls::Off),
        (Some(TlsKind::SelfSigned), None, None, true) => Ok(Tls::SelfSigned),
        (None, Some(certificate), Some(key), true) => Ok(Tls::Files { certificate, key }),
        (None, None, None, false) => Ok(Tls::Acme(Acme { domains, contact, directory, root })),
        _ => Err(ConfigError::Tls),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(flags: &[&str]) -> Result<Config, ConfigError> {
        Cli::try_parse_from([&["snug-server"], flags].concat()).expect("flags that there are").settings.resolve()
    }

    #[test]
    fn a_certificate_for_a_domain_is_served_where_the_authority_looks() {
        let config = resolve(&["--acme-domain", "snug.example,www.snug.example"]).unwrap();
        assert!(matches!(config.tls, Tls::Acme(acme) if acme.domains.len() == 2 && acme.directory.is_none()));
        assert_eq!(config.listen.port(), 443);
        assert_eq!(resolve(&["--acme-domain", "snug.example", "--listen", "127.0.0.1:8443"]).unwrap().listen.port(), 8443);
    }

    #[test]
    fn settings_for_certificates_have_to_fit_together() {
        assert!(matches!(resolve(&["--redirect", "127.0.0.1:80"]), Err(ConfigError::Redirect)));
        assert_eq!(resolve(&["--tls", "self-signed", "--redirect", "127.0.0.1:80"]).unwrap().tls, Tls::SelfSigned);
        for wrong in [&["--acme-domain", "a.example", "--tls", "self-signed"][..], &["--acme-root", "r.pem"], &["--acme-domain", "10.0.0.1"]] {
            assert!(Cli::try_parse_from([&["snug-server"], wrong].concat()).is_err(), "{wrong:?}");
        }
    }

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
