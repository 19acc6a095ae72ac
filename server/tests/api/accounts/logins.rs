//! Logging in, and how log-ins end.

use crate::harness::{PASSWORD, Person, Scene, TestServer, each_database};
use serde_json::json;
use snug_protocol::{ErrorCode, gateway::close, rest::*};
use std::time::{Duration, Instant};

each_database!(
    a_wrong_name_and_a_wrong_password_look_the_same,
    an_unknown_name_takes_as_long_as_a_known_one,
    log_ins_are_listed_and_one_can_be_ended,
    logging_out_ends_the_log_in_that_asks,
    a_new_password_ends_the_other_log_ins,
    whoever_is_suspended_is_out_at_once,
    a_password_reset_from_the_command_line_ends_every_log_in,
    a_log_in_that_nobody_used_for_a_month_is_over,
);

/// What was revoked must be over within this.
const AT_ONCE: Duration = Duration::from_secs(1);

async fn a_wrong_name_and_a_wrong_password_look_the_same(server: TestServer) {
    server.scene().await;
    let log_in = |name: &str, password: &str| {
        let (anyone, body) = (server.anyone(), json!({ "username": name, "password": password }));
        async move { anyone.post("/auth/login", body).await.refused(ErrorCode::WrongPassword) }
    };
    let wrong = log_in("ada", "incorrect horse").await;
    assert_eq!(log_in("nobody", PASSWORD).await, wrong);
    assert_eq!(log_in("no\u{0}body", PASSWORD).await, wrong);
    assert_eq!(log_in("", "").await, wrong);
}

async fn an_unknown_name_takes_as_long_as_a_known_one(server: TestServer) {
    server.scene().await;
    let anyone = server.anyone();
    // The best of some tries each, for other programs want the processor, too.
    let mut best = [Duration::MAX; 2];
    for round in 1.. {
        for (name, best) in ["ada", "bert"].iter().zip(&mut best) {
            let started = Instant::now();
            anyone.post("/auth/login", json!({ "username": name, "password": "incorrect horse" })).await.refused(ErrorCode::WrongPassword);
            *best = started.elapsed().min(*best);
        }
        let ratio = best[0].as_secs_f64() / best[1].as_secs_f64();
        if round >= 4 && (0.7..1.4).contains(&ratio) {
            return;
        }
        assert!(round < 40, "known: {:?}, unknown: {:?}", best[0], best[1]);
    }
}

async fn log_ins_are_listed_and_one_can_be_ended(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let tablet = bert.log_in_again().await;
    let mut device = tablet.device().await;
    let sessions: Vec<Session> = bert.get("/users/me/sessions").await.is();
    let known = |session: &Session| (session.id, session.current, session.connected);
    assert_eq!(sessions.iter().map(known).collect::<Vec<_>>(), [(tablet.tokens.session_id, false, true), (bert.tokens.session_id, true, false)]);

    scene.ada.delete(format!("/users/me/sessions/{}", tablet.tokens.session_id)).await.refused(ErrorCode::NotFound);
    bert.delete(format!("/users/me/sessions/{}", tablet.tokens.session_id)).await.done();
    let ended = Instant::now();
    assert_eq!(device.socket.closed().await, close::REVOKED);
    assert!(ended.elapsed() < AT_ONCE);
    tablet.get("/users/me").await.refused(ErrorCode::SessionEnded);
    let refresh = json!({ "refresh_token": tablet.tokens.refresh_token, "attempt": "attempt-1" });
    server.anyone().post("/auth/refresh", refresh).await.refused(ErrorCode::SessionEnded);
    bert.delete(format!("/users/me/sessions/{}", tablet.tokens.session_id)).await.refused(ErrorCode::NotFound);
    assert_eq!(bert.get("/users/me/sessions").await.is::<Vec<Session>>().len(), 1);
}

