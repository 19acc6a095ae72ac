//! Updates on their way out. States and answers are never lost; meters are, rather than make anything wait.

use super::{UPDATES, Update};
use std::{
    collections::VecDeque,
    sync::mpsc::{SyncSender, TrySendError},
};

#[derive(Debug)]
pub(super) struct Outbox {
    told: SyncSender<Update>,
    waiting: VecDeque<Update>,
}

impl Outbox {
    pub(super) fn new(told: SyncSender<Update>) -> Self {
        Self { told, waiting: VecDeque::new() }
    }

    pub(super) fn push(&mut self, update: Update) {
        if self.waiting.len() >= UPDATES {
            // Nobody has read for a long time. Whoever comes back asks for the whole state.
            self.waiting.pop_front();
        }
        self.waiting.push_back(update);
        self.flush();
    }

    /// For what is soon told again.
    pub(super) fn offer(&mut self, update: Update) {
        self.flush();
        if self.waiting.is_empty()
            && let Err(TrySendError::Full(_)) = self.told.try_send(update)
        {
            tracing::trace!("nobody looks at the meters");
        }
    }

    pub(super) fn flush(&mut self) {
        while let Some(update) = self.waiting.pop_front() {
            if let Err(TrySendError::Full(update)) = self.told.try_send(update) {
                self.waiting.push_front(update);
                return;
            }
        }
    }
}
