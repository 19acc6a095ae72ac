//! What voice decides, carried out: dispatches to sessions, commands to the media server.

use super::{
    hub::{Hub, Slot},
    live::Live,
    session::{Dispatch, Scope},
};
use crate::{
    sfu,
    voice::{Output, Wish},
    world::World,
};
use snug_protocol::{
    ChannelId, Event, UserId,
    voice::{VoiceState, VoiceStateUpdate},
};
use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

impl Hub {
    /// Commands for the media server go here from now on. It is called under the hub's lock: it must not wait, nor call
    /// back. Without it, whoever joins is told that voice has failed.
    pub fn attach_media(&self, send: impl Fn(sfu::Command) + Send + 'static) {
        let mut live = self.lock();
        live.media = Some(Box::new(send));
        // Numbers of connections rise from start to start: no client takes a new server's for one that it had. Microseconds fit
        // into the whole numbers of JavaScript until the year 2255.
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        live.calls.number_after(since.as_micros() as u64);
    }

    /// The media server tells something.
    pub fn media(&self, now: Instant, event: sfu::Event) {
        let mut live = self.lock();
        live.calls.media(event);
        live.carry_out(&self.read(), now);
    }

    /// A device asks for something that has to do with voice.
    pub fn voice(&self, now: Instant, slot: &Slot, wish: Wish) {
        let user = slot.lock().user;
        let mut live = self.lock();
        // A session that has just ended has no say any more.
        if live.by_device.contains_key(&slot.device) {
            let world = self.read();
            live.calls.wish(&world, user, slot.device, wish);
            live.carry_out(&world, now);
        }
    }

    /// The voice channel that somebody is in.
    pub fn voice_channel(&self, user: UserId) -> Option<ChannelId> {
        self.lock().calls.channel(user)
    }

    /// Those in a voice channel, by rising identifier.
    pub fn voice_states(&self, channel: ChannelId) -> Vec<VoiceState> {
        self.lock().calls.states(channel).collect()
    }
}

impl Live {
    /// Carries out what voice has decided.
    pub(super) fn carry_out(&mut self, world: &World, now: Instant) {
        while let Some(output) = self.calls.poll() {
            match output {
                Output::Tell { devices, event, fleeting } => {
                    let dispatch = Dispatch::new(&event, fleeting.map_or(Scope::Own, Scope::Fleeting), now);
                    for slot in devices.iter().filter_map(|device| self.by_device.get(device)) {
                        slot.lock().dispatch(now, &dispatch);
                        slot.ring();
                    }
                }
                Output::Show(update) => {
                    let channel = update.channel_id;
                    self.send_channel(world, channel, &Dispatch::new(&Event::VoiceStateUpdate(update), Scope::Channel(channel), now));
                }
                Output::Command(command) => match (&self.media, command) {
                    (Some(send), command) => send(command),
                    (None, sfu::Command::Join { peer, .. }) => self.calls.media(sfu::Event::Gone(peer, "there is no media server")),
                    (None, _) => {}
                },
            }
        }
    }

    /// What whoever begins to see a channel is told of those in it.
    pub(super) fn in_voice(&self, channel: ChannelId, now: Instant) -> Vec<Arc<Dispatch>> {
        let update = |state: VoiceState| VoiceStateUpdate { user_id: state.user_id, channel_id: channel, state: Some(state) };
        let dispatch = |state| Dispatch::new(&Event::VoiceStateUpdate(update(state)), Scope::Channel(channel), now);
        self.calls.states(channel).map(dispatch).collect()
    }
}

#[cfg(test)]
mod tests;
