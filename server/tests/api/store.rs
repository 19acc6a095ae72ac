//! What is kept, and that it is kept whole.

use crate::harness::{TestServer, each_database, eventually};
use futures_util::future::join_all;
use serde_json::json;
use snug_protocol::{ErrorCode, Message, MessageId, Permission, rest::*};
use snug_server::{
    run::Failure,
    store::{Database, Kind, StoreError},
    values,
};
use std::collections::BTreeMap;

each_database!(
    an_old_program_refuses_a_newer_schema,
    a_second_server_on_the_same_data_is_refused,
    what_was_acknowledged_is_there_after_a_crash,
    a_change_that_cannot_be_noted_does_not_happen,
    each_change_is_noted_once_and_a_refused_one_is_not,
    a_message_has_its_place_in_the_order,
    a_server_that_starts_again_knows_what_it_knew,
    a_lost_connection_to_the_database_is_made_anew,
);

async fn an_old_program_refuses_a_newer_schema(mut server: TestServer) {
    let scene = server.scene().await;
    server.stop().await;
    server.sql(|sql| sql.execute("INSERT INTO schema_step (number, name) VALUES (999, 'future')", &[]).unwrap()).await;
    let failure = loop {
        match server.start_second().await.unwrap_err() {
            // The one before is going: its last commit.
            Failure::Store(StoreError::InUse(_)) => tokio::task::yield_now().await,
            failure => break failure,
        }
    };
    assert!(matches!(&failure, Failure::Store(StoreError::Newer { found: 999, .. })), "{failure}");
    assert!(failure.to_string().contains("newer version") && failure.hint().unwrap().contains("Update"), "{failure}");
    server.sql(|sql| sql.execute("DELETE FROM schema_step WHERE number = 999", &[]).unwrap()).await;
    server.start_again().await;
    scene.ada.say(scene.general, "as it was").await;
}

async fn a_second_server_on_the_same_data_is_refused(mut server: TestServer) {
    let scene = server.scene().await;
    let failure = server.start_second().await.unwrap_err();
    assert!(matches!(&failure, Failure::Store(StoreError::InUse(_))), "{failure}");
    scene.ada.say(scene.general, "undisturbed").await;
    server.restart().await;
    assert_eq!(scene.ada.history(scene.general).await.messages.len(), 1);
}

async fn what_was_acknowledged_is_there_after_a_crash(mut server: TestServer) {
    let scene = server.scene().await;
    let path = format!("/channels/{}/messages", scene.general);
    let mut acknowledged = BTreeMap::new();
    for round in 0..4 {
        let send = async |number: usize| {
            let nonce = format!("{round}-{number}");
            let body = serde_json::to_vec(&json!({ "content": nonce, "nonce": nonce })).unwrap();
            let answer = scene.ada.try_send(reqwest::Method::POST, &path, Some(("application/json", body))).await;
            answer.ok().filter(|answer| answer.status == 201).map(|answer| answer.is::<Message>())
        };
        // Ended in the middle of it.
        let kill = async {
            eventually("something to be written", async || {
                let written = server.app().metrics.messages.get();
                (written > 5).then_some(())
            })
            .await;
            server.kill().await;
        };
        let (answers, ()) = tokio::join!(join_all((0..60).map(send)), kill);
        acknowledged.extend(answers.into_iter().flatten().map(|message| (message.nonce.clone().unwrap(), message.id)));
        server.start_again().await;
    }
    assert!(acknowledged.len() >= 20, "{}", acknowledged.len());
    let kept = server
        .sql(|sql| {
            let rows = sql.query("SELECT nonce, id FROM message ORDER BY position", &[]).unwrap();
            rows.into_iter().map(|mut row| (row.take::<String>().unwrap(), row.take::<MessageId>().unwrap())).collect::<Vec<_>>()
        })
        .await;
    assert!(kept.is_sorted_by_key(|(_, id)| *id), "identifiers rise in the order of events");
    let kept: BTreeMap<_, _> = kept.into_iter().collect();
    for (nonce, id) in acknowledged {
        assert_eq!(kept.get(&nonce), Some(&id), "{nonce}");
    }
}

