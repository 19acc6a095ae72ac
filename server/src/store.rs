//! The store: every change of the server is one closure in one transaction, in one order.
//!
//! * One thread writes. It takes the changes that wait, runs each inside a savepoint, and commits them together: with
//!   64 writers one flush to the disk serves dozens of them. Nobody gets an answer before the commit.
//! * A change checks permissions inside its closure, against the [`World`](crate::world::World) as it is at its place in the order. A change
//!   that alters the world (anything but messages and what hangs on them) ends its group, so that no later change
//!   decides by what is no longer so.
//! * What a change [emits](Tx::emit) is numbered in its transaction and published after the commit, in that order.
//! * Reads go to a few connections of their own and see only what is committed.
//!
//! Both drivers are synchronous. A statement costs microseconds, and a closure with plain `?` is easier to read than
//! an async transaction; a hop between threads for each statement would cost more than the statement.

mod migrate;
mod postgres;
mod sql;
mod sqlite;
mod writer;

pub use migrate::{MIGRATIONS, Migration};
pub use sql::{FromValue, Row, Sql, SqlError, Value, scalar};
pub use writer::{Audit, NewId, Publish, Tx};
pub(crate) use writer::{now, ping};

use crate::error::Refusal;
use std::{
    fmt,
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use tokio::sync::Semaphore;

/// Connections for reading.
const READERS: usize = 4;

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A URL, with its password.
    Postgres(String),
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite in {}", path.display()),
            // A URL holds a password.
            Self::Postgres(_) => f.write_str("PostgreSQL"),
        }
    }
}

/// Which dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SQLite's.
    Sqlite,
    /// PostgreSQL's.
    Postgres,
}

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A newer program was here.
    #[error("the database was made by a newer version of Snug (its schema has step {found}, this program knows {known})")]
    Newer {
        /// The last step of the database.
        found: u32,
        /// The last step of the program.
        known: u32,
    },
    /// Another server runs on the same data.
    #[error("another Snug server is running on {0}")]
    InUse(String),
    /// The folder or file cannot be used.
    #[error("cannot use {path}: {source}")]
    Path {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database said no.
    #[error(transparent)]
    Sql(#[from] SqlError),
}

impl StoreError {
    /// What helps.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "Update the program, or restore a backup from before the update.",
            Self::InUse(_) => "Stop the other one first, or choose another --data folder.",
            Self::Path { .. } => "Check that the folder exists, belongs to you and has space left.",
            Self::Sql(_) => "Check that the database can be reached and its disk has space left.",
        }
    }
}

/// The store. Cheap to share.
pub struct Store {
    jobs: tokio::sync::mpsc::Sender<Box<dyn writer::Job>>,
    readers: Arc<Readers>,
    kind: Kind,
}

/// A store that is open and up to date, but takes no changes yet.
pub struct Opened {
    writer: Box<dyn Sql>,
    database: Database,
    lock: Option<File>,
}

impl Database {
    /// Opens the database, keeps other servers off it, and brings its schema up to date. Blocks.
    pub fn open(self) -> Result<Opened, StoreError> {
        let lock = match &self {
            Self::Sqlite(path) => Some(lock(path)?),
            Self::Postgres(_) => None,
        };
        let mut writer = self.connect_writer().map_err(|error| match error {
            SqlError::Taken => StoreError::InUse("this database".into()),
            error => error.into(),
        })?;
        migrate::migrate(&mut *writer, self.kind())?;
        Ok(Opened { writer, database: self, lock })
    }

