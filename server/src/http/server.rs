//! The listener, and what every answer carries.

use super::{App, linger::linger, openapi, route, webapp};
use crate::{error::Refusal, gateway::socket};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use snug_protocol::ErrorCode;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, sync::watch, time::timeout};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Only what the page itself needs: no foreign scripts, frames or forms.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self'; \
    connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Serves until `stopped` says so.
pub async fn run(listener: TcpListener, app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    use axum::serve::ListenerExt as _;
    // Small frames go out at once.
    let listener = listener.tap_io(|stream| _ = stream.set_nodelay(true));
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    });
    if let Err(error) = served.await {
        tracing::error!(%error, "the listener broke");
    }
}

/// All that the server answers.
pub fn router(app: Arc<App>) -> Router {
    let api = route::router(&app)
        .route("/openapi.json", get(openapi::serve))
        .fallback(no_route)
        .method_not_allowed_fallback(|| async { Refusal::new(ErrorCode::MethodNotAllowed, "The route does not take this method.") })
        .layer(CompressionLayer::new().no_br().no_deflate().no_zstd());
    Router::new()
        // Whatever else is asked for there is not answered with the web app's page.
        .nest("/api", Router::new().nest("/v1", api).fallback(no_route))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .layer(middleware::from_fn(patient))
        .route("/ws", get(socket::upgrade))
        .fallback(webapp::serve)
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Refusal::bug("a handler panicked").into_response()))
        .layer(middleware::from_fn(linger))
        .layer(middleware::from_fn_with_state(app.clone(), dress))
        .with_state(app)
}

async fn patient(request: Request, next: Next) -> Response {
    let late = |_| Refusal::new(ErrorCode::Unavailable, "The request took too long.").hint("Try again.").into_response();
    timeout(PATIENCE, next.run(request)).await.unwrap_or_else(late)
}

async fn no_route() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "There is no such route.").hint("GET /api/v1/openapi.json lists them all.")
}

/// What every answer carries, and what is counted of it.
async fn dress(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    // A client may make up methods: these are counted together.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(self), display-capture=(self), geolocation=()");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if api {
        set(header::CACHE_CONTROL, "no-store");
    }
    let class = format!("{}xx", response.status().as_u16() / 100);
    app.metrics.requests.get_or_create(&[("method", method), ("status", class)]).inc();
    app.metrics.request_seconds.observe(started.elapsed().as_secs_f64());
    response
}

/// Whether the server can do its work: the database answers.
async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.store.read(crate::store::ping).await {
        Ok(()) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], app.metrics.text()).into_response()
}
