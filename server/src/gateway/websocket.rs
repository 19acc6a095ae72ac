//! The WebSocket (RFC 6455) under a connection. Long texts leave in fragments, so that no connection keeps a buffer
//! as long as the longest text it was ever sent.

use super::text::Text;
use crate::error::Refusal;
use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use snug_protocol::{ErrorCode, limits};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        handshake::derive_accept_key,
        protocol::{
            CloseFrame, Role, WebSocketConfig,
            frame::{
                Frame,
                coding::{Data, OpCode},
            },
        },
    },
};

/// Read at once, in bytes. It is filled with zeros before each read, and each connection keeps one.
const READ_BUFFER: usize = 1024;
/// The longest fragment, and what is written at once, in bytes.
const FRAGMENT: usize = 8 * 1024;
/// What may wait in a connection's buffer. More than is ever there: a full one is flushed before the next fragment.
const WRITE_BUFFER: usize = 4 * FRAGMENT;

/// A request to change to a WebSocket.
pub struct Upgrade {
    accept: HeaderValue,
    upgrade: OnUpgrade,
}

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let headers = &parts.headers;
        let asked = parts.method == Method::GET
            && names(headers, header::CONNECTION, "upgrade")
            && names(headers, header::UPGRADE, "websocket")
            && names(headers, header::SEC_WEBSOCKET_VERSION, "13");
        let refusal = || Refusal::new(ErrorCode::Invalid, "This address speaks WebSocket only, version 13.");
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| asked).ok_or_else(refusal)?;
        let accept = derive_accept_key(key.as_bytes()).try_into().map_err(Refusal::bug)?;
        let upgrade = parts.extensions.remove().ok_or_else(refusal)?;
        Ok(Self { accept, upgrade })
    }
}

/// Whether a list in the headers has this element.
fn names(headers: &HeaderMap, name: HeaderName, element: &str) -> bool {
    let lists = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|e| e.trim().eq_ignore_ascii_case(element))
}

impl Upgrade {
    /// Agrees, and hands the socket over once the agreement is sent.
    pub fn agree<F: Future<Output = ()> + Send>(self, serve: impl FnOnce(Socket) -> F + Send + 'static) -> Response {
        tokio::spawn(async move {
            // Whoever asked may be gone by now.
            let Ok(upgraded) = self.upgrade.await else { return };
            let config = WebSocketConfig::default()
                .max_message_size(Some(limits::ANSWER_FRAME_BYTES))
                .max_frame_size(Some(limits::ANSWER_FRAME_BYTES))
                .read_buffer_size(READ_BUFFER)
                .write_buffer_size(FRAGMENT)
                .max_write_buffer_size(WRITE_BUFFER);
            serve(Socket(WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await)).await;
        });
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, self.accept);
        response
    }
}

/// What arrives.
pub enum Received {
    /// A text.
    Text(String),
    /// Bytes that are no text.
    Binary,
    /// Something that the socket itself takes care of.
    Control,
    /// A frame that is too large or no frame at all; or the connection broke.
    Unreadable,
    /// The other side has closed the connection.
    End,
}

/// A WebSocket.
pub struct Socket(WebSocketStream<TokioIo<Upgraded>>);

impl Socket {
    /// Waits for what arrives next.
    pub async fn receive(&mut self) -> Received {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Received::Text(text.as_str().to_owned()),
            Some(Ok(Message::Binary(_))) => Received::Binary,
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Received::Control,
            Some(Err(_)) => Received::Unreadable,
            Some(Ok(Message::Close(_))) | None => Received::End,
        }
    }

    /// Sends texts, together where they are short, and waits until they are sent.
    pub async fn send(&mut self, texts: impl IntoIterator<Item = Text>) -> Result<(), Error> {
        for text in texts {
            let mut kind = Data::Text;
            for (part, last) in text.parts(FRAGMENT) {
                self.0.feed(Message::Frame(Frame::message(part, OpCode::Data(kind), last))).await?;
                kind = Data::Continue;
            }
        }
        self.0.flush().await
    }

    /// Closes the connection.
    pub async fn close(&mut self, code: u16, reason: &'static str) -> Result<(), Error> {
        self.0.send(Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_list() {
        let mut headers = HeaderMap::new();
        headers.append(header::CONNECTION, HeaderValue::from_static("keep-alive, Upgrade"));
        assert!(names(&headers, header::CONNECTION, "upgrade"));
        assert!(!names(&headers, header::CONNECTION, "up"));
        assert!(!names(&headers, header::UPGRADE, "websocket"));
    }
}
