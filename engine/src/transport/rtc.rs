//! WebRTC by `str0m`: a state machine here, and sockets of ours.
//!
//! One thread per socket takes what comes and hands it to the state machine; the voice thread's polls are its clock.
//! All of it is behind one lock, which is held for microseconds.

use super::{Candidate as From, Codec, End, Event, Incoming, Link, Network, Outgoing, Path, Traffic, Transport, TransportError, route::Route, sdp};
use crate::priority;
use std::{
    collections::{HashMap, VecDeque},
    io,
    net::{IpAddr, SocketAddr, UdpSocket},
    sync::{
        Arc, Mutex, MutexGuard, Once, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};
use str0m::{
    Candidate, IceConnectionState, Input, Output, Rtc, RtcError,
    bwe::BweKind,
    change::SdpOffer,
    media::{KeyframeRequestKind, Mid, Pt},
    net::{Protocol, Receive},
    rtp::{ExtensionValues, RtpWrite},
};

/// How often ICE looks whether the server is there, and how often it asks in vain until it gives a way up: ten seconds.
const CHECKS: (Duration, usize) = (Duration::from_millis(300), 33);
/// When nothing has come for so long, not even an answer to a check, the link is broken. With a fifth of all packets lost each way, and
/// nobody who talks, that is one in a thousand by chance; then there is an ICE restart that nobody hears.
const SILENT: Duration = Duration::from_secs(2);
/// How long a thread waits for a packet before it looks whether it is to end.
const LOOK: Duration = Duration::from_millis(100);
/// How often is reported, to the server and by str0m, what is lost: what repairs it follows within a second.
const REPORTS: Duration = Duration::from_millis(500);
/// More than any network carries in one datagram.
const DATAGRAM: usize = 2_000;
/// Events that wait to be polled; beyond it the oldest packets are dropped.
const MAX_EVENTS: usize = 2_048;

/// Makes connections by `str0m`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Str0m {}

impl Network for Str0m {
    fn connect(&mut self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(Connection::new(Instant::now())))
    }
}

struct Inside {
    rtc: Rtc,
    sockets: Vec<(SocketAddr, Arc<UdpSocket>)>,
    events: VecDeque<Event>,
    timeout: Instant,
    /// By payload type.
    codecs: Vec<(u8, Codec)>,
    lines: HashMap<Mid, Arc<str>>,
    link: Link,
    last_packet: Instant,
    /// The link is broken only because nothing comes.
    silent: bool,
    /// The network has changed: whatever comes, the server sends to the old one until ICE begins anew.
    moved: bool,
    traffic: Traffic,
    path: Option<Path>,
}

struct Connection {
    inside: Arc<Mutex<Inside>>,
    stop: Arc<AtomicBool>,
    /// The offer before.
    offer: Option<String>,
    route: Route,
}

impl Connection {
    fn new(now: Instant) -> Self {
        static CRYPTO: Once = Once::new();
        CRYPTO.call_once(|| str0m::crypto::from_feature_flags().install_process_default());
        let mut config = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, true)
            .set_stats_interval(Some(REPORTS))
            .set_rtcp_report_interval_audio(REPORTS);
        config.set_max_stun_rto(CHECKS.0);
        config.set_max_stun_retransmits(CHECKS.1);
        // One profile, as the server has it: an exact match suppresses others.
        config.codec_config().add_h264(108.into(), Some(109.into()), true, 0x42e01f);
        let inside = Inside {
            rtc: config.build(now),
            sockets: Vec::new(),
            events: VecDeque::new(),
            timeout: now,
            codecs: Vec::new(),
            lines: HashMap::new(),
            link: Link::Connecting,
            last_packet: now,
            silent: false,
            moved: false,
            traffic: Traffic::default(),
            path: None,
        };
        Self { inside: Arc::new(Mutex::new(inside)), stop: Arc::default(), offer: None, route: Route::new(now) }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        lock(&self.inside)
    }

    /// Opens a socket at each address of ours from which the server is reached now, and gives the others up.
    fn open(&mut self) -> io::Result<()> {
        let mut problem = None;
        for local in self.route.locals() {
            if let Err(error) = self.listen(local) {
                problem = Some(error);
            }
        }
        let mut inside = self.lock();
        let inside = &mut *inside;
        for (address, _) in inside.sockets.extract_if(.., |(address, _)| !self.route.locals().any(|local| local == address.ip())) {
            if let Ok(candidate) = Candidate::host(address, Protocol::Udp) {
                inside.rtc.direct_api().invalidate_candidate(&candidate);
            }
        }
        match problem {
            Some(error) if inside.sockets.is_empty() => Err(error),
            _ => Ok(()),
        }
    }

    /// On another network, what is said goes on from there. What is heard needs an ICE restart.
    fn follow(&mut self, now: Instant) {
        if !self.route.has_changed(now) {
            return;
        }
        match self.open() {
            Ok(()) => tracing::info!("the network has changed"),
            Err(error) => tracing::warn!(%error, "the network has changed, and cannot be used"),
        }
        let mut inside = self.lock();
        if inside.link == Link::Up {
            (inside.silent, inside.moved) = (true, true);
            inside.change(Link::Broken);
        }
        inside.step(Input::Timeout(now));
    }

    fn listen(&self, local: IpAddr) -> io::Result<()> {
        if self.lock().sockets.iter().any(|(address, _)| address.ip() == local) {
            return Ok(());
        }
        let socket = Arc::new(UdpSocket::bind((local, 0))?);
        socket.set_read_timeout(Some(LOOK))?;
        let address = socket.local_addr()?;
        let mut inside = self.lock();
        let candidate = Candidate::host(address, Protocol::Udp).map_err(io::Error::other)?;
        inside.rtc.add_local_candidate(candidate);
        inside.sockets.push((address, socket.clone()));
        drop(inside);
        let (inside, stop) = (self.inside.clone(), self.stop.clone());
        thread::Builder::new().name("snug-udp".to_owned()).spawn(move || receive(&socket, address, &inside, &stop))?;
        Ok(())
    }
}

fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

fn receive(socket: &Arc<UdpSocket>, destination: SocketAddr, inside: &Mutex<Inside>, stop: &AtomicBool) {
    // A packet that is taken late counts as late by the network, and makes all later ones wait longer.
    priority::raise();
    let mut datagram = vec![0; DATAGRAM];
    // Given up, it is nobody's but ours.
    while !stop.load(Relaxed) && Arc::strong_count(socket) > 1 {
        let (length, source) = match socket.recv_from(&mut datagram) {
            Ok(received) => received,
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted) => continue,
            // What was sent before could not be delivered (ICMP): the other side may be there later.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => continue,
            Err(error) => {
                tracing::warn!(%error, "no media is received at one of the addresses any more");
                return;
            }
        };
        let now = Instant::now();
        // What is no STUN, DTLS or RTP is nobody's.
        let Ok(contents) = (&datagram[..length]).try_into() else {
            continue;
        };
        let mut inside = lock(inside);
        inside.traffic.received += length as u64;
        inside.alive(now);
        let input = Input::Receive(now, Receive { proto: Protocol::Udp, source, destination, contents });
        inside.step(input);
    }
}

impl Inside {
    /// One change, and all that follows from it.
    fn step(&mut self, input: Input<'_>) {
        if let Err(error) = self.rtc.handle_input(input) {
            return self.fail(&error);
        }
        self.drain();
    }

    /// Something came.
    fn alive(&mut self, now: Instant) {
        self.last_packet = now;
        if self.silent && !self.moved && self.link == Link::Broken {
            self.silent = false;
            self.change(Link::Up);
        }
    }

    fn fail(&mut self, error: &RtcError) {
        tracing::warn!(%error, "the connection cannot go on");
        self.rtc.disconnect();
        self.change(Link::Closed);
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.timeout = at;
                    return;
                }
                Ok(Output::Transmit(packet)) => {
                    if let Some((_, socket)) = self.sockets.iter().find(|(address, _)| *address == packet.source) {
                        self.traffic.sent += packet.contents.len() as u64;
                        if let Err(error) = socket.send_to(&packet.contents, packet.destination) {
                            // A network that is away for a moment: what is lost is repaired, or the link breaks.
                            tracing::trace!(%error, "a packet was not sent");
                        }
                    }
                }
                Ok(Output::Event(event)) => self.take(event),
                Err(error) => return self.fail(&error),
            }
        }
    }

    fn take(&mut self, event: str0m::Event) {
        use str0m::Event as E;
        match event {
            E::Connected => self.change(Link::Up),
            E::IceConnectionStateChange(IceConnectionState::Disconnected) => self.change(Link::Broken),
            E::IceConnectionStateChange(IceConnectionState::Connected | IceConnectionState::Completed)
                if self.link == Link::Broken && !self.moved =>
            {
                self.change(Link::Up);
            }
            E::RtpPacket(packet) => self.take_packet(packet),
            E::KeyframeRequest(request) => {
                let mid = self.line(request.mid);
                self.push(Event::KeyframeWanted { mid });
            }
            E::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => self.push(Event::UplinkEstimate(estimate.as_u64())),
            E::MediaEgressStats(stats) => {
                if let Some(loss) = stats.loss {
                    let mid = self.line(stats.mid);
                    self.push(Event::Feedback { mid, loss, round_trip: stats.rtt });
                }
            }
            E::PeerStats(stats) => {
                let Some(pair) = stats.selected_candidate_pair else {
                    return;
                };
                self.traffic.round_trip = pair.current_round_trip_time.or(self.traffic.round_trip);
                // We have no other candidates, and neither has the server.
                let end = |address: SocketAddr| End::new(From::Host, address.ip());
                self.path = Some(Path { local: end(pair.local.addr), remote: end(pair.remote.addr) });
            }
            E::Closed => self.change(Link::Closed),
            // The rest is for others: data channels, frames, raw packets.
            _ => {}
        }
    }

    fn take_packet(&mut self, packet: str0m::rtp::RtpPacket) {
        let payload_type = *packet.header.payload_type;
        let Some((_, codec)) = self.codecs.iter().find(|(known, _)| *known == payload_type).copied() else {
            return;
        };
        let Some(mid) = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid()) else {
            return;
        };
        let mid = self.line(mid);
        self.push(Event::Packet(Incoming {
            mid,
            codec,
            sequence: packet.header.sequence_number,
            timestamp: packet.header.timestamp,
            marker: packet.header.marker,
            at: packet.timestamp,
            payload: packet.payload,
        }));
    }

    fn line(&mut self, mid: Mid) -> Arc<str> {
        self.lines.entry(mid).or_insert_with(|| Arc::from(&*mid)).clone()
    }

    fn change(&mut self, link: Link) {
        if link != self.link && self.link != Link::Closed {
            self.link = link;
            self.push(Event::Link(link));
        }
    }

    fn push(&mut self, event: Event) {
        if self.events.len() == MAX_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }
}

