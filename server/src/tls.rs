//! TLS: the certificate that the server shows, and where it comes from.
//!
//! Browsers give the microphone to secure pages only: to `https://`, and to `http://localhost`.

mod acme;
mod files;

pub use acme::{Acme, BadDomain, Domain};

use crate::config::{Config, Tls};
use acme::Orders;
use aws_lc_rs::digest;
use files::Files;
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs::default_provider,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    fmt, io,
    path::PathBuf,
    sync::{Arc, RwLock},
};

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
pub struct Shown(RwLock<Arc<CertifiedKey>>);

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
pub struct Secure {
    /// For each connection.
    pub config: Arc<ServerConfig>,
    keeper: Keeper,
}

/// Who sees to it that the certificate stays good.
enum Keeper {
    /// Whoever writes the files.
    Files { files: Files, shown: Arc<Shown> },
    /// Nobody: the server made it itself.
    Own(Arc<Shown>),
    /// An authority, asked in time.
    Authority(Orders),
}

impl Secure {
    /// Reads the certificate, makes one, or will ask for one. Nothing where TLS is off.
    pub fn open(config: &Config) -> Result<Option<Self>, TlsError> {
        let show = |files: &Files| Ok::<_, TlsError>(Arc::new(Shown(RwLock::new(Arc::new(files.read()?)))));
        let keeper = match &config.tls {
            Tls::Off => return Ok(None),
            Tls::Files { certificate, key } => {
                let files = Files { certificate: certificate.clone(), key: key.clone() };
                Keeper::Files { shown: show(&files)?, files }
            }
            Tls::SelfSigned => Keeper::Own(show(&Files::own(&config.data, &config.public_ip)?)?),
            Tls::Acme(acme) => Keeper::Authority(Orders::new(acme, &config.data)?),
        };
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions()?.with_no_client_auth();
        let mut server = match &keeper {
            Keeper::Files { shown, .. } | Keeper::Own(shown) => builder.with_cert_resolver(shown.clone()),
            Keeper::Authority(orders) => builder.with_cert_resolver(orders.resolver()),
        };
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        if let Keeper::Authority(_) = keeper {
            server.alpn_protocols.push(acme::CHALLENGE.to_vec());
        }
        Ok(Some(Self { config: Arc::new(server), keeper }))
    }

    /// Of the certificate, if the server made it itself: whoever visits can compare.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        let Keeper::Own(shown) = &self.keeper else { return None };
        let shown = shown.get();
        let hash = digest::digest(&digest::SHA256, shown.cert.first()?);
        Some(Fingerprint(hash.as_ref().try_into().expect("SHA-256 has 32 bytes")))
    }

    /// Sees to it that the certificate that is shown stays good, for as long as it is polled.
    pub async fn keep_fresh(self) {
        match self.keeper {
            Keeper::Files { files, shown } => files.keep_fresh(shown).await,
            Keeper::Own(_) => std::future::pending().await,
            Keeper::Authority(orders) => orders.keep_fresh().await,
        }
    }
}

/// Whether a connection was only to prove whose domain it is (RFC 8737): it is done when keys are agreed on.
pub fn is_challenge(connection: &rustls::ServerConnection) -> bool {
    connection.alpn_protocol() == Some(acme::CHALLENGE)
}
