//! What makes no sense is refused: in our own form, with a documented status, and cheaply.

use crate::harness::{Answer, Api, Scene, TestServer, each_database};
use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use serde_json::json;
use snug_protocol::{Channel, ErrorCode, Message, limits::BODY_BYTES, rest::MessagePage};
use snug_server::http::{openapi, route};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

each_database!(
    every_route_refuses_what_is_no_body_of_its_own,
    a_body_of_the_largest_size_is_read_and_a_larger_one_is_not,
    a_huge_body_is_refused_before_it_has_come,
    a_body_is_json_whatever_it_is_called,
    numbers_out_of_range_are_refused,
    unknown_fields_are_ignored,
    control_characters_are_in_no_name,
    half_of_a_character_is_no_text,
    an_address_that_names_nothing_is_not_found,
    a_header_that_is_no_token_is_no_log_in,
);

const JSON: &str = "application/json";

/// Bodies that no route takes.
fn nonsense() -> Vec<Vec<u8>> {
    let deep = BODY_BYTES / 2;
    vec![
        b"".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"7".to_vec(),
        b"{".to_vec(),
        b"{}{}".to_vec(),
        b"\"\xff\xfe\"".to_vec(),
        b"{\"name\":\"\xc3\x28\",\"content\":\"\xc3\x28\"}".to_vec(),
        b"\xef\xbb\xbf{}x".to_vec(),
        b"\0\0\0\0".to_vec(),
        "[".repeat(deep).into_bytes(),
        format!("{}{}", "[".repeat(deep), "]".repeat(deep)).into_bytes(),
        r#"{"a":"#.repeat(deep / 5).into_bytes(),
        "1".repeat(BODY_BYTES).into_bytes(),
        vec![b'x'; BODY_BYTES + 1],
    ]
}

/// The path of a route, with names of what is there.
fn path(scene: &Scene, message: &Message, template: &str) -> String {
    template
        .replace("{space}", &scene.space.to_string())
        .replace("{channel}", &scene.general.to_string())
        .replace("{user}", &scene.ada.id.to_string())
        .replace("{role}", &scene.everyone().to_string())
        .replace("{message}", &message.id.to_string())
        .replace("{code}", &scene.invite.code)
        .replace("{session}", &scene.ada.tokens.session_id.to_string())
        .replace("{kind}", "role")
        .replace("{target}", &scene.everyone().to_string())
}

