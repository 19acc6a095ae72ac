//! Rate limits: GCRA, per log-in where there is one and per address where there is none.

use super::{App, route::Limit};
use crate::{auth, error::Refusal};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use snug_protocol::{ErrorCode, UserId};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::Duration,
};

/// Whom a limit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Who {
    User(UserId),
    Address(IpAddr),
}

/// What a limit says to one request.
enum Verdict {
    /// There is no limit.
    Unlimited,
    /// So many are left of `limit`; all of them again after `reset`.
    Pass { limit: u32, left: u32, reset: Duration },
    /// Not before `wait` is over.
    Refuse { limit: u32, wait: Duration },
}

type Limiter = RateLimiter<(Who, Limit), DashMapStateStore<(Who, Limit)>, DefaultClock, StateInformationMiddleware>;

/// Connections to the gateway from one household at once.
const CONNECTIONS: u32 = 500;

/// A place for one connection to the gateway, until it is dropped.
pub struct Place {
    app: Arc<App>,
    household: IpAddr,
}

impl Place {
    /// A place, if the household has one left.
    pub fn take(app: &Arc<App>, headers: &HeaderMap, peer: IpAddr) -> Result<Self, Refusal> {
        let household = household(app.limits.address(headers, peer));
        let mut connections = app.limits.connections.lock().unwrap_or_else(|e| e.into_inner());
        let count = connections.entry(household).or_default();
        if *count >= CONNECTIONS && app.limits.classes.is_some() {
            return Err(
                Refusal::new(ErrorCode::RateLimited, "There are too many connections from your address.").retry_after(Duration::from_secs(10))
            );
        }
        *count += 1;
        Ok(Self { app: app.clone(), household })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut connections = self.app.limits.connections.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(count) = connections.get_mut(&self.household) {
            *count -= 1;
            if *count == 0 {
                connections.remove(&self.household);
            }
        }
    }
}

/// The limits of the server.
pub struct Limits {
    /// None when they are switched off, for tests under load.
    classes: Option<[(Limit, Limiter, u32, Duration); 4]>,
    clock: DefaultClock,
    trust_proxy: bool,
    /// Connections to the gateway, by household.
    connections: Mutex<HashMap<IpAddr, u32>>,
}

/// How many at once, and how long until one more.
const fn quota(class: Limit) -> (u32, Duration) {
    match class {
        Limit::Read => (120, Duration::from_millis(100)),
        Limit::Write => (40, Duration::from_millis(500)),
        Limit::Message => (15, Duration::from_millis(700)),
        Limit::Secret => (10, Duration::from_secs(6)),
    }
}

impl Limits {
    /// The limits, or none. Behind a proxy, addresses come from `X-Forwarded-For`.
    pub fn new(on: bool, trust_proxy: bool) -> Self {
        let class = |class| {
            let (burst, each) = quota(class);
            let burst_ = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::with_period(each).expect("a period above zero").allow_burst(burst_);
            (class, RateLimiter::dashmap(quota).with_middleware(), burst, each)
        };
        let classes = [Limit::Read, Limit::Write, Limit::Message, Limit::Secret].map(class);
        Self { classes: on.then_some(classes), clock: DefaultClock::default(), trust_proxy, connections: Mutex::default() }
    }

    /// Forgets those who have been quiet. To be called now and then.
    pub fn tidy(&self) {
        for (_, limiter, ..) in self.classes.iter().flatten() {
            limiter.retain_recent();
        }
    }

    fn check(&self, who: Who, class: Limit) -> Verdict {
        let Some((_, limiter, burst, each)) = self.classes.iter().flatten().find(|(c, ..)| *c == class) else {
            return Verdict::Unlimited;
        };
        match limiter.check_key(&(who, class)) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                Verdict::Pass { limit: *burst, left, reset: *each * (burst - left.min(*burst)) }
            }
            Err(not_until) => Verdict::Refuse { limit: *burst, wait: not_until.wait_time_from(self.clock.now()) },
        }
    }

    /// The address of whoever asks. IPv6 addresses count by their /64: that is what one household has.
    pub fn address(&self, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|v| v.to_str().ok());
        // The last entry is the one that our own proxy wrote.
        let forwarded = forwarded.and_then(|list| list.rsplit(',').next()).and_then(|a| a.trim().parse().ok());
        if self.trust_proxy { forwarded.unwrap_or(peer) } else { peer }.to_canonical()
    }
}

fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !0 << 64).into(),
        v4 => v4,
    }
}

/// Lets a request through, or refuses it with 429, and says how much is left.
pub async fn gate(State((app, class)): State<(Arc<App>, Limit)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let actor = auth::from_header(&parts, &app);
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |info| info.0.ip());
    let address = app.limits.address(&parts.headers, peer);
    let who = match (&actor, class) {
        // Guessing is limited by where it comes from, whoever is logged in.
        (_, Limit::Secret) | (Err(_), _) => Who::Address(household(address)),
        (Ok(actor), _) => Who::User(actor.user),
    };
    parts.extensions.insert(actor);
    parts.extensions.insert(Address(address));
    let (limit, left, reset, mut response) = match app.limits.check(who, class) {
        Verdict::Unlimited => return next.run(Request::from_parts(parts, body)).await,
        Verdict::Pass { limit, left, reset } => (limit, left, reset, next.run(Request::from_parts(parts, body)).await),
        Verdict::Refuse { limit, wait } => {
            let refusal = Refusal::new(ErrorCode::RateLimited, "That is too much at once.");
            (limit, 0, wait, refusal.hint(format!("Try again in {} s.", wait.as_secs() + 1)).retry_after(wait).into_response())
        }
    };
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(limit));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(left));
    headers.insert("x-ratelimit-reset", HeaderValue::from(reset.as_millis().div_ceil(1000) as u64));
    response
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub IpAddr);
