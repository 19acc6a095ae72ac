//! Administration of the server: its settings and its accounts.
//!
//! * `settings` has the name, how one gets in, and figures.
//! * `people` has the accounts.
//! * [`offline`] is what the command line can do when nobody can log in.

pub mod offline;
mod people;
mod settings;

use crate::{
    accounts,
    auth::Actor,
    error::Refusal,
    http::route::{Limit, Need, Route},
    world::{Person, World},
};
use axum::http::Method;
use snug_protocol::{ErrorCode, rest::*};

/// The routes.
pub fn routes() -> Vec<Route> {
    use Limit::{Read, Secret, Write};
    let (get, post, patch, delete) = (Method::GET, Method::POST, Method::PATCH, Method::DELETE);
    vec![
        Route::new(get.clone(), "/admin/settings", Need::Admin, Read, "Shows the server's settings.", settings::show).answer::<AdminSettings>(200),
        Route::new(patch.clone(), "/admin/settings", Need::Admin, Write, "Changes the server's settings.", settings::update)
            .body::<UpdateAdminSettings>()
            .answer::<AdminSettings>(200),
        Route::new(get.clone(), "/admin/stats", Need::Admin, Read, "Says how large the server is.", settings::stats).answer::<AdminStats>(200),
        Route::new(get, "/admin/users", Need::Admin, Read, "Lists accounts.", people::list).query::<people::Search>().answer::<AdminUsers>(200),
        Route::new(patch, "/admin/users/{user}", Need::Admin, Write, "Suspends somebody, or makes them an administrator.", people::update)
            .body::<UpdateAdminUser>()
            .answer::<AdminUser>(200),
        Route::new(post.clone(), "/admin/users/{user}/answer", Need::Admin, Write, "Lets somebody in who knocks, or does not.", people::answer)
            .body::<AnswerKnock>(),
        Route::new(
            post,
            "/admin/users/{user}/password",
            Need::Admin,
            Secret,
            "Gives somebody a new password and ends their log-ins.",
            people::reset_password,
        )
        .answer::<NewPassword>(200),
        Route::new(delete, "/admin/users/{user}", Need::Admin, Write, "Deletes an account. What they wrote stays, without a name.", people::delete),
    ]
}

/// Refuses those who do not administer the server.
fn administrator(world: &World, actor: Actor) -> Result<&Person, Refusal> {
    let person = accounts::present(world, actor)?;
    if person.admin { Ok(person) } else { Err(Refusal::new(ErrorCode::Forbidden, "Only administrators of this server may do that.")) }
}
