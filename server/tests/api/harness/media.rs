//! The other side of the media server's contract: commands are noted, and events are told by the test.

use super::{Device, TestServer};
use snug_protocol::{ChannelId, ClientFrame, voice::VoiceJoin};
use snug_server::{
    gateway::Hub,
    sfu::{Command, Event, May, PeerId},
};
use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    time::Instant,
};

/// What a server's media server is told.
pub struct Media {
    hub: Arc<Hub>,
    commands: Mutex<Receiver<Command>>,
}

impl Media {
    /// Stands for the media server of `server` from now on.
    pub fn attach(server: &TestServer) -> Self {
        let (sender, commands) = channel();
        let hub = server.app().hub.clone();
        // Nobody listens any more once the test is over.
        hub.attach_media(move |command| _ = sender.send(command));
        Self { hub, commands: Mutex::new(commands) }
    }

    /// All commands since the last call. What a frame or a request caused is there before its consequences are heard.
    pub fn take(&self) -> Vec<Command> {
        self.commands.lock().expect("no test panics here").try_iter().collect()
    }

    /// The only command since the last call.
    #[track_caller]
    pub fn only(&self) -> Command {
        let mut commands = self.take();
        assert_eq!(commands.len(), 1, "{commands:?}");
        commands.remove(0)
    }

    /// The peer that has just joined, and what it may; others may have left before.
    #[track_caller]
    pub fn joined(&self) -> (PeerId, May) {
        let commands = self.take();
        match commands.last() {
            Some(Command::Join { peer, may, .. }) => (*peer, *may),
            _ => panic!("nobody has joined: {commands:?}"),
        }
    }

    /// Tells the server something.
    pub fn tell(&self, event: Event) {
        self.hub.media(Instant::now(), event);
    }

    /// Offers something to a peer.
    pub fn offer(&self, peer: PeerId, negotiation: u32) {
        let sdp = format!("offer {negotiation}");
        self.tell(Event::Offer { peer, negotiation, sdp, takes: Vec::new(), tracks: Vec::new() });
    }
}

/// Asks to be in a channel, and waits for what comes of it.
pub async fn join(device: &mut Device, channel: ChannelId) -> Vec<snug_protocol::Event> {
    device.socket.say(&ClientFrame::VoiceJoin(VoiceJoin { channel_id: channel, self_mute: false, self_deaf: false })).await;
    device.catch_up().await
}
