//! What administrators of the server do.

use crate::harness::{PASSWORD, TestServer, each_database};
use serde_json::json;
use snug_protocol::{ErrorCode, gateway::close, rest::*};

each_database!(
    accounts_are_listed_found_and_paged,
    only_the_owner_says_who_administers,
    administrators_do_not_reach_each_other_or_the_owner,
    a_reset_password_is_the_only_one_that_works,
    an_administrator_deletes_an_account,
    settings_and_figures_are_shown,
);

async fn accounts_are_listed_found_and_paged(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    let list = async |query: &str| -> (Vec<_>, u32) {
        let users: AdminUsers = scene.ada.get(format!("/admin/users{query}")).await.is();
        (users.users.into_iter().map(|user| user.user.id).collect(), users.total)
    };
    assert_eq!(list("").await, (vec![scene.ada.id, bert.id, cleo.id], 3));
    assert_eq!(list("?q=ER").await, (vec![bert.id], 1));
    assert_eq!(list("?limit=1").await, (vec![scene.ada.id], 3));
    assert_eq!(list(&format!("?limit=1&after={}", scene.ada.id)).await, (vec![bert.id], 3));
    assert_eq!(list("?state=suspended").await, (vec![], 0));
    for wrong in ["?limit=0", "?limit=101", "?limit=x", "?state=asleep", "?after=x"] {
        scene.ada.get(format!("/admin/users{wrong}")).await.refused(ErrorCode::Invalid);
    }
}

async fn only_the_owner_says_who_administers(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    let mut device = bert.device().await;
    let promote = json!({ "admin": true });
    bert.patch(format!("/admin/users/{}", cleo.id), &promote).await.refused(ErrorCode::Forbidden);
    assert!(scene.ada.patch(format!("/admin/users/{}", bert.id), &promote).await.is::<AdminUser>().admin);
    device.until_known(|replica| replica.account.admin && replica.knocks == Some(0)).await;
    device.prove(server.address()).await;
    bert.get("/admin/stats").await.is::<AdminStats>();
    bert.patch(format!("/admin/users/{}", cleo.id), &promote).await.refused(ErrorCode::Forbidden);
    bert.patch(format!("/admin/users/{}", cleo.id), json!({ "suspended": true })).await.is::<AdminUser>();
    scene.ada.patch(format!("/admin/users/{}", bert.id), json!({ "admin": false })).await.is::<AdminUser>();
    bert.get("/admin/stats").await.refused(ErrorCode::Forbidden);
}

async fn administrators_do_not_reach_each_other_or_the_owner(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    for person in [&bert, &cleo] {
        scene.ada.patch(format!("/admin/users/{}", person.id), json!({ "admin": true })).await.is::<AdminUser>();
    }
    for target in [scene.ada.id, bert.id, cleo.id] {
        bert.patch(format!("/admin/users/{target}"), json!({ "suspended": true })).await.refused(ErrorCode::Forbidden);
        bert.post(format!("/admin/users/{target}/password"), ()).await.refused(ErrorCode::Forbidden);
        bert.delete(format!("/admin/users/{target}")).await.refused(ErrorCode::Forbidden);
    }
    scene.ada.patch(format!("/admin/users/{}", scene.ada.id), json!({ "suspended": true })).await.refused(ErrorCode::Forbidden);
    scene.ada.patch(format!("/admin/users/{}", cleo.id), json!({ "suspended": true })).await.is::<AdminUser>();
}

async fn a_reset_password_is_the_only_one_that_works(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let new: NewPassword = scene.ada.post(format!("/admin/users/{}/password", bert.id), ()).await.is();
    assert_eq!(device.socket.closed().await, close::REVOKED);
    server.anyone().post("/auth/login", json!({ "username": "bert", "password": PASSWORD })).await.refused(ErrorCode::WrongPassword);
    bert.log_in_with(&new.password).await;
}

async fn an_administrator_deletes_an_account(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut ada = scene.ada.device().await;
    scene.ada.delete(format!("/admin/users/{}", bert.id)).await.done();
    ada.catch_up().await;
    assert!(!ada.replica.users.contains_key(&bert.id));
    bert.get("/users/me").await.refused(ErrorCode::SessionEnded);
    scene.ada.delete(format!("/admin/users/{}", bert.id)).await.refused(ErrorCode::NotFound);
}

async fn settings_and_figures_are_shown(server: TestServer) {
    let scene = server.scene().await;
    let _device = scene.ada.device().await;
    scene.ada.say(scene.general, "one").await;
    let stats: AdminStats = scene.ada.get("/admin/stats").await.is();
    assert_eq!((stats.users, stats.spaces, stats.messages, stats.connected), (1, 1, 1, 1));
    assert!(stats.database_bytes > 0);
    scene.ada.patch("/admin/settings", json!({ "name": "The Den" })).await.is::<AdminSettings>();
    assert_eq!(server.anyone().get("/server").await.is::<ServerInfo>().name, "The Den");
    assert_eq!(scene.ada.get("/admin/settings").await.is::<AdminSettings>().name, "The Den");
    scene.ada.patch("/admin/settings", json!({ "name": " " })).await.refused(ErrorCode::Invalid);
    scene.ada.patch("/admin/settings", json!({ "registration": "sometimes" })).await.refused(ErrorCode::Invalid);
}
