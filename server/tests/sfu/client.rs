//! A client: as much of one as answers offers, sends packets that say whose they are, and looks at what it gets.

use snug_protocol::voice::{TrackKind, VoiceTake, VoiceTrack};
use snug_server::sfu::{Event, PeerId};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream, UdpSocket},
    sync::Arc,
    time::{Duration, Instant},
};
use str0m::{
    Candidate, Input, Output, Rtc,
    change::SdpOffer,
    format::Codec,
    media::{KeyframeRequestKind, Mid, Pt},
    net::{Protocol, Receive, TcpType},
    rtp::{ExtensionValues, RtpWrite},
};

const FRAME: Duration = Duration::from_millis(20);

/// How a client differs from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Usual,
    /// It knows no RED.
    Plain,
    /// It has no UDP.
    Tcp(SocketAddr),
    /// It says that its certificate is another one.
    WrongFingerprint,
}

/// What came on an m-line.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) numbers: BTreeSet<u64>,
    pub(crate) times: Vec<u32>,
    pub(crate) last_payload: Vec<u8>,
}

pub(crate) struct Client {
    pub(crate) peer: PeerId,
    pub(crate) kind: Kind,
    pub(crate) rtc: Rtc,
    way: Way,
    /// In dBov, of what is sent; nothing while nothing is.
    pub(crate) level: Option<i8>,
    /// Sends a second stream: a screen's pictures.
    pub(crate) shows: bool,
    next_frame: Instant,
    /// How many frames there have been, sent or not.
    frames: u32,
    /// The last number of each stream: what is not sent has none.
    voice_seq: u64,
    screen_seq: u64,
    takes: Vec<VoiceTake>,
    pub(crate) tracks: Vec<VoiceTrack>,
    pub(crate) offers: Vec<String>,
    pub(crate) gone: Option<&'static str>,
    pub(crate) heard: Option<bool>,
    pub(crate) events: Vec<Event>,
    /// How many packets of whom.
    pub(crate) got: BTreeMap<u8, u64>,
    pub(crate) lines: BTreeMap<Mid, Line>,
    pub(crate) keyframes_asked: u32,
    /// The first of the answers that it gives is not sent.
    pub(crate) answers: bool,
}

enum Way {
    Udp(UdpSocket),
    Tcp(TcpStream, Vec<u8>),
}

impl Client {
    pub(crate) fn new(peer: PeerId, kind: Kind) -> Self {
        let mut config = Rtc::builder().set_rtp_mode(true).clear_codecs().enable_opus(true, kind != Kind::Plain);
        config.codec_config().add_h264(108.into(), Some(109.into()), true, 0x42_e0_1f);
        let mut rtc = config.build(Instant::now());
        let way = match kind {
            Kind::Tcp(server) => {
                let stream = TcpStream::connect(server).unwrap();
                stream.set_nonblocking(true).unwrap();
                stream.set_nodelay(true).unwrap();
                let local = stream.local_addr().unwrap();
                let candidate = Candidate::builder().tcp().host(local).tcptype(TcpType::Active).build().unwrap();
                rtc.add_local_candidate(candidate);
                Way::Tcp(stream, Vec::new())
            }
            Kind::Usual | Kind::Plain | Kind::WrongFingerprint => Way::Udp(socket(&mut rtc)),
        };
        Self {
            peer,
            kind,
            rtc,
            way,
            level: None,
            shows: false,
            next_frame: Instant::now(),
            frames: 0,
            voice_seq: peer.0 * 1000,
            screen_seq: 0,
            takes: Vec::new(),
            tracks: Vec::new(),
            offers: Vec::new(),
            gone: None,
            heard: None,
            events: Vec::new(),
            got: BTreeMap::new(),
            lines: BTreeMap::new(),
            keyframes_asked: 0,
            answers: true,
        }
    }

    /// Its network changes: from now on it has another socket.
    pub(crate) fn move_away(&mut self) {
        self.way = Way::Udp(socket(&mut self.rtc));
    }

    /// Sends what is no media, from its address.
    pub(crate) fn send_raw(&mut self, bytes: &[u8], to: SocketAddr) {
        if let Way::Udp(socket) = &self.way {
            socket.send_to(bytes, to).unwrap();
        }
    }

