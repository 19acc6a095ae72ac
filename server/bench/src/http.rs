//! A client for HTTP/1.1 on one connection that stays open. It knows what this server answers, and nothing more.

use std::{
    io::{self, ErrorKind, Write as _},
    net::SocketAddr,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Read at once, in bytes.
const CHUNK: usize = 16 * 1024;

/// A connection.
pub(crate) struct Client {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// An answer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

/// What is asked.
pub(crate) struct Request<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    pub(crate) token: Option<&'a str>,
    /// JSON.
    pub(crate) body: Option<&'a [u8]>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, request: Vec::new(), answer: Vec::new() })
    }

    /// Asks, and waits for the whole answer.
    pub(crate) async fn ask(&mut self, request: Request<'_>) -> io::Result<Answer<'_>> {
        let out = &mut self.request;
        out.clear();
        write!(out, "{} {} HTTP/1.1\r\nhost: snug\r\n", request.method, request.path)?;
        if let Some(token) = request.token {
            write!(out, "authorization: Bearer {token}\r\n")?;
        }
        if let Some(body) = request.body {
            write!(out, "content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len())?;
            out.extend_from_slice(body);
        } else {
            out.extend_from_slice(b"\r\n");
        }
        self.stream.write_all(out).await?;
        self.answer.clear();
        let head = loop {
            if let Some(end) = find(&self.answer, b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let (status, length) = parse(&self.answer[..head]).ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "an answer without a length"))?;
        while self.answer.len() < head + length {
            self.more().await?;
        }
        Ok(Answer { status, body: &self.answer[head..] })
    }

    async fn more(&mut self) -> io::Result<()> {
        self.answer.reserve(CHUNK);
        match self.stream.read_buf(&mut self.answer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Status and length of the body.
fn parse(head: &[u8]) -> Option<(u16, usize)> {
    let head = std::str::from_utf8(head).ok()?;
    let status = head.get(9..12)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    match (status, length) {
        (204 | 304, _) => Some((status, 0)),
        (_, Some(length)) => Some((status, length)),
        (_, None) => None,
    }
}

/// Where `needle` begins.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_status_and_a_length() {
        assert_eq!(parse(b"HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\n"), Some((201, 12)));
        assert_eq!(parse(b"HTTP/1.1 204 No Content\r\ndate: now\r\n\r\n"), Some((204, 0)));
        assert_eq!(parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"), None);
        assert_eq!(parse(b"nonsense"), None);
    }
}
