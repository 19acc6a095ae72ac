//! Roles: what they are, and who may change which.

use crate::harness::{Person, Scene, TestServer, each_database, overwrite_path, permissions};
use serde_json::json;
use snug_protocol::{ErrorCode, OverwriteTarget, Permission, Permissions, Role, RoleId, rest::*};

each_database!(
    a_role_is_made_changed_and_deleted,
    roles_are_put_in_order,
    nobody_changes_a_role_at_or_above_their_own,
    nobody_gives_or_takes_a_permission_they_lack,
    nobody_gives_or_takes_a_role_they_could_not_change,
    nobody_orders_roles_at_or_above_their_own,
    nobody_changes_an_overwrite_they_could_not_have_made,
    an_administrator_of_a_space_is_below_higher_roles_all_the_same,
    everyones_role_stays_what_it_is,
    a_role_that_cannot_be_is_refused,
);

/// Three roles, and somebody who has the middle one, which manages roles and messages.
struct Ladder {
    scene: Scene,
    low: Role,
    middle: Role,
    high: Role,
    moderator: Person,
    bert: Person,
}

const MODERATE: &[Permission] = &[Permission::ManageRoles, Permission::ManageMessages, Permission::ManageNicknames];

impl Ladder {
    async fn set(server: &TestServer) -> Self {
        let scene = server.scene().await;
        let (moderator, bert) = (scene.join("moderator").await, scene.join("bert").await);
        // Each new one comes lowest.
        scene.ada.make_role(scene.space, "high", &[]).await;
        scene.ada.make_role(scene.space, "middle", MODERATE).await;
        scene.ada.make_role(scene.space, "low", &[Permission::ManageMessages]).await;
        let mut roles = scene.ada.look(scene.space).await.roles;
        roles.sort_by_key(|role| role.position);
        let [_, low, middle, high] = <[Role; 4]>::try_from(roles).unwrap();
        assert_eq!([&*low.name, &*middle.name, &*high.name], ["low", "middle", "high"]);
        scene.ada.give(scene.space, moderator.id, &[middle.id]).await;
        Self { scene, low, middle, high, moderator, bert }
    }

    fn role(&self, id: RoleId) -> String {
        format!("/spaces/{}/roles/{id}", self.scene.space)
    }

    fn member(&self, person: &Person) -> String {
        format!("/spaces/{}/members/{}", self.scene.space, person.id)
    }
}

async fn a_role_is_made_changed_and_deleted(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let body = json!({ "name": "Cooks", "color": "#C8472A", "permissions": permissions(&[Permission::KickMembers]), "hoist": true });
    let role: Role = scene.ada.post(format!("/spaces/{}/roles", scene.space), body).await.is();
    assert_eq!((role.position, role.color.as_deref(), role.hoist, role.mentionable), (1, Some("#c8472a"), true, false));
    scene.ada.give(scene.space, bert.id, &[role.id]).await;
    scene.ada.overwrite(scene.general, OverwriteTarget::Role(role.id), &[Permission::ManageMessages], &[]).await;
    let path = format!("/spaces/{}/roles/{}", scene.space, role.id);
    let changed: Role = scene.ada.patch(&path, json!({ "name": "Chefs", "color": "", "mentionable": true })).await.is();
    assert_eq!(changed, Role { name: "Chefs".into(), color: None, mentionable: true, ..role.clone() });
    device.catch_up().await;
    assert_eq!(device.replica.spaces[&scene.space].roles[&role.id], changed);
    scene.ada.delete(&path).await.done();
    device.catch_up().await;
    let space = &device.replica.spaces[&scene.space];
    assert!(space.members[&bert.id].roles.is_empty() && space.channels[&scene.general].overwrites.is_empty());
    device.prove(server.address()).await;
    scene.ada.delete(&path).await.refused(ErrorCode::NotFound);
}

