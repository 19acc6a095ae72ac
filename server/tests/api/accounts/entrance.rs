//! How one gets an account.

use crate::harness::{PASSWORD, Person, Scene, TestServer, each_database};
use futures_util::future::join_all;
use serde_json::{Value, json};
use snug_protocol::{ChannelKind, ErrorCode, Event, rest::*};

each_database!(
    the_first_account_owns_the_server_and_finds_a_space,
    of_all_who_want_to_be_first_one_is,
    by_invite_only_the_invited_come_in,
    an_open_server_takes_everyone_and_a_closed_one_nobody,
    whoever_knocks_waits_until_an_administrator_lets_them_in,
    whoever_is_turned_away_leaves_no_trace,
    the_servers_own_password_is_asked_for,
    a_name_belongs_to_one_account_in_any_case,
    what_cannot_be_an_account_is_refused_with_its_field,
);

fn applicant(name: &str) -> Value {
    json!({ "username": name, "password": PASSWORD })
}

fn with(mut body: Value, field: &str, value: impl Into<Value>) -> Value {
    body[field] = value.into();
    body
}

async fn set_mode(scene: &Scene, registration: &str) {
    scene.ada.patch("/admin/settings", json!({ "registration": registration })).await.is::<AdminSettings>();
}

async fn the_first_account_owns_the_server_and_finds_a_space(server: TestServer) {
    let before: ServerInfo = server.anyone().get("/server").await.is();
    assert!(before.first_run && before.registration == Registration::Invite && !before.password_required);
    let scene = server.scene().await;
    let ada: snug_protocol::Account = scene.ada.get("/users/me").await.is();
    assert!(ada.owner && ada.admin);
    let space = scene.ada.look(scene.space).await;
    assert_eq!(space.space.owner_id, scene.ada.id);
    assert_eq!(space.channels.iter().map(|channel| channel.kind).collect::<Vec<_>>(), [ChannelKind::Text, ChannelKind::Voice]);
    let after: ServerInfo = server.anyone().get("/server").await.is();
    assert!(!after.first_run);
    assert_eq!(after.instance, before.instance);
}

async fn of_all_who_want_to_be_first_one_is(server: TestServer) {
    let anyone = server.anyone();
    let answers = join_all(["ada", "bert", "cleo", "dora"].map(|name| anyone.post("/auth/register", applicant(name)))).await;
    let (first, others): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(first.len(), 1);
    for answer in others {
        answer.refused(ErrorCode::RegistrationClosed);
    }
    assert_eq!(server.number("SELECT COUNT(*) FROM account WHERE owner = 1 AND admin = 1").await, 1);
    assert_eq!(server.number("SELECT COUNT(*) FROM account").await, 1);
    assert_eq!(server.number("SELECT COUNT(*) FROM space").await, 1);
}

async fn by_invite_only_the_invited_come_in(server: TestServer) {
    let scene = server.scene().await;
    let anyone = server.anyone();
    let refusal = anyone.post("/auth/register", applicant("bert")).await.refused(ErrorCode::RegistrationClosed);
    assert_eq!(refusal.field.as_deref(), Some("invite"));
    anyone.post("/auth/register", with(applicant("bert"), "invite", "aaaaaaaaaaaaa")).await.refused(ErrorCode::InviteInvalid);
    assert_eq!(server.number("SELECT COUNT(*) FROM account").await, 1, "whoever is refused leaves nothing");
    let bert = scene.join("bert").await;
    assert!(scene.ada.look(scene.space).await.members.iter().any(|member| member.user_id == bert.id));
}

async fn an_open_server_takes_everyone_and_a_closed_one_nobody(server: TestServer) {
    let scene = server.scene().await;
    set_mode(&scene, "open").await;
    let anyone = server.anyone();
    let Registered::LoggedIn(entry) = anyone.post("/auth/register", applicant("bert")).await.is() else { panic!("open") };
    assert_eq!(entry.space_id, None);
    let bert = Person::new(&anyone, entry);
    assert_eq!(bert.device().await.replica.spaces.len(), 0);
    set_mode(&scene, "closed").await;
    let invited = with(applicant("cleo"), "invite", scene.invite.code.as_str());
    anyone.post("/auth/register", invited).await.refused(ErrorCode::RegistrationClosed);
    bert.log_in_again().await;
}

