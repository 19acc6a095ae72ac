//! How a server is found on the local network: DNS-SD (RFC 6763) over multicast DNS (RFC 6762).
//!
//! A server advertises an instance of [`SERVICE`] that is named as it is. The TXT record has what is needed to reach it; who it is in
//! truth, `GET /server` says.

/// The type of service, in its domain.
pub const SERVICE: &str = "_snug._tcp.local.";

/// TXT: the protocol's version, [`crate::VERSION`].
pub const VERSION: &str = "v";

/// TXT: `1` if the port speaks https, `0` if it speaks http.
pub const TLS: &str = "tls";

/// TXT, optional: the domain that the certificate is for. Without it: any of the addresses.
pub const DOMAIN: &str = "domain";
