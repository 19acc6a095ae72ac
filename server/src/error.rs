//! Why a request is refused.

use crate::store::SqlError;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use snug_protocol::{ApiError, ErrorCode, Permission};
use std::{fmt, time::Duration};

/// A refused request: what it is answered with.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    error: Box<ApiError>,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// A refusal with a sentence for people.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let error = ApiError { code, message: message.into(), hint: None, field: None };
        Self { error: Box::new(error), retry_after: None }
    }

    /// A field that is out of its range.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, message).field(field)
    }

    /// Something that is not there, or that the asker may not know of.
    pub fn not_found(thing: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no such {thing}, or you may not see it."))
    }

    /// A permission that is lacking.
    pub fn lacking(permission: Permission) -> Self {
        Self::new(ErrorCode::Forbidden, format!("You lack the permission to {}.", permission_name(permission)))
            .hint("Ask somebody who manages the roles of this space.")
    }

    /// A mistake of ours. What it was goes to the log, not to the client.
    pub fn bug(what: impl fmt::Display) -> Self {
        tracing::error!(%what, "internal error");
        Self::new(ErrorCode::Internal, "Something went wrong in the server.").hint("Its log says what. Trying again may help.")
    }

    /// The server cannot take changes any more.
    pub fn stopping() -> Self {
        Self::new(ErrorCode::Unavailable, "The server is stopping.").hint("Try again in a moment.").retry_after(Duration::from_secs(1))
    }

    /// What a database error is to the client.
    pub fn from_sql(error: &SqlError) -> Self {
        match error {
            SqlError::Full(_) => {
                tracing::error!(%error, "the database cannot be written");
                Self::new(ErrorCode::Unavailable, "The server cannot save anything: its disk is full or read-only.")
                    .hint("Tell whoever runs it.")
                    .retry_after(Duration::from_secs(30))
            }
            SqlError::Unique | SqlError::Reference => {
                Self::new(ErrorCode::Conflict, "Somebody changed the same thing at the same time.").hint("Try again.")
            }
            SqlError::Taken => {
                tracing::error!(%error, "the database cannot be written");
                Self::new(ErrorCode::Unavailable, "Another server has taken the database over.").hint("Tell whoever runs it.")
            }
            SqlError::Shape { .. } | SqlError::Sqlite(_) | SqlError::Postgres(_) => Self::bug(error),
        }
    }

    /// Adds what helps.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.error.hint = Some(hint.into());
        self
    }

    /// Adds the field that is at fault.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.error.field = Some(field.into());
        self
    }

    /// Adds when to try again.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// What a program acts on.
    pub fn code(&self) -> ErrorCode {
        self.error.code
    }
}

impl From<SqlError> for Refusal {
    fn from(error: SqlError) -> Self {
        Self::from_sql(&error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.message)
    }
}

impl std::error::Error for Refusal {}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&*self.error)).into_response();
        if let Some(wait) = self.retry_after {
            // Rounded up: a client that waits this long is not refused again for the same reason.
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_millis().div_ceil(1000) as u64));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A permission in the words of the web app.
pub(crate) fn permission_name(permission: Permission) -> &'static str {
    match permission {
        Permission::ViewChannel => "view this channel",
        Permission::SendMessages => "send messages here",
        Permission::ManageMessages => "manage messages",
        Permission::ManageChannels => "manage channels",
        Permission::ManageRoles => "manage roles",
        Permission::KickMembers => "kick members",
        Permission::BanMembers => "ban members",
        Permission::ManageSpace => "manage the space",
        Permission::Connect => "join voice",
        Permission::Speak => "speak",
        Permission::MuteMembers => "mute members",
        Permission::DeafenMembers => "deafen members",
        Permission::MoveMembers => "move members",
        Permission::MentionEveryone => "mention everyone",
        Permission::AttachFiles => "attach files",
        Permission::ReadHistory => "read history",
        Permission::CreateInvites => "create invites",
        Permission::ChangeNickname => "change your nickname",
        Permission::ManageNicknames => "manage nicknames",
        Permission::ShareScreen => "share a screen or camera",
        Permission::ControlPlayer => "control radio and player",
        Permission::Administrator => "administer the space",
    }
}
