//! Somebody who writes through all that happens to the server, as the web app's outbox does: one message after the
//! other, each with the same nonce until it is acknowledged.

use super::ledger::{Ledger, Mark};
use crate::{
    api::{self, Api, Person},
    http::{Client, Request},
    random::Random,
};
use serde::Deserialize;
use snug_protocol::MessageId;
use std::{cell::RefCell, io, net::SocketAddr, rc::Rc, time::Duration};
use tokio::time::{sleep, timeout};

/// How long an answer may take. A dead server is noticed at once.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long until it is tried again.
const AGAIN: Duration = Duration::from_millis(5);
/// Of so many messages, one is posted again although it was acknowledged, as if the answer had been lost.
const REPEATED: u64 = 16;

pub(super) struct Writer {
    number: usize,
    person: Person,
    address: SocketAddr,
    ledger: Rc<RefCell<Ledger>>,
    random: Random,
    client: Option<Client>,
}

/// What came of one attempt.
enum Posted {
    Acknowledged(MessageId),
    /// Nobody knows whether it stands.
    Unknown,
    Refused(String),
}

#[derive(Deserialize)]
struct Answer {
    id: MessageId,
}

impl Writer {
    pub(super) fn new(number: usize, person: Person, address: SocketAddr, ledger: Rc<RefCell<Ledger>>, random: Random) -> Self {
        Self { number, person, address, ledger, random, client: None }
    }

    /// Writes until it is aborted.
    pub(super) async fn run(mut self) {
        loop {
            let (mark, above) = self.ledger.borrow_mut().offer(self.number);
            let Some(id) = self.send(mark).await else { continue };
            self.ledger.borrow_mut().acknowledge(mark, id, above);
            if self.random.one_in(REPEATED)
                && let Some(again) = self.send(mark).await
                && again != id
            {
                self.broken(format!("{mark} was acknowledged as {id}, and as {again} when it was sent again"));
            }
        }
    }

    /// Posts until the message is acknowledged, or refused.
    async fn send(&mut self, mark: Mark) -> Option<MessageId> {
        loop {
            match self.post(mark).await {
                Posted::Acknowledged(id) => return Some(id),
                Posted::Refused(why) => {
                    self.broken(format!("{mark} was refused: {why}"));
                    return None;
                }
                Posted::Unknown => {
                    self.client = None;
                    sleep(AGAIN).await;
                }
            }
        }
    }

    async fn post(&mut self, mark: Mark) -> Posted {
        match timeout(PATIENCE, self.attempt(mark)).await {
            Ok(Ok((201, body))) => match serde_json::from_slice::<Answer>(&body) {
                Ok(answer) => Posted::Acknowledged(answer.id),
                Err(_) => Posted::Refused("an acknowledgement without an identifier".into()),
            },
            Ok(Ok((401, _))) => {
                // The access token has come of age.
                if let Ok(mut api) = Api::connect(self.address).await
                    && let Ok(person) = api.login(&self.person.name).await
                {
                    self.person = person;
                }
                Posted::Unknown
            }
            Ok(Ok((503, _)) | Err(_)) => Posted::Unknown,
            Ok(Ok((status, body))) => Posted::Refused(format!("{status} {}", String::from_utf8_lossy(&body))),
            Err(_) => Posted::Refused(format!("no answer in {PATIENCE:?}")),
        }
    }

    async fn attempt(&mut self, mark: Mark) -> io::Result<(u16, Vec<u8>)> {
        let client = match &mut self.client {
            Some(client) => client,
            none => none.insert(Client::connect(self.address).await?),
        };
        let path = api::messages_path(self.ledger.borrow().channel(mark));
        let body = api::message(&mark.content(), &mark.to_string());
        let answer = client.ask(Request { method: "POST", path: &path, token: Some(&self.person.token), body: Some(&body) }).await?;
        Ok((answer.status, answer.body.to_vec()))
    }

    fn broken(&self, what: String) {
        self.ledger.borrow_mut().broken.push(what);
    }
}
