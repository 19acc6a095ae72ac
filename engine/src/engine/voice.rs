//! The voice thread.

use super::{
    Command, Meters, Stats, Update,
    keeper::{Keeper, News, Opened, Wish},
    outbox::Outbox,
    pace::{Clock, Pace},
    stats::{STATS, Second},
};
use crate::{
    call::{Call, Said},
    cue::Cue,
    device::{Choice, Direction, Microphone, Speaker},
    health::Health,
    priority::{self, Priority},
    sound::{BLOCK, Block},
    state::{Delta, State, Use},
    transport::{Event, Link, Network, Transport, sdp},
};
use snug_protocol::voice::{TrackKind, TrackRef, VoiceAnswer, VoiceOffer, VoiceTrack};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TryRecvError},
    },
    time::Instant,
};

/// Blocks between meters: 50 ms.
const METERS: u64 = 5;
/// Blocks that a cue waits for a loudspeaker: 1 s. Later it would tell what was long ago.
const CUE_WAITS: u64 = 100;

pub(super) struct Voice {
    call: Call,
    state: State,
    keeper: Keeper,
    network: Box<dyn Network>,
    outbox: Outbox,
    transport: Option<Box<dyn Transport>>,
    /// Of the transport.
    connection: Option<u64>,
    microphone: Option<Box<dyn Microphone>>,
    speaker: Option<Box<dyn Speaker>>,
    testing: bool,
    hear_yourself: bool,
    /// A cue that waits for a loudspeaker, up to a tick.
    cue: Option<(Cue, u64)>,
    /// One is being played.
    chimes: bool,
    /// Whether the server hears what is sent, as far as it said.
    heard: bool,
    uplink_loss: f32,
    second: Second,
    ticks: u64,
    priority: Priority,
}

impl Voice {
    pub(super) fn new(call: Call, state: State, keeper: Keeper, network: Box<dyn Network>, told: SyncSender<Update>) -> Self {
        Self {
            call,
            state,
            keeper,
            network,
            outbox: Outbox::new(told),
            transport: None,
            connection: None,
            microphone: None,
            speaker: None,
            testing: false,
            hear_yourself: false,
            cue: None,
            chimes: false,
            heard: true,
            uplink_loss: 0.0,
            second: Second::new(),
            ticks: 0,
            priority: Priority::Ordinary,
        }
    }

    pub(super) fn run(mut self, clock: Clock, commands: Receiver<Command>) {
        if let Clock::System = clock {
            self.priority = priority::raise();
        }
        let mut pace = Pace::new(clock);
        while let Some((now, late)) = pace.next() {
            if !late.is_zero() {
                self.tell(Health::Overloaded { late_ms: late.as_millis() as u64 });
            }
            loop {
                match commands.try_recv() {
                    Ok(command) => self.obey(now, command),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return self.end(),
                }
            }
            while let Ok(news) = self.keeper.news.try_recv() {
                self.take_news(news);
            }
            self.tick(now);
        }
        self.end();
    }

    fn end(mut self) {
        self.leave();
    }

    fn tick(&mut self, now: Instant) {
        let begun = Instant::now();
        self.listen(now);
        let mut block: Block = [0.0; BLOCK];
        if let Some(microphone) = &mut self.microphone {
            microphone.read(&mut block);
        }
        let tick = match self.call.tick(now, &block) {
            Ok(tick) => tick,
            Err(error) => {
                tracing::error!(%error, "10 ms were left out");
                return;
            }
        };
        let mut playout = tick.playout;
        if self.testing && self.hear_yourself {
            playout = tick.processed;
        }
        if let Some(speaker) = &mut self.speaker {
            speaker.write(&playout);
        }
        self.second.take(&block, &tick.processed, &playout, tick.said);
        if let (Some(packet), Some(transport)) = (tick.packet, &mut self.transport)
            && let Err(error) = transport.send(now, packet)
        {
            tracing::debug!(%error, "a packet was not sent");
        }
        self.look_after_devices();
        self.look_after_cues();
        if tick.said.open != self.state.open {
            self.change(Delta::Open(tick.said.open));
        }
        self.second.took(begun.elapsed());
        self.report(tick.said);
    }

