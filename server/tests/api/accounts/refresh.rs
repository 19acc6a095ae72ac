//! Refreshing: each token is good once.

use crate::harness::{Answer, Api, TestServer, each_database};
use futures_util::future::join_all;
use reqwest::{
    Method,
    header::{COOKIE, HeaderMap, SET_COOKIE},
};
use serde_json::json;
use snug_protocol::{ErrorCode, gateway::close, rest::*};
use std::time::{Duration, Instant};

each_database!(
    an_attempt_whose_answer_was_lost_can_be_repeated,
    a_token_that_is_used_twice_ends_the_log_in,
    attempts_at_the_same_time_do_not_end_the_log_in,
    a_cookie_keeps_the_token_from_scripts,
    what_is_no_token_of_ours_refreshes_nothing,
);

async fn refresh(anyone: &Api, token: &str, attempt: &str) -> Answer {
    anyone.post("/auth/refresh", json!({ "refresh_token": token, "attempt": attempt })).await
}

fn token(entry: LoggedIn) -> String {
    entry.tokens.refresh_token.expect("there is no cookie")
}

async fn an_attempt_whose_answer_was_lost_can_be_repeated(server: TestServer) {
    let (scene, anyone) = (server.scene().await, server.anyone());
    let first = scene.ada.tokens.refresh_token.clone().expect("a token");
    let second = token(refresh(&anyone, &first, "attempt-1").await.is());
    assert_ne!(second, first);
    assert_eq!(token(refresh(&anyone, &first, "attempt-1").await.is()), second, "the same attempt gets the same answer");
    let third = token(refresh(&anyone, &second, "attempt-2").await.is());
    let entry: LoggedIn = refresh(&anyone, &third, "attempt-3").await.is();
    assert_eq!(entry.tokens.session_id, scene.ada.tokens.session_id, "one log-in all along");
    Api::new(server.address(), Some(entry.tokens.access_token)).get("/users/me").await.is::<snug_protocol::Account>();
}

async fn a_token_that_is_used_twice_ends_the_log_in(server: TestServer) {
    let (scene, anyone) = (server.scene().await, server.anyone());
    let elsewhere = scene.ada.log_in_again().await;
    let mut device = scene.ada.device().await;
    let first = scene.ada.tokens.refresh_token.clone().expect("a token");
    let second = token(refresh(&anyone, &first, "attempt-1").await.is());
    refresh(&anyone, &first, "attempt-2").await.refused(ErrorCode::SessionEnded);
    let ended = Instant::now();
    assert_eq!(device.socket.closed().await, close::REVOKED);
    assert!(ended.elapsed() < Duration::from_secs(1));
    refresh(&anyone, &second, "attempt-3").await.refused(ErrorCode::SessionEnded);
    scene.ada.get("/users/me").await.refused(ErrorCode::SessionEnded);
    elsewhere.get("/users/me").await.is::<snug_protocol::Account>();
}

async fn attempts_at_the_same_time_do_not_end_the_log_in(server: TestServer) {
    let (scene, anyone) = (server.scene().await, server.anyone());
    let first = scene.ada.tokens.refresh_token.clone().expect("a token");
    let answers = join_all((0..4).map(|_| refresh(&anyone, &first, "one attempt"))).await;
    let tokens: Vec<_> = answers.into_iter().map(|answer| token(answer.is())).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
}

async fn a_cookie_keeps_the_token_from_scripts(server: TestServer) {
    let (_scene, anyone) = (server.scene().await, server.anyone());
    let answer = anyone.post("/auth/login", json!({ "username": "ada", "password": crate::harness::PASSWORD, "cookie": true })).await;
    let cookie = |answer: &Answer| answer.headers[SET_COOKIE].to_str().expect("text").to_owned();
    let first = cookie(&answer);
    assert!(first.contains("; HttpOnly; SameSite=Strict; Path=/api/v1/auth;"), "{first}");
    assert_eq!(answer.is::<LoggedIn>().tokens.refresh_token, None);

    let ask = async |cookie: &str| {
        let headers = HeaderMap::from_iter([(COOKIE, cookie.split(';').next().expect("a cookie").parse().expect("text"))]);
        let body = Some(("application/json", br#"{"attempt":"attempt-1"}"#.to_vec()));
        anyone.ask(Method::POST, "/auth/refresh", body, headers).await.expect("an answer")
    };
    let answer = ask(&first).await;
    let second = cookie(&answer);
    assert_ne!(second.split(';').next(), first.split(';').next());
    assert_eq!(answer.is::<LoggedIn>().tokens.refresh_token, None);
    ask(&second).await.is::<LoggedIn>();
    // The first one is worth nothing any more, and the browser is told to forget it.
    let answer = ask(&first).await;
    assert!(cookie(&answer).starts_with("snug_refresh=;"), "{}", cookie(&answer));
    answer.refused(ErrorCode::SessionEnded);
}

async fn what_is_no_token_of_ours_refreshes_nothing(server: TestServer) {
    let (scene, anyone) = (server.scene().await, server.anyone());
    let good = scene.ada.tokens.refresh_token.clone().expect("a token");
    let forged = format!("{}{}", if good.starts_with('A') { 'B' } else { 'A' }, &good[1..]);
    for token in ["", "x", "ä", &forged, &scene.ada.tokens.access_token] {
        refresh(&anyone, token, "attempt-1").await.refused(ErrorCode::SessionEnded);
    }
    for attempt in ["short", &"x".repeat(65)] {
        assert_eq!(refresh(&anyone, &good, attempt).await.refused(ErrorCode::Invalid).field.as_deref(), Some("attempt"));
    }
    anyone.post("/auth/refresh", json!({ "attempt": "attempt-1" })).await.refused(ErrorCode::SessionEnded);
    refresh(&anyone, &good, "attempt-1").await.is::<LoggedIn>();
}