    /// Something of its has happened. Its answer, if it is to give one.
    pub(crate) fn event(&mut self, event: Event) -> Option<(u32, String)> {
        self.events.push(event.clone());
        match event {
            Event::Offer { negotiation, sdp, takes, tracks, .. } => {
                self.offers.push(sdp.clone());
                (self.takes, self.tracks) = (takes, tracks);
                let answer = self.rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(&sdp).unwrap()).unwrap().to_sdp_string();
                let answer = match self.kind {
                    Kind::WrongFingerprint => with_wrong_fingerprint(&answer),
                    Kind::Usual | Kind::Plain | Kind::Tcp(_) => answer,
                };
                self.answers.then_some((negotiation, answer))
            }
            Event::Tracks(_, tracks) => {
                self.tracks = tracks;
                None
            }
            Event::Heard(_, heard) => {
                self.heard = Some(heard);
                None
            }
            Event::Gone(_, why) => {
                self.gone = Some(why);
                None
            }
            Event::Shares(..) | Event::Speaking(..) | Event::Stats(..) => None,
        }
    }

    /// Does all there is to do now.
    pub(crate) fn pump(&mut self, now: Instant) {
        self.send_frame(now);
        self.read(now);
        if self.rtc.handle_input(Input::Timeout(now)).is_ok() {
            self.drain();
        }
    }

    fn drain(&mut self) {
        while let Ok(output) = self.rtc.poll_output() {
            match output {
                Output::Timeout(_) => break,
                Output::Transmit(transmit) => match &mut self.way {
                    Way::Udp(socket) => drop(socket.send_to(&transmit.contents, transmit.destination)),
                    Way::Tcp(stream, _) => {
                        let len = u16::try_from(transmit.contents.len()).unwrap();
                        let _ = stream.write_all(&[&len.to_be_bytes()[..], &transmit.contents].concat());
                    }
                },
                Output::Event(str0m::Event::RtpPacket(packet)) => {
                    *self.got.entry(packet.payload.last().copied().unwrap_or_default()).or_default() += 1;
                    let mid = self.rtc.direct_api().stream_rx(&packet.header.ssrc).unwrap().mid();
                    let line = self.lines.entry(mid).or_default();
                    assert!(line.numbers.insert(*packet.seq_no), "a number came twice");
                    line.times.push(packet.header.timestamp);
                    line.last_payload = packet.payload.to_vec();
                }
                Output::Event(str0m::Event::KeyframeRequest(_)) => self.keyframes_asked += 1,
                Output::Event(_) => {}
            }
        }
    }

    fn read(&mut self, now: Instant) {
        let mut buffer = [0; 2000];
        loop {
            match &mut self.way {
                Way::Udp(socket) => match socket.recv_from(&mut buffer) {
                    Ok((len, from)) => {
                        let local = socket.local_addr().unwrap();
                        self.handle(now, Protocol::Udp, from, local, &buffer[..len]);
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                    Err(_) => {}
                },
                Way::Tcp(stream, bytes) => match stream.read(&mut buffer) {
                    Ok(0) => return,
                    Ok(len) => {
                        bytes.extend_from_slice(&buffer[..len]);
                        let (from, local) = (stream.peer_addr().unwrap(), stream.local_addr().unwrap());
                        let mut frames = Vec::new();
                        while let Some(len) = bytes.get(..2).map(|len| usize::from(u16::from_be_bytes([len[0], len[1]])))
                            && bytes.len() >= len + 2
                        {
                            frames.push(bytes[2..len + 2].to_vec());
                            bytes.drain(..len + 2);
                        }
                        frames.iter().for_each(|frame| self.handle(now, Protocol::Tcp, from, local, frame));
                    }
                    Err(_) => return,
                },
            }
        }
    }

    fn handle(&mut self, now: Instant, protocol: Protocol, from: SocketAddr, local: SocketAddr, bytes: &[u8]) {
        if let Ok(receive) = Receive::new(protocol, from, local, bytes) {
            let _ = self.rtc.handle_input(Input::Receive(now, receive));
            self.drain();
        }
    }

    fn send_frame(&mut self, now: Instant) {
        if now < self.next_frame || !self.rtc.is_connected() {
            return;
        }
        self.next_frame = now + FRAME;
        self.frames += 1;
        let name = self.peer.0 as u8;
        if let Some(level) = self.level {
            // RED that repeats the frame before, where it has been agreed on (RFC 2198): 960 earlier, of two bytes.
            let opus = self.rtc.codec_config().params().iter().find(|params| params.spec().codec == Codec::Opus).unwrap();
            let (opus, red) = (opus.pt(), opus.red());
            let voice = vec![7, name];
            let (pt, payload) = match red {
                Some(red) => (red, [&[0x80 | *opus, (960_u16 >> 6) as u8, 0, 2, *opus][..], &voice, &voice].concat()),
                None => (opus, voice),
            };
            self.voice_seq += 1;
            self.write(now, TrackKind::Microphone, self.voice_seq, pt, payload, Some(level));
        }
        if self.shows {
            self.screen_seq += 1;
            self.write(now, TrackKind::Screen, self.screen_seq, 108.into(), vec![200, name], None);
        }
    }

    fn write(&mut self, now: Instant, kind: TrackKind, seq: u64, pt: Pt, payload: Vec<u8>, level: Option<i8>) {
        let Some(take) = self.takes.iter().find(|take| take.kind == kind) else { return };
        let mid = Mid::from(take.mid.as_str());
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, None) else { return };
        let extensions = ExtensionValues { audio_level: level, voice_activity: level.map(|level| level > -50), ..ExtensionValues::default() };
        let time = self.frames.wrapping_mul(if kind == TrackKind::Screen { 1800 } else { 960 });
        let payload: Arc<[u8]> = payload.into();
        stream.write_rtp(RtpWrite::new(pt, seq.into(), time, now, payload).ext_vals(extensions));
    }

    /// Asks for whole pictures of all it is shown.
    pub(crate) fn ask_keyframes(&mut self) {
        for mid in self.lines.keys().copied().collect::<Vec<_>>() {
            if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(mid, None) {
                stream.request_keyframe(KeyframeRequestKind::Pli);
            }
        }
    }
}

fn socket(rtc: &mut Rtc) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    rtc.add_local_candidate(Candidate::host(socket.local_addr().unwrap(), "udp").unwrap());
    socket
}

fn with_wrong_fingerprint(answer: &str) -> String {
    let line = answer.lines().find(|line| line.starts_with("a=fingerprint:")).unwrap();
    let (said, other) = (&line[line.len() - 2..], if line.ends_with("00") { "11" } else { "00" });
    answer.replace(line, &format!("{}{other}", line.strip_suffix(said).unwrap()))
}
