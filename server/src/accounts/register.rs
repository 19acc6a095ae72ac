//! Registering: how one gets an account.

use super::{
    login::{self, Entry},
    password,
    visitor::Visitor,
};
use crate::{
    auth::{self, Keys, Purpose},
    error::Refusal,
    http::{App, extract::Json},
    invites, spaces,
    store::{Audit, SqlError, Tx},
    text, values,
    world::{Change, Person, World, to_text},
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use snug_protocol::{
    ChosenStatus, ErrorCode, User, UserId, limits,
    rest::{AccountState, Register, Registered, Registration},
};
use std::{collections::BTreeSet, sync::Arc};

/// Whether somebody owns the server. The first account does.
pub(crate) fn has_owner(world: &World) -> bool {
    world.people.values().any(|person| person.owner)
}

pub(super) async fn register(State(app): State<Arc<App>>, visitor: Visitor, Json(body): Json<Register>) -> Result<Response, Refusal> {
    let cookie = body.cookie;
    let applicant = Applicant::check(&app, body).await?;
    let (keys, from) = (app.keys.clone(), visitor.clone());
    Ok(match app.store.write(move |tx| admit(tx, &keys, applicant, &from)).await? {
        Admitted::In(entry) => {
            let (headers, logged_in) = entry.tell(&app, &visitor, cookie);
            (StatusCode::CREATED, headers, Json(Registered::LoggedIn(logged_in))).into_response()
        }
        Admitted::Waits { ticket } => (StatusCode::ACCEPTED, Json(Registered::Waiting { ticket })).into_response(),
    })
}

/// Somebody who wants an account, as far as that can be checked without a transaction.
struct Applicant {
    username: String,
    display_name: String,
    password_hash: String,
    invite: Option<String>,
    knock: Option<String>,
    /// The hash of the server's password that they knew.
    server_password: Option<String>,
}

impl Applicant {
    async fn check(app: &App, body: Register) -> Result<Self, Refusal> {
        let username = well_formed(&body.username)?;
        reserved(&username)?;
        password::acceptable("password", &body.password)?;
        let display_name = body.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(body.username.trim());
        let display_name = text::name("display_name", display_name, limits::DISPLAY_NAME)?;
        let optional = |field: &str, text: Option<String>, most, multiline| {
            let text = text.map(|text| text::clean(field, &text, most, multiline)).transpose()?;
            Ok::<_, Refusal>(text.filter(|text| !text.is_empty()))
        };
        let invite = optional("invite", body.invite, 64, false)?;
        let knock = optional("knock", body.knock, limits::KNOCK_TEXT, true)?;
        let asked = {
            let world = app.hub.read();
            let way = Way::open_to(&world, invite.is_some())?;
            if world.people.values().any(|person| person.user.username == username) {
                return Err(taken(&username));
            }
            if way == Way::First { None } else { world.settings.server_password.clone() }
        };
        if let Some(hash) = &asked {
            let given = body.server_password.filter(|given| !given.is_empty());
            let given = given.ok_or_else(|| server_password("This server asks for its own password at registration."))?;
            if !app.passwords.verify(given, Some(hash.clone())).await? {
                return Err(server_password("The server's password is wrong."));
            }
        }
        let password_hash = app.passwords.hash(body.password).await?;
        Ok(Self { username, display_name, password_hash, invite, knock, server_password: asked })
    }
}

/// The way in that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Nobody is here yet: the server becomes theirs.
    First,
    /// At once.
    In,
    /// By knocking.
    Knock,
}

impl Way {
    fn open_to(world: &World, invited: bool) -> Result<Self, Refusal> {
        if !has_owner(world) {
            return Ok(Self::First);
        }
        let closed = |message: &str| Refusal::new(ErrorCode::RegistrationClosed, message);
        match world.settings.registration {
            Registration::Open => Ok(Self::In),
            Registration::Invite if invited => Ok(Self::In),
            Registration::Invite => {
                Err(closed("Registration here needs an invite.").hint("Ask somebody who is here already for a link.").field("invite"))
            }
            Registration::Approval => Ok(Self::Knock),
            Registration::Closed => Err(closed("Registration is closed here.").hint("Ask whoever runs this server.")),
        }
    }
}

enum Admitted {
    In(Box<Entry>),
    Waits { ticket: String },
}

