//! Deaths inside migrations: before and after each commit, and after every statement.

use super::check;
use crate::{failure::Failure, process::Program, random::Random};
use rusqlite::Connection;
use std::{os::unix::process::ExitStatusExt as _, path::Path};

/// `abort` ends a process with it.
const SIGABRT: i32 = 6;

/// Every table and index with its definition, and the steps that made them.
#[derive(PartialEq)]
struct Schema {
    steps: Vec<u32>,
    things: Vec<(String, String)>,
}

struct Trial<'a> {
    program: Program,
    whole: &'a Schema,
}

/// Lets a debug build die at each point, starts it again, and looks for the whole schema. Says how often it died.
/// `short`: at one statement of each step, and before or after its commit.
pub(super) async fn run(binary: &Path, debug: &Path, folder: &Path, random: &mut Random, short: bool) -> Result<u32, Failure> {
    let reference = Program::new(debug, &folder.join("reference"));
    reference.start().await?.stop().await?;
    let whole = schema(&check::open(&reference.data)?)?;
    let mut deaths = 0;
    let mut tried = 0;
    let mut trial = |point: String| {
        tried += 1;
        Trial { program: Program::new(debug, &folder.join(format!("migration-{tried}"))), whole: &whole }.run(point)
    };
    for step in &whole.steps {
        let before = deaths;
        let mut times = if short { 1 + random.below(6) } else { 1 };
        loop {
            let died = trial(format!("migrate-inside:{step}:{times}")).await?;
            deaths += u32::from(died);
            match (short, died) {
                (_, false) if times == 1 => return Err(immortal("migrate-inside", *step)),
                // A step has as many statements as it can die after.
                (true, true) | (false, false) => break,
                (true, false) => times = 1,
                (false, true) => times += 1,
            }
        }
        let around: &[&str] = match random.one_in(2) {
            _ if !short => &["migrate-before-commit", "migrate-after"],
            true => &["migrate-before-commit"],
            false => &["migrate-after"],
        };
        for point in around {
            if !trial(format!("{point}:{step}:1")).await? {
                return Err(immortal(point, *step));
            }
            deaths += 1;
        }
        eprintln!("migration {step}: {} deaths, and whole each time", deaths - before);
    }
    newer(binary, &reference, &whole).await?;
    Ok(deaths)
}

fn immortal(point: &str, step: u32) -> Failure {
    Failure::Broken(vec![format!("the server does not die at {point} of step {step}: is it a debug build?")])
}

impl Trial<'_> {
    /// Whether the server died at the point. In any case it is whole in the end.
    async fn run(self, point: String) -> Result<bool, Failure> {
        let child = self.program.spawn(Some(&point))?;
        let died = match self.program.greeted(child).await {
            Ok(server) => {
                server.kill().await?;
                false
            }
            Err(Failure::Ended { status, .. }) if status.signal() == Some(SIGABRT) => true,
            Err(failure) => return Err(failure),
        };
        let status = self.program.start().await?.stop().await?;
        let database = check::open(&self.program.data)?;
        let wrong = match check::integrity(&database)?.as_str() {
            _ if !status.success() => format!("the server stopped with {status}"),
            "ok" if schema(&database)? == *self.whole => return Ok(died),
            "ok" => "the schema is not the one of a database made in peace".into(),
            lines => format!("integrity_check says: {lines}"),
        };
        Err(Failure::Broken(vec![format!("after a death at {point}, {wrong}")]))
    }
}

/// A program refuses a database that a newer one has changed, and leaves it as it is.
async fn newer(binary: &Path, made: &Program, whole: &Schema) -> Result<(), Failure> {
    let next = whole.steps.last().map_or(1, |last| last + 1);
    Connection::open(made.data.join("snug.db"))?.execute("INSERT INTO schema_step (number, name) VALUES (?1, 'from the future')", [next])?;
    let program = Program { binary: binary.into(), ..made.clone() };
    let refused = match program.start().await {
        Err(Failure::Ended { status, log }) => status.code() == Some(1) && log.contains("newer version of Snug"),
        Err(failure) => return Err(failure),
        Ok(_) => false,
    };
    let untouched = schema(&check::open(&made.data)?)?.steps.last() == Some(&next);
    if refused && untouched {
        Ok(())
    } else {
        Err(Failure::Broken(vec![format!("a database with step {next} from the future was not refused as it should be")]))
    }
}

fn schema(database: &Connection) -> Result<Schema, Failure> {
    let mut steps = database.prepare("SELECT number FROM schema_step ORDER BY number")?;
    let mut things = database.prepare("SELECT name, COALESCE(sql, '') FROM sqlite_schema ORDER BY name")?;
    Ok(Schema {
        steps: steps.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?,
        things: things.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?,
    })
}
