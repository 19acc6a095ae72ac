//! A client of the gateway: as much of RFC 6455 as this server's frames need.
//!
//! A hundred thousand frames a second arrive here, on the same two cores that send them; a library that checks,
//! copies and hands on each of them would measure itself.

use crate::http::find;
use snug_protocol::{ClientFrame, gateway::Identify};
use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    ops::Range,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// Read at once, in bytes, unless a frame is known to be longer.
const CHUNK: usize = 4 * 1024;
/// The key of RFC 6455's own example. We know whom we speak to.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const CLOSE: u8 = 8;

/// Frames as they arrive.
pub(crate) struct Frames {
    stream: OwnedReadHalf,
    buffer: Vec<u8>,
    /// What of the buffer was handed out.
    used: usize,
    /// A text that came in fragments.
    long: Vec<u8>,
}

/// Connects, says who one is, and waits for `ready`.
pub(crate) async fn attach(address: SocketAddr, token: &str) -> io::Result<(Frames, OwnedWriteHalf)> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (read, mut write) = stream.into_split();
    let mut frames = Frames { stream: read, buffer: Vec::new(), used: 0, long: Vec::new() };
    let upgrade = format!(
        "GET /ws HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: {KEY}\r\n\r\n"
    );
    write.write_all(upgrade.as_bytes()).await?;
    frames.upgraded().await?;
    frames.expect(b"hello").await?;
    let identify = ClientFrame::Identify(Identify { token: token.into(), version: snug_protocol::VERSION, intents: None, session: None });
    write.write_all(&text(&identify)).await?;
    frames.expect(b"ready").await?;
    // `ready` is a few hundred kilobytes, dispatches are not.
    frames.long = Vec::new();
    Ok((frames, write))
}

/// A frame as it is sent.
pub(crate) fn text(frame: &ClientFrame) -> Vec<u8> {
    let json = serde_json::to_vec(frame).expect("frames have string keys only");
    let mut out = vec![0x80 | TEXT];
    match u8::try_from(json.len()) {
        Ok(short @ 0..=125) => out.push(0x80 | short),
        _ => {
            let length = u16::try_from(json.len()).expect("no client's frame is that long");
            out.push(0x80 | 126);
            out.extend(length.to_be_bytes());
        }
    }
    // A mask of zeros changes nothing, and is one.
    out.extend([0; 4]);
    out.extend(json);
    out
}

impl Frames {
    /// The next text.
    pub(crate) async fn next(&mut self) -> io::Result<&[u8]> {
        self.long.clear();
        let range = loop {
            let Some(head) = Head::parse(&self.buffer[self.used..]) else {
                self.more(CHUNK).await?;
                continue;
            };
            let payload = head.payload.start + self.used..head.payload.end + self.used;
            if payload.end > self.buffer.len() {
                self.more(payload.end - self.buffer.len()).await?;
                continue;
            }
            self.used = payload.end;
            match (head.opcode, head.last) {
                (TEXT, true) => break payload,
                (TEXT | CONTINUATION, last) => {
                    self.long.extend_from_slice(&self.buffer[payload]);
                    if last {
                        return Ok(&self.long);
                    }
                }
                (CLOSE, _) => return Err(ErrorKind::ConnectionAborted.into()),
                _ => {}
            }
        };
        Ok(&self.buffer[range])
    }

    async fn expect(&mut self, op: &[u8]) -> io::Result<()> {
        let start = [b"{\"op\":\"", op, b"\""].concat();
        match self.next().await?.starts_with(&start) {
            true => Ok(()),
            false => Err(io::Error::new(ErrorKind::InvalidData, "another frame was expected")),
        }
    }

