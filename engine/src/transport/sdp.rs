//! What an offer says, beside what a stack of WebRTC reads out of it (RFC 8866, RFC 7587, RFC 8839).

use super::{Codec, TransportError};
use snug_protocol::voice::OpusSettings;
use std::net::IpAddr;

/// The payload types of an offer. The server numbers codecs the same on all m-lines.
pub(super) fn payload_types(offer: &str) -> Vec<(u8, Codec)> {
    let codec = |name: &str| match name.split('/').next() {
        Some("opus") => Some(Codec::Opus),
        Some("red") => Some(Codec::Red),
        Some("H264") => Some(Codec::H264),
        _ => None,
    };
    let mut found: Vec<(u8, Codec)> = offer
        .lines()
        .filter_map(|line| line.trim_end().strip_prefix("a=rtpmap:")?.split_once(' '))
        .filter_map(|(payload_type, name)| Some((payload_type.parse().ok()?, codec(name)?)))
        .collect();
    found.sort_by_key(|(payload_type, _)| *payload_type);
    found.dedup_by_key(|(payload_type, _)| *payload_type);
    found
}

/// An m-line of a description.
pub(super) struct Section<'a> {
    pub(super) mid: &'a str,
    /// Else it is for pictures.
    pub(super) audio: bool,
    text: &'a str,
}

/// The m-lines that have a name.
pub(super) fn sections(description: &str) -> Vec<Section<'_>> {
    let lines = description.split("\nm=").skip(1);
    lines.filter_map(|text| Some(Section { mid: value(text, "a=mid:").next()?, audio: text.starts_with("audio"), text })).collect()
}

/// What stands behind a mark at the start of lines.
fn value<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.trim_end().strip_prefix(mark))
}

impl Section<'_> {
    pub(super) fn payload_types(&self) -> Vec<(u8, Codec)> {
        payload_types(self.text)
    }

    /// The number of a header extension (RFC 8285).
    pub(super) fn extension(&self, uri: &str) -> Option<u8> {
        value(self.text, "a=extmap:").find_map(|extension| {
            let (id, found) = extension.split_once(' ')?;
            // The number may be followed by a direction.
            (found.split(' ').next() == Some(uri)).then(|| id.split('/').next()?.parse().ok())?
        })
    }

    /// Of those who send on it (RFC 5576).
    pub(super) fn ssrcs(&self) -> impl Iterator<Item = u32> {
        value(self.text, "a=ssrc:").filter_map(|line| line.split(' ').next()?.parse().ok())
    }
}

/// Whether an offer can be answered on the connection that the one before was for.
pub(super) fn check(offer: &str, before: Option<&str>) -> Result<(), TransportError> {
    let refused = |reason: &str| Err(TransportError::Offer { reason: reason.to_owned() });
    let now = sections(offer);
    if now.is_empty() {
        return refused("it has no m-line");
    }
    let Some(before) = before else {
        return Ok(());
    };
    if sections(before).iter().enumerate().any(|(at, line)| now.get(at).is_none_or(|now| now.mid != line.mid)) {
        return refused("an m-line of before is missing, or at another place");
    }
    // One of a server that has started anew: it needs a new connection.
    if value(before, "a=fingerprint:").next() != value(offer, "a=fingerprint:").next() {
        return refused("the server's certificate is another one than before");
    }
    Ok(())
}

/// Whether ICE begins anew with an offer (RFC 8839, 4.4.1.1.1).
pub(super) fn restarts_ice(offer: &str, before: &str) -> bool {
    let ufrag = |offer: &str| offer.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:").map(str::to_owned));
    ufrag(offer) != ufrag(before)
}

