//! The way to one server for one account: requests and gateway sockets, in the place of a browser's.
//!
//! The refresh token never reaches the window. As in a browser it is the server's cookie, and this is who keeps it.

use super::{
    book::EntryId,
    paths,
    vault::{Vault, VaultError},
};
use reqwest::{
    Client, Method, StatusCode,
    header::{CONTENT_TYPE, COOKIE, HeaderMap, SET_COOKIE},
};
use snug_client::{Address, Failure};
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a connection that nobody uses is kept.
const KEPT: Duration = Duration::from_secs(20);
/// The largest answer, and the largest picture that can be sent, in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// The cookie with the refresh token.
const TOKEN: &str = "snug_refresh";

/// What the window asks a server.
#[derive(Debug)]
pub struct Ask {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: Method,
    /// Within the REST interface: `/api/v1/…`.
    pub path: String,
    /// The access token.
    pub token: Option<String>,
    /// What is sent, and what it is.
    pub body: Option<(String, Vec<u8>)>,
}

/// What the server answers, refusals too.
#[derive(Debug)]
pub struct Answer {
    /// HTTP's.
    pub status: StatusCode,
    /// What it is.
    pub kind: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The window has no business there.
    #[error("`{0}` is not a path of the server's interface")]
    Path(String),
    /// Too much to send.
    #[error("more than {} MiB cannot be sent at once", MAX_BODY / 1024 / 1024)]
    Large,
    /// The server cannot be reached, or is not who it was.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The refresh token cannot be kept.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// See the [module](self).
#[derive(Debug)]
pub(super) struct Link {
    entry: EntryId,
    label: String,
    address: Address,
    client: Client,
    vault: Arc<Vault>,
    /// Log-ins and refreshes go one after the other: each needs what the one before was given.
    turn: Mutex<()>,
}

impl Link {
    /// Connects when something is asked.
    pub(super) fn new(entry: EntryId, address: Address, vault: Arc<Vault>) -> Result<Self, Failure> {
        let builder = Client::builder().pool_idle_timeout(KEPT).timeout(PATIENCE).no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = builder.tls_backend_preconfigured(address.tls()?).build().map_err(|error| address.failure(error))?;
        Ok(Self { entry, label: format!("Snug: {}", address.origin()), address, client, vault, turn: Mutex::new(()) })
    }

    /// The server.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Asks the server.
    pub(super) async fn ask(&self, ask: Ask) -> Result<Answer, LinkError> {
        if !paths::is_allowed(&ask.path) {
            return Err(LinkError::Path(ask.path));
        }
        if ask.body.as_ref().is_some_and(|(_, body)| body.len() > MAX_BODY) {
            return Err(LinkError::Large);
        }
        if !ask.path.starts_with("/api/v1/auth/") {
            return Ok(self.send(ask, None).await?.0);
        }
        let _turn = self.turn.lock().await;
        let token = self.vault.get(&self.entry).await?;
        let (answer, headers) = self.send(ask, token).await?;
        // Kept before the window hears of it: a token that is used is gone at the server.
        match kept(&headers) {
            Some("") => self.vault.remove(&self.entry).await?,
            Some(token) => self.vault.set(&self.entry, &self.label, token).await?,
            None => {}
        }
        Ok(answer)
    }

    async fn send(&self, ask: Ask, cookie: Option<String>) -> Result<(Answer, HeaderMap), Failure> {
        let failed = |error: reqwest::Error| self.address.failure(error);
        let mut request = self.client.request(ask.method, self.address.origin() + &ask.path);
        if let Some(token) = ask.token {
            request = request.bearer_auth(token);
        }
        if let Some(cookie) = cookie {
            request = request.header(COOKIE, format!("{TOKEN}={cookie}"));
        }
        if let Some((kind, body)) = ask.body {
            request = request.header(CONTENT_TYPE, kind).body(body);
        }
        let mut answer = request.send().await.map_err(failed)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(Failure::Strange { server: self.address.name(), what: "with more than anybody asked for" });
            }
            body.extend_from_slice(&chunk);
        }
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
        Ok((Answer { status, kind, body }, headers))
    }
}

/// The refresh token that is to be kept; nothing in it: it is to be forgotten.
fn kept(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok()).find_map(|cookie| {
        let (name, token) = cookie.split(';').next()?.split_once('=')?;
        (name.trim() == TOKEN).then_some(token.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_client::Trust;
    use snug_server::{
        config::{Config, LogFormat, Tls},
        run::Server,
        store::Database,
    };
    use std::net::SocketAddr;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_is_away_is_no_impostor_though_it_was_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: folder.path().into(),
            database: Database::Sqlite(folder.path().join("snug.db")),
            media_ports: vec![0],
            public_ip: Vec::new(),
            tls: Tls::SelfSigned,
            redirect: None,
            trust_proxy: false,
            rate_limits: false,
            discovery: false,
            log_format: LogFormat::Text,
        };
        let server = Server::start(config).await.unwrap();
        let other = ["00"; 32].concat().parse().unwrap();
        let address = Address::parse(&format!("https://{}", server.address), Trust::Pinned(other)).unwrap();
        let vault = Arc::new(Vault::new(folder.path().join("app")));
        let link = Link::new(EntryId::parse("0123456789abcdef").unwrap(), address, vault).unwrap();
        let ask = async || {
            let ask = Ask { method: Method::GET, path: "/api/v1/server".to_owned(), token: None, body: None };
            link.ask(ask).await.unwrap_err()
        };
        assert!(matches!(ask().await, LinkError::Failure(Failure::Impostor { .. })));
        server.stop().await;
        assert!(matches!(ask().await, LinkError::Failure(Failure::Unreachable { .. })));
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        assert_eq!(kept(&headers), None);
        headers.append(SET_COOKIE, "theme=dark; Path=/".parse().unwrap());
        assert_eq!(kept(&headers), None);
        headers.append(SET_COOKIE, "snug_refresh=abc-_1; HttpOnly; SameSite=Strict".parse().unwrap());
        assert_eq!(kept(&headers), Some("abc-_1"));
        headers.clear();
        headers.append(SET_COOKIE, "snug_refresh=; Max-Age=0".parse().unwrap());
        assert_eq!(kept(&headers), Some(""));
    }
}