fn admit(tx: &mut Tx<'_>, keys: &Keys, applicant: Applicant, visitor: &Visitor) -> Result<Admitted, Refusal> {
    // Asked again: two may have wanted to be the first, and an administrator may have closed the door.
    let way = Way::open_to(tx.world, applicant.invite.is_some())?;
    if way != Way::First && tx.world.settings.server_password != applicant.server_password {
        return Err(server_password("The server's password was changed just now."));
    }
    let first = way == Way::First;
    let state = if way == Way::Knock { AccountState::Waiting } else { AccountState::Active };
    let id: UserId = tx.id();
    let user = User { id, username: applicant.username, display_name: applicant.display_name, avatar: None, bio: String::new() };
    let person =
        Person { user, state, admin: first, owner: first, status: ChosenStatus::Online, status_text: String::new(), spaces: BTreeSet::new() };
    insert(tx, &person, &applicant.password_hash)?;
    let after = json!({ "username": person.user.username, "state": person.state, "owner": first });
    tx.audit(Audit { actor: Some(id), action: "account.register", target: Some(id.get()), after: Some(after), ..Audit::default() })?;
    tx.emit(Change::Person(person.clone()));
    let space = match way {
        Way::First => Some(spaces::create_first(tx, id)?),
        Way::In => applicant.invite.map(|code| invites::redeem(tx, id, &code)).transpose()?,
        Way::Knock => {
            if let Some(code) = &applicant.invite {
                invites::check(tx, code)?;
            }
            let ticket = keys.sign(Purpose::Ticket, &[&id.get().to_be_bytes()[..], &auth::random::<16>()].concat());
            let hash: [u8; 32] = blake3::hash(ticket.as_bytes()).into();
            tx.sql.execute(
                "UPDATE account SET knock = $2, knock_invite = $3, ticket_hash = $4 WHERE id = $1",
                values![id, applicant.knock, applicant.invite, &hash[..]],
            )?;
            return Ok(Admitted::Waits { ticket });
        }
    };
    let entry = login::start(tx, keys, &person, visitor)?;
    Ok(Admitted::In(Box::new(Entry { space, ..entry })))
}

fn insert(tx: &mut Tx<'_>, person: &Person, password_hash: &str) -> Result<(), Refusal> {
    let done = tx.sql.execute(
        "INSERT INTO account (id, username, password_hash, display_name, state, admin, owner, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            person.user.id,
            &person.user.username,
            password_hash,
            &person.user.display_name,
            to_text(person.state),
            person.admin,
            person.owner,
            tx.now
        ],
    );
    match done {
        Ok(_) => Ok(()),
        Err(SqlError::Unique) => Err(taken(&person.user.username)),
        Err(error) => Err(error.into()),
    }
}

/// A username as it is kept: lower case, of few characters.
pub(super) fn well_formed(username: &str) -> Result<String, Refusal> {
    let name = username.trim().to_ascii_lowercase();
    let (least, most) = (limits::USERNAME.start(), limits::USERNAME.end());
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-');
    let wrong = if !limits::USERNAME.contains(&name.chars().count()) {
        format!("A username has between {least} and {most} characters.")
    } else if !name.bytes().all(known) {
        "A username is made of the letters a–z, digits, “_”, “.” and “-”.".into()
    } else if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        "A username starts with a letter or a digit.".into()
    } else {
        return Ok(name);
    };
    Err(Refusal::invalid("username", wrong).hint("The display name may hold anything."))
}

/// Names that mean something else, or that we give ourselves.
fn reserved(username: &str) -> Result<(), Refusal> {
    if matches!(username, "everyone" | "here" | "system") || username.starts_with("deleted") {
        return Err(Refusal::new(ErrorCode::UsernameTaken, format!("The name “{username}” is reserved."))
            .hint("Choose another one.")
            .field("username"));
    }
    Ok(())
}

fn taken(username: &str) -> Refusal {
    Refusal::new(ErrorCode::UsernameTaken, format!("The name “{username}” is taken."))
        .hint("Choose another one, or log in if it is yours.")
        .field("username")
}

fn server_password(message: &str) -> Refusal {
    Refusal::new(ErrorCode::ServerPassword, message).hint("Ask whoever invited you for it.").field("server_password")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_has_one_form() {
        assert_eq!(well_formed(" Ada.Lovelace-1_ ").unwrap(), "ada.lovelace-1_");
        for wrong in ["", "a", "_ada", ".ada", "-ada", "ada lovelace", "ådå", "ada\0", "a\u{212a}b", &"a".repeat(33)] {
            assert_eq!(well_formed(wrong).unwrap_err().code(), ErrorCode::Invalid, "{wrong:?}");
        }
    }

    #[test]
    fn some_names_are_nobodys() {
        for name in ["everyone", "here", "system", "deleted", "deleted-7"] {
            assert_eq!(reserved(name).unwrap_err().code(), ErrorCode::UsernameTaken, "{name}");
        }
        assert!(reserved("admin").is_ok());
    }

    #[test]
    fn the_first_comes_in_whatever_the_mode_and_the_second_by_it() {
        let mut world = World::default();
        for mode in [Registration::Open, Registration::Invite, Registration::Approval, Registration::Closed] {
            world.settings.registration = mode;
            assert_eq!(Way::open_to(&world, false), Ok(Way::First));
        }
        let id = UserId::new(1).unwrap();
        let user = User { id, username: "ada".into(), display_name: "Ada".into(), avatar: None, bio: String::new() };
        let owner = Person {
            user,
            state: AccountState::Active,
            admin: true,
            owner: true,
            status: ChosenStatus::Online,
            status_text: String::new(),
            spaces: BTreeSet::new(),
        };
        world.people.insert(id, owner);
        let mut way = |mode, invited| {
            world.settings.registration = mode;
            Way::open_to(&world, invited).map_err(|refusal| refusal.code())
        };
        assert_eq!(way(Registration::Open, false), Ok(Way::In));
        assert_eq!(way(Registration::Invite, true), Ok(Way::In));
        assert_eq!(way(Registration::Invite, false), Err(ErrorCode::RegistrationClosed));
        assert_eq!(way(Registration::Approval, true), Ok(Way::Knock));
        assert_eq!(way(Registration::Closed, true), Err(ErrorCode::RegistrationClosed));
    }
}
