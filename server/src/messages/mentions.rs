//! Whom a text mentions.

use snug_protocol::{RoleId, UserId};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// People.
    pub users: Vec<UserId>,
    /// Roles.
    pub roles: Vec<RoleId>,
    /// `@everyone`.
    pub everyone: bool,
    /// `@here`.
    pub here: bool,
}

/// Whom `text` mentions.
pub fn mentions(text: &str) -> Found {
    let mut found = Found {
        everyone: text.contains("@everyone"),
        here: text.contains("@here"),
        ..Found::default()
    };
    for part in text.split("<@").skip(1) {
        let Some((id, _)) = part.split_once('>') else { continue };
        match id.strip_prefix('&') {
            Some(role) => found.roles.extend(role.parse::<RoleId>().ok()),
            None => found.users.extend(id.parse::<UserId>().ok()),
        }
    }
    found
}
