//! What bad input costs is bounded: counted, not timed.

use crate::harness::{Scene, TestServer, each_database};
use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode},
};
use futures_util::stream;
use reqwest::Method;
use serde_json::json;
use snug_protocol::{
    ErrorCode, Message,
    limits::{BODY_BYTES, PASSWORD, PICTURE_BYTES},
};
use snug_server::http::{
    linger::LINGER_BYTES,
    route::{self, Content},
    server::router,
};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tower::ServiceExt as _;

each_database!(
    of_an_endless_body_no_more_is_held_than_may_be_sent,
    of_a_body_that_is_not_wanted_nothing_is_held,
    whoever_sends_without_end_is_cut_off,
    no_password_is_hashed_that_nobody_can_have,
    nesting_is_not_followed_down,
);

const CHUNK: usize = 16 * 1024;

/// A part of a body, counted as long as somebody holds it.
struct Chunk(Arc<Count>);

#[derive(Default)]
struct Count {
    now: AtomicUsize,
    most: AtomicUsize,
    taken: AtomicUsize,
}

impl Chunk {
    fn new(count: &Arc<Count>) -> Self {
        let now = count.now.fetch_add(1, SeqCst) + 1;
        count.most.fetch_max(now, SeqCst);
        count.taken.fetch_add(1, SeqCst);
        Self(count.clone())
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, SeqCst);
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        &[b'['; CHUNK]
    }
}

/// A body that never ends.
fn endless(count: &Arc<Count>) -> Body {
    let count = count.clone();
    Body::from_stream(stream::unfold(count, async |count| Some((Ok::<_, Infallible>(Bytes::from_owner(Chunk::new(&count))), count))))
}

