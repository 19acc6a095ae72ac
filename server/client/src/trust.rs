//! Whether a server is who it says it is.

use aws_lc_rs::digest;
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{WebPkiSupportedAlgorithms, aws_lc_rs::default_provider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::{
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

/// SHA-256 of a certificate, as servers print it and browsers show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

/// Not a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 32 bytes in hexadecimal: 8F:10:…")]
pub struct NoFingerprint;

impl Fingerprint {
    fn of(certificate: &CertificateDer<'_>) -> Self {
        let hash = digest::digest(&digest::SHA256, certificate);
        Self(hash.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<_> = self.0.iter().map(|byte| format!("{byte:02X}")).collect();
        f.write_str(&bytes.join(":"))
    }
}

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        let digits: String = text.chars().filter(|c| *c != ':').collect();
        let bytes = data_encoding::HEXUPPER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| NoFingerprint)?;
        bytes.try_into().map(Self).map_err(|_| NoFingerprint)
    }
}

/// Whom to believe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Certificates that are signed by someone whom this machine trusts.
    #[default]
    System,
    /// This one certificate, whoever signed it, under whatever name.
    Pinned(Fingerprint),
}

/// Checks a server's certificate, and remembers one that it refused.
#[derive(Debug)]
pub(crate) struct Checker {
    trust: Trust,
    /// None where this machine trusts nobody at all.
    authorities: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
    refused: Mutex<Option<Fingerprint>>,
}

impl Checker {
    /// Reads whom this machine trusts; takes some milliseconds.
    pub(crate) fn new(trust: Trust) -> Arc<Self> {
        let provider = Arc::new(default_provider());
        let authorities = match trust {
            Trust::Pinned(_) => None,
            Trust::System => {
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().ok()
            }
        };
        Arc::new(Self { trust, authorities, algorithms: provider.signature_verification_algorithms, refused: Mutex::new(None) })
    }

    pub(crate) fn config(self: &Arc<Self>) -> Result<ClientConfig, rustls::Error> {
        let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(self.clone())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    pub(crate) fn trust(&self) -> Trust {
        self.trust
    }

    /// The last certificate that was refused.
    pub(crate) fn refused(&self) -> Option<Fingerprint> {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse(&self, shown: Fingerprint, why: rustls::Error) -> rustls::Error {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        why
    }
}

impl ServerCertVerifier for Checker {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = Fingerprint::of(end_entity);
        let unknown = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        match (self.trust, &self.authorities) {
            (Trust::Pinned(wanted), _) if wanted == shown => Ok(ServerCertVerified::assertion()),
            (Trust::Pinned(_), _) | (Trust::System, None) => Err(self.refuse(shown, unknown)),
            (Trust::System, Some(authorities)) => {
                authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now).map_err(|error| self.refuse(shown, error))
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_it_is_written() {
        let text = (0..32).map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
        let fingerprint: Fingerprint = text.parse().unwrap();
        assert_eq!(fingerprint.to_string(), text);
        assert_eq!(text.to_lowercase().replace(':', "").parse(), Ok(fingerprint));
        assert_eq!(text[3..].parse::<Fingerprint>(), Err(NoFingerprint));
        assert_eq!("self-signed".parse::<Fingerprint>(), Err(NoFingerprint));
    }
}
