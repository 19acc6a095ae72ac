//! Servers on the local network, as they tell of themselves: see [`snug_protocol::discovery`].
//!
//! It is listened for only while somebody looks. What is told is a hint and nothing more: who is there, the server itself says.

use mdns_sd::{Receiver, ResolvedService, ServiceDaemon, ServiceEvent};
use snug_ipc::server::NearbyServer;
use snug_protocol::discovery;
use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::oneshot;

/// As many are shown: more is a joke, or an attack.
const MOST: usize = 50;
/// The longest name that is shown, in characters.
const MOST_CHARS: usize = 64;

/// Names somebody who looks.
pub type WatchId = u32;

/// Those who look.
#[derive(Debug, Default)]
pub struct Nearby(Arc<Mutex<Watches>>);

#[derive(Debug, Default)]
struct Watches {
    last: WatchId,
    stops: HashMap<WatchId, oneshot::Sender<()>>,
}

impl Nearby {
    /// Tells which servers there are, at once and whenever that changes, until [`Self::unwatch`].
    pub fn watch(&self, told: impl Fn(Vec<NearbyServer>) + Send + 'static) -> Result<WatchId, mdns_sd::Error> {
        let daemon = ServiceDaemon::new()?;
        let events = daemon.browse(discovery::SERVICE)?;
        let (stop, stopped) = oneshot::channel();
        let mut watches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watches.last += 1;
        let id = watches.last;
        watches.stops.insert(id, stop);
        tokio::spawn(async move {
            tokio::select! {
                () = follow(events, told) => {}
                // Told, or nobody is left who could tell.
                _ = stopped => {}
            }
            if let Err(error) = daemon.shutdown() {
                tracing::debug!(%error, "the search for servers ends by itself");
            }
        });
        Ok(id)
    }

    /// Looks no more.
    pub fn unwatch(&self, id: WatchId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).stops.remove(&id);
    }

    /// Whoever looked is gone.
    pub fn unwatch_all(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).stops.clear();
    }
}

async fn follow(events: Receiver<ServiceEvent>, told: impl Fn(Vec<NearbyServer>)) {
    let mut there = BTreeMap::new();
    while let Ok(event) = events.recv_async().await {
        match event {
            ServiceEvent::ServiceResolved(service) if there.len() < MOST => {
                if let Some(server) = server(&service) {
                    there.insert(service.fullname.clone(), server);
                }
            }
            ServiceEvent::ServiceRemoved(_, name) => drop(there.remove(&name)),
            _ => continue,
        }
        told(there.values().cloned().collect());
    }
}

/// What is shown of what was told; nothing if it leads nowhere.
fn server(service: &ResolvedService) -> Option<NearbyServer> {
    let told = |key| service.get_property_val_str(key);
    let scheme = if told(discovery::TLS) == Some("1") { "https" } else { "http" };
    let name = service.fullname.strip_suffix(discovery::SERVICE)?.trim_end_matches('.').replace("\\.", ".").replace("\\\\", "\\");
    let mut addresses = Vec::new();
    if let Some(domain) = told(discovery::DOMAIN).filter(|domain| is_domain(domain)) {
        addresses.push(format!("{scheme}://{domain}{}", port(service.port, scheme)));
    }
    let mut ips: Vec<IpAddr> = service.addresses.iter().map(mdns_sd::ScopedIp::to_ip_addr).filter(reachable).collect();
    // What people know first.
    ips.sort_by_key(|ip| (ip.is_ipv6(), *ip));
    for ip in ips {
        let host = if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() };
        addresses.push(format!("{scheme}://{host}{}", port(service.port, scheme)));
    }
    let name: String = name.chars().filter(|c| !c.is_control()).take(MOST_CHARS).collect();
    let protocol = told(discovery::VERSION).and_then(|version| version.parse().ok()).unwrap_or(0);
    (!addresses.is_empty()).then_some(NearbyServer { name, addresses, protocol })
}

fn port(port: u16, scheme: &str) -> String {
    if port == if scheme == "https" { 443 } else { 80 } { String::new() } else { format!(":{port}") }
}

/// An address of the link would need its interface, which an address in a window has no place for.
fn reachable(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !ip.is_unspecified(),
        IpAddr::V6(ip) => !ip.is_unspecified() && !ip.is_unicast_link_local(),
    }
}

fn is_domain(text: &str) -> bool {
    text.len() <= 253 && text.contains('.') && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mdns_sd::ServiceInfo;

    fn told(name: &str, addresses: &str, port: u16, properties: &[(&str, &str)]) -> Option<NearbyServer> {
        let info = ServiceInfo::new(discovery::SERVICE, name, "snug-abc.local.", addresses, port, properties).unwrap();
        server(&info.as_resolved_service())
    }

    #[test]
    fn what_is_told_becomes_addresses() {
        let found = told("The Hearth", "192.0.2.7,2001:db8::7,fe80::1", 7070, &[("v", "1"), ("tls", "1")]).unwrap();
        assert_eq!(found.name, "The Hearth");
        assert_eq!(found.protocol, 1);
        assert_eq!(found.addresses, ["https://192.0.2.7:7070", "https://[2001:db8::7]:7070"]);
        let found = told("A. B", "192.0.2.7", 443, &[("tls", "1"), ("domain", "snug.example")]).unwrap();
        assert_eq!(found.addresses, ["https://snug.example", "https://192.0.2.7"]);
        assert_eq!(found.name, "A. B");
        assert_eq!(told("plain", "192.0.2.7", 80, &[]).unwrap().addresses, ["http://192.0.2.7"]);
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        assert_eq!(told("nowhere", "fe80::1", 7070, &[]), None);
        let found = told("odd", "192.0.2.7", 7070, &[("v", "many"), ("domain", "evil.example/../?x")]).unwrap();
        assert_eq!((found.protocol, found.addresses), (0, vec!["http://192.0.2.7:7070".to_owned()]));
    }
}
