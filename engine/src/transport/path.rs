//! The way that packets take, as far as it may be shown to others: what kind of addresses, and none itself.

use std::net::IpAddr;

/// The way that packets take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// Where they leave.
    pub local: End,
    /// Where the server takes them.
    pub remote: End,
}

/// One end of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// How ICE came to its address.
    pub candidate: Candidate,
    /// Whether it is of IPv6.
    pub v6: bool,
    /// From where it is reached.
    pub reach: Reach,
}

/// How ICE comes to an address (RFC 8445, 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// A machine has it.
    Host,
    /// A server outside has seen it.
    ServerReflexive,
    /// The other end has seen it.
    PeerReflexive,
    /// A relay's.
    Relay,
}

/// From where an address is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// From this machine only.
    Loopback,
    /// From the same network: RFC 1918, 3927, 4193 and 6598, and what is local to a link.
    Private,
    /// From everywhere.
    Public,
}

impl End {
    /// The end that has an address.
    pub fn new(candidate: Candidate, address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self { candidate, v6: address.is_ipv6(), reach: reach(address) }
    }
}

fn reach(address: IpAddr) -> Reach {
    let private = match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_private() || address.is_link_local() || (first, second & 0xc0) == (100, 64)
        }
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    };
    match (address.is_loopback(), private) {
        (true, _) => Reach::Loopback,
        (false, true) => Reach::Private,
        (false, false) => Reach::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_of_a_kind() {
        let kind = |text: &str| {
            let end = End::new(Candidate::Host, text.parse().unwrap());
            (end.v6, end.reach)
        };
        assert_eq!(kind("127.0.0.1"), (false, Reach::Loopback));
        assert_eq!(kind("192.168.1.20"), (false, Reach::Private));
        assert_eq!(kind("100.72.0.1"), (false, Reach::Private));
        assert_eq!(kind("100.128.0.1"), (false, Reach::Public));
        assert_eq!(kind("203.0.113.9"), (false, Reach::Public));
        assert_eq!(kind("::1"), (true, Reach::Loopback));
        assert_eq!(kind("fd00::1"), (true, Reach::Private));
        assert_eq!(kind("fe80::1"), (true, Reach::Private));
        assert_eq!(kind("2001:db8::1"), (true, Reach::Public));
        assert_eq!(kind("::ffff:10.0.0.1"), (false, Reach::Private));
    }
}
