//! The OpenAPI document is complete and true.

use std::collections::BTreeSet;

use axum::http::Method;
use node::api::routes::table;
use serde_json::Value;

use crate::core::Core;

#[tokio::test]
async fn every_route_is_in_the_document_and_every_path_of_it_is_served() {
    let core = Core::start().await;
    let document: Value = core.get("/api/v1/openapi.json").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut told = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            told.insert((method.to_uppercase(), path.clone()));
        }
    }
    let routes: BTreeSet<_> =
        table().iter().map(|route| (route.method.to_string(), route.path.to_owned())).collect();
    assert_eq!(told, routes);
    for (method, path) in told {
        let path = path.replace("{world}", "main").replace("{project}", "Project%203");
        let path = path.replace("{command}", &"0".repeat(64));
        let path = path.replace("{commit}", "1").replace("{run}", "1");
        let method: Method = method.parse().unwrap();
        let reply = core.send(method.clone(), &path, &[], "").await;
        let fallen_through = reply.status.as_u16() == 405
            || reply.header("content-type").starts_with("text/html")
            || (reply.status.as_u16() == 404 && reply.problem().kind == "not-found");
        assert!(!fallen_through, "{method} {path}: {reply:?}");
    }
}

#[tokio::test]
async fn every_schema_that_is_named_is_there_and_every_operation_is_named_once() {
    let core = Core::start().await;
    let document: Value = core.get("/api/v1/openapi.json").await.json();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut named = BTreeSet::new();
    collect(&document, &mut named);
    for name in &named {
        assert!(schemas.contains_key(name), "{name} is named and not there");
    }
    assert!(named.contains("PersonView") && named.contains("Problem"), "{named:?}");
    let mut ids = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()));
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()));
        }
    }
    let tagged = &schemas["CommandState"]["oneOf"][2]["properties"];
    assert_eq!(tagged["is"]["enum"][0], "refused");
    assert_eq!(tagged["reason"]["type"], "string");
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(name)) = object.get("$ref") {
                names.insert(name.trim_start_matches("#/components/schemas/").to_owned());
            }
            object.values().for_each(|value| collect(value, names));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}
