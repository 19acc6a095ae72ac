//! What was offered to the server, and what it acknowledged.

use crate::random::Random;
use snug_protocol::{ChannelId, MessageId, UserId};
use std::fmt;

/// Names a message: its author, and its number among their messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Mark {
    pub(super) writer: usize,
    pub(super) number: usize,
}

/// A message that was acknowledged.
pub(super) struct Acknowledged {
    pub(super) mark: Mark,
    pub(super) id: MessageId,
    /// The highest identifier that anyone had been told of when this message was first offered.
    pub(super) above: Option<MessageId>,
}

/// See the module.
#[derive(Default)]
pub(super) struct Ledger {
    channels: Vec<ChannelId>,
    people: Vec<UserId>,
    /// How many messages each writer has offered.
    offered: Vec<usize>,
    highest: Option<MessageId>,
    pub(super) acknowledged: Vec<Acknowledged>,
    /// Promises that were seen broken, in words.
    pub(super) broken: Vec<String>,
}

impl Ledger {
    pub(super) fn new(channels: Vec<ChannelId>, people: Vec<UserId>) -> Self {
        let offered = vec![0; people.len()];
        Self { channels, people, offered, ..Self::default() }
    }

    /// A message that a writer is about to offer, and [`Acknowledged::above`].
    pub(super) fn offer(&mut self, writer: usize) -> (Mark, Option<MessageId>) {
        let number = self.offered[writer];
        self.offered[writer] += 1;
        (Mark { writer, number }, self.highest)
    }

    pub(super) fn acknowledge(&mut self, mark: Mark, id: MessageId, above: Option<MessageId>) {
        self.highest = self.highest.max(Some(id));
        self.acknowledged.push(Acknowledged { mark, id, above });
    }

    /// Whether a message was ever offered.
    pub(super) fn knows(&self, mark: Mark) -> bool {
        self.offered.get(mark.writer).is_some_and(|offered| mark.number < *offered)
    }

    /// Where a message goes.
    pub(super) fn channel(&self, mark: Mark) -> ChannelId {
        self.channels[mark.number % self.channels.len()]
    }

    /// Whose a message is.
    pub(super) fn author(&self, mark: Mark) -> UserId {
        self.people[mark.writer]
    }

    pub(super) fn channels(&self) -> &[ChannelId] {
        &self.channels
    }
}

impl Mark {
    /// The text of the message. It begins with the mark, for history does not give nonces.
    pub(super) fn content(self) -> String {
        let mut random = Random::new((self.writer as u64) << 32 | self.number as u64);
        // Now and then one that takes pages of its own in the database.
        let words = if random.one_in(50) { 400 } else { random.below(20) };
        (0..words).fold(self.to_string(), |text, _| format!("{text} {:x}", random.below(1 << 32)))
    }

    /// The mark that a message's text begins with.
    pub(super) fn of(content: &str) -> Option<Self> {
        let (writer, number) = content.split(' ').next()?.strip_prefix('w')?.split_once('-')?;
        Some(Self { writer: writer.parse().ok()?, number: number.parse().ok()? })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "w{}-{}", self.writer, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_which_message_it_is() {
        for number in 0..200 {
            let mark = Mark { writer: 7, number };
            let content = mark.content();
            assert_eq!(Mark::of(&content), Some(mark));
            assert_eq!(content, mark.content(), "it follows from the mark");
            assert!(content.len() <= snug_protocol::limits::MESSAGE);
        }
        assert_eq!(Mark::of("hello there"), None);
    }
}
