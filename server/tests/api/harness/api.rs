//! Requests, and what they are answered with.

use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap},
};
use serde::{Serialize, de::DeserializeOwned};
use snug_protocol::{ApiError, ErrorCode};
use std::{fmt::Display, net::SocketAddr};

/// A client of `/api/v1`.
#[derive(Clone)]
pub struct Api {
    client: reqwest::Client,
    address: SocketAddr,
    token: Option<String>,
}

impl Api {
    /// For whoever has this access token.
    pub fn new(address: SocketAddr, token: Option<String>) -> Self {
        // Each request has a connection of its own, so that a restart of the server breaks none that is kept.
        // Built together with the desktop app, the client knows TLS, and wants to be told by which library. Once is enough.
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).no_proxy().build().expect("a client");
        Self { client, address, token }
    }

    /// The server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub async fn get(&self, path: impl Display) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: impl Display, body: impl Serialize) -> Answer {
        self.send(Method::POST, path, Some(json(&body))).await
    }

    pub async fn put(&self, path: impl Display, body: impl Serialize) -> Answer {
        self.send(Method::PUT, path, Some(json(&body))).await
    }

    pub async fn patch(&self, path: impl Display, body: impl Serialize) -> Answer {
        self.send(Method::PATCH, path, Some(json(&body))).await
    }

    pub async fn delete(&self, path: impl Display) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Sends anything: the type of a body, and its bytes.
    pub async fn send(&self, method: Method, path: impl Display, body: Option<(&str, Vec<u8>)>) -> Answer {
        let what = format!("{method} {path}");
        self.try_send(method, path, body).await.unwrap_or_else(|error| panic!("{what}: {error:?}"))
    }

    /// The same, where the server may not be there.
    pub async fn try_send(&self, method: Method, path: impl Display, body: Option<(&str, Vec<u8>)>) -> reqwest::Result<Answer> {
        self.ask(method, path, body, HeaderMap::new()).await
    }

    /// The same, with more headers.
    pub async fn ask(&self, method: Method, path: impl Display, body: Option<(&str, Vec<u8>)>, headers: HeaderMap) -> reqwest::Result<Answer> {
        let what = format!("{method} {path}");
        let mut request = self.client.request(method, format!("http://{}/api/v1{path}", self.address)).headers(headers);
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some((mime, bytes)) = body {
            request = request.header(CONTENT_TYPE, mime).body(bytes);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { what, status, headers, body: response.bytes().await?.to_vec() })
    }
}

fn json(body: &impl Serialize) -> (&'static str, Vec<u8>) {
    ("application/json", serde_json::to_vec(body).expect("bodies are JSON"))
}

/// What a request was answered with.
pub struct Answer {
    what: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// What was asked for.
    #[track_caller]
    pub fn is<T: DeserializeOwned>(self) -> T {
        assert!((200..300).contains(&self.status), "{self}");
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{self}: {error}"))
    }

    /// It was done, and there is nothing more to say.
    #[track_caller]
    pub fn done(self) {
        assert_eq!(self.status, 204, "{self}");
    }

    /// It was refused, in the form that every refusal has.
    #[track_caller]
    pub fn refused(self, code: ErrorCode) -> ApiError {
        let error = self.refusal().unwrap_or_else(|| panic!("not refused: {self}"));
        assert_eq!(error.code, code, "{self}");
        error
    }

    /// Why it was refused, if it was.
    #[track_caller]
    pub fn refusal(&self) -> Option<ApiError> {
        if self.status < 400 {
            return None;
        }
        let error: ApiError = serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("a refusal has a code and a message: {self}"));
        assert_eq!(self.status, error.code.status(), "each code has one status: {self}");
        assert!(error.message.ends_with('.'), "a message is a sentence: {self}");
        Some(error)
    }
}

impl Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(400).collect();
        write!(f, "{} was answered with {} {body}", self.what, self.status)
    }
}
