//! What the window is told when something did not work.

use crate::{
    servers::{BookError, LinkError, ServerError, VaultError},
    shell::opener::OpenError,
};
use serde::Serialize;
use snug_client::Failure;
use snug_ipc::failure::{Code, IpcError};

/// What the window is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Problem(pub IpcError);

impl Problem {
    /// What was given makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, message)
    }

    /// Something that needs no more words.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(IpcError { code, message: sentence(message.into()), hint: None, fingerprint: None })
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self(IpcError { hint: Some(hint.into()), ..self.0 })
    }
}

impl From<Failure> for Problem {
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
        let fingerprint = fingerprint.map(ToString::to_string);
        Self(IpcError { fingerprint, ..Self::new(code, failure.to_string()).hint(hint).0 })
    }
}

impl From<BookError> for Problem {
    fn from(error: BookError) -> Self {
        let code = match &error {
            BookError::Unknown => Code::Unknown,
            BookError::Full | BookError::Order => Code::Invalid,
            BookError::File { .. } => Code::Failed,
        };
        let why = std::error::Error::source(&error).map(ToString::to_string);
        let told = Self::new(code, error.to_string());
        why.into_iter().fold(told, Self::hint)
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        tracing::warn!(error = &error as &dyn std::error::Error, "secrets");
        Self::new(Code::Secrets, error.to_string()).hint("Unlock the desktop's keyring, and try again.")
    }
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Failure(failure) => failure.into(),
            LinkError::Vault(error) => error.into(),
            LinkError::Path(_) | LinkError::Large => Self::invalid(error.to_string()),
        }
    }
}

impl From<ServerError> for Problem {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Book(error) => error.into(),
            ServerError::Link(error) => error.into(),
        }
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Link => Self::invalid(error.to_string()),
            OpenError::System(_) => Self::new(Code::Failed, error.to_string()).hint("Set a default browser in the desktop's settings."),
            OpenError::Window(_) => Self::new(Code::Failed, error.to_string()),
        }
    }
}

/// With a capital, and a full stop at its end.
pub(crate) fn sentence(text: String) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return text;
    };
    let text: String = first.to_uppercase().chain(chars).collect();
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}