async fn roles_are_put_in_order(mut server: TestServer) {
    let ladder = Ladder::set(&server).await;
    let mut device = ladder.bert.device().await;
    let path = format!("/spaces/{}/roles/order", ladder.scene.space);
    let order = [ladder.low.id, ladder.high.id, ladder.middle.id];
    ladder.bert.put(&path, json!({ "roles": order })).await.refused(ErrorCode::Forbidden);
    ladder.scene.ada.put(&path, json!({ "roles": order })).await.done();
    device.catch_up().await;
    let roles = &device.replica.spaces[&ladder.scene.space].roles;
    assert_eq!(order.map(|id| roles[&id].position), [3, 2, 1]);
    for wrong in
        [vec![], vec![ladder.low.id], vec![ladder.low.id, ladder.low.id, ladder.high.id], [order.to_vec(), vec![ladder.scene.everyone()]].concat()]
    {
        ladder.scene.ada.put(&path, json!({ "roles": wrong })).await.refused(ErrorCode::Invalid);
    }
    let known = device.replica.clone();
    server.restart().await;
    known.assert_same(&ladder.bert.device().await.replica);
}

async fn nobody_changes_a_role_at_or_above_their_own(server: TestServer) {
    let ladder = Ladder::set(&server).await;
    let moderator = &ladder.moderator;
    for role in [&ladder.middle, &ladder.high] {
        moderator.patch(ladder.role(role.id), json!({ "name": "mine" })).await.refused(ErrorCode::Forbidden);
        moderator.delete(ladder.role(role.id)).await.refused(ErrorCode::Forbidden);
    }
    moderator.patch(ladder.role(ladder.low.id), json!({ "name": "mine" })).await.is::<Role>();
    ladder.bert.patch(ladder.role(ladder.low.id), json!({ "name": "mine" })).await.refused(ErrorCode::Forbidden);
    moderator.delete(ladder.role(ladder.low.id)).await.done();
    let made: Role = moderator.make_role(ladder.scene.space, "new", &[Permission::ManageMessages]).await;
    assert_eq!(made.position, 1, "below its maker");
}

async fn nobody_gives_or_takes_a_permission_they_lack(server: TestServer) {
    let ladder = Ladder::set(&server).await;
    let (scene, moderator) = (&ladder.scene, &ladder.moderator);
    let ban = permissions(&[Permission::BanMembers]);
    let make = json!({ "name": "new", "permissions": ban });
    moderator.post(format!("/spaces/{}/roles", scene.space), make).await.refused(ErrorCode::Forbidden);
    moderator.patch(ladder.role(ladder.low.id), json!({ "permissions": ban })).await.refused(ErrorCode::Forbidden);
    let everyone = scene.everyone_role().await;
    moderator.patch(ladder.role(everyone.id), json!({ "permissions": everyone.permissions | ban })).await.refused(ErrorCode::Forbidden);
    for bit in [Permission::Administrator, Permission::ManageSpace] {
        moderator.patch(ladder.role(ladder.low.id), json!({ "permissions": permissions(&[bit]) })).await.refused(ErrorCode::Forbidden);
    }
    // What the role has that its changer lacks stays untouched, neither taken nor in the way.
    scene.ada.permit(&ladder.low, &[Permission::BanMembers]).await;
    moderator.patch(ladder.role(ladder.low.id), json!({ "permissions": Permissions::NONE })).await.refused(ErrorCode::Forbidden);
    moderator.delete(ladder.role(ladder.low.id)).await.refused(ErrorCode::Forbidden);
    moderator.permit(&ladder.low, &[Permission::BanMembers, Permission::ManageMessages]).await;
}

