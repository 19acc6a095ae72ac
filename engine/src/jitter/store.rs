//! Packets that wait to be played, by their timestamps.

use std::collections::{BTreeMap, VecDeque};

/// Something to decode.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) payload: Vec<u8>,
    /// How much sound it is.
    pub(super) samples: i64,
    /// Whether it came along with a later packet.
    pub(super) redundant: bool,
}

/// How many timestamps are remembered: 2.5 s of 20 ms packets.
const REMEMBERED: usize = 128;

/// Packets that wait, and which ones came.
#[derive(Debug, Default)]
pub(super) struct Store {
    waiting: BTreeMap<i64, Waiting>,
    came: VecDeque<i64>,
}

impl Store {
    /// Notes that a timestamp could be played. Returns whether it is the first time.
    pub(super) fn note(&mut self, timestamp: i64) -> bool {
        if self.came.contains(&timestamp) {
            return false;
        }
        if self.came.len() == REMEMBERED {
            self.came.pop_front();
        }
        self.came.push_back(timestamp);
        true
    }

    pub(super) fn insert(&mut self, timestamp: i64, waiting: Waiting) {
        self.waiting.entry(timestamp).or_insert(waiting);
    }

    pub(super) fn first(&self) -> Option<(i64, &Waiting)> {
        self.waiting.first_key_value().map(|(t, w)| (*t, w))
    }

    pub(super) fn pop(&mut self) -> Option<(i64, Waiting)> {
        self.waiting.pop_first()
    }

    /// Drops what begins before `timestamp`. Returns how many.
    pub(super) fn drop_before(&mut self, timestamp: i64) -> usize {
        let kept = self.waiting.split_off(&timestamp);
        std::mem::replace(&mut self.waiting, kept).len()
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        self.came.clear();
    }
}
