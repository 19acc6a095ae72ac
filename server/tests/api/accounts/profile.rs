//! What somebody says of themselves, and what stays when they are gone.

use crate::harness::{PASSWORD, TestServer, each_database, picture};
use reqwest::{
    Method,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH},
};
use serde_json::json;
use snug_protocol::{Account, ErrorCode, Event, User, gateway::close};

each_database!(
    a_profile_is_told_to_those_who_share_a_space,
    a_picture_is_kept_by_its_hash,
    a_profile_that_cannot_be_is_refused,
    an_account_that_is_gone_leaves_what_it_wrote,
    whoever_owns_something_cannot_go,
);

async fn a_profile_is_told_to_those_who_share_a_space(server: TestServer) {
    let scene = server.scene().await;
    let (bert, stranger) = (scene.join("bert").await, scene.stranger("cleo").await);
    let (mut near, mut far) = (scene.ada.device().await, stranger.device().await);
    let account: Account = bert.patch("/users/me", json!({ "display_name": " Bert B. ", "bio": "Two\r\nlines", "status_text": "hm" })).await.is();
    assert_eq!((&*account.user.display_name, &*account.user.bio, &*account.status_text), ("Bert B.", "Two\nlines", "hm"));
    let user = near.until(|event| if let Event::UserUpdate(user) = event { Some(user.clone()) } else { None }).await;
    assert_eq!(user, account.user);
    assert!(far.catch_up().await.iter().all(|event| !matches!(event, Event::UserUpdate(_))));
    assert_eq!(scene.ada.get(format!("/users/{}", bert.id)).await.is::<User>(), account.user);
    stranger.get(format!("/users/{}", bert.id)).await.refused(ErrorCode::NotFound);
    assert_eq!(scene.ada.get(format!("/users/{}", stranger.id)).await.is::<User>().id, stranger.id, "administrators see everyone");
}

async fn a_picture_is_kept_by_its_hash(server: TestServer) {
    let scene = server.scene().await;
    let png = picture();
    let put = |mime: &'static str, bytes: Vec<u8>| scene.ada.send(Method::PUT, "/users/me/avatar", Some((mime, bytes)));
    let account: Account = put("image/png", png.clone()).await.is();
    let hash = account.user.avatar.expect("a picture").0;
    let image = server.anyone().get(format!("/images/{hash}")).await;
    assert_eq!((image.status, image.headers[CONTENT_TYPE].to_str().unwrap()), (200, "image/webp"));
    assert!(image.headers[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    assert_eq!(blake3::hash(&image.body).to_hex().to_string(), hash);
    let known = HeaderMap::from_iter([(IF_NONE_MATCH, image.headers[ETAG].clone())]);
    assert_eq!(server.anyone().ask(Method::GET, format!("/images/{hash}"), None, known).await.unwrap().status, 304);

    put("image/gif", png.clone()).await.refused(ErrorCode::UnsupportedType);
    put("image/png", b"GIF89a".to_vec()).await.refused(ErrorCode::UnsupportedType);
    put("image/png", png[..png.len() / 2].to_vec()).await.refused(ErrorCode::Invalid);
    put("image/png", vec![0; snug_protocol::limits::PICTURE_BYTES + 1]).await.refused(ErrorCode::TooLarge);
    assert_eq!(scene.ada.delete("/users/me/avatar").await.is::<Account>().user.avatar, None);
    for wrong in ["x", &"0".repeat(64), &"G".repeat(64)] {
        server.anyone().get(format!("/images/{wrong}")).await.refused(ErrorCode::NotFound);
    }
}

async fn a_profile_that_cannot_be_is_refused(server: TestServer) {
    let scene = server.scene().await;
    for (field, value) in [("display_name", ""), ("display_name", "\u{200b}"), ("bio", "\u{0}"), ("status_text", "two\nlines")] {
        let refusal = scene.ada.patch("/users/me", json!({ field: value })).await.refused(ErrorCode::Invalid);
        assert_eq!(refusal.field.as_deref(), Some(field));
    }
    for (field, most) in [("display_name", 40), ("bio", 400), ("status_text", 100)] {
        scene.ada.patch("/users/me", json!({ field: "é".repeat(most) })).await.is::<Account>();
        scene.ada.patch("/users/me", json!({ field: "é".repeat(most + 1) })).await.refused(ErrorCode::Invalid);
    }
}

async fn an_account_that_is_gone_leaves_what_it_wrote(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let message = bert.say(scene.general, "I was here").await;
    let (mut ada, mut device) = (scene.ada.device().await, bert.device().await);
    let delete = |password: &str| bert.post("/users/me/delete", json!({ "password": password }));
    delete("incorrect horse").await.refused(ErrorCode::WrongPassword);
    delete(PASSWORD).await.done();
    assert_eq!(device.socket.closed().await, close::REVOKED);
    bert.get("/users/me").await.refused(ErrorCode::SessionEnded);
    ada.catch_up().await;
    assert!(!ada.replica.users.contains_key(&bert.id));
    let page = scene.ada.history(scene.general).await;
    assert_eq!(page.messages, [snug_protocol::Message { nonce: None, ..message }]);
    assert_eq!(page.users[0].display_name, "Deleted account");
    assert!(!page.users[0].username.contains("bert"));
    let log_in = json!({ "username": "bert", "password": PASSWORD });
    server.anyone().post("/auth/login", log_in).await.refused(ErrorCode::WrongPassword);
    let again = scene.join("bert").await;
    assert_ne!(again.id, bert.id, "the name is free again");
}

async fn whoever_owns_something_cannot_go(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let space: snug_protocol::Space = bert.post("/spaces", json!({ "name": "Bert's" })).await.is();
    scene.ada.post("/users/me/delete", json!({ "password": PASSWORD })).await.refused(ErrorCode::Conflict);
    let refusal = bert.post("/users/me/delete", json!({ "password": PASSWORD })).await.refused(ErrorCode::Conflict);
    assert!(refusal.hint.unwrap().contains("Bert's"));
    bert.delete(format!("/spaces/{}", space.id)).await.done();
    bert.post("/users/me/delete", json!({ "password": PASSWORD })).await.done();
}
