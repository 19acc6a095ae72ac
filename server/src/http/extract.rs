//! Bodies, paths and queries: axum's extractors, refusing in our own words.

use crate::error::Refusal;
use axum::{
    body::HttpBody as _,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt as _;
use serde::{Serialize, de::DeserializeOwned};
use snug_protocol::{ErrorCode, limits};

/// A JSON body, in a request or an answer.
pub struct Json<T>(pub T);

/// The answer 201.
pub struct Created<T>(pub T);

/// The answer 204.
pub struct Done;

/// The parameters of a path.
pub struct Path<T>(pub T);

/// The parameters of a query.
pub struct Query<T>(pub T);

/// The largest body of a route, in bytes. Goes with the request.
#[derive(Clone, Copy)]
pub struct Largest(pub usize);

/// The bytes of a body, with the type the client says they have.
pub struct Raw {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// `Content-Type`, without parameters.
    pub mime: String,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let mime = mime(request.headers());
        if mime != "application/json" {
            return Err(Refusal::new(ErrorCode::UnsupportedType, "The body must be JSON.").hint("Send the header “Content-Type: application/json”."));
        }
        let bytes = whole(request).await?;
        // serde_json would not look at the bytes of fields that it does not know.
        let text = str::from_utf8(&bytes).map_err(|_| Refusal::new(ErrorCode::Invalid, "The body must be JSON, which is UTF-8."))?;
        // It stops at a depth of 128.
        serde_json::from_str(text).map(Json).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            Refusal::new(ErrorCode::Invalid, format!("The body is not what this route expects: {} ({place}).", shorten(what)))
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let mime = mime(request.headers());
        Ok(Self { bytes: whole(request).await?, mime })
    }
}

fn mime(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The bytes of a body that is not too large.
async fn whole(request: Request) -> Result<Vec<u8>, Refusal> {
    let largest = request.extensions().get().map_or(limits::BODY_BYTES, |Largest(bytes)| *bytes);
    let too_large = || Refusal::new(ErrorCode::TooLarge, format!("The body is too large: {largest} bytes are allowed."));
    let body = request.into_body();
    // What is announced as too large is not waited for.
    if body.size_hint().lower() > largest as u64 {
        return Err(too_large());
    }
    let (mut parts, mut bytes) = (body.into_data_stream(), Vec::new());
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Refusal::new(ErrorCode::Invalid, "The body could not be read."))?;
        if bytes.len() + part.len() > largest {
            return Err(too_large());
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

fn shorten(text: &str) -> String {
    // What serde cites of the input may be long, and is the sender's own.
    text.chars().filter(|c| !c.is_control()).take(160).collect()
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        // What is no identifier names nothing.
        path.map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Refusal::new(ErrorCode::NotFound, "The address names nothing that could be there."))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| Refusal::new(ErrorCode::Invalid, format!("The query is not what this route expects: {}.", shorten(&error.body_text()))))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (axum::http::StatusCode::CREATED, axum::Json(self.0)).into_response()
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        axum::http::StatusCode::NO_CONTENT.into_response()
    }
}
