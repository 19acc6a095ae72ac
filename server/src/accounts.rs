//! Accounts: registering, logging in and staying so, and what somebody says of themselves.
//!
//! * [`password`] makes and checks hashes.
//! * `register` is how one gets an account, and `knock` waiting to be let in.
//! * `login` turns a name and a password into a log-in, `refresh` lets it go on, `sessions` ends it.
//! * `profile` has name, picture and presence, `farewell` the end of an account.

mod farewell;
mod knock;
mod login;
pub mod password;
mod profile;
mod refresh;
mod register;
pub(crate) mod sessions;
mod visitor;

pub(crate) use farewell::remove;
pub(crate) use register::has_owner;
pub use sessions::sweep;

use crate::{
    auth::{self, Actor},
    error::Refusal,
    http::route::{Limit, Need, Route},
    world::{Person, World},
};
use axum::http::Method;
use snug_protocol::{Account, ErrorCode, User, rest::*};

/// The routes.
pub fn routes() -> Vec<Route> {
    use Limit::{Read, Secret, Write};
    use Need::{Acquaintance, Anyone, Login as LoggedInUser};
    let (get, post, put, patch, delete) = (Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE);
    vec![
        Route::new(post.clone(), "/auth/register", Anyone, Secret, "Makes an account. The first one owns the server.", register::register)
            .body::<Register>()
            .answer::<Registered>(201)
            .answer::<Registered>(202),
        Route::new(post.clone(), "/auth/login", Anyone, Secret, "Logs in with a name and a password.", login::login)
            .body::<Login>()
            .answer::<LoggedIn>(200),
        Route::new(post.clone(), "/auth/refresh", Anyone, Write, "Exchanges a refresh token for new tokens.", refresh::refresh)
            .body::<Refresh>()
            .answer::<LoggedIn>(200),
        Route::new(post.clone(), "/auth/logout", LoggedInUser, Write, "Ends the log-in that asks.", sessions::logout),
        Route::new(post.clone(), "/auth/knock", Anyone, Read, "Says how a knock stands, and logs in when it was answered.", knock::ask)
            .body::<Knock>()
            .answer::<KnockState>(200),
        Route::new(get.clone(), "/users/me", LoggedInUser, Read, "Shows one's own account.", profile::me).answer::<Account>(200),
        Route::new(patch, "/users/me", LoggedInUser, Write, "Changes one's own profile and presence.", profile::update)
            .body::<UpdateAccount>()
            .answer::<Account>(200),
        Route::new(put, "/users/me/avatar", LoggedInUser, Write, "Gives oneself a picture.", profile::set_avatar).picture().answer::<Account>(200),
        Route::new(delete.clone(), "/users/me/avatar", LoggedInUser, Write, "Takes one's picture away.", profile::remove_avatar)
            .answer::<Account>(200),
        Route::new(
            post.clone(),
            "/users/me/password",
            LoggedInUser,
            Secret,
            "Changes the password and ends all other log-ins.",
            sessions::change_password,
        )
        .body::<ChangePassword>(),
        Route::new(
            post,
            "/users/me/delete",
            LoggedInUser,
            Secret,
            "Deletes one's own account. What one wrote stays, without a name.",
            farewell::delete,
        )
        .body::<DeleteAccount>(),
        Route::new(get.clone(), "/users/me/sessions", LoggedInUser, Read, "Lists one's log-ins, last used first.", sessions::list)
            .answer::<Vec<Session>>(200),
        Route::new(delete, "/users/me/sessions/{session}", LoggedInUser, Write, "Ends one of one's log-ins.", sessions::revoke),
        Route::new(get, "/users/{user}", Acquaintance, Read, "Shows somebody.", profile::show).answer::<User>(200),
    ]
}

/// Whoever asks, if their log-in still holds: it may have ended while the request waited for its turn.
pub(crate) fn present(world: &World, actor: Actor) -> Result<&Person, Refusal> {
    if world.logins.get(&actor.login) != Some(&actor.user) {
        return Err(Refusal::new(ErrorCode::SessionEnded, "This log-in has ended.").hint("Log in again."));
    }
    auth::standing(world.people.get(&actor.user))
}

fn wrong_password(message: &str, field: &str) -> Refusal {
    Refusal::new(ErrorCode::WrongPassword, message).field(field)
}
