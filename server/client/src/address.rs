//! Where a server is, and connections to it.

use crate::{
    failure::Failure,
    trust::{Checker, Trust},
};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Uri,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
    http::request,
};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use serde::{Serialize, de::DeserializeOwned};
use std::{error::Error, io, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// How long a connection, or an answer, may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer that is read, in bytes: `ready` comes by the gateway, not here.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// A connection, with TLS or without.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A server's address, and how it proves that it is the one.
#[derive(Clone, Debug)]
pub struct Address {
    host: String,
    port: u16,
    /// With TLS.
    checker: Option<Arc<Checker>>,
}

impl Address {
    /// `http://host:port` or `https://host`; what follows is ignored, so that links into the app work too.
    pub fn parse(text: &str, trust: Trust) -> Result<Self, Failure> {
        let wrong = || Failure::Address(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?.to_owned();
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Ok(Self { host, port, checker: secure.then(|| Checker::new(trust)) })
    }

    /// As people write it.
    pub fn name(&self) -> String {
        format!("{}://{}:{}", if self.checker.is_some() { "https" } else { "http" }, self.host, self.port)
    }

    /// As browsers write it: without a port that goes without saying.
    pub fn origin(&self) -> String {
        let (scheme, usual) = if self.checker.is_some() { ("https", 443) } else { ("http", 80) };
        if self.port == usual { format!("{scheme}://{}", self.host) } else { format!("{scheme}://{}:{}", self.host, self.port) }
    }

    /// How TLS checks the server, for HTTP clients of others. Without TLS it is not used, but they want one.
    pub fn tls(&self) -> Result<ClientConfig, Failure> {
        let checker = self.checker.clone().unwrap_or_else(|| Checker::new(Trust::default()));
        checker.config().map_err(|reason| Failure::Tls { server: self.name(), reason })
    }

    /// Why a connection of such a client did not come about: the certificate, if it was refused this time.
    pub fn failure(&self, error: impl Error + Send + Sync + 'static) -> Failure {
        match self.checker.as_ref().filter(|checker| is_refusal(&error) && checker.refused().is_some()) {
            Some(checker) => self.refused(checker),
            None => self.unreachable(io::Error::other(error)),
        }
    }

    /// The gateway's address.
    pub(crate) fn gateway(&self) -> String {
        format!("{}://{}:{}/ws", if self.checker.is_some() { "wss" } else { "ws" }, self.host, self.port)
    }

    pub(crate) fn strange(&self, what: &'static str) -> Failure {
        Failure::Strange { server: self.name(), what }
    }

    pub(crate) fn unreachable(&self, source: io::Error) -> Failure {
        Failure::Unreachable { server: self.name(), source }
    }

    pub(crate) async fn connect(&self) -> Result<Box<dyn Stream>, Failure> {
        let slow = |_| self.unreachable(io::ErrorKind::TimedOut.into());
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let stream = timeout(PATIENCE, TcpStream::connect((host, self.port))).await.map_err(slow)?.map_err(|error| self.unreachable(error))?;
        stream.set_nodelay(true).map_err(|error| self.unreachable(error))?;
        let Some(checker) = &self.checker else {
            return Ok(Box::new(stream));
        };
        let tls = |reason| Failure::Tls { server: self.name(), reason };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Failure::Address(self.name()))?;
        let connector = TlsConnector::from(Arc::new(checker.config().map_err(tls)?));
        match timeout(PATIENCE, connector.connect(name, stream)).await.map_err(slow)? {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(match error.downcast::<rustls::Error>() {
                Ok(rustls::Error::InvalidCertificate(_)) if checker.refused().is_some() => self.refused(checker),
                Ok(reason) => tls(reason),
                Err(error) => self.unreachable(error),
            }),
        }
    }

    fn refused(&self, checker: &Checker) -> Failure {
        let server = self.name();
        match (checker.trust(), checker.refused()) {
            (Trust::System, Some(fingerprint)) => Failure::Untrusted { server, fingerprint },
            (Trust::Pinned(_), Some(fingerprint)) => Failure::Impostor { server, fingerprint },
            (_, None) => self.strange("with a certificate that makes no sense"),
        }
    }

    /// Gets what is for everybody at a route below `/api/v1`.
    pub async fn get<T: DeserializeOwned>(&self, route: &str) -> Result<T, Failure> {
        self.ask(Request::get(format!("/api/v1{route}")), Bytes::new()).await
    }

    /// Posts something to a route below `/api/v1`.
    pub async fn post<T: DeserializeOwned>(&self, route: &str, token: Option<&str>, body: &impl Serialize) -> Result<T, Failure> {
        let body = serde_json::to_vec(body).expect("the protocol's types have string keys only");
        let mut request = Request::post(format!("/api/v1{route}")).header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.ask(request, body.into()).await
    }

    async fn ask<T: DeserializeOwned>(&self, request: request::Builder, body: Bytes) -> Result<T, Failure> {
        let stream = self.connect().await?;
        let lost = |error: hyper::Error| self.unreachable(io::Error::other(error));
        let (mut send, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
        let driver = tokio::spawn(connection);
        let request = request.header(HOST, format!("{}:{}", self.host, self.port));
        let request = request.body(Full::new(body)).map_err(|_| Failure::Address(self.name()))?;
        let answer = async {
            let answer = send.send_request(request).await.map_err(lost)?;
            let status = answer.status();
            let bytes = Limited::new(answer.into_body(), MAX_ANSWER).collect().await.map_err(|error| self.unreachable(io::Error::other(error)))?;
            Ok((status, bytes.to_bytes()))
        };
        let answer = timeout(PATIENCE, answer).await;
        driver.abort();
        let (status, bytes) = answer.map_err(|_| self.unreachable(io::ErrorKind::TimedOut.into()))??;
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(|_| self.strange("something that is no answer of a Snug server"));
        }
        match serde_json::from_slice(&bytes) {
            Ok(error) => Err(Failure::Refused(error)),
            Err(_) => Err(self.strange("an error that is none of a Snug server's")),
        }
    }
}

/// Whether a certificate was refused, as an error says or one of those that it comes from.
fn is_refusal(error: &(dyn Error + 'static)) -> bool {
    // What an I/O error carries is left out of its sources.
    let carried = error.downcast_ref().and_then(io::Error::get_ref).map(|carried| carried as &(dyn Error + 'static));
    matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) || carried.or_else(|| error.source()).is_some_and(is_refusal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::{
        client::danger::ServerCertVerifier,
        pki_types::{CertificateDer, UnixTime},
    };

    #[test]
    fn a_certificate_that_was_refused_once_does_not_explain_what_fails_later() {
        let fingerprint = ["00"; 32].concat().parse().unwrap();
        let address = Address::parse("https://snug.example", Trust::Pinned(fingerprint)).unwrap();
        let (certificate, name) = (CertificateDer::from(vec![1, 2, 3]), ServerName::try_from("snug.example").unwrap());
        let checker = address.checker.clone().unwrap();
        let refusal = checker.verify_server_cert(&certificate, &[], &name, &[], UnixTime::now()).unwrap_err();
        assert!(matches!(address.failure(io::Error::other(io::Error::other(refusal))), Failure::Impostor { .. }));
        assert!(matches!(address.failure(io::Error::from(io::ErrorKind::ConnectionRefused)), Failure::Unreachable { .. }));
        assert!(matches!(address.failure(rustls::Error::HandshakeNotComplete), Failure::Unreachable { .. }));
    }

    #[test]
    fn an_address_may_be_a_link_into_the_app() {
        let name = |text| Address::parse(text, Trust::System).map(|address| address.name()).ok();
        assert_eq!(name("http://localhost:7070"), Some("http://localhost:7070".to_owned()));
        assert_eq!(name("https://snug.example/invite/abc"), Some("https://snug.example:443".to_owned()));
        assert_eq!(name("http://[::1]:7070/"), Some("http://[::1]:7070".to_owned()));
        let origin = |text| Address::parse(text, Trust::System).unwrap().origin();
        assert_eq!(origin("https://snug.example:443/invite/abc"), "https://snug.example");
        assert_eq!(origin("http://localhost:7070"), "http://localhost:7070");
        for wrong in ["localhost:7070", "ftp://localhost", "", "http://"] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
    }
}