async fn logging_out_ends_the_log_in_that_asks(server: TestServer) {
    let scene = server.scene().await;
    let tablet = scene.ada.log_in_again().await;
    let (mut device, mut other) = (tablet.device().await, scene.ada.device().await);
    tablet.post("/auth/logout", ()).await.done();
    assert_eq!(device.socket.closed().await, close::REVOKED);
    tablet.post("/auth/logout", ()).await.refused(ErrorCode::SessionEnded);
    other.catch_up().await;
}

async fn a_new_password_ends_the_other_log_ins(server: TestServer) {
    let scene = server.scene().await;
    let tablet = scene.ada.log_in_again().await;
    let (mut device, mut own) = (tablet.device().await, scene.ada.device().await);
    let change = |current: &str, new: &str| scene.ada.post("/users/me/password", json!({ "current": current, "new": new }));
    let refusal = change("incorrect horse", "battery staple").await.refused(ErrorCode::WrongPassword);
    assert_eq!(refusal.field.as_deref(), Some("current"));
    assert_eq!(change(PASSWORD, "short").await.refused(ErrorCode::Invalid).field.as_deref(), Some("new"));
    change(PASSWORD, "battery staple").await.done();
    let ended = Instant::now();
    assert_eq!(device.socket.closed().await, close::REVOKED);
    assert!(ended.elapsed() < AT_ONCE);
    tablet.get("/users/me").await.refused(ErrorCode::SessionEnded);
    own.catch_up().await;
    server.anyone().post("/auth/login", json!({ "username": "ada", "password": PASSWORD })).await.refused(ErrorCode::WrongPassword);
    scene.ada.log_in_with("battery staple").await;
}

async fn whoever_is_suspended_is_out_at_once(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let mut ada = scene.ada.device().await;
    suspend(&scene, &bert, true).await;
    let ended = Instant::now();
    assert_eq!(device.socket.closed().await, close::REVOKED);
    assert!(ended.elapsed() < AT_ONCE);
    ada.until_known(|replica| replica.status(bert.id) == snug_protocol::Status::Offline).await;
    bert.get("/users/me").await.refused(ErrorCode::SessionEnded);
    let log_in = json!({ "username": "bert", "password": PASSWORD });
    server.anyone().post("/auth/login", &log_in).await.refused(ErrorCode::Suspended);
    suspend(&scene, &bert, false).await;
    bert.get("/users/me").await.refused(ErrorCode::SessionEnded);
    let back = bert.log_in_again().await.device().await;
    assert!(back.replica.spaces.contains_key(&scene.space), "still a member");
}

async fn suspend(scene: &Scene, person: &Person, suspended: bool) {
    let user: AdminUser = scene.ada.patch(format!("/admin/users/{}", person.id), json!({ "suspended": suspended })).await.is();
    assert_eq!(user.state == AccountState::Suspended, suspended);
}

async fn a_password_reset_from_the_command_line_ends_every_log_in(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let password = server.reset_password("Bert").await;
    assert_eq!(device.socket.closed().await, close::REVOKED);
    bert.get("/users/me").await.refused(ErrorCode::SessionEnded);
    bert.log_in_with(&password).await.device().await;
    scene.ada.get("/users/me").await.is::<snug_protocol::Account>();
}

async fn a_log_in_that_nobody_used_for_a_month_is_over(mut server: TestServer) {
    let scene = server.scene().await;
    let tablet = scene.ada.log_in_again().await;
    server.stop().await;
    let id = tablet.tokens.session_id.get();
    server.sql(move |sql| sql.execute("UPDATE login SET expires_at = 1 WHERE id = $1", snug_server::values![id]).expect("a log-in")).await;
    server.start_again().await;
    let refresh = json!({ "refresh_token": tablet.tokens.refresh_token, "attempt": "attempt-1" });
    server.anyone().post("/auth/refresh", refresh).await.refused(ErrorCode::SessionEnded);
    // The server looks for them by itself, too.
    crate::harness::eventually("the log-in to be over", async || {
        let sessions: Vec<Session> = scene.ada.get("/users/me/sessions").await.is();
        (sessions.len() == 1).then_some(())
    })
    .await;
    tablet.get("/users/me").await.refused(ErrorCode::SessionEnded);
}
