//! `GET /api/v1/openapi.json`: made from the table of routes and the types.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ComponentsBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr,
    Required,
};

use super::problem::PROBLEM_JSON;
use super::render::matches_etag;
use super::routes::{Route, table};
use super::{idempotency, schema};

/// Problems any route can answer with: not understood, no token, not from here, too busy, too slow.
const PROBLEMS: &[u16] = &[400, 401, 403, 503, 504];

/// The document and its ETag, made once.
static DOCUMENT: LazyLock<(Bytes, HeaderValue)> = LazyLock::new(|| {
    let text = serde_json::to_vec_pretty(&openapi()).unwrap_or_default();
    let hash = blake3::hash(&text).to_hex();
    let etag = HeaderValue::from_str(&format!("\"{}\"", &hash[..24]));
    (text.into(), etag.unwrap_or_else(|_| HeaderValue::from_static("\"\"")))
});

/// Serves the document.
pub async fn document(headers: HeaderMap) -> Response {
    let (text, etag) = &*DOCUMENT;
    let fixed = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ];
    if matches_etag(&headers, etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, text.clone()).into_response()
}

/// The document.
pub fn openapi() -> OpenApi {
    let mut paths = PathsBuilder::new();
    for route in table() {
        let method = match route.method.as_str() {
            "POST" => HttpMethod::Post,
            _ => HttpMethod::Get,
        };
        paths = paths.path(route.path, PathItem::new(method, operation(&route)));
    }
    let mut components = ComponentsBuilder::new();
    for (name, schema) in schema::json_schemas() {
        components = components.schema(name, typed(schema));
    }
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("Only where the node is reached from other machines."))
        .build();
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Zeromesh")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "A node of a mesh that runs virtual companies. Worlds and projects are named by \
                     id, by the first six or more digits of it, or by name. Levels are basis \
                     points, money is in cents, times are milliseconds since 1970. Every error is a \
                     problem (RFC 9457).",
                ))
                .license(Some(LicenseBuilder::new().name("Apache-2.0").build()))
                .build(),
        )
        .paths(paths)
        .components(Some(components.security_scheme("token", SecurityScheme::Http(token)).build()))
        .build()
}

/// A schema in the library's own types, which see to it that it is one.
fn typed(schema: Value) -> RefOr<Schema> {
    // `const` is JSON Schema 2020-12; the library reads it as an enumeration of one.
    fn rewrite(value: &mut Value) {
        match value {
            Value::Object(object) => {
                if let Some(word) = object.remove("const") {
                    object.insert("type".into(), "string".into());
                    object.insert("enum".into(), json!([word]));
                }
                object.values_mut().for_each(rewrite);
            }
            Value::Array(items) => items.iter_mut().for_each(rewrite),
            _ => {}
        }
    }
    let mut schema = schema;
    rewrite(&mut schema);
    serde_json::from_value(schema).unwrap_or_else(|error| panic!("not a schema: {error}"))
}

fn named(name: &str, list: bool) -> RefOr<Schema> {
    let item = Ref::from_schema_name(name);
    match list {
        true => ArrayBuilder::new().items(item).into(),
        false => item.into(),
    }
}

fn words() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).into()
}

fn operation(route: &Route) -> OperationBuilder {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(operation_id(route)))
        .tag(route.tag)
        .summary(Some(route.summary));
    let in_path =
        route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    for name in in_path {
        operation = operation.parameter(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(words())),
        );
    }
    for (name, needed, about) in route.query {
        let number = matches!(*name, "limit" | "epoch");
        let kind = if number { Type::Integer } else { Type::String };
        operation = operation.parameter(
            ParameterBuilder::new()
                .name(*name)
                .parameter_in(ParameterIn::Query)
                .required(if *needed { Required::True } else { Required::False })
                .description(Some(*about))
                .schema(Some(ObjectBuilder::new().schema_type(kind))),
        );
    }
    if route.idempotent {
        operation = operation.parameter(
            ParameterBuilder::new()
                .name(idempotency::HEADER)
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some("The same request with the same key is done once."))
                .schema(Some(words())),
        );
    }
    if let Some(body) = route.body {
        let schema = body.schema.map_or_else(words, |name| named(name, false));
        operation = operation.request_body(Some(
            RequestBodyBuilder::new()
                .description(Some(body.about))
                .required(Some(Required::True))
                .content(body.media, ContentBuilder::new().schema(Some(schema)).build())
                .build(),
        ));
    }
    let answer = route.answer;
    let mut response = ResponseBuilder::new().description(answer.about);
    if answer.status != 101 {
        let schema = answer.schema.map_or_else(words, |name| named(name, answer.list));
        response =
            response.content(answer.media, ContentBuilder::new().schema(Some(schema)).build());
    }
    operation = operation.response(answer.status.to_string(), response);
    for status in PROBLEMS.iter().chain(route.problems) {
        let about = StatusCode::from_u16(*status).ok().and_then(|it| it.canonical_reason());
        let content = ContentBuilder::new().schema(Some(named("Problem", false))).build();
        let response = ResponseBuilder::new()
            .description(about.unwrap_or("Problem"))
            .content(PROBLEM_JSON, content);
        operation = operation.response(status.to_string(), response);
    }
    operation
}

/// `get_worlds_world_projects`: what generated clients call their functions.
fn operation_id(route: &Route) -> String {
    let path = route.path.trim_start_matches("/api/v1");
    let words = path.split(['/', '{', '}', '.']).filter(|word| !word.is_empty());
    std::iter::once(route.method.as_str().to_lowercase())
        .chain(words.map(str::to_owned))
        .collect::<Vec<_>>()
        .join("_")
}