    /// Lets a cue begin when there is a loudspeaker, and goes without it when there is none.
    fn look_after_cues(&mut self) {
        let chimed = std::mem::replace(&mut self.chimes, self.call.is_chiming());
        let over = self.cue.is_some_and(|(_, until)| self.ticks > until);
        if over {
            self.cue = None;
        } else if self.speaker.is_some()
            && let Some((cue, _)) = self.cue.take()
        {
            self.call.cue(cue);
            self.chimes = true;
        }
        if over || (chimed && !self.chimes) {
            self.use_devices();
        }
    }

    fn listen(&mut self, now: Instant) {
        while let Some(event) = self.transport.as_mut().and_then(|transport| transport.poll(now)) {
            match event {
                Event::Packet(packet) => self.call.handle(packet.at, &packet),
                Event::Link(link) => self.take_link(link),
                Event::Feedback { loss, .. } => {
                    self.uplink_loss = loss;
                    self.call.take_report(now, loss);
                }
                // Pictures: nobody here makes any yet.
                Event::KeyframeWanted { .. } | Event::UplinkEstimate(_) => {}
            }
        }
    }

    fn take_link(&mut self, link: Link) {
        match (self.state.link, link) {
            (Some(Link::Up), Link::Broken | Link::Closed) => self.tell(Health::NetworkLost),
            (Some(Link::Broken), Link::Up) => self.tell(Health::NetworkBack),
            _ => {}
        }
        self.change(Delta::Link(Some(link)));
    }

    fn obey(&mut self, now: Instant, command: Command) {
        match command {
            Command::Offer(offer) => self.answer(now, offer),
            Command::Tracks(tracks) => self.carry(now, tracks.tracks),
            Command::Heard(heard) => {
                if heard != std::mem::replace(&mut self.heard, heard) {
                    self.tell(if heard { Health::HeardAgain } else { Health::NotHeard });
                }
            }
            Command::Leave => self.leave(),
            Command::Mute(muted) => {
                self.call.set_muted(muted);
                self.change(Delta::Muted(muted));
            }
            Command::Deafen(deafened) => {
                self.call.set_deafened(deafened);
                self.change(Delta::Deafened(deafened));
            }
            Command::Hold(held) => self.call.hold(held),
            Command::Set(settings) => {
                self.call.set(settings.clone());
                self.change(Delta::Settings(settings));
            }
            // What is chosen again is open, or is tried all the time.
            Command::Choose(direction, choice) if choice == *self.choice(direction) => {}
            Command::Choose(direction, choice) => {
                self.change(Delta::Choice(direction, choice));
                if self.is_used(direction) {
                    self.open(direction);
                }
            }
            Command::Volume(user, percent) => {
                self.call.speakers().set_volume(user, percent);
                self.change(Delta::Volume(user, percent));
            }
            Command::Test(testing) => {
                self.testing = testing;
                self.use_devices();
            }
            Command::HearYourself(hear) => self.hear_yourself = hear,
            Command::Cue(cue) => {
                self.cue = Some((cue, self.ticks + CUE_WAITS));
                self.use_devices();
            }
            Command::Replicate => {
                for delta in self.state.replicate() {
                    self.outbox.push(Update::Delta(delta));
                }
            }
        }
    }