/// Where the server can be reached by UDP.
pub(super) fn addresses(offer: &str) -> Vec<IpAddr> {
    let mut found = Vec::new();
    for line in offer.lines() {
        // a=candidate:foundation component transport priority address port typ …
        let Some(candidate) = line.trim_end().strip_prefix("a=candidate:") else {
            continue;
        };
        let mut words = candidate.split(' ').skip(2);
        let udp = words.next().is_some_and(|transport| transport.eq_ignore_ascii_case("udp"));
        let address = words.nth(1).and_then(|address| address.parse().ok());
        if let Some(address) = address.filter(|address| udp && !found.contains(address)) {
            found.push(address);
        }
    }
    found
}

/// How voices are to be encoded that are sent on an m-line; nothing if it is not in the offer, or not for Opus.
pub fn opus(offer: &str, mid: &str) -> Option<OpusSettings> {
    let section = offer.split("\nm=").skip(1).find(|section| section.lines().any(|line| line.trim_end().strip_prefix("a=mid:") == Some(mid)))?;
    let payload_type = section.lines().find_map(|line| {
        let (payload_type, name) = line.trim_end().strip_prefix("a=rtpmap:")?.split_once(' ')?;
        name.starts_with("opus/").then_some(payload_type)
    })?;
    let mut settings = OpusSettings::DEFAULT;
    let parameters = section
        .lines()
        .filter_map(|line| line.trim_end().strip_prefix("a=fmtp:")?.split_once(' '))
        .filter(|(found, _)| *found == payload_type)
        .flat_map(|(_, parameters)| parameters.split(';'))
        .filter_map(|parameter| parameter.trim().split_once('='));
    for (name, value) in parameters {
        match (name, value) {
            ("maxaveragebitrate", value) => settings.bitrate = value.parse().unwrap_or(settings.bitrate),
            ("usedtx", value) => settings.dtx = value == "1",
            ("useinbandfec", value) => settings.fec = value == "1",
            // Others say nothing about how to encode.
            _ => {}
        }
    }
    Some(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_a_channel_are_in_the_offer() {
        let offer = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\na=mid:a\r\na=rtpmap:111 opus/48000/2\r\n\
            a=fmtp:111 minptime=10;maxaveragebitrate=32000;usedtx=1;useinbandfec=0\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n\
            m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:b\r\na=rtpmap:111 opus/48000/2\r\n";
        assert_eq!(opus(offer, "a"), Some(OpusSettings { bitrate: 32_000, dtx: true, fec: false }));
        assert_eq!(opus(offer, "b"), Some(OpusSettings::DEFAULT));
        assert_eq!(opus(offer, "c"), None);
    }

    const OFFER: &str = "v=0\r\na=fingerprint:sha-256 AA\r\nm=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\na=mid:a\r\na=rtpmap:111 opus/48000/2\r\n\
        a=extmap:1/sendonly urn:level\r\na=ssrc:7 cname:x\r\nm=video 9 UDP/TLS/RTP/SAVPF 108\r\na=mid:b\r\na=rtpmap:108 H264/90000\r\n";

    #[test]
    fn m_lines_say_who_sends_on_them_and_how() {
        let sections = sections(OFFER);
        assert_eq!(sections.iter().map(|line| (line.mid, line.audio)).collect::<Vec<_>>(), [("a", true), ("b", false)]);
        assert_eq!(sections[0].payload_types(), [(111, Codec::Opus)]);
        assert_eq!((sections[0].extension("urn:level"), sections[1].extension("urn:level")), (Some(1), None));
        assert_eq!(sections[0].ssrcs().collect::<Vec<_>>(), [7]);
    }

    #[test]
    fn an_offer_that_cannot_follow_is_refused() {
        let reason = |offer: &str| check(offer, Some(OFFER)).err().map(|error| error.to_string());
        assert_eq!(reason(&format!("{OFFER}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:c\r\n")), None);
        assert!(reason(&OFFER.replace("a=mid:a", "a=mid:z")).unwrap().contains("m-line"));
        assert!(reason(&OFFER.replace("sha-256 AA", "sha-256 BB")).unwrap().contains("certificate"));
        assert!(reason("v=0\r\n").unwrap().contains("no m-line"));
    }
}
