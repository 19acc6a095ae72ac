//! PostgreSQL, through the synchronous client.

use super::sql::{Row, Sql, SqlError, Value};
use postgres::{
    Client, NoTls, Statement,
    error::SqlState,
    types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};
use std::{borrow::Cow, collections::HashMap, error::Error as StdError};

/// A connection to the server.
pub(super) struct Postgres {
    /// Always there, until it is dropped.
    client: Option<Client>,
    prepared: HashMap<&'static str, Statement>,
}

impl Postgres {
    /// Connects by URL, `postgres://user:password@host/database`.
    pub(super) fn connect(url: &str) -> Result<Self, SqlError> {
        let client = Client::connect(url, NoTls).map_err(map)?;
        Ok(Self { client: Some(client), prepared: HashMap::new() })
    }

    fn client(&mut self) -> &mut Client {
        self.client.as_mut().expect("taken by drop only")
    }

    fn prepare(&mut self, sql: &'static str) -> Result<Statement, SqlError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client().prepare(sql).map_err(map)?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The client closes its connection on a runtime of its own, which must not happen inside another one.
        let client = self.client.take();
        let closing = std::thread::spawn(move || drop(client));
        let _ = closing.join();
    }
}

impl Sql for Postgres {
    fn query(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError> {
        let statement = self.prepare(sql)?;
        let values = &values[..statement.params().len().min(values.len())];
        let rows = self.client().query(&statement, &references(values)).map_err(map)?;
        rows.iter().map(|row| (0..row.len()).map(|i| column(row, i)).collect::<Result<Vec<_>, _>>().map(|line| Row(line.into_iter()))).collect()
    }

    fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, SqlError> {
        let statement = self.prepare(sql)?;
        self.client().execute(&statement, &references(values)).map_err(map)
    }

    fn batch(&mut self, sql: &str) -> Result<(), SqlError> {
        self.client().batch_execute(sql).map_err(map)
    }

    fn size(&mut self) -> Result<u64, SqlError> {
        let row = self.client().query_one("SELECT pg_database_size(current_database())", &[]).map_err(map)?;
        Ok(row.get::<_, i64>(0).try_into().unwrap_or(0))
    }
}

fn references<'a>(values: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

fn column(row: &postgres::Row, i: usize) -> Result<Value<'static>, SqlError> {
    let kind = row.columns()[i].type_();
    let value = if *kind == Type::INT8 {
        row.try_get::<_, Option<i64>>(i).map_err(map)?.map(Value::Int)
    } else if *kind == Type::INT4 {
        row.try_get::<_, Option<i32>>(i).map_err(map)?.map(|n| Value::Int(n.into()))
    } else if *kind == Type::BYTEA {
        row.try_get::<_, Option<Vec<u8>>>(i).map_err(map)?.map(|b| Value::Blob(Cow::Owned(b)))
    } else {
        row.try_get::<_, Option<String>>(i).map_err(map)?.map(|t| Value::Text(Cow::Owned(t)))
    };
    Ok(value.unwrap_or(Value::Null))
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Value::Int(number) => number.to_sql(kind, out),
            // PostgreSQL cannot store U+0000 in a text. Bodies with it are refused long before.
            Value::Text(text) => text.as_ref().to_sql(kind, out),
            Value::Blob(bytes) => bytes.as_ref().to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::TEXT, Type::VARCHAR, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}

/// The message of the database itself, without the statement's values.
pub(super) fn describe(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |db| format!("{} ({})", db.message(), db.code().code()))
}

pub(super) fn map(error: postgres::Error) -> SqlError {
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => SqlError::Unique,
        Some(&SqlState::FOREIGN_KEY_VIOLATION) => SqlError::Reference,
        Some(&SqlState::DISK_FULL) => SqlError::Full(describe(&error)),
        _ => SqlError::Postgres(error),
    }
}
