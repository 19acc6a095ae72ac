//! What did not work, and what helps.

use crate::trust::Fingerprint;
use snug_protocol::error::{ApiError, ErrorCode};
use std::io;

/// Why a client cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It is not the address of a server.
    #[error("`{0}` is not the address of a server")]
    Address(String),
    /// Nobody answers there.
    #[error("the server at {server} cannot be reached")]
    Unreachable {
        /// Where.
        server: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Nobody whom this machine trusts has signed its certificate.
    #[error("the certificate of {server} is signed by nobody whom this machine trusts; its fingerprint is {fingerprint}")]
    Untrusted {
        /// Where.
        server: String,
        /// Of the certificate that was shown.
        fingerprint: Fingerprint,
    },
    /// It shows another certificate than the one that was asked for.
    #[error("the server at {server} shows another certificate than the one wanted: its fingerprint is {fingerprint}")]
    Impostor {
        /// Where.
        server: String,
        /// Of the certificate that was shown.
        fingerprint: Fingerprint,
    },
    /// TLS does not work with it.
    #[error("no secure connection to {server} can be had: {reason}")]
    Tls {
        /// Where.
        server: String,
        /// What TLS says.
        reason: rustls::Error,
    },
    /// It says no.
    #[error("{}", .0.message)]
    Refused(ApiError),
    /// An administrator must let this person in.
    #[error("an administrator of the server must let you in first")]
    Knocking,
    /// It is no Snug server, or one of another version.
    #[error("the server at {server} answers {what}")]
    Strange {
        /// Where.
        server: String,
        /// What came.
        what: &'static str,
    },
    /// The gateway's session is over for good.
    #[error("the server ended the session: {0}")]
    Ended(String),
}

impl Failure {
    /// What helps.
    pub fn hint(&self) -> String {
        match self {
            Self::Address(_) => "Give it as http://host:7070 or https://host.".to_owned(),
            Self::Unreachable { .. } => "See whether it runs, and whether address and port are right.".to_owned(),
            Self::Untrusted { fingerprint, .. } => {
                format!("Compare it with the one that the server printed at its start. If they are the same, add --fingerprint {fingerprint}")
            }
            Self::Impostor { .. } => {
                "If the server made a new certificate, it printed the new fingerprint. If it did not, somebody is in between.".to_owned()
            }
            Self::Tls { .. } => "See whether the server serves https:// there: plain http:// is another port or another address.".to_owned(),
            Self::Refused(error) => match (&error.hint, error.code) {
                (Some(hint), _) => hint.clone(),
                (None, ErrorCode::InviteInvalid) => "Ask for a new invite.".to_owned(),
                (None, _) => "Ask whoever runs the server.".to_owned(),
            },
            Self::Knocking => "Try again when they have.".to_owned(),
            Self::Strange { .. } => "See whether the address is right, and whether both programs are of the same version.".to_owned(),
            Self::Ended(_) => "Log in again.".to_owned(),
        }
    }

    /// Whether it may work a little later.
    pub fn passes(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused(error) => matches!(error.code, ErrorCode::Unavailable | ErrorCode::RateLimited | ErrorCode::Internal),
            Self::Address(_)
            | Self::Untrusted { .. }
            | Self::Impostor { .. }
            | Self::Tls { .. }
            | Self::Knocking
            | Self::Strange { .. }
            | Self::Ended(_) => false,
        }
    }
}
