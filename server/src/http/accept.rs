//! Connections: the first bytes of each say whether it is for TLS, for HTTP or for media.

use super::{App, server::router};
use crate::{
    sfu::{Sfu, tcp},
    tls::is_challenge,
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{StatusCode, Uri, header, uri::Authority},
    response::{IntoResponse as _, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::Service as _;

/// How long somebody may take to say what they want: to send the head of a request, to agree on keys.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the listener rests when the system has no more sockets to give.
const REST: Duration = Duration::from_millis(100);
/// How often it is looked whether more of the first bytes has come.
const AGAIN: Duration = Duration::from_millis(20);
/// TLS begins with the type of a handshake's record (RFC 8446, 5.1).
const TLS_HANDSHAKE: u8 = 0x16;

/// Where browsers look for `https://` without being told a port.
const HTTPS: u16 = 443;

/// Where connections come in.
pub struct Sockets {
    /// For everything.
    pub listener: TcpListener,
    /// Where TLS is on, for whoever comes by `http://` at its usual port.
    pub redirect: Option<TcpListener>,
}

/// Marks a request that came over TLS.
#[derive(Clone, Copy, Debug)]
pub struct OverTls;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Http,
    Tls,
    Media,
}

/// All that a connection may lead to.
#[derive(Clone)]
struct Doors {
    pages: Router,
    /// Where TLS is on, what came without it.
    elsewhere: Router,
    tls: Option<TlsAcceptor>,
    media: Arc<Sfu>,
    stopped: watch::Receiver<bool>,
    /// Dropped by the last connection.
    _open: mpsc::Sender<()>,
}

/// Serves until `stopped` says so, and then until the last request is answered.
pub async fn run(sockets: Sockets, app: Arc<App>, tls: Option<Arc<ServerConfig>>, media: Arc<Sfu>, mut stopped: watch::Receiver<bool>) {
    let Sockets { listener, redirect } = sockets;
    let tls = tls.map(TlsAcceptor::from);
    let (open, mut closed) = mpsc::channel(1);
    let port = listener.local_addr().map_or(HTTPS, |address| address.port());
    let elsewhere = Router::new().fallback(move |uri, request| lead(port, uri, request));
    let doors = Doors { pages: router(app), elsewhere, tls, media, stopped: stopped.clone(), _open: open };
    loop {
        let (accepted, is_main) = tokio::select! {
            accepted = listener.accept() => (accepted, true),
            accepted = accept(redirect.as_ref()) => (accepted, false),
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, peer)) if is_main => {
                tokio::spawn(welcome(stream, peer, doors.clone()));
            }
            Ok((stream, peer)) => {
                let doors = doors.clone();
                tokio::spawn(async move { doors.serve(stream, peer, &doors.elsewhere, false).await });
            }
            // The other side was gone already, or there are no sockets left for now.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted || error.kind() == io::ErrorKind::ConnectionReset => {}
            Err(error) => {
                tracing::warn!(%error, "cannot take a connection");
                sleep(REST).await;
            }
        }
    }
    drop((listener, redirect, doors));
    let _ = closed.recv().await;
}

/// The next connection; never one where nobody listens.
async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

async fn welcome(stream: TcpStream, peer: SocketAddr, doors: Doors) {
    // Small frames go out at once.
    let _ = stream.set_nodelay(true);
    let Ok(Ok(kind)) = timeout(PATIENCE, look(&stream)).await else { return };
    match (kind, &doors.tls) {
        (Kind::Media, _) => {
            if let Ok(Ok(first)) = timeout(PATIENCE, frame(stream)).await {
                doors.media.take_tcp(first.0, first.1);
            }
        }
        (Kind::Tls, Some(acceptor)) => {
            if let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await
                && !is_challenge(stream.get_ref().1)
            {
                doors.serve(stream, peer, &doors.pages, true).await;
            }
        }
        (Kind::Http, Some(_)) => doors.serve(stream, peer, &doors.elsewhere, false).await,
        // What is no HTTP is told so.
        (Kind::Http | Kind::Tls, None) => doors.serve(stream, peer, &doors.pages, false).await,
    }
}

/// Looks at the first bytes without taking them.
async fn look(stream: &TcpStream) -> io::Result<Kind> {
    let mut first = [0; tcp::FIRST_BYTES];
    loop {
        let length = stream.peek(&mut first).await?;
        match tcp::is_media(&first[..length]) {
            tcp::First::Media => return Ok(Kind::Media),
            tcp::First::Other if first[0] == TLS_HANDSHAKE => return Ok(Kind::Tls),
            tcp::First::Other => return Ok(Kind::Http),
            tcp::First::More if length == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            // What is here already wakes nobody.
            tcp::First::More => sleep(AGAIN).await,
        }
    }
}

/// Takes the first frame of media (RFC 4571), which says whose it is.
async fn frame(mut stream: TcpStream) -> io::Result<(std::net::TcpStream, Vec<u8>)> {
    let length = stream.read_u16().await?;
    let mut frame = length.to_be_bytes().to_vec();
    (&mut stream).take(length.into()).read_to_end(&mut frame).await?;
    Ok((stream.into_std()?, frame))
}

impl Doors {
    async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: SocketAddr, pages: &Router, secure: bool) {
        let pages = pages.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            if secure {
                request.extensions_mut().insert(OverTls);
            }
            pages.clone().call(request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
        let mut stopped = self.stopped.clone();
        // How it ends is nothing to tell of: a client may break off whenever it likes.
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = stopped.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}

/// Leads from `http://` to `https://`.
async fn lead(port: u16, uri: Uri, request: Request) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).and_then(|host| host.parse::<Authority>().ok());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let Some(host) = host.filter(|_| path.starts_with('/')) else {
        return (StatusCode::BAD_REQUEST, "This server speaks https only.\n").into_response();
    };
    let host = host.host();
    let to = if port == HTTPS { format!("https://{host}{path}") } else { format!("https://{host}:{port}{path}") };
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)], "This server speaks https only.\n").into_response()
}
