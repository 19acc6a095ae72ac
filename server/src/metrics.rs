//! Figures for Prometheus, at `/metrics`.

use crate::sfu::{Counters, Dropped};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _, text::encode},
    metrics::{
        MetricType,
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::Histogram,
    },
    registry::Registry,
};
use std::{
    fmt,
    sync::{Arc, atomic::Ordering::Relaxed},
};

/// What is counted.
pub struct Metrics {
    registry: Registry,
    /// Sessions of the gateway, those without a connection among them.
    pub sessions: Gauge,
    /// Connections to the gateway.
    pub connections: Gauge,
    /// Frames sent to clients.
    pub frames_sent: Counter,
    /// Frames received from clients.
    pub frames_received: Counter,
    /// Messages written.
    pub messages: Counter,
    /// Passwords hashed, to keep or to compare.
    pub password_hashes: Counter,
    /// Requests, by status class.
    pub requests: Family<[(&'static str, String); 2], Counter>,
    /// How long requests took, in seconds.
    pub request_seconds: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("snug");
        let sessions = Gauge::default();
        let connections = Gauge::default();
        let frames_sent = Counter::default();
        let frames_received = Counter::default();
        let messages = Counter::default();
        let password_hashes = Counter::default();
        let requests = Family::default();
        let request_seconds = Histogram::new([0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5]);
        registry.register("gateway_sessions", "Sessions of the gateway, resumable ones among them", sessions.clone());
        registry.register("gateway_connections", "Connections to the gateway", connections.clone());
        registry.register("gateway_frames_sent", "Frames sent to clients", frames_sent.clone());
        registry.register("gateway_frames_received", "Frames received from clients", frames_received.clone());
        registry.register("messages_written", "Messages written", messages.clone());
        registry.register("password_hashes", "Passwords hashed, to keep or to compare", password_hashes.clone());
        registry.register("http_requests", "Requests, by method and status", requests.clone());
        registry.register("http_request_seconds", "How long requests took", request_seconds.clone());
        Self { registry, sessions, connections, frames_sent, frames_received, messages, password_hashes, requests, request_seconds }
    }
}

impl Metrics {
    /// With those of the media server.
    pub fn with_media(counters: Arc<Counters>) -> Self {
        let mut metrics = Self::default();
        metrics.registry.register_collector(Box::new(Media(counters)));
        metrics.registry.register_collector(Box::new(Tasks));
        metrics
    }

    /// In the text format of OpenMetrics.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// What the runtime knows of itself.
#[derive(Debug)]
struct Tasks;

impl Collector for Tasks {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        // Asked for by a request; a test may ask without a runtime.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return Ok(()) };
        let tasks = i64::try_from(runtime.metrics().num_alive_tasks()).unwrap_or(i64::MAX);
        ConstGauge::new(tasks).encode(encoder.encode_descriptor("tasks", "Tasks that run or wait", None, MetricType::Gauge)?)
    }
}

/// What the media server counts, by itself, since its threads wait for nothing.
#[derive(Debug)]
struct Media(Arc<Counters>);

impl Collector for Media {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let Self(counters) = self;
        for (name, help, count) in [
            ("media_received", "Datagrams and frames that came", &counters.received),
            ("media_forwarded", "RTP packets passed on, each once for every listener", &counters.forwarded),
            ("media_sent", "Datagrams and frames sent", &counters.sent),
            ("media_sent_bytes", "Bytes of those", &counters.sent_bytes),
            ("media_panics", "Peers whose work panicked", &counters.panics),
        ] {
            ConstCounter::new(count.load(Relaxed)).encode(encoder.encode_descriptor(name, help, None, MetricType::Counter)?)?;
        }
        for (name, help, count) in
            [("media_peers", "Peers that are there", &counters.peers), ("media_rooms", "Rooms with somebody in them", &counters.rooms)]
        {
            ConstGauge::new(count.load(Relaxed)).encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
        }
        let mut dropped = encoder.encode_descriptor("media_dropped", "Packets that went no further", None, MetricType::Counter)?;
        for why in Dropped::ALL {
            ConstCounter::new(counters.dropped(why)).encode(dropped.encode_family(&[("reason", why.name())])?)?;
        }
        Ok(())
    }
}
