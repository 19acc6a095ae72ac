//! A log-in on a real store, as it goes on and is stolen.

use super::*;
use crate::{
    accounts::login,
    gateway::Hub,
    store::{Database, Store},
    world::{Change, Person, World},
};
use snug_protocol::{ChosenStatus, User, rest::AccountState};

struct Fixture {
    store: Store,
    hub: Arc<Hub>,
    keys: Keys,
    /// A token that is good.
    token: String,
    login: SessionId,
    _folder: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut opened = Database::Sqlite(folder.path().join("snug.db")).open().unwrap();
        let keys = Keys::load(opened.sql()).unwrap();
        let hub = Arc::new(Hub::new(World::load(opened.sql()).unwrap(), Arc::default()));
        let store = opened.start(hub.clone()).unwrap();
        let signer = keys.clone();
        let start = move |tx: &mut Tx<'_>| {
            let ada = ada(tx)?;
            login::start(tx, &signer, &ada, &visitor())
        };
        let entry = store.write(start).await.unwrap();
        Self { store, hub, keys, token: entry.token, login: entry.actor.login, _folder: folder }
    }

    /// The next token.
    async fn rotate(&self, token: &str, attempt: &'static str) -> Result<String, ErrorCode> {
        let (keys, token) = (self.keys.clone(), token.to_owned());
        let rotated = self.store.write(move |tx| rotate(tx, &keys, &token, attempt, &visitor())).await.map_err(|refusal| refusal.code())?;
        match rotated {
            Rotated::Next(entry) => Ok(entry.token),
            Rotated::Over(refusal) => Err(refusal.code()),
        }
    }

    fn alive(&self) -> bool {
        self.hub.read().logins.contains_key(&self.login)
    }
}

fn ada(tx: &mut Tx<'_>) -> Result<Person, Refusal> {
    let id: UserId = tx.id();
    tx.sql.execute(
        "INSERT INTO account (id, username, password_hash, display_name, state, created_at) VALUES ($1, 'ada', '', 'Ada', 'active', $2)",
        values![id, tx.now],
    )?;
    let user = User { id, username: "ada".into(), display_name: "Ada".into(), avatar: None, bio: String::new() };
    let person = Person {
        user,
        state: AccountState::Active,
        admin: false,
        owner: false,
        status: ChosenStatus::Online,
        status_text: String::new(),
        spaces: Default::default(),
    };
    tx.emit(Change::Person(person.clone()));
    Ok(person)
}

fn visitor() -> Visitor {
    Visitor::for_tests()
}

#[tokio::test]
async fn a_token_is_exchanged_for_the_next() {
    let fixture = Fixture::new().await;
    let second = fixture.rotate(&fixture.token, "attempt-1").await.unwrap();
    let third = fixture.rotate(&second, "attempt-2").await.unwrap();
    assert!(fixture.token != second && second != third);
    assert!(fixture.alive());
}

#[tokio::test]
async fn an_attempt_whose_answer_was_lost_gets_it_again() {
    let fixture = Fixture::new().await;
    let second = fixture.rotate(&fixture.token, "attempt-1").await.unwrap();
    assert_eq!(fixture.rotate(&fixture.token, "attempt-1").await, Ok(second.clone()));
    assert!(fixture.rotate(&second, "attempt-2").await.is_ok());
    assert!(fixture.alive());
}

#[tokio::test]
async fn a_used_token_with_another_mark_ends_the_log_in() {
    let fixture = Fixture::new().await;
    let second = fixture.rotate(&fixture.token, "attempt-1").await.unwrap();
    assert_eq!(fixture.rotate(&fixture.token, "thief-000").await, Err(ErrorCode::SessionEnded));
    assert!(!fixture.alive());
    assert_eq!(fixture.rotate(&second, "attempt-2").await, Err(ErrorCode::SessionEnded));
}

#[tokio::test]
async fn a_repeat_after_the_next_was_used_ends_the_log_in() {
    let fixture = Fixture::new().await;
    let second = fixture.rotate(&fixture.token, "attempt-1").await.unwrap();
    fixture.rotate(&second, "attempt-2").await.unwrap();
    assert_eq!(fixture.rotate(&fixture.token, "attempt-1").await, Err(ErrorCode::SessionEnded));
    assert!(!fixture.alive());
}

#[tokio::test]
async fn a_forged_token_changes_nothing() {
    let fixture = Fixture::new().await;
    let mut forged = fixture.token.clone().into_bytes();
    forged[12] = if forged[12] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    for token in [forged.as_str(), "", "AAAA"] {
        assert_eq!(fixture.rotate(token, "attempt-1").await, Err(ErrorCode::SessionEnded));
    }
    assert!(fixture.rotate(&fixture.token, "attempt-1").await.is_ok());
}

#[tokio::test]
async fn a_log_in_that_was_quiet_for_30_days_has_ended() {
    let fixture = Fixture::new().await;
    fixture.store.write(|tx| Ok(tx.sql.execute("UPDATE login SET expires_at = $1", values![tx.now.0 - 1])?)).await.unwrap();
    assert_eq!(fixture.rotate(&fixture.token, "attempt-1").await, Err(ErrorCode::SessionEnded));
    assert!(!fixture.alive());
}

#[tokio::test]
async fn the_51st_log_in_ends_the_one_that_was_quiet_longest() {
    let fixture = Fixture::new().await;
    for _ in 0..50 {
        let keys = fixture.keys.clone();
        let start = move |tx: &mut Tx<'_>| {
            let ada = tx.world.people.values().next().cloned().ok_or_else(|| Refusal::not_found("account"))?;
            login::start(tx, &keys, &ada, &visitor())
        };
        fixture.store.write(start).await.unwrap();
    }
    assert!(!fixture.alive());
    assert_eq!(fixture.hub.read().logins.len(), 50);
}
