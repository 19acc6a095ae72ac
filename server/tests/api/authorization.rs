//! Every route and every operation of the gateway against twelve actors, by one table.
//!
//! What each may is derived from the route's own [`Need`]; where a route is different, [`exception`] says so. A route
//! without a [sample](samples) fails the test.

mod fixture;
mod gateway;
mod samples;

use crate::harness::{Answer, TestServer, each_database};
use fixture::Fixture;
use snug_protocol::{ErrorCode, Permission, Permissions};
use snug_server::http::route::{self, Need};
use std::fmt;

each_database!(every_route_keeps_to_what_it_says, every_operation_of_the_gateway_keeps_to_it);

/// Who asks. The space is Olga's; the target is Tara, or a role, a channel, a message in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Actor {
    Anonymous,
    WrongToken,
    /// A member, who is suspended.
    Suspended,
    NotAMember,
    Banned,
    /// What everyone in the space may. Wrote the message.
    Member,
    /// A member above all others with every permission but the one that is needed.
    WithoutTheBit,
    /// Every permission but administration, below the target.
    ModeratorBelow,
    /// The same, above the target.
    ModeratorAbove,
    Owner,
    OwnerOfAnother,
    /// An administrator of the server, who is not in the space.
    ServerAdministrator,
}

use Actor::*;

const ACTORS: [Actor; 12] = [
    Anonymous,
    WrongToken,
    Suspended,
    NotAMember,
    Banned,
    Member,
    WithoutTheBit,
    ModeratorBelow,
    ModeratorAbove,
    Owner,
    OwnerOfAnother,
    ServerAdministrator,
];

impl Actor {
    fn logged_in(self) -> bool {
        !matches!(self, Anonymous | WrongToken | Suspended)
    }

    fn member(self) -> bool {
        matches!(self, Member | WithoutTheBit | ModeratorBelow | ModeratorAbove | Owner)
    }
}

/// What comes of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is done.
    Allowed,
    /// Who asks is not known.
    Unknown,
    /// It is refused, with this code.
    Refused(ErrorCode),
}

const FORBIDDEN: Outcome = Outcome::Refused(ErrorCode::Forbidden);
const HIDDEN: Outcome = Outcome::Refused(ErrorCode::NotFound);

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed => f.write_str("allowed"),
            Self::Unknown => f.write_str("not known"),
            Self::Refused(code) => write!(f, "{code:?}"),
        }
    }
}

impl Outcome {
    fn of(answer: &Answer) -> Self {
        match answer.refusal().map(|error| error.code) {
            None => Self::Allowed,
            Some(ErrorCode::Unauthorized | ErrorCode::SessionEnded) => Self::Unknown,
            Some(code) => Self::Refused(code),
        }
    }
}

/// The permission that a route needs.
fn bit(need: Need) -> Option<Permission> {
    match need {
        Need::Space(bit) | Need::Channel(bit) | Need::Above(bit) | Need::AuthorOr(bit) => Some(bit),
        Need::Anyone | Need::Login | Need::Acquaintance | Need::Member | Need::Author | Need::Owner | Need::Admin => None,
    }
}

/// What [`WithoutTheBit`] may: all but what is needed. Where no permission is needed it is either none, or all and of no
/// use.
fn without(need: Need) -> Permissions {
    let all = Permissions::ALL.minus(Permissions::of(&[Permission::Administrator]));
    match need {
        Need::Anyone | Need::Login | Need::Acquaintance | Need::Member => Permissions::NONE,
        Need::Author | Need::Owner | Need::Admin => all,
        Need::Space(_) | Need::Channel(_) | Need::Above(_) | Need::AuthorOr(_) => all.minus(bit(need).into_iter().collect()),
    }
}

/// What comes of it by what the route says of itself.
fn derived(need: Need, actor: Actor) -> Outcome {
    let when = |allowed: bool| if allowed { Outcome::Allowed } else { FORBIDDEN };
    match need {
        Need::Anyone => Outcome::Allowed,
        _ if !actor.logged_in() => Outcome::Unknown,
        Need::Login => Outcome::Allowed,
        Need::Acquaintance if actor == ServerAdministrator => Outcome::Allowed,
        Need::Admin => when(actor == ServerAdministrator),
        _ if !actor.member() => HIDDEN,
        Need::Member | Need::Acquaintance => Outcome::Allowed,
        Need::Channel(Permission::ViewChannel) if actor == WithoutTheBit => HIDDEN,
        Need::Space(bit) | Need::Channel(bit) => match actor {
            Member => when(Permissions::EVERYONE.allows(bit)),
            _ => when(actor != WithoutTheBit),
        },
        Need::Above(_) => when(matches!(actor, ModeratorAbove | Owner)),
        Need::Author => when(actor == Member),
        Need::AuthorOr(_) => when(actor != WithoutTheBit),
        Need::Owner => when(actor == Owner),
    }
}

/// Where a route is different.
fn exception(route: &str, actor: Actor) -> Option<Outcome> {
    let refused = |code| Some(Outcome::Refused(code));
    match (route, actor) {
        // Whoever is shut out stays out.
        ("POST /invites/{code}", Banned) => refused(ErrorCode::Banned),
        // An owner would leave something behind without one. (The sample has the wrong password, or nobody would be left.)
        ("POST /users/me/delete", Owner | OwnerOfAnother) => refused(ErrorCode::Conflict),
        ("POST /users/me/delete", actor) if actor.logged_in() => refused(ErrorCode::WrongPassword),
        ("POST /spaces/{space}/leave", Owner) => refused(ErrorCode::Conflict),
        // Who neither made an invite nor may list it does not know of it.
        ("DELETE /spaces/{space}/invites/{code}", WithoutTheBit) => Some(HIDDEN),
        // Its author deleted it: nobody else takes that back.
        ("POST /channels/{channel}/messages/{message}/restore", actor) if actor.member() && actor != Member => Some(HIDDEN),
        _ => None,
    }
}

async fn every_route_keeps_to_what_it_says(server: TestServer) {
    let fixture = Fixture::build(&server).await;
    let mut wrong = Vec::new();
    for route in route::all() {
        let name = format!("{} {}", route.method, route.path);
        for actor in ACTORS {
            fixture.restore(without(route.need)).await;
            let Some(sample) = samples::sample(&fixture, &name, actor).await else {
                wrong.push(format!("{name} has no sample: add one to samples.rs"));
                break;
            };
            let before = fixture.snapshot();
            let answer = sample.send(&fixture, &route.method, actor).await;
            let (usual, exception, was) = (derived(route.need, actor), exception(&name, actor), Outcome::of(&answer));
            let expected = exception.unwrap_or(usual);
            if exception == Some(usual) {
                wrong.push(format!("{name} for {actor:?}: is no exception"));
            }
            if was != expected {
                wrong.push(format!("{name} for {actor:?}: should be {expected:?}, but: {answer}"));
            }
            if was != Outcome::Allowed && fixture.snapshot() != before {
                wrong.push(format!("{name} for {actor:?} was refused and changed something all the same"));
            }
            let documented = route.answers.iter().any(|(status, _)| *status == answer.status);
            if was == Outcome::Allowed && !documented {
                wrong.push(format!("{name}: an answer that is not documented: {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

async fn every_operation_of_the_gateway_keeps_to_it(server: TestServer) {
    gateway::check(&Fixture::build(&server).await).await;
}
