//! Fetches what is not to be trusted: encrypted, in time, and only so much.

use super::{
    UpdateError,
    way::{is_loopback, server},
};
use reqwest::{Client, header::ACCEPT_ENCODING, redirect::Policy};
use snug_client::{Address, Trust};
use std::time::Duration;
use tauri::Url;

/// How long there may be no answer, or no further byte of it.
const PATIENCE: Duration = Duration::from_secs(30);
/// A file may be elsewhere: places that give out releases send one on to where they keep files.
const MAX_HOPS: usize = 5;

/// How many bytes are news.
const NEWS: usize = 256 << 10;

/// See the [module](self).
pub(super) struct Fetch {
    client: Client,
    server: String,
}

impl Fetch {
    /// For this address.
    pub(super) fn new(address: &Url) -> Result<Self, UpdateError> {
        let server = server(address);
        let mut builder = Client::builder().connect_timeout(PATIENCE).read_timeout(PATIENCE).redirect(Policy::limited(MAX_HOPS));
        // Nothing but TLS, also where one is sent on to.
        builder = if is_loopback(address) { builder.no_proxy() } else { builder.https_only(true) };
        builder = builder.tls_backend_preconfigured(Address::parse(address.as_str(), Trust::System).and_then(|address| address.tls())?);
        let client = builder.build().map_err(|source| UpdateError::Unreachable { server: server.clone(), source })?;
        Ok(Self { client, server })
    }

    /// Fetches a file of at most `most` bytes, and tells how many of how many there are.
    pub(super) async fn get(&self, address: &Url, most: usize, told: impl Fn(u32, Option<u32>)) -> Result<Vec<u8>, UpdateError> {
        let unreachable = |source| UpdateError::Unreachable { server: self.server.clone(), source };
        let large = || UpdateError::Large { server: self.server.clone(), most };
        let mut answer = self.client.get(address.clone()).header(ACCEPT_ENCODING, "identity").send().await.map_err(unreachable)?;
        if !answer.status().is_success() {
            return Err(UpdateError::Refused { server: self.server.clone(), status: answer.status().as_u16() });
        }
        let of = answer.content_length();
        if of.is_some_and(|of| of > most as u64) {
            return Err(large());
        }
        let of = of.and_then(|of| u32::try_from(of).ok());
        let (mut body, mut next) = (Vec::new(), 0);
        loop {
            if body.len() >= next {
                told(u32::try_from(body.len()).unwrap_or(u32::MAX), of);
                next = body.len() + NEWS;
            }
            let chunk = answer.chunk().await.map_err(|source| UpdateError::BrokenOff { server: self.server.clone(), got: body.len(), source })?;
            let Some(chunk) = chunk else {
                return Ok(body);
            };
            if body.len() + chunk.len() > most {
                return Err(large());
            }
            body.extend_from_slice(&chunk);
        }
    }
}
