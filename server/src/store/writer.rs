//! The thread that writes.

use super::{Database, Sql, SqlError, StoreError, scalar};
use crate::{
    error::Refusal,
    values,
    world::{Change, World},
};
use snug_protocol::{SpaceId, Timestamp, UserId, id::EPOCH_MS};
use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, RwLock},
    thread,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::{mpsc, oneshot};

/// Changes that wait before senders have to.
const QUEUE: usize = 4_096;
/// Changes in one commit.
const GROUP: usize = 512;

/// Where committed changes go.
pub trait Publish: Send + Sync + 'static {
    /// The world that changes are checked against.
    fn world(&self) -> &RwLock<World>;
    /// Takes what was committed, in order. Applies it to the world and tells the sessions.
    fn publish(&self, changes: Vec<Change>);
}

/// A change on its way, with the place its answer goes to.
pub(super) trait Job: Send {
    /// Runs it. Whether it may be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Answers, after the commit or its failure.
    fn answer(self: Box<Self>, committed: Result<(), &SqlError>);
}

struct Pending<T, F> {
    change: Option<F>,
    result: Option<Result<T, Refusal>>,
    reply: oneshot::Sender<Result<T, Refusal>>,
}

impl<T: Send, F: FnOnce(&mut Tx<'_>) -> Result<T, Refusal> + Send> Job for Pending<T, F> {
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(change) = self.change.take() else { return false };
        let result = catch_unwind(AssertUnwindSafe(|| change(tx))).unwrap_or_else(|_| Err(Refusal::bug("a change panicked")));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>, committed: Result<(), &SqlError>) {
        let result = match (self.result, committed) {
            (Some(Err(refusal)), _) => Err(refusal),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(error)) => Err(Refusal::from_sql(error)),
            (None, Ok(())) => Err(Refusal::stopping()),
        };
        // Whoever asked may have gone; the change stands all the same.
        let _ = self.reply.send(result);
    }
}

pub(super) fn job<T, F>(change: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, Refusal>>)
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Result<T, Refusal> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (Box::new(Pending { change: Some(change), result: None, reply }), answer)
}

/// A change's view of the database: its transaction, the world at its place in the order, and what it emits.
pub struct Tx<'a> {
    /// The transaction.
    pub sql: &'a mut dyn Sql,
    /// The world, as it is for this change.
    pub world: &'a World,
    /// The server's clock.
    pub now: Timestamp,
    clock: &'a mut Clock,
    changes: &'a mut Vec<Change>,
}

impl Tx<'_> {
    /// A new identifier, above all before it.
    pub fn id<T: TryFrom<NewId>>(&mut self) -> T {
        let NewId(number) = self.clock.id(self.now);
        match T::try_from(NewId(number)) {
            Ok(id) => id,
            Err(_) => unreachable!("snowflakes are above zero"),
        }
    }

    /// The place in the order that the next [`emit`](Self::emit) takes.
    pub fn position(&self) -> i64 {
        self.clock.position + 1
    }

    /// What has happened: published after the commit, in the order of these calls.
    pub fn emit(&mut self, change: Change) {
        self.clock.position += 1;
        self.changes.push(change);
    }

    /// Notes who did what to whom, in the same transaction. `before` and `after` are JSON.
    pub fn audit(&mut self, entry: Audit<'_>) -> Result<(), SqlError> {
        let NewId(id) = self.clock.id(self.now);
        let json = |value: Option<serde_json::Value>| value.map(|v| v.to_string());
        self.sql.execute(
            "INSERT INTO audit (id, space_id, actor_id, action, target_id, before, after, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![id, entry.space, entry.actor, entry.action, entry.target, json(entry.before), json(entry.after), self.now],
        )?;
        Ok(())
    }
}

/// A row of the audit log.
#[derive(Default)]
pub struct Audit<'a> {
    /// Where; nothing for the server itself.
    pub space: Option<SpaceId>,
    /// By whom; nothing for the command line.
    pub actor: Option<UserId>,
    /// What, as `thing.verb`.
    pub action: &'a str,
    /// To what or whom: any identifier's number.
    pub target: Option<i64>,
    /// What was before.
    pub before: Option<serde_json::Value>,
    /// What is after.
    pub after: Option<serde_json::Value>,
}

/// A number for an identifier that nothing has yet.
#[derive(Clone, Copy)]
pub struct NewId(i64);

macro_rules! ids {
    ($($kind:ident)*) => {$(
        impl TryFrom<NewId> for snug_protocol::$kind {
            type Error = ();
            fn try_from(NewId(number): NewId) -> Result<Self, ()> { Self::new(number).ok_or(()) }
        }
    )*};
}
ids! { UserId SpaceId ChannelId RoleId MessageId SessionId }

/// The last position and identifier given out; kept in the table `clock`.
#[derive(Clone, Copy, PartialEq)]
struct Clock {
    position: i64,
    last_id: i64,
}

