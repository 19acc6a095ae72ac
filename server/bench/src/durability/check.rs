//! Whether everything is there, once, and whole: first through the server, then in its database.

use super::ledger::{Ledger, Mark};
use crate::{api::Api, failure::Failure, process::Program};
use rusqlite::{Connection, OpenFlags};
use snug_protocol::{ChannelId, MessageId, rest::MessagePage};
use std::{collections::HashMap, path::Path};

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) lost: usize,
    pub(super) doubled: usize,
    pub(super) integrity: String,
    /// In words.
    pub(super) broken: Vec<String>,
}

/// What holds in a database of ours, as queries that count where it does not.
const RULES: [(&str, &str); 7] = [
    (
        "a message does not stand after the one before it in the order of events",
        "SELECT COUNT(*) FROM (SELECT position, LAG(position) OVER (ORDER BY id) AS earlier FROM message) WHERE position <= earlier",
    ),
    ("a message has a place in the order that was not given out yet", "SELECT COUNT(*) FROM message, clock WHERE message.position > clock.position"),
    ("a message has an identifier that was not given out yet", "SELECT COUNT(*) FROM message, clock WHERE message.id > clock.last_id"),
    ("an author has a nonce twice", "SELECT COUNT(*) FROM (SELECT 1 FROM message GROUP BY author_id, nonce HAVING COUNT(*) > 1)"),
    (
        "a text does not belong to its nonce",
        "SELECT COUNT(*) FROM message WHERE content <> nonce AND substr(content, 1, length(nonce) + 1) <> nonce || ' '",
    ),
    (
        "a channel's newest message is another",
        "SELECT COUNT(*) FROM channel WHERE last_message_id IS NOT (SELECT MAX(id) FROM message WHERE channel_id = channel.id)",
    ),
    ("something refers to what is not there", "SELECT COUNT(*) FROM pragma_foreign_key_check"),
];

/// Starts the server on what was left to it, reads it all, stops it, and looks into the database.
pub(super) async fn look(program: &Program, ledger: &Ledger) -> Result<Found, Failure> {
    let mut found = Found::default();
    let server = program.start().await?;
    let mut api = Api::connect(server.address).await?;
    let owner = api.login("owner").await?;
    let mut there: HashMap<Mark, Vec<MessageId>> = HashMap::new();
    for channel in ledger.channels() {
        let mut after = MessageId::new(1);
        while let Some(last) = after {
            let page: MessagePage = api.get(&format!("/api/v1/channels/{channel}/messages?limit=100&after={last}"), &owner).await?;
            let mut previous = last;
            for message in &page.messages {
                if message.id <= previous {
                    found.broken.push(format!("{} comes after {previous}", message.id));
                }
                previous = message.id;
                match Mark::of(&message.content).filter(|mark| ledger.knows(*mark)) {
                    Some(mark) => {
                        found.compare(ledger, mark, *channel, message);
                        there.entry(mark).or_default().push(message.id);
                    }
                    None => found.broken.push(format!("nobody wrote {}", message.id)),
                }
            }
            after = page.has_after.then_some(previous);
        }
    }
    found.account(ledger, &there);
    eprintln!("{} messages are there, {} of them acknowledged", there.len(), ledger.acknowledged.len());
    let status = server.stop().await?;
    if !status.success() {
        found.broken.push(format!("the server stopped with {status}"));
    }
    let database = open(&program.data)?;
    found.integrity = integrity(&database)?;
    if found.integrity != "ok" {
        found.broken.push(format!("integrity_check says: {}", found.integrity));
    }
    for (what, query) in RULES {
        let count: i64 = database.query_row(query, [], |row| row.get(0))?;
        if count > 0 {
            found.broken.push(format!("{what} ({count} times)"));
        }
    }
    Ok(found)
}

impl Found {
    /// A message as it is, beside what was written.
    fn compare(&mut self, ledger: &Ledger, mark: Mark, channel: ChannelId, message: &snug_protocol::Message) {
        if message.content != mark.content() {
            self.broken.push(format!("the text of {mark} is not what was written"));
        }
        if message.author_id != ledger.author(mark) {
            self.broken.push(format!("{mark} has another author"));
        }
        if channel != ledger.channel(mark) {
            self.broken.push(format!("{mark} stands in another channel"));
        }
    }

    /// All that was acknowledged, and all that is there.
    fn account(&mut self, ledger: &Ledger, there: &HashMap<Mark, Vec<MessageId>>) {
        for acknowledged in &ledger.acknowledged {
            let (mark, id) = (acknowledged.mark, acknowledged.id);
            match there.get(&mark) {
                None => {
                    self.lost += 1;
                    self.broken.push(format!("{mark} was acknowledged as {id} and is not there"));
                }
                Some(ids) if !ids.contains(&id) => self.broken.push(format!("{mark} was acknowledged as {id} and is there as {ids:?}")),
                Some(_) => {}
            }
            if acknowledged.above.is_some_and(|above| id <= above) {
                self.broken.push(format!("{mark} is {id}, not above what was acknowledged before it was offered"));
            }
        }
        for (mark, ids) in there.iter().filter(|(_, ids)| ids.len() > 1) {
            self.doubled += 1;
            self.broken.push(format!("{mark} is there {} times", ids.len()));
        }
    }
}

/// The database in a data folder that no server uses now.
pub(super) fn open(data: &Path) -> Result<Connection, Failure> {
    Ok(Connection::open_with_flags(data.join("snug.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

/// `ok`, or what is wrong.
pub(super) fn integrity(database: &Connection) -> Result<String, Failure> {
    let mut statement = database.prepare("PRAGMA integrity_check")?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(lines.join("; "))
}
