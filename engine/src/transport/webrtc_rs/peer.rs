//! A peer connection of webrtc-rs, and its m-lines.

use super::{
    Inside, lock,
    taps::{Tap, Unwrap},
};
use crate::transport::{Candidate, Codec, End, Link, Path, TransportError, route::Route, sdp};
use rtc::{
    ice::mdns::MulticastDnsMode,
    interceptor::{NackGeneratorBuilder, NackResponderBuilder, Slot},
    media_stream::MediaStreamTrack,
    peer_connection::configuration::media_engine::{MIME_TYPE_H264, MIME_TYPE_OPUS, MIME_TYPE_RTX},
    rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication,
    rtp_transceiver::{
        RTCRtpTransceiverDirection, RTCRtpTransceiverInit,
        rtp_sender::{
            RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters, RTCRtpHeaderExtensionCapability,
            RTCRtpRtxParameters, RtpCodecKind,
        },
    },
    shared::error::Error,
};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, Weak},
    time::{Duration, Instant},
};
use webrtc::{
    media_stream::track_local::static_rtp::TrackLocalStaticRTP,
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceCandidateType, RTCPeerConnectionState,
        RTCSessionDescription, RTCStatsReport, RTCStatsReportEntry, Registry, SettingEngineBuilder, StatsSelector, configure_rtcp_reports,
        configure_twcc_receiver_only,
    },
    rtp_transceiver::RtpTransceiver,
};

const LEVEL: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
/// Between two ICE checks, and how many there are before an address is given up: ten seconds.
const CHECKS: (Duration, u16) = (Duration::from_millis(20), 500);
/// When ICE takes a way for lost, when it gives it up, and how often it looks.
const ICE: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(25), Duration::from_millis(500)];
/// How soon a missing packet of a picture is asked for, and how often.
const NACK: (Duration, u16) = (Duration::from_millis(25), 10);
/// How often statistics are read.
const STATS: Duration = Duration::from_secs(1);

/// An m-line on which we send.
pub(super) struct Line {
    pub(super) track: Arc<TrackLocalStaticRTP>,
    pub(super) ssrc: u32,
    pub(super) codecs: Vec<(u8, Codec)>,
    /// RFC 8285: the number of the level's extension.
    pub(super) level_id: Option<u8>,
    transceiver: Arc<dyn RtpTransceiver>,
}

/// See the [module](self).
pub(super) struct Peer {
    connection: Arc<dyn PeerConnection>,
    /// The offer before.
    offer: String,
}

fn refused(error: Error) -> TransportError {
    TransportError::Offer { reason: error.to_string() }
}

impl Peer {
    /// Makes one that can reach the server of an offer.
    pub(super) async fn open(offer: &str, route: &Route, inside: &Arc<Mutex<Inside>>) -> Result<Self, TransportError> {
        let settings = SettingEngineBuilder::new()
            .with_ice_connection_attempts(Some(CHECKS.0), Some(CHECKS.1))
            .with_ice_timeouts(Some(ICE[0]), Some(ICE[1]), Some(ICE[2]))
            .with_multicast_dns_mode(MulticastDnsMode::Disabled)
            .with_include_loopback_candidate(true)
            // After a change of the network there are other addresses.
            .with_discard_local_candidates_during_ice_restart(true)
            .build();
        let mut media = media_engine().map_err(refused)?;
        let registry = Registry::new()
            .with(Slot::NackResponder, NackResponderBuilder::new().build())
            .with(Slot::from(6_500), Unwrap::default())
            .with(Slot::NackGenerator, NackGeneratorBuilder::new().with_interval(NACK.0).with_max_nacks_per_packet(NACK.1).build())
            .with(Slot::from(14_000), Tap::new(inside.clone()));
        let registry = configure_twcc_receiver_only(configure_rtcp_reports(registry), &mut media).map_err(refused)?;
        let connection = PeerConnectionBuilder::new()
            .with_media_engine(media)
            .with_setting_engine(settings)
            .with_interceptor_registry(registry)
            .with_udp_addrs(addresses(route))
            .with_handler(Arc::new(Watch(inside.clone())))
            .build()
            .await
            .map_err(|error| TransportError::Network(std::io::Error::other(error)))?;
        let connection: Arc<dyn PeerConnection> = Arc::new(connection);
        tokio::spawn(read_stats(Arc::downgrade(&connection), inside.clone()));
        Ok(Self { connection, offer: offer.to_owned() })
    }

    /// Whether an offer can follow the one before.
    pub(super) fn check(&self, offer: &str) -> Result<(), TransportError> {
        sdp::check(offer, Some(&self.offer))
    }

