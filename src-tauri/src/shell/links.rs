//! `snug://` links, and the words that the app is started with. Anybody can put such a link anywhere, so that it is read strictly, and
//! nothing comes of it before somebody has clicked.

use snug_ipc::shell::ServerLink;
use std::net::Ipv6Addr;

/// How such a link begins.
const SCHEME: &str = "snug://";
/// The longest link, in bytes.
pub const LONGEST: usize = 512;
/// The longest name of a host (RFC 1035, 2.3.4).
const LONGEST_HOST: usize = 253;
/// The longest part of one.
const LONGEST_LABEL: usize = 63;
/// The longest code of an invite.
const LONGEST_CODE: usize = 64;

/// What the app was started with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// Without its window, in the tray.
    pub hidden: bool,
    /// With a link.
    pub link: Option<ServerLink>,
}

impl Start {
    /// The word for a start without a window.
    pub const HIDDEN: &str = "--hidden";

    /// Reads the words behind the program's name. What means nothing is left alone.
    pub fn read(words: impl IntoIterator<Item = String>) -> Self {
        let mut start = Self::default();
        for word in words {
            if word == Self::HIDDEN {
                start.hidden = true;
            } else if let Some(link) = read(&word) {
                start.link = Some(link);
            } else {
                tracing::warn!("a word that the app was started with means nothing to it");
            }
        }
        start
    }
}

/// Where a link leads: `snug://HOST[:PORT]` or `snug://HOST[:PORT]/invite/CODE`; nothing if it is anything else.
pub fn read(link: &str) -> Option<ServerLink> {
    let plain = link.len() <= LONGEST && link.is_char_boundary(SCHEME.len().min(link.len()));
    let (scheme, rest) = link.split_at_checked(SCHEME.len()).filter(|_| plain)?;
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return None;
    }
    let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
    let invite = match path.strip_suffix('/').unwrap_or(path) {
        "" => None,
        path => Some(path.strip_prefix("invite/").filter(|code| is_code(code))?.to_owned()),
    };
    Some(ServerLink { address: format!("https://{}", host_and_port(place)?), invite })
}

/// The link that leads there.
pub fn written(link: &ServerLink) -> String {
    let place = link.address.trim_start_matches("https://");
    match &link.invite {
        Some(code) => format!("{SCHEME}{place}/invite/{code}"),
        None => format!("{SCHEME}{place}"),
    }
}

fn host_and_port(place: &str) -> Option<String> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (ip, port) = rest.split_once(']')?;
            (format!("[{}]", ip.parse::<Ipv6Addr>().ok()?), port)
        }
        None => {
            let (host, port) = place.split_at(place.find(':').unwrap_or(place.len()));
            (Some(host.to_ascii_lowercase()).filter(|host| is_host(host))?, port)
        }
    };
    match port.strip_prefix(':') {
        Some(port) => match read_port(port)? {
            443 => Some(host),
            port => Some(format!("{host}:{port}")),
        },
        None if port.is_empty() => Some(host),
        None => None,
    }
}

fn read_port(text: &str) -> Option<u16> {
    let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        plain && (1..=LONGEST_LABEL).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    host.len() <= LONGEST_HOST && host.split('.').all(is_label)
}

fn is_code(code: &str) -> bool {
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    plain && (1..=LONGEST_CODE).contains(&code.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use snug_client::{Address, Trust};

    fn leads(link: &str) -> Option<(String, Option<String>)> {
        read(link).map(|link| (link.address, link.invite))
    }

    #[test]
    fn a_link_leads_to_a_server_or_to_an_invite_there() {
        let server = |address: &str| Some((address.to_owned(), None));
        let invite = |address: &str, code: &str| Some((address.to_owned(), Some(code.to_owned())));
        assert_eq!(leads("snug://snug.example"), server("https://snug.example"));
        assert_eq!(leads("SNUG://Snug.Example/"), server("https://snug.example"));
        assert_eq!(leads("snug://192.0.2.7:7070"), server("https://192.0.2.7:7070"));
        assert_eq!(leads("snug://[2001:DB8::7]:7070/invite/aB-_9"), invite("https://[2001:db8::7]:7070", "aB-_9"));
        assert_eq!(leads("snug://snug.example:443"), server("https://snug.example"), "as origins are written");
        assert_eq!(leads("snug://localhost/invite/hearth/"), invite("https://localhost", "hearth"));
    }

    #[test]
    fn anything_else_leads_nowhere() {
        let long = format!("snug://{}.example", "x".repeat(LONGEST));
        for wrong in [
            "",
            "snug:",
            "snug://",
            "snug:///invite/abc",
            "https://snug.example",
            "snug:snug.example",
            "snug://friend@snug.example",
            "snug://friend:secret@snug.example",
            "snug://snug.example:0",
            "snug://snug.example:",
            "snug://snug.example:65536",
            "snug://snug.example:+80",
            "snug://snug.example:080",
            "snug://snug..example",
            "snug://-snug.example",
            "snug://snug example",
            "snug://snug.example\\@evil.example",
            "snug://snug.example/settings",
            "snug://snug.example/invite/",
            "snug://snug.example/invite/a/b",
            "snug://snug.example/invite/..",
            "snug://snug.example/invite/a%2fb",
            "snug://snug.example/invite/abc?x=1",
            "snug://snug.example#abc",
            "snug://snug.example//invite/abc",
            "snug://[::1",
            "snug://[::1]7070",
            "snug://[fe80::1%eth0]",
            "snug://b\u{fc}cher.example",
            "snug://snug.example\n",
            &long,
        ] {
            assert_eq!(leads(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_words_of_a_start_are_read() {
        let start = |words: &[&str]| Start::read(words.iter().map(ToString::to_string));
        assert_eq!(start(&[]), Start::default());
        assert_eq!(start(&["--hidden", "--what"]), Start { hidden: true, link: None });
        assert_eq!(start(&["snug://snug.example"]).link.unwrap().address, "https://snug.example");
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_an_address_and_nothing_more(link in "(snug://|SNUG://)?[ -~\u{80}-\u{2ff}\\n]{0,80}|snug://[a-z0-9.:\\[\\]/@%?#-]{0,40}(/invite/[a-zA-Z0-9%./_-]{0,70})?") {
            if let Some(ServerLink { address, invite }) = read(&link) {
                let place = address.strip_prefix("https://").unwrap();
                prop_assert!(place.bytes().all(|byte| byte.is_ascii_graphic() && !b"/@?#%\\".contains(&byte)), "{}", address);
                prop_assert!(Address::parse(&address, Trust::System).is_ok(), "{}", address);
                prop_assert!(invite.is_none_or(|code| is_code(&code)));
            }
        }

        #[test]
        fn what_a_server_would_be_called_is_understood(host in "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\\.[a-z]{2,8}){0,3}", port in proptest::option::of((1u16..).prop_filter("goes without saying", |port| *port != 443)), code in proptest::option::of("[A-Za-z0-9_-]{1,64}")) {
            let place = port.map_or(host.clone(), |port| format!("{host}:{port}"));
            let link = format!("snug://{place}{}", code.as_ref().map_or(String::new(), |code| format!("/invite/{code}")));
            let read = read(&link).unwrap();
            prop_assert_eq!(written(&read), link);
            prop_assert_eq!(read, ServerLink { address: format!("https://{place}"), invite: code });
        }
    }
}