/// Sends an endless body to a route: the answer's status, and how many chunks were held at most.
async fn feed(server: &TestServer, method: &Method, path: &str, mime: &str, token: &str) -> (StatusCode, usize) {
    let count = Arc::new(Count::default());
    let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    let request = request.header("authorization", format!("Bearer {token}")).header("content-type", mime);
    let request = request.body(endless(&count)).expect("a request");
    let answer = router(server.app().clone()).oneshot(request).await.expect("every request is answered");
    // What is thrown away ends by itself.
    timeout(Duration::from_secs(20), async {
        while Arc::strong_count(&count) > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("somebody lets go of the body");
    let taken = count.taken.load(SeqCst) * CHUNK;
    assert!(taken <= PICTURE_BYTES + LINGER_BYTES + 2 * CHUNK, "{method} {path}: {taken} bytes were read");
    (answer.status(), count.most.load(SeqCst))
}

/// A path that leads to a route.
fn path(scene: &Scene, template: &str) -> String {
    let ids = [("{space}", scene.space.to_string()), ("{channel}", scene.general.to_string()), ("{kind}", "role".into())];
    let known = ids.iter().fold(template.to_owned(), |path, (name, id)| path.replace(name, id));
    ["{user}", "{role}", "{message}", "{target}"].iter().fold(known, |path, name| path.replace(name, &scene.ada.id.to_string()))
}

async fn of_an_endless_body_no_more_is_held_than_may_be_sent(server: TestServer) {
    let scene = server.scene().await;
    for route in route::all() {
        let (mime, most) = match route.body {
            None => continue,
            Some(Content::Json(_)) => ("application/json", BODY_BYTES),
            Some(Content::Picture) => ("image/png", PICTURE_BYTES),
        };
        let (status, held) = feed(&server, &route.method, &path(&scene, route.path), mime, &scene.ada.tokens.access_token).await;
        assert_eq!(status, 413, "{} {}", route.method, route.path);
        assert!(held <= most / CHUNK + 1, "{} {}: {held} chunks were held", route.method, route.path);
    }
}

async fn of_a_body_that_is_not_wanted_nothing_is_held(server: TestServer) {
    let scene = server.scene().await;
    let token = &scene.ada.tokens.access_token;
    let messages = format!("/channels/{}/messages", scene.general);
    for (method, path, mime, token, expected) in [
        (Method::POST, &*messages, "application/json", "wrong", 401),
        (Method::POST, &messages, "text/plain", token, 415),
        (Method::POST, &messages, "", token, 415),
        (Method::PATCH, &messages, "application/json", token, 405),
        (Method::POST, "/nowhere", "application/json", token, 404),
        (Method::GET, "/users/me", "application/json", token, 200),
    ] {
        let (status, held) = feed(&server, &method, path, mime, token).await;
        assert_eq!(status, expected, "{method} {path} {mime}");
        assert!(held <= 1, "{method} {path} {mime}: {held} chunks were held");
    }
}

async fn whoever_sends_without_end_is_cut_off(server: TestServer) {
    let mut tcp = TcpStream::connect(server.address()).await.expect("the server listens");
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000000\r\n\r\n";
    tcp.write_all(head.as_bytes()).await.expect("the server reads");
    // The answer is there before any of the body.
    let mut answer = [0; 12];
    tcp.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 413");
    let mut sent = 0;
    while let Ok(bytes) = tcp.write(&[b'['; CHUNK]).await {
        sent += bytes;
        // Both systems keep a few MiB on the way.
        assert!(sent < LINGER_BYTES + 32 * 1024 * 1024, "it is still read after {sent} bytes");
    }
}

async fn no_password_is_hashed_that_nobody_can_have(server: TestServer) {
    let scene = server.scene().await;
    let cleo = scene.join("cleo").await;
    let hashes = || server.app().metrics.password_hashes.get();
    let before = hashes();
    let long = "x".repeat(PASSWORD.end() + 1);
    let most = "x".repeat(BODY_BYTES - 200);
    let nested = format!(r#"{{"username":"ada","password":{}}}"#, "[".repeat(BODY_BYTES / 2));
    for password in [&long, &most] {
        let anyone = server.anyone();
        anyone.post("/auth/login", json!({ "username": "ada", "password": password })).await.refused(ErrorCode::WrongPassword);
        anyone.post("/auth/register", json!({ "username": "bert", "password": password })).await.refused(ErrorCode::Invalid);
        scene.ada.post("/users/me/password", json!({ "current": password, "new": "battery staple" })).await.refused(ErrorCode::WrongPassword);
        scene.ada.post("/users/me/password", json!({ "current": "correct horse", "new": password })).await.refused(ErrorCode::Invalid);
        cleo.post("/users/me/delete", json!({ "password": password })).await.refused(ErrorCode::WrongPassword);
    }
    for (body, code) in [
        (nested.into_bytes(), ErrorCode::Invalid),
        (b"{\"username\":\"ada\",\"password\":\"correct \xff\"}".to_vec(), ErrorCode::Invalid),
        (br#"{"username":"ada","password":"correct \ud800"}"#.to_vec(), ErrorCode::Invalid),
        (vec![b' '; BODY_BYTES + 1], ErrorCode::TooLarge),
    ] {
        for path in ["/auth/login", "/auth/register", "/users/me/password", "/users/me/delete"] {
            scene.ada.send(Method::POST, path, Some(("application/json", body.clone()))).await.refused(code);
        }
    }
    assert_eq!(hashes(), before);
    scene.ada.log_in_again().await;
    assert_eq!(hashes(), before + 1, "they are counted");
}

/// A body's reader says where it gave up.
async fn nesting_is_not_followed_down(server: TestServer) {
    let scene = server.scene().await;
    let send = async |body: String| {
        let path = format!("/channels/{}/messages", scene.general);
        scene.ada.send(Method::POST, path, Some(("application/json", body.into_bytes()))).await
    };
    let deep = BODY_BYTES / 4;
    for (open, close) in [("[", "]"), (r#"{"content":"#, "}")] {
        let repeats = deep / open.len();
        let nested = format!("{}0{}", open.repeat(repeats), close.repeat(repeats));
        for body in [nested.clone(), open.repeat(repeats), format!(r#"{{"content":{nested}}}"#)] {
            let message = send(body).await.refused(ErrorCode::Invalid).message;
            let (_, column) = message.trim_end_matches(").").rsplit_once(' ').expect("it says where");
            assert!(column.parse::<usize>().expect("a number") < 200, "{message}");
        }
        // What is not known is skipped, however deep.
        send(format!(r#"{{"content":"hello","from_the_future":{nested}}}"#)).await.is::<Message>();
    }
}
