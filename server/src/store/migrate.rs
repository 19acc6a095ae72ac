//! Migrations: numbered steps, each in a transaction of its own, so that a server killed inside one finds the
//! database as it was before the step and does it again.

use super::{
    Kind, StoreError,
    sql::{Sql, scalar},
};
use crate::{failpoint, values};

/// One step, in both dialects.
pub struct Migration {
    /// From 1, without a gap.
    pub number: u32,
    /// What it brings.
    pub name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal)*) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

/// All steps there are.
pub const MIGRATIONS: &[Migration] = migrations! {
    1 "0001_clock"
    2 "0002_accounts"
    3 "0003_spaces"
    4 "0004_messages"
    5 "0005_voice"
    6 "0006_silenced"
};

/// Brings the schema up to date.
pub(super) fn migrate(sql: &mut dyn Sql, kind: Kind) -> Result<(), StoreError> {
    sql.batch("CREATE TABLE IF NOT EXISTS schema_step (number BIGINT PRIMARY KEY, name TEXT NOT NULL)")?;
    let done: u32 = scalar(sql, "SELECT COALESCE(MAX(number), 0) FROM schema_step", &[])?.unwrap_or(0);
    let known = MIGRATIONS.last().map_or(0, |m| m.number);
    if done > known {
        return Err(StoreError::Newer { found: done, known });
    }
    for step in &MIGRATIONS[done as usize..] {
        tracing::info!(step = step.name, "bringing the database up to date");
        sql.batch("BEGIN")?;
        let result = apply(sql, kind, step);
        sql.batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        result?;
        failpoint::reached("migrate-after", step.number);
    }
    Ok(())
}

fn apply(sql: &mut dyn Sql, kind: Kind, step: &Migration) -> Result<(), StoreError> {
    let text = match kind {
        Kind::Sqlite => step.sqlite,
        Kind::Postgres => step.postgres,
    };
    // Statement by statement, so that a crash can be tried between any two of them.
    for statement in statements(text) {
        sql.batch(statement)?;
        failpoint::reached("migrate-inside", step.number);
    }
    sql.execute("INSERT INTO schema_step (number, name) VALUES ($1, $2)", values![step.number, step.name])?;
    failpoint::reached("migrate-before-commit", step.number);
    Ok(())
}

/// The statements of a script. Our scripts have `;` at the end of a statement's last line, and nowhere else there.
fn statements(script: &str) -> impl Iterator<Item = &str> {
    script.split_inclusive(";\n").filter(|part| part.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--")))
}
