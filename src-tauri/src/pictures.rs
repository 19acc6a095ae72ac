//! Pictures of a server, as the window shows them: `picture://localhost/SERVER/HASH`.

use crate::servers::{Ask, EntryId, Servers};
use std::sync::Arc;
use tauri::{
    Manager, Runtime, UriSchemeContext, UriSchemeResponder,
    http::{
        Method, Request, Response, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS},
    },
};

/// The scheme.
pub(crate) const SCHEME: &str = "picture";

/// What a server's pictures may be.
const KINDS: [&str; 4] = ["image/webp", "image/png", "image/jpeg", "image/gif"];

/// Fetches one. They are named by what is in them, so they never change.
pub(crate) fn answer<R: Runtime>(context: UriSchemeContext<'_, R>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let servers = context.app_handle().state::<Arc<Servers>>().inner().clone();
    tauri::async_runtime::spawn(async move {
        let (status, kind, body) = match parts(request.uri().path()) {
            Some((id, hash)) if request.method() == Method::GET => fetch(&servers, &id, hash).await,
            _ => (StatusCode::NOT_FOUND, None, Vec::new()),
        };
        let mut answer = Response::new(body);
        *answer.status_mut() = status;
        answer.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(kind) = kind {
            answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("max-age=31536000, immutable"));
        }
        responder.respond(answer);
    });
}

async fn fetch(servers: &Servers, id: &EntryId, hash: &str) -> (StatusCode, Option<&'static str>, Vec<u8>) {
    let ask = Ask { method: Method::GET, path: format!("/api/v1/images/{hash}"), token: None, body: None };
    match servers.ask(id, ask).await {
        Ok(answer) if answer.status.is_success() => match KINDS.into_iter().find(|kind| *kind == answer.kind) {
            Some(kind) => (StatusCode::OK, Some(kind), answer.body),
            None => (StatusCode::BAD_GATEWAY, None, Vec::new()),
        },
        Ok(answer) => (answer.status, None, Vec::new()),
        Err(error) => {
            tracing::debug!(error = &error as &dyn std::error::Error, "a picture did not come");
            (StatusCode::BAD_GATEWAY, None, Vec::new())
        }
    }
}

/// Which server, and which picture.
fn parts(path: &str) -> Option<(EntryId, &str)> {
    let (id, hash) = path.strip_prefix('/')?.split_once('/')?;
    let plain = !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    Some((EntryId::parse(id)?, hash)).filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_picture_is_named_by_server_and_hash() {
        let (id, hash) = parts("/0123456789abcdef/aB-_9").unwrap();
        assert_eq!((id.as_str(), hash), ("0123456789abcdef", "aB-_9"));
        for wrong in [
            "",
            "/",
            "/0123456789abcdef",
            "/0123456789abcdef/",
            "/x/abc",
            "/0123456789abcdef/../server",
            "/0123456789ABCDEF/abc",
            "/0123456789abcdef/a?b",
        ] {
            assert!(parts(wrong).is_none(), "{wrong}");
        }
    }
}