    async fn upgraded(&mut self) -> io::Result<()> {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                self.used = end + 4;
                break;
            }
            self.more(CHUNK).await?;
        }
        if self.buffer.starts_with(b"HTTP/1.1 101 ") { Ok(()) } else { Err(io::Error::new(ErrorKind::InvalidData, "no upgrade to a WebSocket")) }
    }

    fn compact(&mut self) {
        self.buffer.drain(..self.used);
        self.used = 0;
    }

    async fn more(&mut self, wanted: usize) -> io::Result<()> {
        self.compact();
        self.buffer.reserve(wanted.max(CHUNK));
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// The head of a frame, and where its payload is.
#[derive(Debug, PartialEq)]
struct Head {
    opcode: u8,
    /// Whether it ends what it belongs to.
    last: bool,
    payload: Range<usize>,
}

impl Head {
    /// Nothing while it has not arrived whole. A server does not mask.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (first, second) = (*bytes.first()?, *bytes.get(1)?);
        let (start, length) = match second {
            126 => (4, u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?).into()),
            127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize),
            short => (2, short.into()),
        };
        Some(Self { opcode: first & 15, last: first & 0x80 != 0, payload: start..start + length })
    }
}

/// Of a dispatched `message_create`, the mark its author gave it, if that is a number.
pub(crate) fn created(frame: &[u8]) -> Option<usize> {
    let rest = frame.strip_prefix(b"{\"op\":\"dispatch\",\"s\":")?;
    let rest = &rest[rest.iter().position(|byte| *byte == b',')?..];
    // It stands last in the message.
    let rest = rest.strip_prefix(b",\"t\":\"message_create\",")?.strip_suffix(b"\"}}")?;
    let start = rest.iter().rposition(|byte| *byte == b'"')? + 1;
    if !rest[..start].ends_with(b",\"nonce\":\"") {
        return None;
    }
    std::str::from_utf8(&rest[start..]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_protocol::{ChannelId, Event, Mentions, Message, MessageId, ServerFrame, UserId};

    #[test]
    fn a_head_says_where_the_payload_is() {
        assert_eq!(Head::parse(&[0x81]), None);
        assert_eq!(Head::parse(&[0x81, 5]), Some(Head { opcode: TEXT, last: true, payload: 2..7 }));
        assert_eq!(Head::parse(&[0x01, 126, 1]), None);
        assert_eq!(Head::parse(&[0x01, 126, 1, 0]), Some(Head { opcode: TEXT, last: false, payload: 4..260 }));
        assert_eq!(Head::parse(&[0x88, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Some(Head { opcode: CLOSE, last: true, payload: 10..65546 }));
    }

    #[test]
    fn a_created_message_is_known_by_its_nonce() {
        let message = |nonce: Option<&str>| {
            let (id, channel_id, author_id) = (MessageId::new(1).unwrap(), ChannelId::new(2).unwrap(), UserId::new(3).unwrap());
            let content = "\"nonce\":\"9\"".into();
            let message = Message {
                id,
                channel_id,
                author_id,
                content,
                edited_at: None,
                pinned_at: None,
                reply_to: None,
                mentions: Mentions::default(),
                reactions: Vec::new(),
                nonce: nonce.map(Into::into),
            };
            serde_json::to_vec(&ServerFrame::Dispatch { s: u64::MAX, event: Event::MessageCreate(message) }).unwrap()
        };
        assert_eq!(created(&message(Some("1234"))), Some(1234));
        assert_eq!(created(&message(Some("abc"))), None);
        assert_eq!(created(&message(None)), None);
        assert_eq!(created(b"{\"op\":\"heartbeat_ack\"}"), None);
    }

    #[test]
    fn a_frame_carries_its_length() {
        let beat = text(&ClientFrame::Heartbeat { s: 1 });
        assert_eq!(beat[..6], [0x81, 0x80 | (beat.len() - 6) as u8, 0, 0, 0, 0]);
        let long = text(&ClientFrame::Identify(Identify { token: "x".repeat(300), version: 1, intents: None, session: None }));
        assert_eq!(u16::from_be_bytes([long[2], long[3]]) as usize, long.len() - 8);
    }
}
