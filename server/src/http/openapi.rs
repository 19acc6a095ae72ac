//! The OpenAPI document, made from the table of routes and the types of the protocol.

use super::{
    App,
    route::{self, Content, Limit, Need, Route},
};
use axum::{
    body::Bytes,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings, transform};
use serde_json::{Map, Value, json};
use std::sync::{Arc, OnceLock};

/// `GET /api/v1/openapi.json`.
pub async fn serve(State(_): State<Arc<App>>) -> Response {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    let document = DOCUMENT.get_or_init(|| document().to_string().into());
    ([(header::CONTENT_TYPE, "application/json")], document.clone()).into_response()
}

/// The document.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.definitions_path = "/components/schemas".into();
        s.meta_schema = None;
    });
    let mut generator = settings.with_transform(transform::RestrictFormats::default()).into_generator();
    let error = generator.subschema_for::<snug_protocol::ApiError>();
    let mut paths = Map::new();
    for route in route::all() {
        let operation = operation(&route, &mut generator, &error);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Snug",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Every change of a Snug server. Events arrive by the gateway at /ws. Identifiers and permission sets are decimal strings; times are milliseconds since the Unix epoch.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/api/v1" }],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": { "access_token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator, error: &Schema) -> Value {
    let mut operation = json!({
        "summary": route.about,
        "description": who(route.need),
        "operationId": operation_id(route),
        "tags": [route.path.trim_start_matches('/').split('/').next().unwrap_or_default()],
        "parameters": parameters(route, generator),
        "responses": responses(route, generator, error),
    });
    if route.need != Need::Anyone {
        operation["security"] = json!([{ "access_token": [] }]);
    }
    if let Some(body) = route.body {
        operation["requestBody"] = json!({ "required": true, "content": content(body, generator) });
    }
    operation
}

fn operation_id(route: &Route) -> String {
    let words = route.path.split('/').filter(|part| !part.is_empty()).map(|part| part.trim_matches(['{', '}']).replace(['-', '.'], "_"));
    std::iter::once(route.method.as_str().to_lowercase()).chain(words).collect::<Vec<_>>().join("_")
}

fn parameters(route: &Route, generator: &mut SchemaGenerator) -> Vec<Value> {
    let mut parameters = Vec::new();
    for name in route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let schema = match name {
            "code" | "emoji" => json!({ "type": "string", "minLength": 1, "maxLength": 64 }),
            "hash" => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
            "kind" => json!({ "type": "string", "enum": ["role", "member"] }),
            _ => json!({ "type": "string", "pattern": "^[1-9][0-9]{0,18}$" }),
        };
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    if let Some(query) = route.query {
        let schema = query(generator).to_value();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let description = schema["description"].clone();
            parameters.push(json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": description }));
        }
    }
    parameters
}

fn responses(route: &Route, generator: &mut SchemaGenerator, error: &Schema) -> Value {
    let mut responses = Map::new();
    for (status, body) in &route.answers {
        let content = body.map(|body| content(body, generator));
        let mut response = json!({ "description": meaning(*status) });
        if let Some(content) = content {
            response["content"] = content;
        }
        responses.insert(status.to_string(), response);
    }
    for status in refusals(route) {
        let response = json!({ "description": meaning(status), "content": { "application/json": { "schema": error } } });
        responses.insert(status.to_string(), response);
    }
    Value::Object(responses)
}

/// The statuses a route may refuse with.
fn refusals(route: &Route) -> Vec<u16> {
    let mut list = vec![429, 500, 503];
    let guarded = route.need != Need::Anyone;
    let guesses = route.limit == Limit::Secret;
    // A password, a refresh token or a ticket may not be good.
    let enters = route.path.starts_with("/auth/");
    if guarded || guesses || enters {
        list.extend([401, 403]);
    }
    if route.path.contains('{') {
        list.push(404);
    }
    if route.body.is_some() || route.query.is_some() || route.path.contains('{') {
        list.push(400);
    }
    if route.body.is_some() {
        list.extend([413, 415]);
    }
    if route.method != axum::http::Method::GET {
        list.extend([404, 409]);
    }
    list.sort_unstable();
    list.dedup();
    list
}

fn meaning(status: u16) -> &'static str {
    match status {
        200 => "Done.",
        201 => "Made.",
        202 => "Accepted; not done yet.",
        204 => "Done; there is nothing to say.",
        304 => "As you have it.",
        400 => "The request is not well formed, or a field is out of its range.",
        401 => "No token, or one that is not good.",
        403 => "Not allowed.",
        404 => "Not there, or not for you.",
        409 => "It clashes with what is there.",
        413 => "Too large.",
        415 => "Not a type that is accepted here.",
        429 => "Too much at once: wait for Retry-After.",
        503 => "Not now: try again.",
        _ => "A fault of the server.",
    }
}

fn content(content: Content, generator: &mut SchemaGenerator) -> Value {
    match content {
        Content::Json(schema) => json!({ "application/json": { "schema": schema(generator) } }),
        Content::Picture => {
            let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
            json!({ "image/png": bytes, "image/jpeg": bytes, "image/webp": bytes })
        }
    }
}

/// Who may use it, as a sentence.
fn who(need: Need) -> String {
    let name = crate::error::permission_name;
    match need {
        Need::Anyone => "For anyone.".into(),
        Need::Login => "For anyone who is logged in.".into(),
        Need::Acquaintance => "For those who share a space with them, and administrators.".into(),
        Need::Member => "For members of the space.".into(),
        Need::Space(p) => format!("For members who may {}.", name(p)),
        Need::Channel(p) => format!("For those who may, in the channel, {}.", name(p)),
        Need::Above(p) => format!("For members who may {} and stand above what they change.", name(p)),
        Need::Author => "For the author.".into(),
        Need::AuthorOr(p) => format!("For the author, and those who may {}.", name(p)),
        Need::Owner => "For the owner of the space.".into(),
        Need::Admin => "For administrators of the server.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        let document = document();
        let text = document.to_string();
        for part in text.split("\"$ref\":\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        assert!(document["paths"].as_object().unwrap().len() > 40);
    }
}
