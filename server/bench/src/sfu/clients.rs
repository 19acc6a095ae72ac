//! The people of a room: one thread moves them all.

use crate::{failure::Failure, random::Random};
use mio::{Events, Interest, Poll, Token, net::UdpSocket};
use snug_protocol::voice::{TrackKind, VoiceTake};
use snug_server::sfu::{Command, Event, PeerId, Sfu};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use str0m::{
    Candidate, Input, Output, Rtc,
    change::SdpOffer,
    media::Mid,
    net::{Protocol, Receive},
    rtp::{ExtensionValues, RtpWrite},
};

/// How often the clocks of all are moved.
const TICK: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) struct Clients {
    addresses: Vec<SocketAddr>,
    speakers: u64,
    to: Option<Sender<Offer>>,
    answers: Receiver<Answer>,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    talk: AtomicBool,
    stop: AtomicBool,
    connected: AtomicU64,
    received: AtomicU64,
}

struct Offer {
    peer: PeerId,
    negotiation: u32,
    sdp: String,
    takes: Vec<VoiceTake>,
}

struct Answer {
    peer: PeerId,
    negotiation: u32,
    sdp: String,
}

impl Clients {
    pub(super) fn start(people: u64, speakers: u64, random: Random) -> Self {
        let ((to, offers), (answer, answers)) = (channel(), channel());
        let state = Arc::new(State::default());
        let mut all: Vec<Person> = (1..=people).map(|n| Person::new(n, n <= speakers)).collect();
        let addresses = all.iter().map(|person| person.address).collect();
        let theirs = state.clone();
        let thread = thread::spawn(move || run(&mut all, &offers, &answer, &theirs, speakers, random));
        Self { addresses, speakers, to: Some(to), answers, state, thread: Some(thread) }
    }

    /// Where those listen who do not speak, or all when everybody hears somebody.
    pub(super) fn listeners(&self) -> Vec<SocketAddr> {
        self.addresses[1..].to_vec()
    }