/// Lets every row of a table be refused, or no longer.
async fn refuse(server: &TestServer, on: bool) {
    let kind = match server.app().config.database {
        Database::Sqlite(_) => Kind::Sqlite,
        Database::Postgres(_) => Kind::Postgres,
    };
    let text = match (kind, on) {
        (Kind::Sqlite, true) => "CREATE TRIGGER no_more BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no more'); END",
        (Kind::Sqlite, false) => "DROP TRIGGER no_more",
        (Kind::Postgres, true) => {
            "CREATE OR REPLACE FUNCTION no_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no more'; END $$;
             CREATE TRIGGER no_more BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION no_more()"
        }
        (Kind::Postgres, false) => "DROP TRIGGER no_more ON audit",
    };
    server.sql(move |sql| sql.batch(text).unwrap()).await;
}

async fn a_change_that_cannot_be_noted_does_not_happen(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    device.catch_up().await;
    let before = scene.ada.look(scene.space).await;
    refuse(&server, true).await;
    let space = format!("/spaces/{}", scene.space);
    for answer in [
        scene.ada.patch(&space, json!({ "name": "x" })).await,
        scene.ada.post(format!("{space}/channels"), json!({ "kind": "text", "name": "x" })).await,
        scene.ada.post(format!("{space}/roles"), json!({ "name": "x" })).await,
        scene.ada.delete(format!("{space}/members/{}", bert.id)).await,
        scene.ada.put(format!("{space}/bans/{}", bert.id), json!({})).await,
        scene.ada.patch(format!("{space}/members/{}", bert.id), json!({ "nickname": "x" })).await,
        scene.ada.delete(format!("/channels/{}", scene.general)).await,
        scene.ada.delete(&space).await,
        scene.ada.patch("/admin/settings", json!({ "name": "x" })).await,
        bert.patch("/users/me", json!({ "bio": "x" })).await,
        bert.post("/auth/logout", ()).await,
        bert.post("/spaces", json!({ "name": "x" })).await,
    ] {
        answer.refused(ErrorCode::Internal);
    }
    assert!(device.catch_up().await.is_empty(), "nobody is told of what did not happen");
    refuse(&server, false).await;
    assert_eq!(scene.ada.look(scene.space).await, before);
    // Messages are not noted.
    scene.ada.say(scene.general, "all is well").await;
    device.prove(server.address()).await;
}

async fn each_change_is_noted_once_and_a_refused_one_is_not(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let noted = async || {
        let look = "SELECT action, COUNT(*) FROM audit GROUP BY action";
        let rows = move |sql: &mut dyn snug_server::store::Sql| {
            let rows = sql.query(look, &[]).unwrap();
            rows.into_iter().map(|mut row| (row.take::<String>().unwrap(), row.take::<i64>().unwrap())).collect::<BTreeMap<_, _>>()
        };
        server.sql(rows).await
    };
    let before = noted().await;
    let role = scene.ada.make_role(scene.space, "new", &[]).await;
    scene.ada.permit(&role, &[Permission::KickMembers]).await;
    scene.ada.permit(&role, &[Permission::KickMembers]).await;
    bert.delete(format!("/spaces/{}/roles/{}", scene.space, role.id)).await.refused(ErrorCode::Forbidden);
    scene.ada.patch(format!("/channels/{}", scene.general), json!({ "topic": "x" })).await.is::<snug_protocol::Channel>();
    let message = bert.say(scene.general, "x").await;
    scene.ada.delete(format!("/channels/{}/messages/{}", scene.general, message.id)).await.done();
    scene.ada.put(format!("/spaces/{}/bans/{}", scene.space, bert.id), json!({ "reason": "x" })).await.done();
    let mut expected = before;
    for action in ["role.create", "role.update", "channel.update", "message.delete", "ban.create", "member.ban"] {
        *expected.entry(action.into()).or_default() += 1;
    }
    assert_eq!(noted().await, expected);
    let (space, actor, target) = (scene.space, scene.ada.id, role.id);
    let row = server
        .sql(move |sql| {
            let look = "SELECT before, after FROM audit WHERE space_id = $1 AND actor_id = $2 AND action = 'role.update' AND target_id = $3";
            let mut row = sql.row(look, values![space, actor, target]).unwrap().expect("a row");
            [row.take::<String>().unwrap(), row.take::<String>().unwrap()]
        })
        .await;
    let [before, after] = row.map(|text| serde_json::from_str::<snug_protocol::Role>(&text).unwrap().permissions.bits());
    assert_eq!((before, after), (0, 1 << Permission::KickMembers as u8));
}