async fn whoever_knocks_waits_until_an_administrator_lets_them_in(server: TestServer) {
    let scene = server.scene().await;
    set_mode(&scene, "approval").await;
    let mut ada = scene.ada.device().await;
    assert_eq!(ada.replica.knocks, Some(0));
    let anyone = server.anyone();
    let body = with(with(applicant("bert"), "knock", "It is me."), "invite", scene.invite.code.as_str());
    let answer = anyone.post("/auth/register", body).await;
    assert_eq!(answer.status, 202);
    let Registered::Waiting { ticket } = answer.is() else { panic!("has to wait") };
    ada.until_known(|replica| replica.knocks == Some(1)).await;

    assert_eq!(anyone.post("/auth/knock", json!({ "ticket": ticket })).await.is::<KnockState>(), KnockState::Waiting);
    anyone.post("/auth/login", applicant("bert")).await.refused(ErrorCode::AwaitingApproval);
    let waiting: AdminUsers = scene.ada.get("/admin/users?state=waiting").await.is();
    assert_eq!((waiting.total, waiting.users[0].knock.as_deref()), (1, Some("It is me.")));
    let bert = waiting.users[0].user.id;

    scene.ada.post(format!("/admin/users/{bert}/answer"), json!({ "approve": true })).await.done();
    ada.until_known(|replica| replica.knocks == Some(0)).await;
    let KnockState::Approved(entry) = anyone.post("/auth/knock", json!({ "ticket": ticket })).await.is() else { panic!("let in") };
    let device = Person::new(&anyone, entry).device().await;
    assert!(device.replica.spaces.contains_key(&scene.space), "the invite brought along was used");
    assert_eq!(device.replica.knocks, None, "who may not answer knocks is not told of them");
    anyone.post("/auth/knock", json!({ "ticket": ticket })).await.refused(ErrorCode::SessionEnded);
    scene.ada.post(format!("/admin/users/{bert}/answer"), json!({ "approve": true })).await.refused(ErrorCode::Conflict);
}

async fn whoever_is_turned_away_leaves_no_trace(server: TestServer) {
    let scene = server.scene().await;
    set_mode(&scene, "approval").await;
    let anyone = server.anyone();
    let mut ada = scene.ada.device().await;
    let Registered::Waiting { ticket } = anyone.post("/auth/register", applicant("bert")).await.is() else { panic!("has to wait") };
    let waiting: AdminUsers = scene.ada.get("/admin/users?state=waiting").await.is();
    scene.ada.post(format!("/admin/users/{}/answer", waiting.users[0].user.id), json!({ "approve": false })).await.done();
    let told = ada.catch_up().await;
    assert!(matches!(told.last(), Some(Event::KnockUpdate(update)) if update.waiting == 0), "{told:?}");
    assert_eq!(anyone.post("/auth/knock", json!({ "ticket": ticket })).await.is::<KnockState>(), KnockState::Rejected);
    assert_eq!(anyone.post("/auth/register", applicant("bert")).await.status, 202, "the name is free again");
    let forged = format!("{}{}", if ticket.starts_with('A') { 'B' } else { 'A' }, &ticket[1..]);
    anyone.post("/auth/knock", json!({ "ticket": forged })).await.refused(ErrorCode::Invalid);
}

async fn the_servers_own_password_is_asked_for(server: TestServer) {
    let scene = server.scene().await;
    let settings: AdminSettings = scene.ada.patch("/admin/settings", json!({ "registration": "open", "server_password": "open sesame" })).await.is();
    assert!(settings.password_required);
    let anyone = server.anyone();
    assert!(anyone.get("/server").await.is::<ServerInfo>().password_required);
    for wrong in [applicant("bert"), with(applicant("bert"), "server_password", "open says me")] {
        let refusal = anyone.post("/auth/register", wrong).await.refused(ErrorCode::ServerPassword);
        assert_eq!(refusal.field.as_deref(), Some("server_password"));
    }
    assert_eq!(anyone.post("/auth/register", with(applicant("bert"), "server_password", "open sesame")).await.status, 201);
    scene.ada.patch("/admin/settings", json!({ "server_password": "" })).await.is::<AdminSettings>();
    assert_eq!(anyone.post("/auth/register", applicant("cleo")).await.status, 201);
}

async fn a_name_belongs_to_one_account_in_any_case(server: TestServer) {
    let scene = server.scene().await;
    set_mode(&scene, "open").await;
    let anyone = server.anyone();
    anyone.post("/auth/register", applicant("Ada")).await.refused(ErrorCode::UsernameTaken);
    let answers = join_all(["bert", "Bert", "BERT"].map(|name| anyone.post("/auth/register", applicant(name)))).await;
    let (first, others): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(first.len(), 1);
    for answer in others {
        assert_eq!(answer.refused(ErrorCode::UsernameTaken).field.as_deref(), Some("username"));
    }
    let entry: LoggedIn = anyone.post("/auth/login", applicant(" BERT ")).await.is();
    assert_eq!(entry.account.user.username, "bert");
}

async fn what_cannot_be_an_account_is_refused_with_its_field(server: TestServer) {
    let wrong = [
        ("username", with(applicant("a"), "display_name", "A")),
        ("username", applicant("ada lovelace")),
        ("username", applicant("ada\u{0}")),
        ("password", with(applicant("ada"), "password", "short")),
        ("password", with(applicant("ada"), "password", "x".repeat(257))),
        ("display_name", with(applicant("ada"), "display_name", "x".repeat(41))),
        ("display_name", with(applicant("ada"), "display_name", "a\u{202e}b")),
        ("knock", with(applicant("ada"), "knock", "x".repeat(301))),
    ];
    for (field, body) in wrong {
        let refusal = server.anyone().post("/auth/register", &body).await.refused(ErrorCode::Invalid);
        assert_eq!(refusal.field.as_deref(), Some(field), "{body}");
    }
    assert_eq!(server.number("SELECT COUNT(*) FROM account").await, 0);
}