    fn answer(&mut self, now: Instant, offer: VoiceOffer) {
        if self.connection != Some(offer.connection) || self.transport.is_none() {
            self.hang_up();
            match self.network.connect() {
                Ok(transport) => self.transport = Some(transport),
                Err(error) => return self.tell(Health::Refused { reason: error.to_string() }),
            }
            self.connection = Some(offer.connection);
            self.change(Delta::Link(Some(Link::Connecting)));
        }
        let Some(transport) = &mut self.transport else {
            return;
        };
        let sends: Vec<Arc<str>> = offer.takes.iter().map(|take| take.mid.as_str().into()).collect();
        let answer = match transport.answer(now, &offer.sdp, &sends) {
            Ok(sdp) => sdp,
            Err(error) => return self.tell(Health::Refused { reason: error.to_string() }),
        };
        let microphone = offer.takes.iter().find(|take| take.kind == TrackKind::Microphone);
        let line = microphone.and_then(|take| Some((take.mid.as_str().into(), sdp::opus(&offer.sdp, &take.mid)?)));
        self.call.send_on(line);
        self.outbox.push(Update::Answer(VoiceAnswer { connection: offer.connection, negotiation: offer.negotiation, sdp: answer }));
        self.carry(now, offer.tracks);
        self.use_devices();
    }

    fn carry(&mut self, now: Instant, tracks: Vec<VoiceTrack>) {
        let sound = |track: &Option<TrackRef>| match track.map(|track| track.kind) {
            None | Some(TrackKind::Microphone | TrackKind::ScreenSound) => true,
            Some(TrackKind::Camera | TrackKind::Screen) => false,
        };
        let lines: BTreeMap<Arc<str>, Option<TrackRef>> =
            tracks.into_iter().filter(|track| sound(&track.track)).map(|track| (track.mid.as_str().into(), track.track)).collect();
        self.call.speakers().carry(now, lines.clone());
        self.change(Delta::Lines(lines));
    }

    fn leave(&mut self) {
        self.hang_up();
        self.change(Delta::Link(None));
        self.change(Delta::Lines(BTreeMap::new()));
        self.use_devices();
    }

    fn hang_up(&mut self) {
        if let Some(mut transport) = self.transport.take() {
            transport.close();
        }
        self.call.send_on(None);
        self.call.speakers().clear();
        self.uplink_loss = 0.0;
        self.call.forget_losses();
        self.heard = true;
    }

    fn is_used(&self, direction: Direction) -> bool {
        let cue = direction == Direction::Output && (self.chimes || self.cue.is_some());
        self.testing || self.transport.is_some() || cue
    }

    fn choice(&self, direction: Direction) -> &Choice {
        match direction {
            Direction::Input => &self.state.microphone_choice,
            Direction::Output => &self.state.speaker_choice,
        }
    }

    /// Opens what is wanted and not open, closes what is open and not wanted.
    fn use_devices(&mut self) {
        for direction in [Direction::Input, Direction::Output] {
            let used = match direction {
                Direction::Input => &self.state.microphone,
                Direction::Output => &self.state.speaker,
            };
            match (used, self.is_used(direction)) {
                (Use::Off, true) => self.open(direction),
                (Use::Opening | Use::Open { .. }, false) => {
                    self.wish(Wish::Off(direction));
                    self.put_away(direction);
                    self.change(Delta::Use(direction, Use::Off));
                }
                (Use::Off, false) | (Use::Opening | Use::Open { .. }, true) => {}
            }
        }
    }

    /// Asks for the chosen device. What is open is used until it is there.
    fn open(&mut self, direction: Direction) {
        self.wish(Wish::Use(direction, self.choice(direction).clone()));
        let is_open = match direction {
            Direction::Input => self.microphone.is_some(),
            Direction::Output => self.speaker.is_some(),
        };
        if !is_open {
            self.change(Delta::Use(direction, Use::Opening));
        }
    }

    fn put_away(&mut self, direction: Direction) {
        let opened = match direction {
            Direction::Input => self.microphone.take().map(Opened::Microphone),
            Direction::Output => self.speaker.take().map(Opened::Speaker),
        };
        if let Some(opened) = opened {
            self.wish(Wish::Close(opened));
        }
    }

