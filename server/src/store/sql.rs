//! One way to speak SQL to both databases: texts with `$1`, values of four kinds, rows read from left to right.

use snug_protocol::{ChannelId, MessageId, RoleId, SessionId, SpaceId, Timestamp, UserId};
use std::borrow::Cow;

/// What goes into a statement and comes out of a row. Booleans and times are integers, lists and settings JSON texts.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// `BIGINT`.
    Int(i64),
    /// `TEXT`.
    Text(Cow<'a, str>),
    /// `BLOB` or `BYTEA`.
    Blob(Cow<'a, [u8]>),
}

/// One row, read from left to right with [`Row::take`].
#[derive(Debug)]
pub struct Row(pub(super) std::vec::IntoIter<Value<'static>>);

impl Row {
    /// The value of the next column.
    pub fn take<T: FromValue>(&mut self) -> Result<T, SqlError> {
        let value = self.0.next().ok_or(SqlError::Shape { expected: "another column" })?;
        T::from_value(value).ok_or(SqlError::Shape { expected: std::any::type_name::<T>() })
    }
}

/// Why a statement failed.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    /// A row with this key is there already.
    #[error("a row with the same key is there already")]
    Unique,
    /// A row that is referred to is not there, or is still referred to.
    #[error("a row that this refers to is not there")]
    Reference,
    /// A row does not look as the code expects: a mistake of ours.
    #[error("the row has no {expected} where one was expected")]
    Shape {
        /// What was expected.
        expected: &'static str,
    },
    /// The disk is full or cannot be written.
    #[error("the database cannot be written: {0}")]
    Full(String),
    /// The connection was lost, and another server has the database now.
    #[error("another Snug server is running on the database")]
    Taken,
    /// SQLite has its own opinion.
    #[error("SQLite: {0}")]
    Sqlite(#[source] rusqlite::Error),
    /// PostgreSQL has its own opinion.
    #[error("PostgreSQL: {}", super::postgres::describe(.0))]
    Postgres(#[source] postgres::Error),
}

/// A connection to a database.
pub trait Sql: Send {
    /// Runs a statement and returns its rows.
    fn query(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError>;
    /// Runs a statement and returns how many rows it changed.
    fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, SqlError>;
    /// Runs statements without values.
    fn batch(&mut self, sql: &str) -> Result<(), SqlError>;
    /// Bytes that the database takes.
    fn size(&mut self) -> Result<u64, SqlError>;

    /// The only row, if there is one.
    fn row(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>, SqlError> {
        Ok(self.query(sql, values)?.into_iter().next())
    }
}

/// The first column of the only row.
pub fn scalar<T: FromValue>(sql: &mut dyn Sql, text: &'static str, values: &[Value<'_>]) -> Result<Option<T>, SqlError> {
    sql.row(text, values)?.map(|mut row| row.take()).transpose()
}

/// The values of a statement: anything that is [`Into<Value>`].
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::Value::from($value)),*] };
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}

macro_rules! integers {
    ($($kind:ty)*) => {$(
        impl From<$kind> for Value<'_> {
            fn from(value: $kind) -> Self { Value::Int(value.into()) }
        }
        impl FromValue for $kind {
            fn from_value(value: Value<'static>) -> Option<Self> { i64::from_value(value)?.try_into().ok() }
        }
    )*};
}
integers! { u8 u16 u32 }

macro_rules! ids {
    ($($kind:ty)*) => {$(
        impl From<$kind> for Value<'_> {
            fn from(id: $kind) -> Self { Value::Int(id.get()) }
        }
        impl FromValue for $kind {
            fn from_value(value: Value<'static>) -> Option<Self> { Self::new(i64::from_value(value)?) }
        }
    )*};
}
ids! { UserId SpaceId ChannelId RoleId MessageId SessionId }

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Int(value.into())
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(time: Timestamp) -> Self {
        Value::Int(time.0)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text.into())
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(text.as_str().into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(text.into())
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Value::Blob(bytes.into())
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// What can be read from a column.
pub trait FromValue: Sized {
    /// The value, if it is of this kind.
    fn from_value(value: Value<'static>) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value<'static>) -> Option<Self> {
        if let Value::Int(number) = value { Some(number) } else { None }
    }
}

impl FromValue for bool {
    fn from_value(value: Value<'static>) -> Option<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl FromValue for Timestamp {
    fn from_value(value: Value<'static>) -> Option<Self> {
        i64::from_value(value).map(Timestamp)
    }
}

impl FromValue for String {
    fn from_value(value: Value<'static>) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.into_owned()) } else { None }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'static>) -> Option<Self> {
        if let Value::Blob(bytes) = value { Some(bytes.into_owned()) } else { None }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'static>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}