    /// Passes offers and answers on for a while.
    pub(super) fn answer(&mut self, sfu: &Sfu, events: &Receiver<Event>, time: Duration) -> Result<(), Failure> {
        let start = Instant::now();
        while start.elapsed() < time {
            for event in events.try_iter() {
                match event {
                    Event::Offer { peer, negotiation, sdp, takes, .. } => {
                        self.to.as_ref().map(|to| to.send(Offer { peer, negotiation, sdp, takes }));
                    }
                    Event::Gone(peer, why) => return Err(Failure::Media(format!("client {} is out: {why}", peer.0))),
                    Event::Tracks(..) | Event::Shares(..) | Event::Speaking(..) | Event::Heard(..) | Event::Stats(..) => {}
                }
            }
            for Answer { peer, negotiation, sdp } in self.answers.try_iter() {
                sfu.send(Command::Answer { peer, negotiation, sdp });
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Waits until all are connected and nothing is left to offer.
    pub(super) fn connect(&mut self, sfu: &Sfu, events: &Receiver<Event>) -> Result<(), Failure> {
        let start = Instant::now();
        while self.state.connected.load(Relaxed) < self.addresses.len() as u64 {
            if start.elapsed() > PATIENCE {
                return Err(Failure::Silent("connect all clients"));
            }
            self.answer(sfu, events, Duration::from_millis(50))?;
        }
        self.answer(sfu, events, Duration::from_secs(3))
    }

    pub(super) fn talk(&self, talk: bool) {
        self.state.talk.store(talk, Relaxed);
    }

    /// Whether anything has come through.
    pub(super) fn check(&self, speakers: u64) -> Result<(), Failure> {
        if speakers == self.speakers && self.state.received.load(Relaxed) > 0 { Ok(()) } else { Err(Failure::Silent("pass on a packet")) }
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        self.state.stop.store(true, Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Person {
    peer: PeerId,
    rtc: Rtc,
    socket: UdpSocket,
    address: SocketAddr,
    mic: Option<Mid>,
    speaks: bool,
    connected: bool,
    seq: u64,
    server: Option<SocketAddr>,
}

impl Person {
    fn new(n: u64, speaks: bool) -> Self {
        let mut rtc = Rtc::builder().set_rtp_mode(true).clear_codecs().enable_opus(true, true);
        rtc.codec_config().add_h264(108.into(), Some(109.into()), true, 0x42_e0_1f);
        let mut rtc = rtc.build(Instant::now());
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.set_nonblocking(true).map(|()| socket));
        let socket = socket.expect("this machine has a loopback interface");
        let address = socket.local_addr().expect("it is bound");
        rtc.add_local_candidate(Candidate::host(address, Protocol::Udp).expect("it is an address"));
        Self { peer: PeerId(n), rtc, socket: UdpSocket::from_std(socket), address, mic: None, speaks, connected: false, seq: 1, server: None }
    }

    fn offer(&mut self, offer: &Offer) -> Option<Answer> {
        self.mic = offer.takes.iter().find(|take| take.kind == TrackKind::Microphone).map(|take| Mid::from(take.mid.as_str()));
        let answer = self.rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(&offer.sdp).ok()?).ok()?;
        Some(Answer { peer: self.peer, negotiation: offer.negotiation, sdp: answer.to_sdp_string() })
    }

    fn drain(&mut self, state: &State) {
        while let Ok(output) = self.rtc.poll_output() {
            match output {
                Output::Timeout(_) => break,
                Output::Transmit(transmit) => {
                    self.server = Some(transmit.destination);
                    let _ = self.socket.send_to(&transmit.contents, transmit.destination);
                }
                Output::Event(str0m::Event::RtpPacket(_)) => drop(state.received.fetch_add(1, Relaxed)),
                Output::Event(_) => {}
            }
        }
        if !self.connected && self.rtc.is_connected() {
            self.connected = true;
            state.connected.fetch_add(1, Relaxed);
        }
    }

    fn read(&mut self, now: Instant, state: &State) {
        let mut buffer = [0; 2000];
        while let Ok((len, from)) = self.socket.recv_from(&mut buffer) {
            // The floor's packets come from elsewhere.
            if self.server.is_none_or(|server| server == from)
                && let Ok(receive) = Receive::new(Protocol::Udp, from, self.address, &buffer[..len])
            {
                let _ = self.rtc.handle_input(Input::Receive(now, receive));
                self.drain(state);
            }
        }
    }

    fn tick(&mut self, now: Instant, state: &State) {
        let _ = self.rtc.handle_input(Input::Timeout(now));
        self.drain(state);
    }

    fn speak(&mut self, now: Instant, length: usize, state: &State) {
        self.seq += 1;
        let extensions = ExtensionValues { audio_level: Some(-20), voice_activity: Some(true), ..ExtensionValues::default() };
        let write = RtpWrite::new(111.into(), self.seq.into(), (self.seq as u32).wrapping_mul(960), now, vec![0x5a; length]);
        let Some(mic) = self.mic else { return };
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mic, None) {
            stream.write_rtp(write.ext_vals(extensions));
        }
        self.tick(now, state);
    }
}

fn run(all: &mut [Person], offers: &Receiver<Offer>, answers: &Sender<Answer>, state: &State, speakers: u64, mut random: Random) {
    let mut poll = Poll::new().expect("the system has an event queue");
    for (n, person) in all.iter_mut().enumerate() {
        poll.registry().register(&mut person.socket, Token(n), Interest::READABLE).expect("a socket can be waited for");
    }
    let mut events = Events::with_capacity(1024);
    let start = Instant::now();
    let step = super::FRAME / speakers as u32;
    let (mut frame, mut tick) = (0_u32, start);
    while !state.stop.load(Relaxed) {
        let now = Instant::now();
        for offer in offers.try_iter() {
            let Some(person) = all.get_mut((offer.peer.0 - 1) as usize) else { continue };
            if let Some(answer) = person.offer(&offer) {
                let _ = answers.send(answer);
            }
            person.tick(now, state);
        }
        while start + step * frame <= now {
            let speaker = &mut all[frame as usize % speakers as usize];
            if state.talk.load(Relaxed) && speaker.speaks {
                let length = super::SHORTEST + random.below((super::LONGEST - super::SHORTEST) as u64) as usize;
                speaker.speak(now, length, state);
            }
            frame += 1;
        }
        if now >= tick {
            tick = now + TICK;
            all.iter_mut().for_each(|person| person.tick(now, state));
        }
        let wait = (start + step * frame).saturating_duration_since(Instant::now()).min(Duration::from_millis(5));
        if poll.poll(&mut events, Some(wait)).is_err() {
            continue;
        }
        let now = Instant::now();
        for event in &events {
            all[event.token().0].read(now, state);
        }
    }
}
