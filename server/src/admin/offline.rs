//! What the command line can do when nobody can log in, and how a running server notices.

use crate::{
    accounts::{password, sessions},
    error::Refusal,
    http::App,
    store::{self, Database, Sql, SqlError, Tx, scalar},
    values,
    world::Revoked,
};
use snug_protocol::{SessionId, UserId, id::EPOCH_MS};
use std::{collections::HashSet, path::PathBuf, sync::Arc, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

/// How often a running server looks: what was revoked is to be over within a second.
const LOOK: Duration = Duration::from_millis(500);

/// Why the command line's change was not made.
#[derive(Debug, thiserror::Error)]
pub enum OfflineError {
    /// There is no database yet.
    #[error("there is no database at {}", .0.display())]
    NoDatabase(PathBuf),
    /// There is no such account.
    #[error("nobody here has the username “{0}”")]
    NoAccount(String),
    /// The password could not be hashed.
    #[error("could not hash the new password: {0}")]
    Hash(String),
    /// The database said no.
    #[error("could not change the database: {0}")]
    Sql(#[from] SqlError),
}

impl OfflineError {
    /// What helps.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoDatabase(_) => Some("Name the server's folder with --data, or start the server once: it makes the database."),
            Self::NoAccount(_) => Some("The administration page lists all accounts. Usernames are shown after the @ in profiles."),
            Self::Hash(_) => None,
            Self::Sql(_) => Some("Check that the database can be reached, and that the server of this version was started on it once."),
        }
    }
}

/// Gives somebody a new password, which it returns, and ends all their log-ins. The server may be running.
pub fn reset_password(database: &Database, username: &str) -> Result<String, OfflineError> {
    if let Database::Sqlite(path) = database
        && !path.exists()
    {
        return Err(OfflineError::NoDatabase(path.clone()));
    }
    let password = password::random_password();
    let hash = password::hash_now(&password).map_err(|error| OfflineError::Hash(error.to_string()))?;
    let mut sql = database.connect()?;
    sql.batch(match database {
        Database::Sqlite(_) => "BEGIN IMMEDIATE",
        Database::Postgres(_) => "BEGIN",
    })?;
    // Whatever fails before the commit ends with the connection.
    replace(&mut *sql, &username.trim().to_ascii_lowercase(), &hash)?;
    sql.batch("COMMIT")?;
    Ok(password)
}

fn replace(sql: &mut dyn Sql, username: &str, hash: &str) -> Result<(), OfflineError> {
    let account: Option<UserId> = scalar(sql, "SELECT id FROM account WHERE username = $1 AND state <> 'deleted'", values![username])?;
    let account = account.ok_or_else(|| OfflineError::NoAccount(username.into()))?;
    sql.execute("UPDATE account SET password_hash = $2 WHERE id = $1", values![account, hash])?;
    sql.execute("DELETE FROM login WHERE account_id = $1", values![account])?;
    sql.execute(
        "INSERT INTO setting (name, value) VALUES ('logins_changed', '1')
         ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)",
        &[],
    )?;
    let now = store::now();
    sql.execute(
        "INSERT INTO audit (id, action, target_id, created_at) VALUES ($1, $2, $3, $4)",
        values![foreign_id(now.0), "account.reset_password", account.get(), now],
    )?;
    Ok(())
}

/// An identifier that a running server does not give out: it calls itself worker 0, process 0; this is 31 and 31.
fn foreign_id(now_ms: i64) -> i64 {
    ((now_ms - EPOCH_MS) << 22) | (0x3FF << 12)
}

/// Ends the log-ins that the command line has ended, for as long as the server runs.
pub async fn watch_logins(app: Arc<App>) {
    let mut every = interval(LOOK);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut known = None;
    loop {
        every.tick().await;
        let counter = app.store.read(|sql| scalar::<String>(sql, "SELECT value FROM setting WHERE name = 'logins_changed'", &[])).await;
        // A database that does not answer is told of by whoever needs it.
        let Ok(counter) = counter else { continue };
        if known.as_ref() == Some(&counter) {
            continue;
        }
        match app.store.write(end_missing).await {
            Ok(ended) => {
                if ended > 0 {
                    tracing::info!(ended, "log-ins were ended from the command line");
                }
                known = Some(counter);
            }
            Err(error) => tracing::warn!(%error, "could not look for log-ins that were ended from the command line"),
        }
    }
}

/// Ends the log-ins that the database has no more. How many they were.
fn end_missing(tx: &mut Tx<'_>) -> Result<usize, Refusal> {
    let kept = tx.sql.query("SELECT id FROM login", &[])?;
    let kept: HashSet<SessionId> = kept.into_iter().map(|mut row| row.take()).collect::<Result<_, _>>()?;
    let missing: Vec<_> = tx.world.logins.iter().filter(|(session, _)| !kept.contains(session)).map(|(session, user)| (*session, *user)).collect();
    for (session, user) in &missing {
        sessions::end(tx, *user, Revoked::One(*session))?;
    }
    Ok(missing.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_takes_no_identifier_of_the_servers() {
        let now = EPOCH_MS + 1;
        assert_eq!(foreign_id(now) >> 22, 1, "the same millisecond");
        assert!(foreign_id(now) & 0x3F_FFFF > 0xFFF, "but beyond what a server counts to in it");
    }

    #[test]
    fn without_a_database_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("snug.db");
        let error = reset_password(&Database::Sqlite(path.clone()), "ada").unwrap_err();
        assert!(matches!(error, OfflineError::NoDatabase(_)));
        assert!(!path.exists());
    }
}
