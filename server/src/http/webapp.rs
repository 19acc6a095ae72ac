//! The web app inside the program: files compressed at build time, served as they are.

use super::App;
use crate::error::Refusal;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use snug_protocol::ErrorCode;
use std::sync::Arc;

/// A file of the web app.
struct File {
    /// Its path, with a slash in front.
    path: &'static str,
    mime: &'static str,
    /// Whether its name changes with its content.
    immutable: bool,
    etag: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/webapp.rs"));

/// A file, or the page itself: the app finds its way by the address.
pub async fn serve(State(_): State<Arc<App>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Refusal::new(ErrorCode::MethodNotAllowed, "Pages can only be read.").into_response();
    }
    let path = uri.path();
    let named = FILES.iter().find(|file| file.path == path);
    let looks_like_a_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    match named.or_else(|| FILES.iter().find(|file| file.path == "/index.html" && !looks_like_a_file)) {
        Some(file) => answer(file, &headers),
        None if FILES.is_empty() => {
            (StatusCode::NOT_FOUND, "This server was built without the web app. Build it with scripts/run.\n").into_response()
        }
        None => (StatusCode::NOT_FOUND, "There is no such file.\n").into_response(),
    }
}

fn answer(file: &File, headers: &HeaderMap) -> Response {
    let cache = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let accepts =
        |name| headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok()).any(|v| v.split(',').any(|e| coding(e) == Some(name)));
    let (body, encoding) = match () {
        () if !file.brotli.is_empty() && accepts("br") => (file.brotli, Some("br")),
        () if !file.gzip.is_empty() && accepts("gzip") => (file.gzip, Some("gzip")),
        () => (file.plain, None),
    };
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .any(|v| v.split(',').any(|tag| tag.trim().trim_start_matches("W/") == file.etag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.mime));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::ETAG, HeaderValue::from_static(file.etag));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding.filter(|_| !known) {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The coding that an element of `Accept-Encoding` accepts.
fn coding(element: &str) -> Option<&str> {
    let mut parts = element.split(';').map(str::trim);
    let name = parts.next()?;
    let refused = parts.any(|p| p.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32)));
    (!refused).then_some(name)
}
