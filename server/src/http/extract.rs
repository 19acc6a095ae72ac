//! Bodies, paths and queries: axum's extractors, refusing in our own words.

use crate::error::Refusal;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use snug_protocol::ErrorCode;

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

/// The bytes of a body, with the type the client says they have.
pub struct Raw {
    /// The bytes.
    pub bytes: Bytes,
    /// `Content-Type`, without parameters.
    pub mime: String,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let mime = mime(request.headers());
        if mime != "application/json" {
            return Err(Refusal::new(ErrorCode::UnsupportedType, "The body must be JSON.").hint("Send the header “Content-Type: application/json”."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(too_large)?;
        // serde_json stops at a depth of 128.
        serde_json::from_slice(&bytes).map(Json).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            Refusal::new(ErrorCode::Invalid, format!("The body is not what this route expects: {} ({place}).", shorten(what)))
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let mime = mime(request.headers());
        Ok(Self { bytes: Bytes::from_request(request, state).await.map_err(too_large)?, mime })
    }
}

fn mime(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn too_large(rejection: BytesRejection) -> Refusal {
    match rejection.status().as_u16() {
        413 => Refusal::new(ErrorCode::TooLarge, "The body is too large."),
        _ => Refusal::new(ErrorCode::Invalid, "The body could not be read."),
    }
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
