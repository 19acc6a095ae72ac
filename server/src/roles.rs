//! Roles: making, changing, ordering and deleting them. Nobody reaches a role at or above their own highest, or gives
//! a permission they lack.

use crate::{
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Created, Done, Json, Path},
        route::{Limit, Need, Route},
    },
    store::{Audit, Tx},
    text, values,
    world::Change,
};
use axum::{extract::State, http::Method};
use serde_json::json;
use snug_protocol::{
    ErrorCode, Permission, Permissions, Role, RoleId, SpaceId, UserId, limits,
    rest::{CreateRole, OrderRoles, UpdateRole},
};
use std::{collections::BTreeSet, sync::Arc};

/// The routes.
pub fn routes() -> Vec<Route> {
    let above = Need::Above(Permission::ManageRoles);
    vec![
        Route::new(
            Method::POST,
            "/spaces/{space}/roles",
            Need::Space(Permission::ManageRoles),
            Limit::Write,
            "Makes a role, right above @everyone.",
            create,
        )
        .body::<CreateRole>()
        .answer::<Role>(201),
        Route::new(Method::PUT, "/spaces/{space}/roles/order", above, Limit::Write, "Orders the roles.", order).body::<OrderRoles>(),
        Route::new(Method::PATCH, "/spaces/{space}/roles/{role}", above, Limit::Write, "Changes a role.", update)
            .body::<UpdateRole>()
            .answer::<Role>(200),
        Route::new(Method::DELETE, "/spaces/{space}/roles/{role}", above, Limit::Write, "Deletes a role.", delete),
    ]
}

async fn create(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(space): Path<SpaceId>,
    Json(body): Json<CreateRole>,
) -> Result<Created<Role>, Refusal> {
    app.store.write(move |tx| make(tx, actor.user, space, body)).await.map(Created)
}

async fn update(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((space, role)): Path<(SpaceId, RoleId)>,
    Json(body): Json<UpdateRole>,
) -> Result<Json<Role>, Refusal> {
    app.store.write(move |tx| change(tx, actor.user, space, role, body)).await.map(Json)
}

async fn delete(State(app): State<Arc<App>>, actor: Actor, Path((space, role)): Path<(SpaceId, RoleId)>) -> Result<Done, Refusal> {
    app.store.write(move |tx| remove(tx, actor.user, space, role)).await.map(|()| Done)
}

async fn order(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>, Json(body): Json<OrderRoles>) -> Result<Done, Refusal> {
    app.store.write(move |tx| arrange(tx, actor.user, space, &body.roles)).await.map(|()| Done)
}

/// Writes a new role.
pub fn insert(tx: &mut Tx<'_>, role: &Role) -> Result<(), Refusal> {
    tx.sql.execute(
        "INSERT INTO role (id, space_id, name, color, position, permissions, hoist, mentionable) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            role.id,
            role.space_id,
            &role.name,
            role.color.as_deref(),
            role.position,
            role.permissions.bits() as i64,
            role.hoist,
            role.mentionable
        ],
    )?;
    Ok(())
}

/// `#rrggbb` in lower case, or nothing for an empty text.
fn color(text: &str) -> Result<Option<String>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    hex.map(|_| Some(text.to_ascii_lowercase())).ok_or_else(|| Refusal::invalid("color", "A colour looks like #c8472a."))
}

fn make(tx: &mut Tx<'_>, user: UserId, space: SpaceId, body: CreateRole) -> Result<Role, Refusal> {
    let access = tx.world.space_for(user, space)?;
    access.require(Permission::ManageRoles)?;
    let permissions = body.permissions.unwrap_or_default();
    access.require_own(permissions)?;
    let place = access.place;
    if place.roles.len() >= limits::ROLES_PER_SPACE {
        return Err(Refusal::new(ErrorCode::Conflict, format!("A space has at most {} roles.", limits::ROLES_PER_SPACE)).hint("Delete one first."));
    }
    let role = Role {
        id: tx.id(),
        space_id: space,
        name: text::name("name", &body.name, limits::ROLE_NAME)?,
        color: color(body.color.as_deref().unwrap_or_default())?,
        position: 1,
        permissions,
        hoist: body.hoist,
        mentionable: body.mentionable,
    };
    // All others move up by one, so that positions stay distinct.
    for other in place.roles.values().filter(|other| other.position > 0) {
        place_role(tx, other, other.position + 1)?;
    }
    insert(tx, &role)?;
    tx.audit(Audit {
        space: Some(space),
        actor: Some(user),
        action: "role.create",
        target: Some(role.id.get()),
        before: None,
        after: Some(json!(role)),
    })?;
    tx.emit(Change::Role(role.clone()));
    Ok(role)
}

