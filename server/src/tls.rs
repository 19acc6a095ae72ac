//! TLS: the certificate that the server shows, and where it comes from.
//!
//! Browsers give the microphone to secure pages only: to `https://`, and to `http://localhost`.

use crate::config::{Config, Tls};
use aws_lc_rs::digest;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs::{default_provider, sign::any_supported_type},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    collections::BTreeSet,
    fmt, fs, io,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
    time::{Duration, SystemTime},
};

/// How often the files of a certificate are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// How long a certificate that the server makes for itself is good, in days: ten years. It is trusted by hand, once.
const GOOD_DAYS: i64 = 3_650;
/// Its file in the data folder, with its key.
const OWN: &str = "tls.pem";

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path} holds no {what} in PEM form: {reason}")]
    Pem {
        /// Which.
        path: PathBuf,
        /// `certificate` or `private key`.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// Certificate and key are not a pair, or of a kind that is not known.
    #[error("the certificate and the key cannot be used together: {0}")]
    Pair(#[from] rustls::Error),
    /// No certificate could be made.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
}

impl TlsError {
    /// What helps.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File { .. } | Self::Pem { .. } => "--tls-cert takes the certificate with all that vouch for it, --tls-key its private key.",
            Self::Pair(_) => "Give the key that the certificate was made for.",
            Self::Make(_) => "--tls-cert and --tls-key take one that is there.",
        }
    }
}

/// The certificate that is shown now.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.get())
    }
}

impl Shown {
    fn get(&self) -> Arc<CertifiedKey> {
        self.0.read().unwrap_or_else(|e| e.into_inner()).clone()
    }

    fn set(&self, certificate: CertifiedKey) {
        *self.0.write().unwrap_or_else(|e| e.into_inner()) = Arc::new(certificate);
    }
}

/// SHA-256 of a certificate, as browsers show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<_> = self.0.iter().map(|byte| format!("{byte:02X}")).collect();
        f.write_str(&bytes.join(":"))
    }
}

/// What the listener needs, and what keeps it up to date.
#[derive(Clone, Debug)]
pub struct Secure {
    /// For each connection.
    pub config: Arc<ServerConfig>,
    shown: Arc<Shown>,
    source: Source,
}

/// Where a certificate and its key are.
#[derive(Clone, Debug)]
struct Source {
    certificate: PathBuf,
    key: PathBuf,
    /// Whether the server made it itself.
    own: bool,
}

impl Secure {
    /// Reads the certificate, or makes one. Nothing where TLS is off.
    pub fn open(config: &Config) -> Result<Option<Self>, TlsError> {
        let source = match &config.tls {
            Tls::Off => return Ok(None),
            Tls::Files { certificate, key } => Source { certificate: certificate.clone(), key: key.clone(), own: false },
            Tls::SelfSigned => {
                let path = config.data.join(OWN);
                if !path.exists() {
                    make(&path, &names(&config.public_ip))?;
                }
                Source { certificate: path.clone(), key: path, own: true }
            }
        };
        let shown = Arc::new(Shown(RwLock::new(Arc::new(source.read()?))));
        let mut server = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Some(Self { config: Arc::new(server), shown, source }))
    }

    /// Of the certificate, if the server made it itself: whoever visits can compare.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        let shown = self.shown.get();
        let hash = digest::digest(&digest::SHA256, shown.cert.first()?);
        self.source.own.then(|| Fingerprint(hash.as_ref().try_into().expect("SHA-256 has 32 bytes")))
    }

    /// Shows a new certificate when its files have changed. One that makes no sense is not taken.
    pub async fn keep_fresh(self) {
        let mut seen = self.source.changed();
        let mut every = tokio::time::interval(LOOK);
        loop {
            every.tick().await;
            let now = self.source.changed();
            if now == seen {
                continue;
            }
            match self.source.read() {
                Ok(certificate) => {
                    self.shown.set(certificate);
                    seen = now;
                    tracing::info!("the certificate was renewed");
                }
                // Perhaps one of the two is written already: the next look will tell.
                Err(error) => tracing::warn!(%error, "the new certificate cannot be used"),
            }
        }
    }
}

impl Source {
    fn read(&self) -> Result<CertifiedKey, TlsError> {
        let pem = |path: &Path, what: &'static str, error: rustls::pki_types::pem::Error| match error {
            rustls::pki_types::pem::Error::Io(source) => TlsError::File { path: path.into(), source },
            error => TlsError::Pem { path: path.into(), what, reason: error.to_string() },
        };
        let chain: Vec<_> = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect)
            .map_err(|error| pem(&self.certificate, "certificate", error))?;
        if chain.is_empty() {
            return Err(TlsError::Pem { path: self.certificate.clone(), what: "certificate", reason: "there is none in it".into() });
        }
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| pem(&self.key, "private key", error))?;
        let pair = CertifiedKey::new(chain, any_supported_type(&key)?);
        pair.keys_match()?;
        Ok(pair)
    }

    /// When the files were last written.
    fn changed(&self) -> [Option<SystemTime>; 2] {
        [&self.certificate, &self.key].map(|path| fs::metadata(path).and_then(|file| file.modified()).ok())
    }
}

/// By which this machine may be called.
fn names(public: &[IpAddr]) -> Vec<String> {
    let mut names = BTreeSet::from(["localhost".to_owned()]);
    names.extend(fs::read_to_string("/proc/sys/kernel/hostname").ok().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
    names.extend(if_addrs::get_if_addrs().unwrap_or_default().iter().map(|interface| interface.ip().to_string()));
    names.extend(public.iter().map(ToString::to_string));
    names.into_iter().collect()
}

fn make(path: &Path, names: &[String]) -> Result<(), TlsError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Snug");
    params.not_before = time::OffsetDateTime::now_utc() - time::Duration::days(1);
    params.not_after = params.not_before + time::Duration::days(GOOD_DAYS);
    let certificate = params.self_signed(&key)?;
    let text = format!("{}{}", certificate.pem(), key.serialize_pem());
    write_private(path, &text).map_err(|source| TlsError::File { path: path.into(), source })
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let part = path.with_extension("part");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(part, path)
}
