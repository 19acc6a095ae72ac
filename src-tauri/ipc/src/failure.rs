//! What did not work.

use crate::ipc;

ipc! {
    /// What did not work, why, and what helps.
    pub struct IpcError {
        /// What kind it is, for programs.
        pub code: Code,
        /// For people: a sentence.
        pub message: String,
        /// What helps, for people: a sentence.
        pub hint: Option<String>,
        /// Of the certificate that was shown, if that is what it is about.
        pub fingerprint: Option<String>,
    }

    /// Kinds of what does not work.
    #[derive(Copy, Eq)]
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
        /// What is there is no Snug server, or one of another version.
        Strange,
        /// The server says no.
        Refused,
        /// Secrets cannot be kept.
        Secrets,
        /// Something else.
        Failed,
    }
}