async fn a_message_has_its_place_in_the_order(server: TestServer) {
    let scene = server.scene().await;
    let other = scene.ada.make_channel(scene.space, "other", None).await.id;
    join_all((0..20).map(|number| scene.ada.say(if number % 2 == 0 { scene.general } else { other }, "x"))).await;
    let out_of_order = "SELECT COUNT(*) FROM message a JOIN message b ON a.id < b.id AND a.position >= b.position";
    assert_eq!(server.number(out_of_order).await, 0);
    assert_eq!(server.number("SELECT COUNT(DISTINCT position) FROM message").await, 20);
    assert_eq!(server.number("SELECT COUNT(*) FROM clock WHERE position >= (SELECT MAX(position) FROM message)").await, 1);
}

async fn a_server_that_starts_again_knows_what_it_knew(mut server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let role = scene.ada.make_role(scene.space, "new", Permission::ALL).await;
    scene.ada.give(scene.space, bert.id, &[role.id]).await;
    let category = scene.ada.make_category(scene.space, "Rooms").await.id;
    let channel = scene.ada.make_channel(scene.space, "room", Some(category)).await.id;
    for target in [scene.all(), snug_protocol::OverwriteTarget::Role(role.id), snug_protocol::OverwriteTarget::Member(bert.id)] {
        scene.ada.overwrite(channel, target, &[Permission::Speak], &[Permission::Connect]).await;
    }
    bert.patch("/users/me", json!({ "bio": "🦀", "status": "dnd", "status_text": "busy" })).await.is::<snug_protocol::Account>();
    bert.say(channel, "x").await;
    scene.ada.patch("/admin/settings", json!({ "name": "The Den", "registration": "closed" })).await.is::<AdminSettings>();
    scene.ada.post("/spaces", json!({ "name": "Another", "public": true })).await.is::<snug_protocol::Space>();
    let known = [bert.device().await.replica, scene.ada.device().await.replica];
    let info: ServerInfo = server.anyone().get("/server").await.is();
    server.restart().await;
    known[0].assert_same(&bert.device().await.replica);
    known[1].assert_same(&scene.ada.device().await.replica);
    let again: ServerInfo = server.anyone().get("/server").await.is();
    assert_ne!(again.instance, info.instance);
    assert_eq!(again, ServerInfo { instance: again.instance.clone(), ..info });
}

async fn a_lost_connection_to_the_database_is_made_anew(server: TestServer) {
    let Database::Postgres(_) = server.app().config.database else { return };
    let scene = server.scene().await;
    // All readers are in use at once, and connected after.
    join_all((0..20).map(|_| scene.ada.history(scene.general))).await;
    let end = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(server.number(end).await >= 2);
    // The writer finds out before it begins.
    scene.ada.say(scene.general, "still here").await;
    // The readers find out by the first who asks, at its expense: this one, or one of the server's own.
    let history = format!("/channels/{}/messages", scene.general);
    let first = scene.ada.get(&history).await;
    assert!(first.refusal().is_none_or(|refusal| refusal.code == ErrorCode::Internal), "{first}");
    for _ in 0..5 {
        scene.ada.get(&history).await.is::<MessagePage>();
    }
    assert!(matches!(server.start_second().await, Err(Failure::Store(StoreError::InUse(_)))), "its place is kept");
}
