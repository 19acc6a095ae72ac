//! Password hashes: Argon2id at the minimum that OWASP asks for, a few at a time.

use crate::error::Refusal;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{Error, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use prometheus_client::metrics::counter::Counter;
use snug_protocol::{ErrorCode, limits};
use std::{sync::Arc, thread, time::Duration};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// 19 MiB, two passes, one lane.
/// <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>
const PARAMS: Params = match Params::new(19_456, 2, 1, None) {
    Ok(params) => params,
    Err(_) => panic!("parameters in range"),
};

/// What the password of somebody who is not there is compared with. It costs the same and fits no password that
/// anyone could find.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes that may wait for their turn.
const WAITING: usize = 64;

/// Hashes passwords and checks them, at most two at a time per pair of cores.
pub struct Passwords {
    /// One for each hash under way or waiting.
    places: Arc<Semaphore>,
    /// One for each hash under way.
    turns: Arc<Semaphore>,
    /// Hashes begun.
    count: Counter,
}

impl Passwords {
    /// As many turns as the machine's cores allow. Counts hashes.
    pub fn new(count: Counter) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let turns = (cores / 2 * 2).max(1);
        Self { places: Arc::new(Semaphore::new(turns + WAITING)), turns: Arc::new(Semaphore::new(turns)), count }
    }

    /// The hash of a new password.
    pub async fn hash(&self, password: String) -> Result<String, Refusal> {
        self.in_turn(move || hash_now(&password)).await?.map_err(Refusal::bug)
    }

    /// Whether the password fits the hash. Without a hash it takes as long, and never does.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Refusal> {
        // Nobody can have such a password.
        if password.chars().count() > *limits::PASSWORD.end() {
            return Ok(false);
        }
        let fits = self.in_turn(move || verify_now(&password, hash.as_deref())).await?;
        fits.map_err(Refusal::bug)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| {
            let busy = Refusal::new(ErrorCode::Unavailable, "Too many people are logging in at this moment.");
            busy.hint("Try again in a few seconds.").retry_after(Duration::from_secs(3))
        })?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| Refusal::stopping())?;
        self.count.inc();
        // The hash goes on when whoever asked is gone, so it holds its turn itself.
        let task = spawn_blocking(move || {
            let _held = (place, turn);
            work()
        });
        task.await.map_err(Refusal::bug)
    }
}

/// Hashes a password on this thread. For the command line; a server takes turns.
pub(crate) fn hash_now(password: &str) -> Result<String, Error> {
    hasher().hash_password(password.as_bytes()).map(|hash: PasswordHash| hash.to_string())
}

fn verify_now(password: &str, hash: Option<&str>) -> Result<bool, Error> {
    match PasswordVerifier::<str>::verify_password(&hasher(), password.as_bytes(), hash.unwrap_or(NOBODY)) {
        Ok(()) => Ok(hash.is_some()),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

/// Whether a hash was made with less effort than today's, or by another algorithm.
pub(super) fn outdated(hash: &str) -> bool {
    let params = PasswordHash::new(hash).ok().filter(|hash| hash.algorithm.as_str() == "argon2id").and_then(|hash| Params::try_from(&hash).ok());
    params.is_none_or(|p| p.m_cost() < PARAMS.m_cost() || p.t_cost() < PARAMS.t_cost() || p.p_cost() < PARAMS.p_cost())
}

/// Refuses passwords that are too short or too long.
pub(crate) fn acceptable(field: &str, password: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if limits::PASSWORD.contains(&length) {
        return Ok(());
    }
    let (least, most) = (limits::PASSWORD.start(), limits::PASSWORD.end());
    Err(Refusal::invalid(field, format!("The password has {length} characters; it needs between {least} and {most}."))
        .hint("A few random words are a good password."))
}

/// A new password that can be read out: `xxxx-xxxx-xxxx-xxxx`, without letters and digits that look alike. 79 bits.
pub(crate) fn random_password() -> String {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut password = String::new();
    let mut letters = 0;
    while letters < 16 {
        let [byte] = crate::auth::random::<1>();
        // Five bits can be one more than there are letters: thrown again, so that all are equally likely.
        let Some(letter) = ALPHABET.get(usize::from(byte & 31)) else { continue };
        if letters > 0 && letters % 4 == 0 {
            password.push('-');
        }
        password.push(char::from(*letter));
        letters += 1;
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let passwords = Passwords::new(Counter::default());
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("battery staple".into(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password_but_the_same_work() {
        assert!(!outdated(NOBODY), "it costs what a real one costs");
        let passwords = Passwords::new(Counter::default());
        assert!(!passwords.verify(String::new(), None).await.unwrap());
        assert_eq!(passwords.count.get(), 1);
    }

    #[test]
    fn a_weaker_hash_is_made_anew() {
        assert!(outdated(&NOBODY.replace("m=19456", "m=9216")));
        assert!(outdated(&NOBODY.replace("t=2", "t=1")));
        assert!(outdated(&NOBODY.replace("argon2id", "argon2i")));
        assert!(outdated("$2b$12$whatever"));
        assert!(!outdated(&NOBODY.replace("t=2", "t=3")));
    }

    #[tokio::test]
    async fn a_long_queue_is_refused_rather_than_grown() {
        let passwords = Passwords { places: Arc::new(Semaphore::new(1)), turns: Arc::new(Semaphore::new(1)), count: Counter::default() };
        let held = passwords.places.clone().try_acquire_owned().unwrap();
        assert_eq!(passwords.hash("whatever".into()).await.unwrap_err().code(), ErrorCode::Unavailable);
        drop(held);
        assert!(passwords.hash("whatever".into()).await.is_ok());
    }

    #[test]
    fn a_random_password_is_acceptable() {
        let password = random_password();
        assert_eq!(password.len(), 19);
        assert!(acceptable("password", &password).is_ok());
        assert_ne!(password, random_password());
    }

    #[test]
    fn a_password_is_measured_in_characters() {
        assert!(acceptable("password", "ääääääää").is_ok());
        assert!(acceptable("password", "äääääää").is_err());
        assert!(acceptable("password", &"a".repeat(257)).is_err());
    }
}
