//! The sessions, by what they are looked up by, and the ways a dispatch goes to them.

use super::{
    hub::Slot,
    presence::{Attendance, GRACE, Presences},
    session::{Dispatch, Session},
    view::Views,
};
use crate::{
    auth::Actor,
    metrics::Metrics,
    sfu::Command,
    voice::{Calls, Device},
    world::World,
};
use snug_protocol::{ChannelId, SessionId, SpaceId, UserId, gateway::close};
use std::{collections::HashMap, sync::Arc, time::Instant};

/// See the module.
#[derive(Default)]
pub(super) struct Live {
    pub(super) by_secret: HashMap<String, Arc<Slot>>,
    pub(super) by_user: HashMap<UserId, Vec<Arc<Slot>>>,
    pub(super) by_device: HashMap<Device, Arc<Slot>>,
    /// Number of the last session.
    pub(super) newest: u64,
    /// Sessions that see a channel; made when needed, dropped when anything changes.
    pub(super) viewers: HashMap<ChannelId, Arc<[Arc<Slot>]>>,
    pub(super) views: Views,
    pub(super) presences: Presences,
    pub(super) typing: HashMap<(UserId, ChannelId), Instant>,
    pub(super) calls: Calls,
    /// Where commands for the media server go.
    pub(super) media: Option<Box<dyn Fn(Command) + Send>>,
}

impl Live {
    /// Puts a new session in its places, and gives it a name.
    pub(super) fn begin(&mut self, session: Session) -> (Arc<Slot>, String) {
        let (user, secret) = (session.user, crate::auth::random_name());
        self.newest += 1;
        let slot = Arc::new(Slot::new(Device(self.newest), session));
        self.by_device.insert(slot.device, slot.clone());
        self.by_secret.insert(secret.clone(), slot.clone());
        self.by_user.entry(user).or_default().push(slot.clone());
        self.viewers.clear();
        (slot, secret)
    }

    /// The session that somebody names, if it is of their own log-in.
    pub(super) fn own(&self, secret: &str, Actor { user, login }: Actor) -> Option<Arc<Slot>> {
        let slot = self.by_secret.get(secret)?;
        let session = slot.lock();
        ((session.user, session.login) == (user, login)).then(|| slot.clone())
    }

    pub(super) fn remove(&mut self, secret: &str, metrics: &Metrics) {
        let Some(slot) = self.by_secret.remove(secret) else { return };
        let user = slot.lock().user;
        if let Some(slots) = self.by_user.get_mut(&user) {
            slots.retain(|other| !Arc::ptr_eq(other, &slot));
            if slots.is_empty() {
                self.by_user.remove(&user);
            }
        }
        self.by_device.remove(&slot.device);
        self.calls.session_over(user, slot.device);
        self.viewers.clear();
        self.presences.touch(user);
        metrics.sessions.dec();
        tracing::info!(%user, "a session is over");
    }

    pub(super) fn attendance(&self, now: Instant, user: UserId) -> Attendance {
        let slots = self.by_user.get(&user).into_iter().flatten();
        let each = slots.map(|slot| slot.lock()).map(|session| match (session.present(now, GRACE), session.active) {
            (false, _) => Attendance::Away,
            (true, false) => Attendance::Idle,
            (true, true) => Attendance::Active,
        });
        each.max().unwrap_or(Attendance::Away)
    }

    pub(super) fn end(&mut self, user: UserId, which: impl Fn(SessionId) -> bool, why: &'static str, metrics: &Metrics) {
        let ended: Vec<_> = self
            .by_secret
            .iter()
            .filter(|(_, slot)| slot.lock().user == user && which(slot.lock().login))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        for (secret, slot) in ended {
            slot.lock().end(close::REVOKED, why);
            slot.ring();
            self.remove(&secret, metrics);
        }
    }

    pub(super) fn send_user(&self, user: UserId, dispatch: &Arc<Dispatch>) {
        for slot in self.by_user.get(&user).into_iter().flatten() {
            slot.lock().dispatch(Instant::now(), dispatch);
            slot.ring();
        }
    }

    pub(super) fn send_space(&self, world: &World, space: SpaceId, except: Option<UserId>, dispatch: &Arc<Dispatch>, now: Instant) {
        let members = world.spaces.get(&space).into_iter().flat_map(|place| place.members.keys());
        for user in members.filter(|user| Some(**user) != except) {
            for slot in self.by_user.get(user).into_iter().flatten() {
                slot.lock().dispatch(now, dispatch);
                slot.ring();
            }
        }
    }

    pub(super) fn send_channel(&mut self, world: &World, channel: ChannelId, dispatch: &Arc<Dispatch>) {
        let now = Instant::now();
        for slot in self.viewers(world, channel).iter() {
            slot.lock().dispatch(now, dispatch);
            slot.ring();
        }
    }

    pub(super) fn viewers(&mut self, world: &World, id: ChannelId) -> Arc<[Arc<Slot>]> {
        if let Some(viewers) = self.viewers.get(&id) {
            return viewers.clone();
        }
        let Some((place, channel)) = world.channel(id) else {
            return Arc::new([]);
        };
        let members = place.members.keys().filter(|user| self.by_user.contains_key(user) && place.sees(**user, channel));
        let viewers: Arc<[Arc<Slot>]> = members.flat_map(|user| &self.by_user[user]).cloned().collect();
        self.viewers.insert(id, viewers.clone());
        viewers
    }
}