async fn every_route_refuses_what_is_no_body_of_its_own(server: TestServer) {
    let scene = server.scene().await;
    let message = scene.ada.say(scene.general, "hello").await;
    let document = openapi::document();
    let mut device = scene.ada.device().await;
    device.catch_up().await;
    let mut wrong = Vec::new();
    for route in route::all().iter().filter(|route| route.body.is_some()) {
        let responses = &document["paths"][route.path][route.method.as_str().to_lowercase()]["responses"];
        let to = path(&scene, &message, route.path);
        let picture = to.ends_with("avatar") || to.ends_with("icon");
        let bodies = nonsense().into_iter().map(|body| (if picture { "image/png" } else { JSON }, body));
        let others = [("text/plain", b"{}".to_vec()), ("", b"{}".to_vec()), ("multipart/form-data", b"{}".to_vec())];
        for (mime, body) in bodies.chain(others) {
            let start: String = String::from_utf8_lossy(&body).chars().take(20).collect();
            let answer = scene.ada.send(route.method.clone(), &to, Some((mime, body))).await;
            let documented = responses.get(answer.status.to_string()).is_some();
            if answer.refusal().is_none() || answer.status >= 500 || !documented {
                wrong.push(format!("{mime} {start:?}: {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(device.catch_up().await, [], "nothing has happened");
    device.prove(server.address()).await;
}

fn spaces(bytes: usize) -> Vec<u8> {
    let body = r#"{"content":"hello"}"#;
    format!("{body}{}", " ".repeat(bytes - body.len())).into_bytes()
}

async fn a_body_of_the_largest_size_is_read_and_a_larger_one_is_not(server: TestServer) {
    let scene = server.scene().await;
    let send = async |body: Vec<u8>| scene.ada.send(Method::POST, format!("/channels/{}/messages", scene.general), Some((JSON, body))).await;
    send(spaces(BODY_BYTES)).await.is::<Message>();
    send(spaces(BODY_BYTES + 1)).await.refused(ErrorCode::TooLarge);
    // Whoever is still sending hears of it, too.
    for _ in 0..10 {
        send(spaces(8 * 1024 * 1024)).await.refused(ErrorCode::TooLarge);
    }
}

/// The status of a raw request's answer.
async fn raw(server: &TestServer, request: &[u8]) -> String {
    let mut tcp = TcpStream::connect(server.address()).await.expect("the server listens");
    let _ = tcp.write_all(request).await;
    let mut answer = [0; 4_096];
    let length = timeout(Duration::from_secs(10), tcp.read(&mut answer)).await.expect("an answer").unwrap_or(0);
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

async fn a_huge_body_is_refused_before_it_has_come(server: TestServer) {
    let scene = server.scene().await;
    let head = |token: &str, length: &str| {
        let path = format!("/api/v1/channels/{}/messages", scene.general);
        format!("POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {JSON}\r\n{length}\r\n\r\n")
    };
    let token = &scene.ada.tokens.access_token;
    let started = Instant::now();
    let some = "x".repeat(BODY_BYTES + 1);
    let announced = raw(&server, format!("{}{some}", head(token, "Content-Length: 1000000000000")).as_bytes()).await;
    assert!(announced.starts_with("HTTP/1.1 413") && announced.contains("too_large"), "{announced}");
    let chunked = format!("{}{:x}\r\n{some}\r\n", head(token, "Transfer-Encoding: chunked"), some.len());
    let answer = raw(&server, chunked.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // Whoever is not known need not send anything.
    let answer = raw(&server, head("wrong", "Content-Length: 1000000000000").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    // What is no HTTP at all.
    for request in [&b"\0\0\0\0\r\n\r\n"[..], b"GET / HTTP/9.9\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let answer = raw(&server, request).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    let long = format!("GET /api/v1/server HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(1_000_000));
    let answer = raw(&server, long.as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    scene.ada.say(scene.general, "all is well").await;
}

async fn a_body_is_json_whatever_it_is_called(server: TestServer) {
    let scene = server.scene().await;
    let send = async |mime: &str| {
        let body = Some((mime, br#"{"content":"hello"}"#.to_vec()));
        scene.ada.send(Method::POST, format!("/channels/{}/messages", scene.general), body).await
    };
    for mime in ["application/json", "APPLICATION/JSON", "application/json; charset=utf-8", "application/json;x"] {
        send(mime).await.is::<Message>();
    }
    for mime in ["", "text/plain", "text/json", "application/jsonx", "application/json, text/plain", "application/x-www-form-urlencoded"] {
        send(mime).await.refused(ErrorCode::UnsupportedType);
    }
}

async fn numbers_out_of_range_are_refused(server: TestServer) {
    let scene = server.scene().await;
    let raw = async |path: String, method: Method, body: String| -> Answer { scene.ada.send(method, path, Some((JSON, body.into_bytes()))).await };
    for number in ["-1", "1.5", "1e400", "-1e400", "4294967296", "18446744073709551616", "1e3", "\"5\"", "0x10", "NaN", "Infinity", "01"] {
        let body = format!(r#"{{"slow_mode_s":{number}}}"#);
        raw(format!("/channels/{}", scene.general), Method::PATCH, body).await.refused(ErrorCode::Invalid);
        let body = format!(r#"{{"max_age_s":{number}}}"#);
        raw(format!("/spaces/{}/invites", scene.space), Method::POST, body).await.refused(ErrorCode::Invalid);
        let body = format!(r#"{{"delete_message_s":{number}}}"#);
        raw(format!("/spaces/{}/bans/{}", scene.space, scene.invite.creator_id), Method::PUT, body).await.refused(ErrorCode::Invalid);
    }
    for id in ["1", "-1", "\"0\"", "\"-1\"", "\"01\"", "\"1 \"", "\"9223372036854775808\"", "\"99999999999999999999999\"", "1e3", "{}"] {
        let body = format!(r#"{{"message_id":{id}}}"#);
        raw(format!("/channels/{}/read", scene.general), Method::PUT, body).await.refused(ErrorCode::Invalid);
    }
}

async fn unknown_fields_are_ignored(server: TestServer) {
    let scene = server.scene().await;
    let body = json!({ "content": "hello", "from_the_future": { "deep": [1, 2, 3] }, "author_id": "7", "id": "7" });
    let message: Message = scene.ada.post(format!("/channels/{}/messages", scene.general), body).await.is();
    assert_eq!(message.author_id, scene.ada.id);
    let changed: Channel = scene.ada.patch(format!("/channels/{}", scene.general), json!({ "parent_id": "7", "position": 7 })).await.is();
    assert_eq!((changed.parent_id, changed.position), (None, 0));
    let twice = br#"{"content":"a","content":"b"}"#.to_vec();
    let answer = scene.ada.send(Method::POST, format!("/channels/{}/messages", scene.general), Some((JSON, twice))).await;
    answer.refused(ErrorCode::Invalid);
    scene.ada.get("/admin/users?from_the_future=1").await.is::<snug_protocol::rest::AdminUsers>();
}

async fn control_characters_are_in_no_name(server: TestServer) {
    let scene = server.scene().await;
    let space = format!("/spaces/{}", scene.space);
    for bad in ["a\u{0}b", "a\u{7}b", "a\u{1b}[31mb", "a\u{7f}b", "a\u{85}b", "a\nb", "a\u{202e}b", "a\u{2028}b"] {
        for answer in [
            scene.ada.patch("/users/me", json!({ "display_name": bad })).await,
            scene.ada.patch("/users/me", json!({ "status_text": bad })).await,
            scene.ada.post("/spaces", json!({ "name": bad })).await,
            scene.ada.patch(&space, json!({ "name": bad })).await,
            scene.ada.post(format!("{space}/channels"), json!({ "kind": "text", "name": bad })).await,
            scene.ada.patch(format!("/channels/{}", scene.general), json!({ "name": bad })).await,
            scene.ada.post(format!("{space}/roles"), json!({ "name": bad })).await,
            scene.ada.patch(format!("{space}/members/{}", scene.ada.id), json!({ "nickname": bad })).await,
            scene.ada.patch("/admin/settings", json!({ "name": bad })).await,
        ] {
            answer.refused(ErrorCode::Invalid);
        }
    }
    // Texts of several lines take line breaks, but nothing that is not text.
    for (path, field) in [("/users/me".to_owned(), "bio"), (space, "description"), (format!("/channels/{}", scene.general), "topic")] {
        scene.ada.patch(&path, json!({ field: "two\nlines" })).await.is::<serde_json::Value>();
        for bad in ["a\u{0}b", "a\u{1b}b"] {
            scene.ada.patch(&path, json!({ field: bad })).await.refused(ErrorCode::Invalid);
        }
    }
    // A search is no pattern.
    for q in ["%00", "%25", "_", "'", "%5C", "%F0%9F%A6%80"] {
        assert_eq!(scene.ada.get(format!("/admin/users?q={q}")).await.is::<snug_protocol::rest::AdminUsers>().total, 0, "{q}");
    }
}

async fn half_of_a_character_is_no_text(server: TestServer) {
    let scene = server.scene().await;
    let send = async |field: &str, value: &[u8]| {
        let body = [b"{\"content\":\"hello\",\"", field.as_bytes(), b"\":\"", value, b"\"}"].concat();
        scene.ada.send(Method::POST, format!("/channels/{}/messages", scene.general), Some((JSON, body))).await
    };
    for half in [&b"\\ud800"[..], b"\\udc00", b"\\ud83e\\ud83e", b"\xc3\x28", b"\xed\xa0\x80", b"\xff"] {
        send("nonce", half).await.refused(ErrorCode::Invalid);
    }
    // What is not known is not read, but JSON is UTF-8 throughout.
    send("from_the_future", b"\\ud800").await.is::<Message>();
    send("from_the_future", b"\xff").await.refused(ErrorCode::Invalid);
}

async fn an_address_that_names_nothing_is_not_found(server: TestServer) {
    let scene = server.scene().await;
    let long = "9".repeat(4_000);
    for id in ["0", "-1", "+1", "01", "1.0", "9223372036854775808", "x", "%00", "%20", "%E2%80%AE", "null", "1%2F2", &long] {
        scene.ada.get(format!("/spaces/{id}")).await.refused(ErrorCode::NotFound);
        scene.ada.get(format!("/channels/{id}/messages")).await.refused(ErrorCode::NotFound);
        scene.ada.delete(format!("/channels/{}/messages/{id}", scene.general)).await.refused(ErrorCode::NotFound);
        scene.ada.delete(format!("/channels/{}/overwrites/role/{id}", scene.general)).await.refused(ErrorCode::NotFound);
        scene.ada.get(format!("/users/{id}")).await.refused(ErrorCode::NotFound);
    }
    // Bytes that are no text.
    let answer = scene.ada.get("/spaces/%ff%fe").await;
    assert!(matches!(answer.refusal().unwrap().code, ErrorCode::NotFound | ErrorCode::Invalid), "{answer}");
    scene
        .ada
        .put(format!("/channels/{}/overwrites/person/7", scene.general), json!({ "allow": "0", "deny": "0" }))
        .await
        .refused(ErrorCode::NotFound);
    for nowhere in ["/", "/nowhere", "/spaces/", "/spaces//bans", "/users/me/", "/../admin", "/v2/server"] {
        scene.ada.get(nowhere).await.refused(ErrorCode::NotFound);
    }
    for (method, path) in [(Method::PATCH, "/server"), (Method::GET, "/auth/login"), (Method::TRACE, "/server"), (Method::POST, "/users/me")] {
        scene.ada.send(method, path, None).await.refused(ErrorCode::MethodNotAllowed);
    }
    scene.ada.get(format!("/channels/{}/messages", scene.general)).await.is::<MessagePage>();
}

async fn a_header_that_is_no_token_is_no_log_in(server: TestServer) {
    let scene = server.scene().await;
    let token = &scene.ada.tokens.access_token;
    let ask = async |value: &[u8]| {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_bytes(value).expect("a header may hold it"))]);
        Api::new(server.address(), None).ask(Method::GET, "/users/me", None, headers).await.expect("an answer")
    };
    let forged = format!("Bearer {}{}", if token.starts_with('B') { 'C' } else { 'B' }, &token[1..]);
    let cut = format!("Bearer {}", &token[..token.len() - 1]);
    let basic = format!("Basic {token}");
    for value in
        [&b""[..], b"Bearer", b"Bearer ", b"Bearer \xff\xfe", b"Bearer ====", token.as_bytes(), forged.as_bytes(), cut.as_bytes(), basic.as_bytes()]
    {
        let answer = ask(value).await;
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        answer.refused(ErrorCode::Unauthorized);
    }
    ask(format!("bearer  {token}").as_bytes()).await.is::<snug_protocol::Account>();
}