    /// Whether ICE begins anew with an offer.
    pub(super) fn is_restarted_by(&self, offer: &str) -> bool {
        sdp::restarts_ice(offer, &self.offer)
    }

    /// Answers an offer; `lines` are those on which we send.
    pub(super) async fn answer(
        &mut self,
        offer: &str,
        sections: &[sdp::Section<'_>],
        sends: &[Arc<str>],
        lines: &mut HashMap<Arc<str>, Line>,
    ) -> Result<String, TransportError> {
        let description = RTCSessionDescription::offer(offer.to_owned()).map_err(refused)?;
        // In the order of the m-lines: that is how they find each other.
        for section in sections {
            if let Some(mid) = sends.iter().find(|mid| &***mid == section.mid && !lines.contains_key(*mid)) {
                lines.insert(mid.clone(), self.add_line(section).await.map_err(refused)?);
            }
        }
        self.connection.set_remote_description(description).await.map_err(refused)?;
        for mid in sends {
            // Whoever was inactive once stays so otherwise.
            if let Some(line) = lines.get(mid) {
                line.transceiver.set_direction(RTCRtpTransceiverDirection::Sendonly).await.map_err(refused)?;
            }
        }
        let answer = self.connection.create_answer(None).await.map_err(refused)?;
        self.connection.set_local_description(answer).await.map_err(refused)?;
        // Addresses of ours are not waited for: the server learns them from the checks.
        let answer = self.connection.local_description().await.map(|answer| answer.sdp).unwrap_or_default();
        self.offer = offer.to_owned();
        for section in sdp::sections(&answer) {
            if let Some(line) = lines.get_mut(section.mid) {
                line.codecs = section.payload_types();
                line.level_id = section.extension(LEVEL);
            }
        }
        Ok(answer)
    }

    async fn add_line(&self, section: &sdp::Section<'_>) -> Result<Line, Error> {
        let (kind, codec) = if section.audio { (RtpCodecKind::Audio, opus()) } else { (RtpCodecKind::Video, h264()) };
        let (ssrc, again) = (random_ssrc(), random_ssrc());
        let coding = RTCRtpCodingParameters {
            ssrc: Some(ssrc),
            rtx: (!section.audio).then_some(RTCRtpRtxParameters { ssrc: again }),
            ..RTCRtpCodingParameters::default()
        };
        let encoding = RTCRtpEncodingParameters { rtp_coding_parameters: coding, codec: codec.rtp_codec, ..RTCRtpEncodingParameters::default() };
        // Events find their way by the name of the track: each has its own.
        let track = MediaStreamTrack::new("snug".to_owned(), format!("snug-{}", section.mid), section.mid.to_owned(), kind, vec![encoding]);
        let track = Arc::new(TrackLocalStaticRTP::new(track));
        let init = RTCRtpTransceiverInit { direction: RTCRtpTransceiverDirection::Sendonly, streams: Vec::new(), send_encodings: Vec::new() };
        let transceiver = self.connection.add_transceiver_from_track(track.clone(), Some(init)).await?;
        Ok(Line { track, ssrc, codecs: Vec::new(), level_id: None, transceiver })
    }

    /// Asks for a whole picture of those who send by one of these SSRCs.
    pub(super) fn want_keyframe(&self, ssrcs: Vec<u32>) -> impl Future<Output = ()> + Send + 'static {
        let connection = self.connection.clone();
        async move {
            for receiver in connection.get_receivers().await {
                let track = receiver.track();
                let Some(media_ssrc) = track.ssrcs().await.into_iter().find(|ssrc| ssrcs.contains(ssrc)) else {
                    continue;
                };
                if let Err(error) = track.write_rtcp(vec![Box::new(PictureLossIndication { sender_ssrc: 0, media_ssrc })]).await {
                    tracing::debug!(%error, "a picture was not asked for");
                }
                return;
            }
        }
    }

    /// Tells the other side, and ends all tasks.
    pub(super) async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "a connection was not closed well");
        }
    }
}

