//! Bodies that are refused before they have come.
//!
//! A connection that is closed with something unread is reset, and the client would not learn why. So what still comes
//! is read and thrown away for a while; the answer does not wait for it.

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use futures_util::StreamExt as _;
use hyper::body::{Frame, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::timeout;

/// How much of a body is thrown away, in bytes: more than most photos have.
pub const LINGER_BYTES: usize = 16 * 1024 * 1024;
/// How long: less than a server that stops waits for its connections.
const LINGER: Duration = Duration::from_secs(3);

/// Keeps reading what a request sends when nobody wants it any more.
pub async fn linger(request: Request, next: Next) -> Response {
    // Who expects to be told to go on waits with the body, and need not send what is refused.
    let waits = request.headers().contains_key(header::EXPECT);
    let request = if waits || request.body().is_end_stream() { request } else { request.map(|body| Body::new(Lingering(body))) };
    next.run(request).await
}

struct Lingering(Body);

impl HttpBody for Lingering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.0).poll_frame(cx));
        if !matches!(frame, Some(Ok(_))) {
            self.0 = Body::empty();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let rest = std::mem::take(&mut self.0);
        if !rest.is_end_stream() {
            tokio::spawn(timeout(LINGER, throw_away(rest)));
        }
    }
}

async fn throw_away(body: Body) {
    let mut stream = body.into_data_stream();
    let mut left = LINGER_BYTES;
    while let Some(Ok(bytes)) = stream.next().await {
        match left.checked_sub(bytes.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}
