//! What an offer says, beside what a stack of WebRTC reads out of it (RFC 8866, RFC 7587, RFC 8839).

use super::Codec;
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
}
