//! A call of two: somebody speaks, somebody listens, and a network lies between them.

use super::{
    leg::Counts,
    network::{Conditions, Direction},
    relay::Relay,
};
use crate::{
    api::{Api, Home, Person},
    failure::Failure,
};
use snug_protocol::{ChannelId, voice::OpusSettings};
use std::net::SocketAddr;

/// Where the network is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    /// Between the server and the listener.
    Listener,
    /// There, and between the speaker and the server.
    Both,
}

/// What is to be tried.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Of its channel and its files.
    pub(crate) name: String,
    pub(crate) conditions: Conditions,
    pub(crate) place: Where,
    pub(crate) seed: u64,
}

/// What is ready for a call.
pub(crate) struct Line {
    pub(crate) plan: Plan,
    pub(crate) channel: ChannelId,
    pub(crate) speaker: Person,
    pub(crate) listener: Person,
    /// Between the speaker and the server.
    pub(crate) first: Relay,
    /// Between the server and the listener.
    pub(crate) second: Relay,
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// What the listener heard, at 48 kHz, with more before and after it.
    pub(crate) recording: Vec<f32>,
    /// Whether the machine was quick enough for all of it.
    pub(crate) whole: bool,
    /// What was sent to the listener.
    pub(crate) counts: Counts,
}

impl Line {
    /// Makes a channel with two new people, and relays for them.
    pub(crate) async fn lay(server: SocketAddr, home: &Home, opus: OpusSettings, plan: Plan) -> Result<Self, Failure> {
        let mut api = Api::connect(server).await?;
        // Tokens last for minutes only.
        let home = Home { owner: api.login(&home.owner.name).await?, ..home.clone() };
        let channel = api.make_channel(&home, &plan.name, Some(opus)).await?;
        let speaker = api.register(&format!("{}_says", plan.name), Some(&home.invite)).await?;
        let listener = api.register(&format!("{}_hears", plan.name), Some(&home.invite)).await?;
        let first = match plan.place {
            Where::Listener => Conditions::GOOD,
            Where::Both => plan.conditions,
        };
        let first = Relay::start(server, &first, plan.seed)?;
        let second = Relay::start(server, &plan.conditions, plan.seed)?;
        Ok(Self { plan, channel, speaker, listener, first, second })
    }

    /// The call stands: with the next word the network becomes what it is planned to be.
    pub(crate) fn arm(&self) {
        self.first.arm();
        self.second.arm();
    }

    /// What was sent to the listener.
    pub(crate) fn counts(&self) -> Counts {
        self.second.counts(Direction::Down)
    }

    /// What went wrong.
    pub(crate) fn failed(&self, reason: &'static str) -> Failure {
        Failure::Call { call: self.plan.name.clone(), reason }
    }
}
