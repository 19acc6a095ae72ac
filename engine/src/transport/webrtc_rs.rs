//! WebRTC by [webrtc-rs](https://github.com/webrtc-rs/webrtc) 0.21, which has tasks and sockets of its own.
//!
//! Its defaults are not made for voice through bad networks. What is otherwise here, and why:
//!
//! * **No pacer**: it lets voices wait behind pictures for seconds.
//! * **RTX is unwrapped before the NACK generator** ([`taps::Unwrap`]), which else never learns that a packet was repaired and asks
//!   for it again and again; and it asks sooner (25 ms), and ten times at most.
//! * **ICE checks every 20 ms** instead of 200, for up to ten seconds: a connection is there at once, on slow networks too.
//! * **ICE alone does not break a link**: it hears only answers to its checks, of which two may be lost, while sound comes through.
//! * **Header extensions are numbered by the answer**, and not by what was known when a track was made.
//! * **What is received is taken from within** ([`taps::Tap`]): keyframe requests and reports reach no track otherwise, and each new offer
//!   opens all tracks anew.
//! * **Another certificate on the same connection is refused**: it would look connected, and be dead.
//! * **It is closed before it is dropped**: tasks and sockets leak otherwise.

mod peer;
mod taps;

use super::{Codec, Event, Incoming, Link, Network, Outgoing, Path, Traffic, Transport, TransportError, route::Route, sdp};
use bytes::Bytes;
use peer::{Line, Peer};
use rtc::rtp;
use std::{
    collections::{HashMap, VecDeque},
    io,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc,
    time::timeout,
};
use webrtc::media_stream::track_local::{TrackLocal, static_rtp::TrackLocalStaticRTP};

/// Events that wait to be polled; beyond it the oldest packets are dropped.
const MAX_EVENTS: usize = 2_048;
/// Packets that wait to be written; it is quick, or it hangs.
const WAITING: usize = 64;
/// What takes longer will never be done.
const PATIENCE: Duration = Duration::from_secs(2);
/// While packets come, a link is not broken, whatever ICE says.
const ALIVE: Duration = Duration::from_millis(1_500);

/// Makes connections by webrtc-rs. They share one thread.
#[derive(Debug)]
pub struct WebRtc {
    runtime: Arc<Tasks>,
}

/// A runtime that can be dropped anywhere, in an asynchronous program too.
#[derive(Debug)]
struct Tasks(Option<Runtime>);

impl Drop for Tasks {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Tasks {
    /// Does something that takes milliseconds.
    fn wait<T>(&self, what: impl Future<Output = T>) -> Result<T, TransportError> {
        let runtime = self.0.as_ref().ok_or(TransportError::Closed)?;
        runtime.block_on(async { timeout(PATIENCE, what).await }).map_err(|_| io::Error::from(io::ErrorKind::TimedOut).into())
    }
}

impl WebRtc {
    /// Starts the thread.
    pub fn new() -> Result<Self, TransportError> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("snug-webrtc").enable_all().build()?;
        Ok(Self { runtime: Arc::new(Tasks(Some(runtime))) })
    }
}

impl Network for WebRtc {
    fn connect(&mut self) -> Result<Box<dyn Transport>, TransportError> {
        let inside = Inside::default();
        Ok(Box::new(Connection {
            runtime: self.runtime.clone(),
            inside: Arc::new(Mutex::new(inside)),
            peer: None,
            lines: HashMap::new(),
            write: None,
            route: Route::new(Instant::now()),
        }))
    }
}

/// What the tasks and the voice thread share.
#[derive(Debug)]
struct Inside {
    events: VecDeque<Event>,
    link: Link,
    /// ICE hears nothing; see [`ALIVE`].
    suspect: bool,
    /// The network has changed, and what comes may be the last of the old one.
    moved: bool,
    last_packet: Instant,
    traffic: Traffic,
    /// M-lines by SSRC, on which the server sends and on which we do.
    receives: HashMap<u32, Arc<str>>,
    sends: HashMap<u32, Arc<str>>,
    /// By payload type.
    codecs: Vec<(u8, Codec)>,
    round_trip: Option<Duration>,
    path: Option<Path>,
    /// Where the server is, by its last offer.
    servers: Vec<IpAddr>,
}

impl Default for Inside {
    fn default() -> Self {
        Self {
            events: VecDeque::new(),
            link: Link::Connecting,
            suspect: false,
            moved: false,
            last_packet: Instant::now(),
            traffic: Traffic::default(),
            receives: HashMap::new(),
            sends: HashMap::new(),
            codecs: Vec::new(),
            round_trip: None,
            path: None,
            servers: Vec::new(),
        }
    }
}

fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inside {
    fn push(&mut self, event: Event) {
        if self.events.len() == MAX_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    fn change(&mut self, link: Link) {
        if link != self.link && self.link != Link::Closed {
            self.link = link;
            self.push(Event::Link(link));
        }
    }

    /// Something came.
    fn alive(&mut self, at: Instant) {
        self.last_packet = at;
        if self.link == Link::Broken && !self.moved {
            self.change(Link::Up);
        }
    }

    fn take(&mut self, at: Instant, packet: rtp::Packet) {
        self.alive(at);
        let header = packet.header;
        let codec = self.codecs.iter().find(|(payload_type, _)| *payload_type == header.payload_type).map(|(_, codec)| *codec);
        let (Some(codec), Some(mid)) = (codec, self.receives.get(&header.ssrc).cloned()) else {
            return;
        };
        self.push(Event::Packet(Incoming {
            mid,
            codec,
            sequence: header.sequence_number,
            timestamp: header.timestamp,
            marker: header.marker,
            at,
            payload: packet.payload.as_ref().into(),
        }));
    }
}

struct Connection {
    runtime: Arc<Tasks>,
    inside: Arc<Mutex<Inside>>,
    /// From the first offer on, which says where the server is.
    peer: Option<Peer>,
    lines: HashMap<Arc<str>, Line>,
    write: Option<mpsc::Sender<(Arc<TrackLocalStaticRTP>, rtp::Packet)>>,
    route: Route,
}

impl Connection {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        lock(&self.inside)
    }

    async fn negotiate(&mut self, offer: &str, sends: &[Arc<str>]) -> Result<String, TransportError> {
        let sections = sdp::sections(offer);
        let servers = sdp::addresses(offer);
        match &self.peer {
            Some(peer) => peer.check(offer)?,
            None => {
                sdp::check(offer, None)?;
                if servers.is_empty() {
                    return Err(TransportError::Offer { reason: "it names no address of the server".to_owned() });
                }
                self.route.find(&servers, true)?;
                self.peer = Some(Peer::open(offer, &self.route, &self.inside).await?);
                let (write, written) = mpsc::channel(WAITING);
                tokio::spawn(write_all(written));
                self.write = Some(write);
            }
        }
        let Some(peer) = &mut self.peer else {
            return Err(TransportError::Closed);
        };
        let restarts = peer.is_restarted_by(offer);
        {
            // Media may come before this is done.
            let mut inside = lock(&self.inside);
            inside.codecs = sdp::payload_types(offer);
            inside.receives = sections.iter().flat_map(|section| section.ssrcs().map(|ssrc| (ssrc, Arc::from(section.mid)))).collect();
        }
        let answer = peer.answer(offer, &sections, sends, &mut self.lines).await?;
        self.route.find(&servers, restarts)?;
        let mut inside = lock(&self.inside);
        inside.moved &= !restarts;
        inside.servers = servers;
        inside.sends = self.lines.iter().map(|(mid, line)| (line.ssrc, mid.clone())).collect();
        Ok(answer)
    }
}

/// Writes in order what the voice thread sends: writing may wait, and that thread may not.
async fn write_all(mut written: mpsc::Receiver<(Arc<TrackLocalStaticRTP>, rtp::Packet)>) {
    while let Some((track, packet)) = written.recv().await {
        if let Err(error) = track.write_rtp(packet).await {
            tracing::trace!(%error, "a packet was not sent");
        }
    }
}

impl Transport for Connection {
    fn answer(&mut self, _: Instant, offer: &str, sends: &[Arc<str>]) -> Result<String, TransportError> {
        if self.lock().link == Link::Closed {
            return Err(TransportError::Closed);
        }
        let runtime = self.runtime.clone();
        runtime.wait(self.negotiate(offer, sends))?
    }

    fn send(&mut self, _: Instant, packet: Outgoing) -> Result<(), TransportError> {
        match self.lock().link {
            Link::Connecting => return Ok(()),
            Link::Closed => return Err(TransportError::Closed),
            // Perhaps it is not.
            Link::Up | Link::Broken => {}
        }
        let no_line = || TransportError::Line { mid: packet.mid.clone() };
        let line = self.lines.get(&packet.mid).ok_or_else(no_line)?;
        let (payload_type, _) = line.codecs.iter().find(|(_, codec)| *codec == packet.codec).ok_or_else(no_line)?;
        let mut header = rtp::Header {
            version: 2,
            marker: packet.marker,
            payload_type: *payload_type,
            sequence_number: packet.sequence as u16,
            timestamp: packet.timestamp,
            ssrc: line.ssrc,
            ..rtp::Header::default()
        };
        if let (Some(level), Some(id)) = (packet.level, line.level_id) {
            // RFC 6464: the first bit says whether it is a voice.
            let level = level.min(127);
            let said = Bytes::copy_from_slice(&[level | if level < 127 { 0x80 } else { 0 }]);
            if let Err(error) = header.set_extension(id, said) {
                tracing::debug!(%error, "a packet goes without its level");
            }
        }
        let packet = rtp::Packet { header, payload: packet.payload.into() };
        if let Some(write) = &self.write
            && write.try_send((line.track.clone(), packet)).is_err()
        {
            tracing::debug!("a packet was not sent: too many wait");
        }
        Ok(())
    }

    fn poll(&mut self, now: Instant) -> Option<Event> {
        let moved = self.route.has_changed(now);
        let mut inside = self.lock();
        if moved && inside.link == Link::Up {
            tracing::info!("the network has changed");
            inside.moved = true;
            inside.change(Link::Broken);
        }
        if inside.suspect && inside.link == Link::Up && now.saturating_duration_since(inside.last_packet) > ALIVE {
            inside.change(Link::Broken);
        }
        inside.events.pop_front()
    }

    fn want_keyframe(&mut self, _: Instant, mid: &str) {
        let ssrc = self.lock().receives.iter().filter(|(_, of)| &***of == mid).map(|(ssrc, _)| *ssrc).collect::<Vec<_>>();
        if let (Some(peer), Some(runtime)) = (&self.peer, &self.runtime.0) {
            runtime.spawn(peer.want_keyframe(ssrc));
        }
    }

    fn traffic(&self) -> Traffic {
        self.lock().traffic
    }

    fn path(&self) -> Option<Path> {
        self.lock().path
    }

    fn close(&mut self) {
        {
            let mut inside = self.lock();
            inside.link = Link::Closed;
        }
        self.write = None;
        if let Some(peer) = self.peer.take()
            && let Err(error) = self.runtime.wait(peer.close())
        {
            tracing::warn!(%error, "a connection was not closed");
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}