fn place_role(tx: &mut Tx<'_>, role: &Role, position: u32) -> Result<(), Refusal> {
    if role.position == position {
        return Ok(());
    }
    tx.sql.execute("UPDATE role SET position = $2 WHERE id = $1", values![role.id, position])?;
    tx.emit(Change::Role(Role { position, ..role.clone() }));
    Ok(())
}

fn change(tx: &mut Tx<'_>, user: UserId, space: SpaceId, id: RoleId, body: UpdateRole) -> Result<Role, Refusal> {
    let access = tx.world.space_for(user, space)?;
    access.require(Permission::ManageRoles)?;
    let before = access.role(id)?;
    access.require_above_role(before)?;
    let mut role = before.clone();
    let everyone = id == space.everyone();
    if let Some(name) = body.name {
        let name = text::name("name", &name, limits::ROLE_NAME)?;
        if everyone && name != role.name {
            return Err(Refusal::invalid("name", "@everyone keeps its name."));
        }
        role.name = name;
    }
    if let Some(text) = body.color {
        role.color = color(&text)?;
    }
    if let Some(permissions) = body.permissions {
        let changed = permissions.minus(role.permissions) | role.permissions.minus(permissions);
        access.require_own(changed)?;
        if everyone && permissions.allows(Permission::Administrator) {
            return Err(Refusal::invalid("permissions", "Not everyone can be an administrator."));
        }
        role.permissions = permissions;
    }
    role.hoist = body.hoist.unwrap_or(role.hoist);
    role.mentionable = body.mentionable.unwrap_or(role.mentionable);
    if role == *before {
        return Ok(role);
    }
    tx.sql.execute(
        "UPDATE role SET name = $2, color = $3, permissions = $4, hoist = $5, mentionable = $6 WHERE id = $1",
        values![id, &role.name, role.color.as_deref(), role.permissions.bits() as i64, role.hoist, role.mentionable],
    )?;
    tx.audit(Audit {
        space: Some(space),
        actor: Some(user),
        action: "role.update",
        target: Some(id.get()),
        before: Some(json!(before)),
        after: Some(json!(role)),
    })?;
    tx.emit(Change::Role(role.clone()));
    Ok(role)
}

fn remove(tx: &mut Tx<'_>, user: UserId, space: SpaceId, id: RoleId) -> Result<(), Refusal> {
    let access = tx.world.space_for(user, space)?;
    access.require(Permission::ManageRoles)?;
    let role = access.role(id)?;
    if id == space.everyone() {
        return Err(Refusal::new(ErrorCode::Conflict, "@everyone cannot be deleted."));
    }
    access.require_above_role(role)?;
    // Those who hold a role with permissions the actor lacks must not lose them by this detour.
    access.require_own(role.permissions)?;
    tx.sql.execute("DELETE FROM overwrite WHERE role_id = $1", values![id])?;
    tx.sql.execute("DELETE FROM role WHERE id = $1", values![id])?;
    tx.audit(Audit { space: Some(space), actor: Some(user), action: "role.delete", target: Some(id.get()), before: Some(json!(role)), after: None })?;
    tx.emit(Change::RoleDeleted { space, role: id });
    Ok(())
}

fn arrange(tx: &mut Tx<'_>, user: UserId, space: SpaceId, order: &[RoleId]) -> Result<(), Refusal> {
    let access = tx.world.space_for(user, space)?;
    access.require(Permission::ManageRoles)?;
    let place = access.place;
    let named: BTreeSet<_> = order.iter().copied().collect();
    let all: BTreeSet<_> = place.roles.keys().copied().filter(|id| *id != space.everyone()).collect();
    if named.len() != order.len() || named != all {
        return Err(Refusal::invalid("roles", "The order must name every role but @everyone, each once.")
            .hint("Somebody may have made or deleted one: try again."));
    }
    let rank = place.rank(user);
    // The same places for others: where a role was deleted stays a gap, so that nothing moves that stays in order.
    let mut places: Vec<_> = all.iter().map(|id| place.roles[id].position).collect();
    places.sort_unstable();
    let mut moved = Vec::new();
    for (position, id) in places.into_iter().zip(order.iter().rev()) {
        let role = &place.roles[id];
        if role.position != position {
            access.require_above_role(role)?;
            if position >= rank {
                return Err(Refusal::new(ErrorCode::Forbidden, format!("The role “{}” would not be below your highest role any more.", role.name)));
            }
            moved.push((role, position));
        }
    }
    for (role, position) in moved {
        place_role(tx, role, position)?;
    }
    let after = json!(order);
    tx.audit(Audit { space: Some(space), actor: Some(user), action: "role.order", after: Some(after), ..Audit::default() })?;
    Ok(())
}

/// Roles that `user` may give or take: below their own highest, holding nothing they lack.
pub fn require_grantable(access: &crate::world::SpaceAccess<'_>, role: &Role) -> Result<(), Refusal> {
    access.require_above_role(role)?;
    access.require_own(if role.permissions.is_empty() { Permissions::NONE } else { role.permissions })
}
