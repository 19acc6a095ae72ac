//! Routes are data: each module lists its own, and [`all`] is the table.

use super::{App, extract::Largest, limit};
use crate::{accounts, admin, channels, images, invites, members, messages, roles, server_info, spaces, voice};
use axum::{
    Extension, Router,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, on},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use snug_protocol::{Permission, limits};
use std::sync::Arc;

/// Who may use a route. Kept by the route's own check; stated here for the documentation and for the authorization
/// tests, which try every actor against every route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Anyone at all.
    Anyone,
    /// Anyone who is logged in.
    Login,
    /// Somebody who shares a space with the user named, or an administrator of the server.
    Acquaintance,
    /// Members of the space.
    Member,
    /// Members of the space with this permission.
    Space(Permission),
    /// Those who have this permission in the channel.
    Channel(Permission),
    /// Members with this permission who stand above the member or role named.
    Above(Permission),
    /// The author of the message.
    Author,
    /// The author of the message, or those who have this permission in the channel.
    AuthorOr(Permission),
    /// The owner of the space.
    Owner,
    /// Administrators of the server.
    Admin,
}

/// How often a route may be used; see [`limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Looking something up.
    Read,
    /// Changing something.
    Write,
    /// Writing messages, reacting.
    Message,
    /// What costs a password hash, or could be used for guessing.
    Secret,
}

type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What a body is.
#[derive(Clone, Copy)]
pub enum Content {
    /// JSON of this shape.
    Json(SchemaOf),
    /// A picture.
    Picture,
}

/// Adds a handler to a router: path, limit and the largest body are the table's.
type Add = Box<dyn FnOnce(Router<Arc<App>>, &str, Limit, usize, &Arc<App>) -> Router<Arc<App>> + Send>;

/// One route.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below `/api/v1`, with `{parameters}`.
    pub path: &'static str,
    /// What it does, as a sentence.
    pub about: &'static str,
    /// Who may use it.
    pub need: Need,
    /// How often.
    pub limit: Limit,
    /// What is sent.
    pub body: Option<Content>,
    /// The query's shape.
    pub query: Option<SchemaOf>,
    /// What is answered when all is well.
    pub answers: Vec<(u16, Option<Content>)>,
    add: Add,
}

impl Route {
    /// A route without a body that answers 204, until told otherwise.
    pub fn new<H, T>(method: Method, path: &'static str, need: Need, limit: Limit, about: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>> + Sync,
        T: Send + 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("a usual method");
        let add = move |router: Router<Arc<App>>, path: &str, class: Limit, size: usize, app: &Arc<App>| {
            let gate = middleware::from_fn_with_state((app.clone(), class), limit::gate);
            router.route(path, on(filter, handler).layer(Extension(Largest(size))).layer(gate))
        };
        Self { method, path, about, need, limit, body: None, query: None, answers: vec![(204, None)], add: Box::new(add) }
    }

    /// It takes this as JSON.
    #[must_use]
    pub fn body<T: JsonSchema>(mut self) -> Self {
        self.body = Some(Content::Json(|generator| generator.subschema_for::<T>()));
        self
    }

    /// It takes a picture.
    #[must_use]
    pub fn picture(mut self) -> Self {
        self.body = Some(Content::Picture);
        self
    }

    /// It takes this as its query.
    #[must_use]
    pub fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(|generator| T::json_schema(generator));
        self
    }

    /// It answers this as JSON, and no longer 204.
    #[must_use]
    pub fn answer<T: JsonSchema>(mut self, status: u16) -> Self {
        self.answers.retain(|(status, _)| *status != 204);
        self.answers.push((status, Some(Content::Json(|generator| generator.subschema_for::<T>()))));
        self
    }

    /// It answers a picture.
    #[must_use]
    pub fn answer_picture(mut self) -> Self {
        self.answers = vec![(200, Some(Content::Picture)), (304, None)];
        self
    }
}

/// Every route below `/api/v1`.
pub fn all() -> Vec<Route> {
    [
        server_info::routes(),
        accounts::routes(),
        images::routes(),
        spaces::routes(),
        invites::routes(),
        channels::routes(),
        roles::routes(),
        members::routes(),
        voice::routes(),
        messages::routes(),
        admin::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The router of the table.
pub fn router(app: &Arc<App>) -> Router<Arc<App>> {
    all().into_iter().fold(Router::new(), |router, route| {
        let size = if let Some(Content::Picture) = route.body { limits::PICTURE_BYTES } else { limits::BODY_BYTES };
        (route.add)(router, route.path, route.limit, size, app)
    })
}