async fn nobody_gives_or_takes_a_role_they_could_not_change(server: TestServer) {
    let ladder = Ladder::set(&server).await;
    let (scene, moderator, bert) = (&ladder.scene, &ladder.moderator, &ladder.bert);
    let set = async |person: &Person, roles: &[RoleId]| moderator.patch(ladder.member(person), json!({ "roles": roles })).await;
    for role in [ladder.middle.id, ladder.high.id] {
        set(bert, &[role]).await.refused(ErrorCode::Forbidden);
    }
    set(moderator, &[ladder.middle.id, ladder.high.id]).await.refused(ErrorCode::Forbidden);
    set(moderator, &[]).await.refused(ErrorCode::Forbidden);
    set(bert, &[scene.everyone()]).await.refused(ErrorCode::Invalid);
    set(bert, &[ladder.low.id]).await.is::<snug_protocol::Member>();
    set(bert, &[]).await.is::<snug_protocol::Member>();
    // A role that can more than who gives it.
    scene.ada.permit(&ladder.low, &[Permission::BanMembers]).await;
    set(bert, &[ladder.low.id]).await.refused(ErrorCode::Forbidden);
    // Members at or above one's own rank, and the owner, are out of reach.
    let cleo = scene.join("cleo").await;
    scene.ada.permit(&ladder.low, &[]).await;
    for rank in [ladder.middle.id, ladder.high.id] {
        scene.ada.give(scene.space, cleo.id, &[rank]).await;
        set(&cleo, &[rank, ladder.low.id]).await.refused(ErrorCode::Forbidden);
    }
    set(&scene.ada, &[ladder.low.id]).await.refused(ErrorCode::Forbidden);
    bert.patch(ladder.member(bert), json!({ "roles": [ladder.low.id] })).await.refused(ErrorCode::Forbidden);
}

async fn nobody_orders_roles_at_or_above_their_own(server: TestServer) {
    let ladder = Ladder::set(&server).await;
    let lowest = ladder.moderator.make_role(ladder.scene.space, "lowest", &[]).await;
    let (low, middle, high) = (ladder.low.id, ladder.middle.id, ladder.high.id);
    let order =
        async |roles: [RoleId; 4]| ladder.moderator.put(format!("/spaces/{}/roles/order", ladder.scene.space), json!({ "roles": roles })).await;
    order([middle, high, low, lowest.id]).await.refused(ErrorCode::Forbidden);
    order([high, low, middle, lowest.id]).await.refused(ErrorCode::Forbidden);
    order([low, high, middle, lowest.id]).await.refused(ErrorCode::Forbidden);
    order([high, middle, lowest.id, low]).await.done();
    // A gap in the order, where a role was deleted, moves nobody.
    let (ada, space) = (&ladder.scene.ada, ladder.scene.space);
    let gap = ada.make_role(space, "gap", &[]).await.id;
    ada.put(format!("/spaces/{space}/roles/order"), json!({ "roles": [high, gap, middle, low, lowest.id] })).await.done();
    ada.delete(ladder.role(gap)).await.done();
    order([high, middle, lowest.id, low]).await.done();
    order([middle, high, lowest.id, low]).await.refused(ErrorCode::Forbidden);
}

async fn nobody_changes_an_overwrite_they_could_not_have_made(server: TestServer) {
    let ladder = Ladder::set(&server).await;
    let (scene, moderator, bert) = (&ladder.scene, &ladder.moderator, &ladder.bert);
    let cleo = scene.join("cleo").await;
    scene.ada.give(scene.space, cleo.id, &[ladder.high.id]).await;
    let (role, member) = (OverwriteTarget::Role, OverwriteTarget::Member);
    let set = async |target, allow: &[Permission], deny: &[Permission]| {
        moderator.put(overwrite_path(scene.general, target), SetOverwrite { allow: permissions(allow), deny: permissions(deny) }).await
    };
    let own = &[Permission::ManageMessages];
    for target in [role(ladder.middle.id), role(ladder.high.id), member(cleo.id), member(scene.ada.id)] {
        set(target, own, &[]).await.refused(ErrorCode::Forbidden);
        set(target, &[], own).await.refused(ErrorCode::Forbidden);
        moderator.delete(overwrite_path(scene.general, target)).await.refused(ErrorCode::Forbidden);
    }
    for target in [role(ladder.low.id), role(scene.everyone()), member(bert.id), member(moderator.id)] {
        set(target, own, &[]).await.is::<snug_protocol::Channel>();
        for lacking in [Permission::ManageChannels, Permission::MuteMembers] {
            set(target, &[lacking], &[]).await.refused(ErrorCode::Forbidden);
            set(target, &[], &[lacking]).await.refused(ErrorCode::Forbidden);
        }
        set(target, &[Permission::Administrator], &[]).await.refused(ErrorCode::Invalid);
        set(target, own, own).await.refused(ErrorCode::Invalid);
        moderator.delete(overwrite_path(scene.general, target)).await.is::<snug_protocol::Channel>();
    }
    // What somebody above has set with a permission that the moderator lacks, stays.
    scene.ada.overwrite(scene.general, member(bert.id), &[], &[Permission::Connect, Permission::MuteMembers]).await;
    moderator.delete(overwrite_path(scene.general, member(bert.id))).await.refused(ErrorCode::Forbidden);
    set(member(bert.id), &[], &[Permission::MuteMembers]).await.is::<snug_protocol::Channel>();
    bert.delete(overwrite_path(scene.general, member(bert.id))).await.refused(ErrorCode::Forbidden);
    // Managing roles can be taken in one channel.
    scene.ada.overwrite(scene.general, member(moderator.id), &[], &[Permission::ManageRoles]).await;
    moderator.delete(overwrite_path(scene.general, member(moderator.id))).await.refused(ErrorCode::Forbidden);
}

