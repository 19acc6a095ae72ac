//! What the window is told when something did not work.

use crate::servers::{BookError, LinkError, ServerError, VaultError};
use serde::Serialize;
use snug_client::Failure;

/// What did not work, why, and what helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IpcError {
    /// What kind it is, for programs.
    pub code: Code,
    /// For people.
    pub message: String,
    /// What helps, for people.
    pub hint: Option<String>,
    /// Of the certificate that was shown, if that is what it is about.
    pub fingerprint: Option<String>,
}

/// Kinds of what does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// What was given makes no sense.
    Invalid,
    /// There is none.
    Unknown,
    /// The server cannot be reached.
    Unreachable,
    /// Its certificate is trusted by nobody here: compare and pin it.
    Untrusted,
    /// Its certificate is not the one that was pinned.
    Impostor,
    /// What is there is no Snug server of this version.
    Strange,
    /// The server says no.
    Refused,
    /// Secrets cannot be kept.
    Secrets,
    /// Something else.
    Failed,
}

impl IpcError {
    /// What was given makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, message)
    }

    /// Something that needs no more words.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: sentence(message.into()), hint: None, fingerprint: None }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<Failure> for IpcError {
    fn from(failure: Failure) -> Self {
        let (code, fingerprint, hint) = match &failure {
            Failure::Address(_) => (Code::Invalid, None, failure.hint()),
            Failure::Unreachable { .. } => (Code::Unreachable, None, failure.hint()),
            Failure::Untrusted { fingerprint, .. } => {
                (Code::Untrusted, Some(fingerprint), "Compare it with the one that the server printed when it was started.".to_owned())
            }
            Failure::Impostor { fingerprint, .. } => (Code::Impostor, Some(fingerprint), failure.hint()),
            Failure::Tls { .. } | Failure::Strange { .. } => (Code::Strange, None, failure.hint()),
            Failure::Refused(_) | Failure::Knocking | Failure::Ended(_) => (Code::Refused, None, failure.hint()),
        };
        Self { fingerprint: fingerprint.map(ToString::to_string), ..Self::new(code, failure.to_string()).hint(hint) }
    }
}

impl From<BookError> for IpcError {
    fn from(error: BookError) -> Self {
        let code = match &error {
            BookError::Unknown => Code::Unknown,
            BookError::Full | BookError::Order => Code::Invalid,
            BookError::File { .. } => Code::Failed,
        };
        let why = std::error::Error::source(&error).map(ToString::to_string);
        let told = Self::new(code, error.to_string());
        why.into_iter().fold(told, IpcError::hint)
    }
}

impl From<VaultError> for IpcError {
    fn from(error: VaultError) -> Self {
        tracing::warn!(error = &error as &dyn std::error::Error, "secrets");
        Self::new(Code::Secrets, error.to_string()).hint("Unlock the desktop's keyring, and try again.")
    }
}

impl From<LinkError> for IpcError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Failure(failure) => failure.into(),
            LinkError::Vault(error) => error.into(),
            LinkError::Path(_) | LinkError::Large => Self::invalid(error.to_string()),
        }
    }
}

impl From<ServerError> for IpcError {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Book(error) => error.into(),
            ServerError::Link(error) => error.into(),
        }
    }
}

/// With a capital, and a full stop at its end.
fn sentence(text: String) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return text;
    };
    let text: String = first.to_uppercase().chain(chars).collect();
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}
