//! A certificate that an authority gives to whoever holds a domain: ACME (RFC 8555), proved over TLS (RFC 8737).

use super::TlsError;
use futures_util::StreamExt as _;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, DnsName, pem::PemObject as _},
};
use rustls_acme::{AcmeConfig, AcmeState, EventError, EventOk, ResolvesServerCertAcme, acme::LETS_ENCRYPT_PRODUCTION_DIRECTORY, caches::DirCache};
use serde::Deserialize;
use std::{
    fmt, fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

/// What the authority asks for when it looks whose domain it is (RFC 8737, 6.2).
pub(super) const CHALLENGE: &[u8] = b"acme-tls/1";
/// In the data folder: the account's key, and the certificate with its own.
const FOLDER: &str = "acme";

/// A domain that a certificate can be for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Domain(String);

/// Why a text is no such domain.
#[derive(Debug, thiserror::Error)]
#[error("a domain such as snug.example is needed, without https:// and port, and no address: authorities vouch for names")]
pub struct BadDomain;

impl FromStr for Domain {
    type Err = BadDomain;

    fn from_str(text: &str) -> Result<Self, BadDomain> {
        let text = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let name = DnsName::try_from(text.as_str()).map_err(|_| BadDomain)?;
        // Digits and dots alone are an IPv4 address.
        if name.as_ref().chars().all(|c| c.is_ascii_digit() || c == '.') { Err(BadDomain) } else { Ok(Self(text)) }
    }
}

impl TryFrom<String> for Domain {
    type Error = BadDomain;

    fn try_from(text: String) -> Result<Self, BadDomain> {
        text.parse()
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// For what to ask, and whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acme {
    /// At least one. All of them have to lead to this server's port 443.
    pub domains: Vec<Domain>,
    /// An e-mail address to which the authority may write.
    pub contact: Option<String>,
    /// The authority's address. None: Let's Encrypt.
    pub directory: Option<String>,
    /// A certificate (PEM) by which to know an authority that the Web does not know.
    pub root: Option<PathBuf>,
}

/// What is asked of an authority, now and whenever the certificate has lived two thirds of its life.
pub(super) struct Orders(AcmeState<io::Error>);

impl Orders {
    /// Asks nobody yet.
    pub(super) fn new(acme: &Acme, data: &Path) -> Result<Self, TlsError> {
        let folder = data.join(FOLDER);
        // Keys lie in it.
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|source| TlsError::File { path: folder.clone(), source })?;
        let names = acme.domains.iter().map(|domain| &domain.0);
        let provider = Arc::new(default_provider());
        let config = match &acme.root {
            None => AcmeConfig::new_with_provider(names, provider),
            Some(path) => {
                let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
                AcmeConfig::new_with_client_config(names, Arc::new(client.with_root_certificates(roots(path)?).with_no_client_auth()))
            }
        };
        let directory = acme.directory.as_deref().unwrap_or(LETS_ENCRYPT_PRODUCTION_DIRECTORY);
        let contact = acme.contact.iter().map(|address| format!("mailto:{address}"));
        Ok(Self(config.directory(directory).contact(contact).cache(DirCache::new(folder)).state()))
    }

    pub(super) fn resolver(&self) -> Arc<ResolvesServerCertAcme> {
        self.0.resolver()
    }

    /// Asks, keeps what comes, and asks again in time. Failed attempts are repeated, ever more seldom.
    pub(super) async fn keep_fresh(mut self) {
        while let Some(event) = self.0.next().await {
            match event {
                Ok(EventOk::DeployedCachedCert) => tracing::info!("the certificate that was kept is shown"),
                Ok(EventOk::DeployedNewCert) => tracing::info!("a new certificate was given, and is shown"),
                Ok(EventOk::CertCacheStore | EventOk::AccountCacheStore) => {}
                Err(EventError::Order(error)) => {
                    tracing::warn!(%error, "no certificate was given: the domain has to lead to this server, at port 443. It is asked for again in a while");
                }
                Err(error) => tracing::warn!(%error, "the certificate could not be kept, or was of no use"),
            }
        }
    }
}

fn roots(path: &Path) -> Result<RootCertStore, TlsError> {
    let bad = |reason: String| TlsError::Pem { path: path.into(), what: "certificate", reason };
    let mut roots = RootCertStore::empty();
    let text = fs::read(path).map_err(|source| TlsError::File { path: path.into(), source })?;
    for certificate in CertificateDer::pem_slice_iter(&text) {
        roots.add(certificate.map_err(|error| bad(error.to_string()))?).map_err(|error| bad(error.to_string()))?;
    }
    if roots.is_empty() { Err(bad("there is none in it".into())) } else { Ok(roots) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_for_names() {
        let domain = |text: &str| text.parse::<Domain>().map(|domain| domain.to_string()).ok();
        assert_eq!(domain("Snug.Example."), Some("snug.example".into()));
        assert_eq!(domain("localhost"), Some("localhost".into()));
        for wrong in ["", "https://snug.example", "snug.example:443", "192.0.2.7", "2001:db8::7", "*.example", "snug example", "-a.example"] {
            assert_eq!(domain(wrong), None, "{wrong}");
        }
    }
}