impl Clock {
    fn load(sql: &mut dyn Sql) -> Result<Self, SqlError> {
        let mut row = sql.row("SELECT position, last_id FROM clock", &[])?.ok_or(SqlError::Shape { expected: "clock" })?;
        Ok(Self { position: row.take()?, last_id: row.take()? })
    }

    fn store(self, sql: &mut dyn Sql) -> Result<(), SqlError> {
        sql.execute("UPDATE clock SET position = $1, last_id = $2", values![self.position, self.last_id])?;
        Ok(())
    }

    /// Rises even when the system's clock goes back, or more than 4,096 are made in a millisecond.
    fn id(&mut self, now: Timestamp) -> NewId {
        self.last_id = ((now.0 - EPOCH_MS) << 22).max(self.last_id + 1);
        NewId(self.last_id)
    }
}

/// The system's clock.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(since.as_millis() as i64)
}

pub(super) fn spawn(
    mut sql: Box<dyn Sql>,
    database: Database,
    lock: Option<File>,
    publish: Arc<dyn Publish>,
) -> Result<mpsc::Sender<Box<dyn Job>>, StoreError> {
    let clock = Clock::load(&mut *sql)?;
    let (jobs, queue) = mpsc::channel(QUEUE);
    let writer = Writer { sql, database, publish, clock, queue, _lock: lock };
    thread::Builder::new()
        .name("store-writer".into())
        .spawn(move || writer.run())
        .map_err(|source| StoreError::Path { path: "thread".into(), source })?;
    Ok(jobs)
}

struct Writer {
    sql: Box<dyn Sql>,
    database: Database,
    publish: Arc<dyn Publish>,
    clock: Clock,
    queue: mpsc::Receiver<Box<dyn Job>>,
    // Until the last change is committed: it keeps a second server off the same file.
    _lock: Option<File>,
}

impl Writer {
    /// Until the last handle of the store is gone and the queue is empty.
    fn run(mut self) {
        while let Some(first) = self.queue.blocking_recv() {
            let mut group = Vec::new();
            let mut changes = Vec::new();
            let before = self.clock;
            let result = self.begin().and_then(|()| self.fill(first, &mut group, &mut changes));
            match result {
                Ok(()) => {
                    if !changes.is_empty() {
                        self.publish.publish(changes);
                    }
                    group.into_iter().for_each(|job| job.answer(Ok(())));
                }
                Err(error) => {
                    tracing::error!(%error, changes = group.len(), "a group of changes could not be committed");
                    self.clock = Clock { position: before.position, ..self.clock };
                    let _ = self.sql.batch("ROLLBACK");
                    group.into_iter().for_each(|job| job.answer(Err(&error)));
                }
            }
        }
    }

    /// Starts a transaction; if the connection has gone, on a new one.
    fn begin(&mut self) -> Result<(), SqlError> {
        let text = match self.database {
            Database::Sqlite(_) => "BEGIN IMMEDIATE",
            Database::Postgres(_) => "BEGIN",
        };
        self.sql.batch(text).or_else(|error| {
            tracing::warn!(%error, "connecting to the database again");
            self.sql = self.database.connect_writer()?;
            self.sql.batch(text)
        })
    }

    fn fill(&mut self, first: Box<dyn Job>, group: &mut Vec<Box<dyn Job>>, changes: &mut Vec<Change>) -> Result<(), SqlError> {
        let mut next = Some(first);
        let before = self.clock;
        while let Some(mut job) = next {
            let emitted = changes.len();
            let kept = self.one(&mut *job, changes);
            group.push(job);
            kept?;
            let closed = changes[emitted..].iter().any(Change::alters_world);
            next = if closed || group.len() == GROUP { None } else { self.queue.try_recv().ok() };
        }
        if self.clock != before {
            self.clock.store(&mut *self.sql)?;
        }
        self.sql.batch("COMMIT")
    }

    fn one(&mut self, job: &mut dyn Job, changes: &mut Vec<Change>) -> Result<(), SqlError> {
        let (position, emitted) = (self.clock.position, changes.len());
        self.sql.execute("SAVEPOINT change", &[])?;
        let world = self.publish.world().read().unwrap_or_else(|e| e.into_inner());
        let mut tx = Tx { sql: &mut *self.sql, world: &world, now: now(), clock: &mut self.clock, changes };
        if !job.run(&mut tx) {
            self.clock.position = position;
            changes.truncate(emitted);
            self.sql.execute("ROLLBACK TO SAVEPOINT change", &[])?;
        }
        self.sql.execute("RELEASE SAVEPOINT change", &[])?;
        Ok(())
    }
}

/// Whether the database answers.
pub(crate) fn ping(sql: &mut dyn Sql) -> Result<(), SqlError> {
    scalar::<i64>(sql, "SELECT position FROM clock", &[]).map(drop)
}