/// What to listen on, by our addresses from which the server is reached. A wildcard stands for all but the loopback, and is
/// looked at anew at each ICE restart.
fn addresses(route: &Route) -> Vec<SocketAddr> {
    let mut found: Vec<SocketAddr> = Vec::new();
    for local in route.locals() {
        let any: IpAddr = if local.is_ipv4() { [0; 4].into() } else { [0; 16].into() };
        let address = (if local.is_loopback() { local } else { any }, 0).into();
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

fn random_ssrc() -> u32 {
    // A random number, whose purpose elsewhere is to be hard to guess: here it is only to be another each time.
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) as u32
}

fn opus() -> RTCRtpCodecParameters {
    codec(111, MIME_TYPE_OPUS, 48_000, 2, "minptime=10;useinbandfec=1")
}

fn h264() -> RTCRtpCodecParameters {
    // One profile, as the server has it: an exact match suppresses others.
    let mut h264 = codec(108, MIME_TYPE_H264, 90_000, 0, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f");
    let feedback = |typ: &str, parameter: &str| RTCPFeedback { typ: typ.to_owned(), parameter: parameter.to_owned() };
    h264.rtp_codec.rtcp_feedback = vec![feedback("nack", ""), feedback("nack", "pli"), feedback("ccm", "fir")];
    h264
}

fn codec(payload_type: u8, mime_type: &str, clock_rate: u32, channels: u16, fmtp: &str) -> RTCRtpCodecParameters {
    let rtp_codec = RTCRtpCodec { mime_type: mime_type.to_owned(), clock_rate, channels, sdp_fmtp_line: fmtp.to_owned(), rtcp_feedback: Vec::new() };
    RTCRtpCodecParameters { rtp_codec, payload_type }
}

fn media_engine() -> Result<MediaEngine, Error> {
    let mut engine = MediaEngine::default();
    engine.register_codec(codec(63, "audio/red", 48_000, 2, "111/111"), RtpCodecKind::Audio)?;
    engine.register_codec(opus(), RtpCodecKind::Audio)?;
    engine.register_codec(h264(), RtpCodecKind::Video)?;
    engine.register_codec(codec(109, MIME_TYPE_RTX, 90_000, 0, "apt=108"), RtpCodecKind::Video)?;
    engine.register_header_extension(RTCRtpHeaderExtensionCapability { uri: LEVEL.to_owned() }, RtpCodecKind::Audio, None)?;
    Ok(engine)
}

/// Follows the state of a connection.
struct Watch(Arc<Mutex<Inside>>);

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Watch {
    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        let mut inside = lock(&self.0);
        inside.suspect = matches!(state, RTCPeerConnectionState::Disconnected | RTCPeerConnectionState::Failed);
        match state {
            RTCPeerConnectionState::Connected => {
                inside.alive(Instant::now());
                inside.change(Link::Up);
            }
            RTCPeerConnectionState::Closed => inside.change(Link::Closed),
            // Broken, if no packets come either.
            RTCPeerConnectionState::Disconnected | RTCPeerConnectionState::Failed => {}
            // On its way.
            _ => {}
        }
    }
}

/// Reads what went through, for as long as the connection lives.
async fn read_stats(connection: Weak<dyn PeerConnection>, inside: Arc<Mutex<Inside>>) {
    loop {
        tokio::time::sleep(STATS).await;
        let Some(connection) = connection.upgrade() else {
            return;
        };
        let report = connection.get_stats(Instant::now(), StatsSelector::None).await;
        let mut inside = lock(&inside);
        if let Some(transport) = report.transport() {
            inside.traffic.sent = transport.bytes_sent;
            inside.traffic.received = transport.bytes_received;
        }
        // Of several ways the one in use has an answer most lately; others keep none.
        if let Some(pair) = report.candidate_pairs().filter(|pair| pair.current_round_trip_time > 0.0).last() {
            inside.round_trip = Some(Duration::from_secs_f64(pair.current_round_trip_time));
            inside.path = path(&report, &pair.local_candidate_id, &inside.servers).or(inside.path);
        }
        inside.traffic.round_trip = inside.round_trip;
    }
}

/// The way that begins at a candidate of ours. Those of an offer are not in the report, and are hosts.
fn path(report: &RTCStatsReport, local: &str, servers: &[IpAddr]) -> Option<Path> {
    // A pair names it without what its entry has before the name.
    let RTCStatsReportEntry::LocalCandidate(found) = report.get(&format!("RTCLocalIceCandidate_{local}"))? else {
        return None;
    };
    let candidate = match found.candidate_type {
        RTCIceCandidateType::Host => Candidate::Host,
        RTCIceCandidateType::Srflx => Candidate::ServerReflexive,
        RTCIceCandidateType::Prflx => Candidate::PeerReflexive,
        RTCIceCandidateType::Relay => Candidate::Relay,
        // It does not say, or it is a kind that does not exist yet.
        _ => return None,
    };
    let local = End::new(candidate, found.address.as_ref()?.parse().ok()?);
    let remote = servers.iter().map(|server| End::new(Candidate::Host, *server)).find(|server| server.v6 == local.v6)?;
    Some(Path { local, remote })
}
