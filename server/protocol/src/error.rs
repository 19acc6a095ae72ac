//! Why a request was refused: `{code, message, hint?, field?}`.

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "generated.ts"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiError {
    /// What a program acts on.
    pub code: ErrorCode,
    /// What happened and why, for a person: a whole sentence.
    pub message: String,
    /// What helps, for a person: a whole sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub hint: Option<String>,
    /// The field of the request that is at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub field: Option<String>,
}

/// What a client acts on. Each is sent with one HTTP status, given in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "generated.ts"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request is not well formed, or a field is out of its range (400).
    Invalid,
    /// No access token, or one that is wrong, expired or revoked: refresh it, or log in (401).
    Unauthorized,
    /// The name or the password is wrong (401).
    WrongPassword,
    /// The session is over: log in again (401).
    SessionEnded,
    /// The account waits for an administrator's approval (403).
    AwaitingApproval,
    /// The account is suspended (403).
    Suspended,
    /// The server asks for its password at registration, and it was missing or wrong (403).
    ServerPassword,
    /// Registration needs an invite, or is closed (403).
    RegistrationClosed,
    /// The person is banned from the space (403).
    Banned,
    /// The permission is lacking (403).
    Forbidden,
    /// There is no such thing, or the asker may not know of it (404).
    NotFound,
    /// The invite is unknown, used up or expired (404).
    InviteInvalid,
    /// The path exists, but not with this method (405).
    MethodNotAllowed,
    /// It clashes with what is there: a name is taken, a limit of the space is reached (409).
    Conflict,
    /// The username is taken (409).
    UsernameTaken,
    /// The body is larger than allowed (413).
    TooLarge,
    /// The body is of a type that is not accepted here (415).
    UnsupportedType,
    /// Too many requests: wait for `Retry-After` (429).
    RateLimited,
    /// The channel is in slow mode: wait for `Retry-After` (429).
    SlowMode,
    /// A fault of the server; it is in its log (500).
    Internal,
    /// The server is starting, stopping, or its disk or database is out of order: try again (503).
    Unavailable,
}

impl ErrorCode {
    /// The HTTP status it is sent with.
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthorized | Self::WrongPassword | Self::SessionEnded => 401,
            Self::AwaitingApproval | Self::Suspended | Self::ServerPassword | Self::RegistrationClosed | Self::Banned | Self::Forbidden => 403,
            Self::NotFound | Self::InviteInvalid => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict | Self::UsernameTaken => 409,
            Self::TooLarge => 413,
            Self::UnsupportedType => 415,
            Self::RateLimited | Self::SlowMode => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}
