//! Media over TCP, for networks without UDP: ICE-TCP (RFC 6544) with the framing of RFC 4571.
//!
//! The server only waits for connections. Where HTTP is served on the same port, [`is_media`] tells them apart.

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// Media: it begins with a framed STUN request.
    Media,
    /// Anything else: HTTP, TLS.
    Other,
    /// More bytes are needed to tell.
    More,
}

/// How many bytes [`is_media`] needs at most.
pub const FIRST_BYTES: usize = 10;
/// The longest frame that is taken, in bytes. No datagram of a call is longer.
pub const LONGEST: usize = 2000;

/// Tells media from everything else by the first bytes of a connection: a length of 20 to 2,000, then a Binding
/// request (RFC 8489, 5: type 0x0001, magic cookie 0x2112A442). HTTP begins with a letter and TLS with 0x16, either of
/// which would be the length of a frame longer than any that is taken, so one byte is nearly always enough.
pub fn is_media(first: &[u8]) -> First {
    const MAGIC: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
    if let [high, low, ..] = first
        && !(20..=LONGEST).contains(&usize::from(u16::from_be_bytes([*high, *low])))
    {
        return First::Other;
    }
    let expected = [None, None, Some(0), Some(1), None, None, Some(MAGIC[0]), Some(MAGIC[1]), Some(MAGIC[2]), Some(MAGIC[3])];
    let fits = first.iter().zip(expected).all(|(byte, expected)| expected.is_none_or(|expected| *byte == expected));
    match first {
        _ if !fits => First::Other,
        [high, ..] if usize::from(*high) > LONGEST >> 8 => First::Other,
        _ if first.len() < FIRST_BYTES => First::More,
        _ => First::Media,
    }
}

/// A frame is longer than any that is taken.
#[derive(Debug, thiserror::Error)]
#[error("a frame of {0} bytes, where {LONGEST} are the most")]
pub(crate) struct TooLong(usize);

/// Frames out of a stream of bytes.
#[derive(Debug, Default)]
pub(crate) struct Deframer {
    buffer: Vec<u8>,
}

impl Deframer {
    /// Takes bytes, and gives every whole frame to `frame`.
    pub(crate) fn push(&mut self, bytes: &[u8], mut frame: impl FnMut(&[u8])) -> Result<(), TooLong> {
        self.buffer.extend_from_slice(bytes);
        let mut at = 0;
        while let Some([high, low]) = self.buffer.get(at..at + 2) {
            let len = usize::from(u16::from_be_bytes([*high, *low]));
            if len > LONGEST {
                return Err(TooLong(len));
            }
            let Some(whole) = self.buffer.get(at + 2..at + 2 + len) else { break };
            frame(whole);
            at += 2 + len;
        }
        self.buffer.drain(..at);
        Ok(())
    }
}

/// Appends a frame. `datagram` has at most 65,535 bytes.
pub(crate) fn enframe(out: &mut Vec<u8>, datagram: &[u8]) {
    let Ok(len) = u16::try_from(datagram.len()) else { return };
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(datagram);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_is_told_from_http_and_tls() {
        let mut stun = vec![0, 100, 0, 1, 0, 80];
        stun.extend([0x21, 0x12, 0xa4, 0x42]);
        assert_eq!(is_media(&stun), First::Media);
        (0..stun.len()).for_each(|n| assert_eq!(is_media(&stun[..n]), First::More));
        for other in [&b"G"[..], b"GET / HTTP/1.1\r\n", b"POST", &[0x16, 3, 1, 2, 0, 1], &[0, 100, 0, 2], &[0, 5, 0, 1]] {
            assert_eq!(is_media(other), First::Other, "{other:?}");
        }
    }

    #[test]
    fn frames_come_whole_however_the_bytes_come() {
        let mut bytes = Vec::new();
        let frames: Vec<Vec<u8>> = (0..20_u8).map(|n| vec![n; usize::from(n) * 7]).collect();
        frames.iter().for_each(|frame| enframe(&mut bytes, frame));
        for step in [1, 2, 3, 100, bytes.len()] {
            let (mut deframer, mut got) = (Deframer::default(), Vec::new());
            bytes.chunks(step).for_each(|chunk| deframer.push(chunk, |frame| got.push(frame.to_vec())).unwrap());
            assert_eq!(got, frames);
        }
        assert!(Deframer::default().push(&[0x47, 0x45], |_| ()).is_err());
    }
}
