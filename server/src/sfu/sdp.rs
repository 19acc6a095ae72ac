//! What str0m's offers lack, line by line (RFC 8866): the settings of each Opus m-line (RFC 7587), RED before Opus,
//! and no transport-wide feedback for voices, which would cost as much as they do.

use snug_protocol::voice::OpusSettings;
use std::fmt::Write;

/// What an m-line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The peer speaks on it.
    Microphone,
    /// The sound of a screen, either way.
    Sound,
    /// All others.
    Plain,
}

/// The sound of a screen, in bits per second: music in stereo.
const SOUND_BITRATE: u32 = 128_000;

/// An offer as the peer gets it.
pub(crate) fn offer(sdp: &str, opus: &OpusSettings, purpose: impl Fn(&str) -> Purpose) -> String {
    let mut out = String::with_capacity(sdp.len() + 512);
    let mut sections = sdp.split_inclusive("\r\n").fold(vec![Vec::new()], |mut sections: Vec<Vec<&str>>, line| {
        if line.starts_with("m=") {
            sections.push(Vec::new());
        }
        sections.last_mut().expect("one is there").push(line.trim_end());
        sections
    });
    for section in &mut sections {
        let audio = section.first().is_some_and(|line| line.starts_with("m=audio"));
        let mid = section.iter().find_map(|line| line.strip_prefix("a=mid:")).unwrap_or_default();
        let purpose = purpose(mid);
        let payload = |codec: &str| {
            section.iter().find_map(|line| {
                let (pt, name) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
                name.starts_with(codec).then_some(pt)
            })
        };
        let (opus_type, red_type) = (payload("opus/"), payload("red/"));
        for line in section.iter() {
            if !audio {
                push(&mut out, line);
            } else if let Some(media) = line.strip_prefix("m=").filter(|_| red_type.is_some()) {
                push(&mut out, &format!("m={}", red_first(media, red_type.unwrap_or_default())));
            } else if line.starts_with("a=rtcp-fb:") && line.ends_with(" transport-cc")
                || line.starts_with("a=extmap:") && line.contains("transport-wide-cc")
            {
            } else if let Some((pt, _)) = line.strip_prefix("a=fmtp:").and_then(|line| line.split_once(' '))
                && Some(pt) == opus_type
            {
                push(&mut out, &format!("a=fmtp:{pt} {}", parameters(opus, purpose)));
            } else {
                push(&mut out, line);
            }
        }
    }
    out
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push_str("\r\n");
}

/// `audio 9 UDP/TLS/RTP/SAVPF 111 63` as `audio 9 UDP/TLS/RTP/SAVPF 63 111`.
fn red_first(media: &str, red: &str) -> String {
    let mut words: Vec<_> = media.split(' ').collect();
    if let Some(at) = words.iter().skip(3).position(|word| *word == red) {
        words[3..=at + 3].rotate_right(1);
    }
    words.join(" ")
}

fn parameters(opus: &OpusSettings, purpose: Purpose) -> String {
    let mut text = String::from("minptime=10");
    // Writing to a String does not fail.
    let _ = match purpose {
        Purpose::Microphone => {
            write!(text, ";maxaveragebitrate={};usedtx={};useinbandfec={}", opus.bitrate, u8::from(opus.dtx), u8::from(opus.fec))
        }
        Purpose::Sound => write!(text, ";maxaveragebitrate={SOUND_BITRATE};useinbandfec=1;stereo=1;sprop-stereo=1"),
        Purpose::Plain => write!(text, ";useinbandfec=1"),
    };
    text
}

/// An answer without the peer's candidates: the server learns its addresses from checks that carry its password, and
/// sends to no other (RFC 8445, 7.3.1.3).
pub(crate) fn answer(sdp: &str) -> String {
    sdp.split_inclusive('\n').filter(|line| !line.starts_with("a=candidate:")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=mid:a\r\na=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\nm=video 9 UDP/TLS/RTP/SAVPF 108\r\na=mid:b\r\na=rtcp-fb:108 transport-cc\r\n";

    #[test]
    fn an_offer_says_how_voices_are_encoded() {
        let opus = OpusSettings { bitrate: 32_000, dtx: true, fec: false };
        let text = offer(OFFER, &opus, |mid| if mid == "a" { Purpose::Microphone } else { Purpose::Plain });
        assert_eq!(
            text,
            "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\na=mid:a\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;maxaveragebitrate=32000;usedtx=1;useinbandfec=0\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\nm=video 9 UDP/TLS/RTP/SAVPF 108\r\na=mid:b\r\na=rtcp-fb:108 transport-cc\r\n"
        );
        let text = offer(OFFER, &opus, |_| Purpose::Sound);
        assert!(text.contains("stereo=1;sprop-stereo=1"));
    }

    #[test]
    fn an_answer_names_no_addresses() {
        assert_eq!(answer("a=x\r\na=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\na=y\r\n"), "a=x\r\na=y\r\n");
    }
}