impl Transport for Connection {
    fn answer(&mut self, now: Instant, offer: &str, _: &[Arc<str>]) -> Result<String, TransportError> {
        let refused = |error: RtcError| TransportError::Offer { reason: error.to_string() };
        if self.lock().link == Link::Closed {
            return Err(TransportError::Closed);
        }
        let parsed = SdpOffer::from_sdp_string(offer).map_err(|error| TransportError::Offer { reason: error.to_string() })?;
        sdp::check(offer, self.offer.as_deref())?;
        let anew = self.offer.as_ref().is_none_or(|before| sdp::restarts_ice(offer, before));
        self.route.find(&sdp::addresses(offer), anew)?;
        self.open()?;
        let mut inside = self.lock();
        inside.codecs = sdp::payload_types(offer);
        let answer = inside.rtc.sdp_api().accept_offer(parsed).map_err(refused)?;
        inside.drain();
        inside.step(Input::Timeout(now.max(Instant::now())));
        inside.moved &= !anew;
        drop(inside);
        self.offer = Some(offer.to_owned());
        Ok(answer.to_sdp_string())
    }

    fn send(&mut self, now: Instant, packet: Outgoing) -> Result<(), TransportError> {
        let mut inside = self.lock();
        match inside.link {
            Link::Connecting => return Ok(()),
            Link::Closed => return Err(TransportError::Closed),
            // Perhaps it is not.
            Link::Up | Link::Broken => {}
        }
        let no_line = || TransportError::Line { mid: packet.mid.clone() };
        let payload_type = inside.codecs.iter().find(|(_, codec)| *codec == packet.codec).map(|(payload_type, _)| *payload_type);
        let payload_type: Pt = payload_type.ok_or_else(no_line)?.into();
        let mut api = inside.rtc.direct_api();
        let stream = api.stream_tx_by_mid(Mid::from(&*packet.mid), None).ok_or_else(no_line)?;
        let extensions = ExtensionValues {
            // As str0m has it: 0 is loud, -127 is silence.
            audio_level: packet.level.map(|level| -(level.min(127) as i8)),
            voice_activity: packet.level.map(|level| level < 127),
            ..ExtensionValues::default()
        };
        let write = RtpWrite::new(payload_type, packet.sequence.into(), packet.timestamp, now, packet.payload)
            .marker(packet.marker)
            .ext_vals(extensions)
            .nackable(packet.codec == Codec::H264);
        stream.write_rtp(write);
        // It leaves now, not at the next timeout.
        inside.step(Input::Timeout(now));
        Ok(())
    }

    fn poll(&mut self, now: Instant) -> Option<Event> {
        self.follow(now);
        let mut inside = self.lock();
        if now >= inside.timeout && inside.link != Link::Closed {
            inside.step(Input::Timeout(now));
        }
        if inside.link == Link::Up && now.saturating_duration_since(inside.last_packet) > SILENT {
            inside.silent = true;
            inside.change(Link::Broken);
        }
        inside.events.pop_front()
    }

    fn want_keyframe(&mut self, now: Instant, mid: &str) {
        let mut inside = self.lock();
        if let Some(stream) = inside.rtc.direct_api().stream_rx_by_mid(Mid::from(mid), None) {
            stream.request_keyframe(KeyframeRequestKind::Pli);
            inside.step(Input::Timeout(now));
        }
    }

    fn traffic(&self) -> Traffic {
        self.lock().traffic
    }

    fn path(&self) -> Option<Path> {
        self.lock().path
    }

    fn close(&mut self) {
        self.stop.store(true, Relaxed);
        let mut inside = self.lock();
        // What says goodbye is sent at once, and nothing waited for.
        match inside.rtc.close() {
            Ok(()) => inside.drain(),
            Err(error) => tracing::debug!(%error, "the server learns by itself that this is over"),
        }
        inside.rtc.disconnect();
        inside.link = Link::Closed;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}
