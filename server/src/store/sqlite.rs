//! SQLite, compiled in. WAL and `synchronous=FULL`: what was committed survives a power cut.

use super::sql::{Row, Sql, SqlError, Value};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, ffi, types::ValueRef};
use std::{borrow::Cow, path::Path, time::Duration};

/// How long a statement waits for another process (`snug-server admin …`) to let go of the file.
const PATIENCE: Duration = Duration::from_secs(10);
/// Statements kept prepared. More than the server has.
const PREPARED: usize = 256;

/// A connection to the file.
pub(super) struct Sqlite(Connection);

impl Sqlite {
    /// Opens the file for writing, and makes it if it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, SqlError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(map)?;
        connection.busy_timeout(PATIENCE).map_err(map)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                 PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 4000;",
            )
            .map_err(map)?;
        Ok(Self(connection))
    }

    /// Opens the file for reading only.
    pub(super) fn open_reader(path: &Path) -> Result<Self, SqlError> {
        let connection = Self::open(path)?;
        connection.0.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2000;").map_err(map)?;
        Ok(connection)
    }
}

impl Sql for Sqlite {
    fn query(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError> {
        let mut statement = self.0.prepare_cached(sql).map_err(map)?;
        bind(&mut statement, values)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(map)? {
            let mut line = Vec::with_capacity(columns);
            for i in 0..columns {
                line.push(match row.get_ref(i).map_err(map)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => Value::Int(number),
                    ValueRef::Text(text) => Value::Text(Cow::Owned(String::from_utf8_lossy(text).into_owned())),
                    ValueRef::Blob(bytes) => Value::Blob(Cow::Owned(bytes.to_vec())),
                    ValueRef::Real(_) => {
                        return Err(SqlError::Shape { expected: "integer, text or blob" });
                    }
                });
            }
            all.push(Row(line.into_iter()));
        }
        Ok(all)
    }

    fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, SqlError> {
        let mut statement = self.0.prepare_cached(sql).map_err(map)?;
        bind(&mut statement, values)?;
        statement.raw_execute().map(|n| n as u64).map_err(map)
    }

    fn batch(&mut self, sql: &str) -> Result<(), SqlError> {
        self.0.execute_batch(sql).map_err(map)
    }

    fn size(&mut self) -> Result<u64, SqlError> {
        let pages: i64 = self.0.pragma_query_value(None, "page_count", |row| row.get(0)).map_err(map)?;
        let page: i64 = self.0.pragma_query_value(None, "page_size", |row| row.get(0)).map_err(map)?;
        Ok((pages * page).try_into().unwrap_or(0))
    }
}

/// Binds `$1`, `$2`, … by their numbers: to SQLite these are names, numbered by first appearance.
fn bind(statement: &mut Statement<'_>, values: &[Value<'_>]) -> Result<(), SqlError> {
    for slot in 1..=statement.parameter_count() {
        let number: usize = statement
            .parameter_name(slot)
            .and_then(|name| name.strip_prefix('$'))
            .and_then(|digits| digits.parse().ok())
            .ok_or(SqlError::Shape { expected: "parameter named by a number" })?;
        let value = number.checked_sub(1).and_then(|i| values.get(i)).ok_or(SqlError::Shape { expected: "value for each parameter" })?;
        match value {
            Value::Null => statement.raw_bind_parameter(slot, rusqlite::types::Null),
            Value::Int(number) => statement.raw_bind_parameter(slot, number),
            Value::Text(text) => statement.raw_bind_parameter(slot, text.as_ref()),
            Value::Blob(bytes) => statement.raw_bind_parameter(slot, bytes.as_ref()),
        }
        .map_err(map)?;
    }
    Ok(())
}

pub(super) fn map(error: rusqlite::Error) -> SqlError {
    if let rusqlite::Error::SqliteFailure(failure, message) = &error {
        match (failure.code, failure.extended_code) {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => return SqlError::Unique,
            (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => return SqlError::Reference,
            (ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure, _) => {
                return SqlError::Full(message.clone().unwrap_or_else(|| failure.to_string()));
            }
            _ => {}
        }
    }
    SqlError::Sqlite(error)
}
