//! Lets the local network know that there is a server: see [`snug_protocol::discovery`].

use mdns_sd::{DaemonStatus, Error, ServiceDaemon, ServiceInfo};
use snug_protocol::discovery;
use std::{net::SocketAddr, time::Duration};

/// How long the goodbye may take.
const GOODBYE: Duration = Duration::from_millis(500);
/// The longest name of an instance, in bytes (RFC 6763, 4.1.1).
const MAX_NAME: usize = 63;

/// What is told.
#[derive(Clone, Debug)]
pub struct Advertisement<'a> {
    /// The server's name.
    pub name: &'a str,
    /// Random: names the machine among others.
    pub instance: &'a str,
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether it speaks https there.
    pub secure: bool,
    /// The domain that its certificate is for.
    pub domain: Option<&'a str>,
}

/// A server that can be found, until it is dropped.
pub struct Discoverable(ServiceDaemon);

impl Discoverable {
    /// Tells the network. Whoever listens to itself only is not told of.
    pub fn start(what: &Advertisement<'_>) -> Result<Option<Self>, Error> {
        if what.address.ip().is_loopback() {
            return Ok(None);
        }
        let info = info(what)?;
        let daemon = ServiceDaemon::new()?;
        daemon.register(info)?;
        Ok(Some(Self(daemon)))
    }
}

impl Drop for Discoverable {
    fn drop(&mut self) {
        // Its end takes what was told back.
        match self.0.shutdown().map(|done| done.recv_timeout(GOODBYE)) {
            Ok(Ok(DaemonStatus::Shutdown)) => {}
            other => tracing::debug!(?other, "the local network may go on showing this server for a while"),
        }
    }
}

fn info(what: &Advertisement<'_>) -> Result<ServiceInfo, Error> {
    let name = match shortened(what.name.trim()) {
        "" => "Snug",
        name => name,
    };
    let host: String = what.instance.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
    let mut properties = vec![(discovery::VERSION, snug_protocol::VERSION.to_string()), (discovery::TLS, u8::from(what.secure).to_string())];
    properties.extend(what.domain.map(|domain| (discovery::DOMAIN, domain.to_owned())));
    let ip = what.address.ip();
    let addresses = if ip.is_unspecified() { String::new() } else { ip.to_string() };
    let host = format!("snug-{}.local.", host.to_ascii_lowercase());
    let info = ServiceInfo::new(discovery::SERVICE, name, &host, &*addresses, what.address.port(), &properties[..])?;
    Ok(if ip.is_unspecified() { info.enable_addr_auto() } else { info })
}

/// As much of a name as an instance may have.
fn shortened(name: &str) -> &str {
    let end = (0..=MAX_NAME.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    &name[..end.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advertisement(address: &str) -> Advertisement<'static> {
        Advertisement { name: "The Hearth", instance: "aB-_9zzzzzzzzzzzzzzzzzzz", address: address.parse().unwrap(), secure: true, domain: None }
    }

    #[test]
    fn what_is_told_is_enough_to_reach_it() {
        let info = info(&Advertisement { domain: Some("snug.example"), ..advertisement("0.0.0.0:7070") }).unwrap();
        assert_eq!(info.get_port(), 7070);
        assert!(info.is_addr_auto() && info.get_addresses().is_empty());
        assert!(info.get_fullname().starts_with("The Hearth."));
        let told = |key| info.get_property_val_str(key);
        assert_eq!([told("v"), told("tls"), told("domain")], [Some("1"), Some("1"), Some("snug.example")]);
        let one = super::info(&advertisement("192.0.2.7:443")).unwrap();
        assert!(!one.is_addr_auto() && one.get_addresses().contains(&"192.0.2.7".parse().unwrap()));
        assert_eq!(one.get_property_val_str("domain"), None);
    }

    #[test]
    fn who_listens_to_itself_only_is_not_told_of() {
        assert!(Discoverable::start(&advertisement("127.0.0.1:7070")).unwrap().is_none());
        assert!(Discoverable::start(&advertisement("[::1]:7070")).unwrap().is_none());
    }

    #[test]
    fn any_name_is_shortened_to_what_fits() {
        assert_eq!(shortened("Hearth"), "Hearth");
        let long = "ä".repeat(40);
        assert_eq!(shortened(&long), "ä".repeat(31));
        assert_eq!(shortened(""), "");
        let info = info(&Advertisement { name: " \n ", ..advertisement("0.0.0.0:7070") }).unwrap();
        assert!(info.get_fullname().starts_with("Snug."));
    }
}
