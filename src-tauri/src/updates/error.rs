//! Why there is no update, and what helps.

use crate::failure::Problem;
use minisign_verify::Error as Signature;
use snug_client::Failure;
use snug_ipc::{
    failure::{Code, IpcError},
    update::NotItself,
};
use std::{error::Error, io};
use tauri_plugin_updater::Error as Updater;

/// Why there is no update.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// This copy does not update itself.
    #[error("this copy of the app does not update itself")]
    NotItself(NotItself),
    /// One thing at a time.
    #[error("the app is already looking for an update, or installing one")]
    Busy,
    /// It has to be looked for first.
    #[error("no update was found yet")]
    Nothing,
    /// Whom this machine trusts could not be found out.
    #[error(transparent)]
    Trust(#[from] Failure),
    /// The server did not answer.
    #[error("`{server}` could not be reached: {}", root(source))]
    Unreachable {
        /// Which.
        server: String,
        /// Why.
        source: reqwest::Error,
    },
    /// It says that there is no such file, or something like it.
    #[error("`{server}` answered with an error ({status})")]
    Refused {
        /// Which.
        server: String,
        /// Of HTTP.
        status: u16,
    },
    /// More than anybody could mean.
    #[error("`{server}` sends more than {most} bytes, so it was not listened to")]
    Large {
        /// Which.
        server: String,
        /// The limit.
        most: usize,
    },
    /// The end is missing.
    #[error("the download from `{server}` broke off after {got} bytes")]
    BrokenOff {
        /// Which.
        server: String,
        /// So much came.
        got: usize,
        /// Why.
        source: reqwest::Error,
    },
    /// What is there is no `latest.json`.
    #[error("`{server}` does not say in a way that is understood what is new")]
    Strange {
        /// Which.
        server: String,
        /// Why not.
        source: serde_json::Error,
    },
    /// The package is where everybody could change it on its way.
    #[error("`{server}` names a package that would come without encryption, so it was not fetched")]
    Insecure {
        /// Which.
        server: String,
    },
    /// There is an update, but not of the kind that is installed.
    #[error("there is an update, but no package of the kind that is installed here (`{0}`)")]
    OtherKind(String),
    /// It is not what was signed.
    #[error("the package is not the one that was signed: it is damaged, or somebody has changed it")]
    Forged(#[source] Signature),
    /// Somebody else signed it.
    #[error("the package was signed with another key than the one that this app believes")]
    OtherKey,
    /// What is said to be the signature is none.
    #[error("what came with the package is no signature")]
    NoSignature,
    /// An old one, presented as a new one.
    #[error("the package was signed as version {signed}, but is presented as {announced}")]
    OtherVersion {
        /// What it is.
        signed: String,
        /// What it is said to be.
        announced: String,
    },
    /// It might be an old one.
    #[error("the package's signature does not say which version it is")]
    NoVersion,
    /// The file is no package.
    #[error("the package is of a kind that cannot be installed here")]
    NoPackage,
    /// The system did not install it, or nobody gave the password.
    #[error("the system did not install the package")]
    NotInstalled,
    /// A file could not be written.
    #[error("the package could not be written")]
    File(#[source] io::Error),
    /// A bug.
    #[error("the installation ended unexpectedly")]
    Gone(#[source] tokio::task::JoinError),
    /// Something else.
    #[error("the update did not work")]
    Other(#[source] Updater),
}

/// The reason behind all reasons.
fn root(error: &dyn Error) -> &dyn Error {
    error.source().map_or(error, root)
}

impl From<Updater> for UpdateError {
    fn from(error: Updater) -> Self {
        match error {
            Updater::Minisign(Signature::UnexpectedKeyId) => Self::OtherKey,
            Updater::Minisign(Signature::InvalidEncoding) | Updater::Base64(_) | Updater::SignatureUtf8(_) => Self::NoSignature,
            Updater::Minisign(error) => Self::Forged(error),
            Updater::SignedVersionMismatch { signed, announced } => Self::OtherVersion { signed, announced },
            Updater::MissingSignedVersion => Self::NoVersion,
            Updater::TargetNotFound(target) => Self::OtherKind(target),
            Updater::InvalidUpdaterFormat | Updater::BinaryNotFoundInArchive => Self::NoPackage,
            Updater::AuthenticationFailed | Updater::PackageInstallFailed | Updater::DebInstallFailed => Self::NotInstalled,
            Updater::Io(error) => Self::File(error),
            other => Self::Other(other),
        }
    }
}

impl UpdateError {
    /// What helps.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotItself(_) => "Update it in the way in which it was installed.",
            Self::Busy => "Wait until that is done.",
            Self::Nothing => "Look for updates first.",
            Self::Trust(_) | Self::Unreachable { .. } | Self::BrokenOff { .. } => "Look whether this computer is online, and try again.",
            Self::Refused { .. } | Self::Strange { .. } => "Try again later. If it stays so, tell those who made this package.",
            Self::OtherKind(_) => "Get it in another way, from where you have this one.",
            Self::Large { .. }
            | Self::Insecure { .. }
            | Self::Forged(_)
            | Self::OtherKey
            | Self::NoSignature
            | Self::OtherVersion { .. }
            | Self::NoVersion
            | Self::NoPackage => "Nothing was installed, and this version goes on working. If it stays so, tell those who made this package.",
            Self::NotInstalled => {
                "Try again, and give the password that the system asks for. If that was it, the package needs something that is missing: \
                 install it with the system's own tools."
            }
            Self::File(_) => "Look whether the disk is full, and whether the app may write to where it is.",
            Self::Gone(_) | Self::Other(_) => return None,
        })
    }

    fn code(&self) -> Code {
        match self {
            Self::NotItself(_) | Self::Busy | Self::Nothing => Code::Invalid,
            Self::Trust(_) | Self::Unreachable { .. } | Self::BrokenOff { .. } => Code::Unreachable,
            Self::Refused { .. } | Self::Large { .. } | Self::Strange { .. } | Self::Insecure { .. } | Self::OtherKind(_) => Code::Strange,
            Self::Forged(_) | Self::OtherKey | Self::NoSignature | Self::OtherVersion { .. } | Self::NoVersion => Code::Impostor,
            Self::NoPackage | Self::NotInstalled | Self::File(_) | Self::Gone(_) | Self::Other(_) => Code::Failed,
        }
    }
}

impl From<UpdateError> for Problem {
    fn from(error: UpdateError) -> Self {
        tracing::warn!(error = &error as &dyn std::error::Error, "update");
        Self(IpcError { hint: error.hint().map(str::to_owned), ..Self::new(error.code(), error.to_string()).0 })
    }
}