    /// Which dialect it speaks.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(_) => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
    }

    /// A connection that may write, without a look at the schema. For the command line's own short changes.
    pub fn connect(&self) -> Result<Box<dyn Sql>, SqlError> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(sqlite::Sqlite::open(path)?),
            Self::Postgres(url) => Box::new(postgres::Postgres::connect(url)?),
        })
    }

    /// A connection that keeps other servers off a PostgreSQL for as long as it lives.
    fn connect_writer(&self) -> Result<Box<dyn Sql>, SqlError> {
        let mut writer = self.connect()?;
        if let Self::Postgres(_) = self {
            // The number is "snug" in ASCII.
            let free: Option<bool> =
                scalar(&mut *writer, "SELECT CASE WHEN pg_try_advisory_lock(1936618855) THEN 1::BIGINT ELSE 0::BIGINT END", &[])?;
            if free != Some(true) {
                return Err(SqlError::Taken);
            }
        }
        Ok(writer)
    }

    fn connect_reader(&self) -> Result<Box<dyn Sql>, SqlError> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(sqlite::Sqlite::open_reader(path)?),
            Self::Postgres(url) => Box::new(postgres::Postgres::connect(url)?),
        })
    }
}

impl Opened {
    /// The connection, for reading what is there before the first change.
    pub fn sql(&mut self) -> &mut dyn Sql {
        &mut *self.writer
    }

    /// Starts to take changes, which go to `publish` once they are committed.
    pub fn start(self, publish: Arc<dyn Publish>) -> Result<Store, StoreError> {
        let kind = self.database.kind();
        let jobs = writer::spawn(self.writer, self.database.clone(), self.lock, publish)?;
        let readers = Arc::new(Readers { database: self.database, idle: Mutex::default(), permits: Semaphore::new(READERS) });
        Ok(Store { jobs, readers, kind })
    }
}

impl Store {
    /// Runs `change` in a transaction, with all its consequences, and answers when it is durable.
    ///
    /// When `change` fails, nothing of it has happened.
    pub async fn write<T, F>(&self, change: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Refusal> + Send + 'static,
    {
        let (job, answer) = writer::job(change);
        self.jobs.send(job).await.map_err(|_| Refusal::stopping())?;
        answer.await.map_err(|_| Refusal::stopping())?
    }

    /// Runs `look` on a connection that sees what is committed.
    pub async fn read<T, F>(&self, look: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&mut dyn Sql) -> Result<T, SqlError> + Send + 'static,
    {
        let readers = self.readers.clone();
        let _permit = self.readers.permits.acquire().await.map_err(|_| Refusal::stopping())?;
        let task = tokio::task::spawn_blocking(move || {
            let mut sql = readers.take()?;
            let result = look(&mut *sql);
            match &result {
                // When one connection is broken, the others are too: the next readers make new ones.
                Err(SqlError::Sqlite(_) | SqlError::Postgres(_)) => readers.forget(),
                _ => readers.put_back(sql),
            }
            result
        });
        Ok(task.await.map_err(Refusal::bug)??)
    }

    /// Which dialect it speaks.
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}

struct Readers {
    database: Database,
    idle: Mutex<Vec<Box<dyn Sql>>>,
    permits: Semaphore,
}

impl Readers {
    fn take(&self) -> Result<Box<dyn Sql>, SqlError> {
        let idle = self.idle.lock().unwrap_or_else(|e| e.into_inner()).pop();
        idle.map_or_else(|| self.database.connect_reader(), Ok)
    }

    fn put_back(&self, sql: Box<dyn Sql>) {
        self.idle.lock().unwrap_or_else(|e| e.into_inner()).push(sql);
    }

    fn forget(&self) {
        self.idle.lock().unwrap_or_else(|e| e.into_inner()).clear();
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(|e| e.into_inner()));
        // PostgreSQL's client blocks while it says goodbye, and panics on a thread of a runtime.
        std::thread::spawn(move || drop(idle));
    }
}

/// Keeps other servers off the file, for as long as the answer lives.
fn lock(database: &Path) -> Result<File, StoreError> {
    let path = database.with_extension("lock");
    if let Some(folder) = path.parent() {
        // For us alone: the database holds the key that signs tokens.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|source| StoreError::Path { path: folder.into(), source })?;
    }
    let fail = |source| StoreError::Path { path: path.clone(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(database.display().to_string())),
        Err(TryLockError::Error(source)) => Err(fail(source)),
    }
}
