//! A certificate in files: one that is given, or one that the server makes for itself.

use super::{Shown, TlsError};
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::{
    crypto::aws_lc_rs::sign::any_supported_type,
    pki_types::{self, CertificateDer, PrivateKeyDer, pem::PemObject as _},
    sign::CertifiedKey,
};
use std::{
    collections::BTreeSet,
    fs, io,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// How long a certificate that the server makes for itself is good, in days: ten years. It is trusted by hand, once.
const GOOD_DAYS: i64 = 3_650;
/// Its file in the data folder, with its key.
const OWN: &str = "tls.pem";

/// Where a certificate and its key are.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

impl Files {
    /// The server's own, made now if there is none yet.
    pub(super) fn own(data: &Path, public: &[IpAddr]) -> Result<Self, TlsError> {
        let path = data.join(OWN);
        if !path.exists() {
            make(&path, &names(public))?;
        }
        Ok(Self { certificate: path.clone(), key: path })
    }

    /// Shows a new certificate when the files have changed. One that makes no sense is not taken.
    pub(super) async fn keep_fresh(self, shown: Arc<Shown>) {
        let mut seen = self.changed();
        let mut every = tokio::time::interval(LOOK);
        loop {
            every.tick().await;
            let now = self.changed();
            if now == seen {
                continue;
            }
            match self.read() {
                Ok(certificate) => {
                    shown.set(certificate);
                    seen = now;
                    tracing::info!("the certificate was renewed");
                }
                // Perhaps one of the two is written already: the next look will tell.
                Err(error) => tracing::warn!(%error, "the new certificate cannot be used"),
            }
        }
    }

    pub(super) fn read(&self) -> Result<CertifiedKey, TlsError> {
        let pem = |path: &Path, what: &'static str, error: pki_types::pem::Error| match error {
            pki_types::pem::Error::Io(source) => TlsError::File { path: path.into(), source },
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