async fn an_administrator_of_a_space_is_below_higher_roles_all_the_same(server: TestServer) {
    let ladder = Ladder::set(&server).await;
    let (scene, admin) = (&ladder.scene, &ladder.moderator);
    scene.ada.permit(&ladder.middle, &[Permission::Administrator]).await;
    scene.ada.give(scene.space, ladder.bert.id, &[ladder.high.id]).await;
    admin.patch(format!("/spaces/{}", scene.space), json!({ "name": "Ours" })).await.is::<snug_protocol::Space>();
    admin.patch(ladder.role(ladder.high.id), json!({ "name": "mine" })).await.refused(ErrorCode::Forbidden);
    admin.patch(ladder.role(ladder.middle.id), json!({ "name": "mine" })).await.refused(ErrorCode::Forbidden);
    for person in [&ladder.bert, &scene.ada] {
        admin.delete(ladder.member(person)).await.refused(ErrorCode::Forbidden);
        admin.put(format!("/spaces/{}/bans/{}", scene.space, person.id), json!({})).await.refused(ErrorCode::Forbidden);
        admin.patch(ladder.member(person), json!({ "nickname": "x" })).await.refused(ErrorCode::Forbidden);
    }
    admin.delete(format!("/spaces/{}", scene.space)).await.refused(ErrorCode::Forbidden);
    // No overwrite takes anything from an administrator.
    scene.ada.overwrite(scene.general, OverwriteTarget::Member(admin.id), &[], &[Permission::ViewChannel]).await;
    admin.say(scene.general, "still here").await;
}

async fn everyones_role_stays_what_it_is(server: TestServer) {
    let scene = server.scene().await;
    let path = format!("/spaces/{}/roles/{}", scene.space, scene.everyone());
    scene.ada.delete(&path).await.refused(ErrorCode::Conflict);
    scene.ada.patch(&path, json!({ "name": "all" })).await.refused(ErrorCode::Invalid);
    scene.ada.patch(&path, json!({ "permissions": permissions(&[Permission::Administrator]) })).await.refused(ErrorCode::Invalid);
    let role: Role = scene.ada.patch(&path, json!({ "permissions": Permissions::NONE })).await.is();
    assert_eq!((role.position, role.permissions), (0, Permissions::NONE));
}

async fn a_role_that_cannot_be_is_refused(server: TestServer) {
    let scene = server.scene().await;
    for (field, value) in [("name", json!("")), ("name", json!("x".repeat(41))), ("color", json!("red")), ("color", json!("#12345g"))] {
        let mut body = json!({ "name": "new" });
        body[field] = value;
        let refusal = scene.ada.post(format!("/spaces/{}/roles", scene.space), body).await.refused(ErrorCode::Invalid);
        assert_eq!(refusal.field.as_deref(), Some(field));
    }
    for permissions in [json!(1), json!("-1"), json!("2097152"), json!("18446744073709551616"), json!("x"), json!(null)] {
        let answer = scene.ada.post(format!("/spaces/{}/roles", scene.space), json!({ "name": "new", "permissions": permissions })).await;
        if permissions.is_null() { drop(answer.is::<Role>()) } else { drop(answer.refused(ErrorCode::Invalid)) }
    }
}