    fn take_news(&mut self, news: News) {
        match news {
            News::Devices(devices) => self.change(Delta::Devices(devices)),
            News::None { direction, error } => {
                self.tell(Health::NoDevice { direction, reason: error.to_string(), hint: error.hint() });
            }
            // It was asked for while somebody talked, and nobody does any more.
            News::Here { opened, .. } if !self.is_used(opened.direction()) => self.wish(Wish::Close(opened)),
            News::Here { opened, instead } => {
                let (direction, name) = match &opened {
                    Opened::Microphone(microphone) => (Direction::Input, microphone.name().to_owned()),
                    Opened::Speaker(speaker) => (Direction::Output, speaker.name().to_owned()),
                };
                let (used, choice) = match direction {
                    Direction::Input => (&self.state.microphone, &self.state.microphone_choice),
                    Direction::Output => (&self.state.speaker, &self.state.speaker_choice),
                };
                let was_instead = matches!(used, Use::Open { instead: true, .. });
                if instead {
                    self.tell(Health::DeviceReplaced { direction, name: name.clone() });
                } else if was_instead && *choice != Choice::Default {
                    self.tell(Health::DeviceBack { direction, name: name.clone() });
                }
                self.put_away(direction);
                match opened {
                    Opened::Microphone(microphone) => self.microphone = Some(microphone),
                    Opened::Speaker(speaker) => self.speaker = Some(speaker),
                }
                self.change(Delta::Use(direction, Use::Open { name, instead }));
            }
        }
    }

    fn look_after_devices(&mut self) {
        if let Some(microphone) = self.microphone.take_if(|microphone| microphone.fault().is_some()) {
            self.lost(Direction::Input, microphone.name().to_owned(), Opened::Microphone(microphone));
        }
        if let Some(speaker) = self.speaker.take_if(|speaker| speaker.fault().is_some()) {
            self.lost(Direction::Output, speaker.name().to_owned(), Opened::Speaker(speaker));
        }
    }

    fn lost(&mut self, direction: Direction, name: String, opened: Opened) {
        self.tell(Health::DeviceLost { direction, name });
        self.change(Delta::Use(direction, Use::Opening));
        self.wish(Wish::Lost(opened));
    }

    fn report(&mut self, said: Said) {
        self.ticks += 1;
        self.outbox.flush();
        if self.is_used(Direction::Input) && self.ticks.is_multiple_of(METERS) {
            let lines = self.call.speakers().heard().map(|(mid, heard)| (mid.clone(), heard.track, heard.level_db)).collect();
            self.outbox.offer(Update::Meters(Meters { microphone_db: said.level_db, open: said.open, lines }));
        }
        if !self.ticks.is_multiple_of(STATS) {
            return;
        }
        if !self.is_used(Direction::Input) {
            return self.second.forget();
        }
        let transport = self.transport.as_ref();
        let stats = self.second.end(Stats {
            lines: self.call.speakers().heard().map(|(mid, heard)| (mid.clone(), heard.track, heard.stats)).collect(),
            traffic: transport.map(|transport| transport.traffic()).unwrap_or_default(),
            path: transport.and_then(|transport| transport.path()),
            uplink_loss: self.uplink_loss,
            sent: self.call.sent(),
            microphone: self.microphone.as_ref().and_then(|microphone| microphone.buffer()),
            speaker: self.speaker.as_ref().and_then(|speaker| speaker.buffer()),
            echo_reduction_db: self.call.echo_reduction_db(),
            priority: self.priority,
            ..Stats::default()
        });
        self.outbox.offer(Update::Stats(Box::new(stats)));
    }

    fn wish(&self, wish: Wish) {
        if self.keeper.wishes.send(wish).is_err() {
            tracing::error!("nobody looks after the devices any more");
        }
    }

    fn change(&mut self, delta: Delta) {
        self.state.apply(delta.clone());
        self.outbox.push(Update::Delta(delta));
    }

    fn tell(&mut self, health: Health) {
        tracing::info!(%health, "voice");
        self.outbox.push(Update::Health(health));
    }
}
