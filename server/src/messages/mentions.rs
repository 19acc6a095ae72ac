//! Whom a text mentions.

use snug_protocol::{RoleId, UserId};
use std::str::FromStr;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// People, each once.
    pub users: Vec<UserId>,
    /// Roles, each once.
    pub roles: Vec<RoleId>,
    /// `@everyone`.
    pub everyone: bool,
    /// `@here`.
    pub here: bool,
}

/// Whom `text` mentions.
pub fn mentions(text: &str) -> Found {
    let mut found = Found { everyone: text.contains("@everyone"), here: text.contains("@here"), ..Found::default() };
    for part in text.split("<@").skip(1) {
        let Some((id, _)) = part.split_once('>') else { continue };
        match id.strip_prefix('&') {
            Some(role) => add(&mut found.roles, role),
            None => add(&mut found.users, id),
        }
    }
    found
}

fn add<T: FromStr + PartialEq>(list: &mut Vec<T>, id: &str) {
    if let Ok(id) = id.parse()
        && !list.contains(&id)
    {
        list.push(id);
    }
}
