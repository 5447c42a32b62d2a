//! What can be asked, and what comes of asking wrongly.

use axum::http::Method;
use node::api::types::*;

use crate::core::{Core, EPOCH, PEOPLE, PROJECTS, project_id, row, silent, world_id};

#[tokio::test]
async fn everything_can_be_looked_at() {
    let core = Core::start().await;
    let status: NodeStatus = core.get("/api/v1/status").await.json();
    assert_eq!(status.name, "oak");
    let mesh: MeshView = core.get("/api/v1/mesh").await.json();
    assert_eq!((mesh.nodes.len(), mesh.history.len()), (1, 10));
    let worlds: Vec<WorldView> = core.get("/api/v1/worlds").await.json();
    assert_eq!(worlds.len(), 2);
    for name in ["main", "MAIN", "010101", &world_id(1).to_string()] {
        let world: WorldView = core.get(&format!("/api/v1/worlds/{name}")).await.json();
        assert_eq!(world.name, "main");
    }
    let shares: Vec<ShareRow> = core.get("/api/v1/worlds/main/shares").await.json();
    assert_eq!(shares.len(), usize::from(PROJECTS));
    for name in ["Project%203", "project%203", "030303", &project_id(3).to_string()] {
        let detail: ProjectDetail = core.get(&format!("/api/v1/projects/{name}")).await.json();
        assert_eq!(detail.row, row(3));
        assert_eq!(detail.view.unwrap().people.len(), PEOPLE as usize);
    }
    let root: RootView = core.get("/api/v1/worlds/main/root?epoch=96").await.json();
    assert_eq!(root.epoch, 96);
    let newest: RootView = core.get("/api/v1/worlds/main/root").await.json();
    assert_eq!(newest, root);
}

#[tokio::test]
async fn what_is_unknown_is_404_with_a_word_on_what_to_do() {
    let core = Core::start().await;
    let absent = format!("/api/v1/projects/{}", "0".repeat(64));
    let command = format!("/api/v1/worlds/main/commands/{}", "0".repeat(64));
    for (path, kind) in [
        ("/api/v1/worlds/nope", "unknown-world"),
        ("/api/v1/worlds/nope/projects", "unknown-world"),
        ("/api/v1/projects/nope", "unknown-project"),
        ("/api/v1/projects/nope/people", "unknown-project"),
        (absent.as_str(), "unknown"),
        (command.as_str(), "unknown"),
        ("/api/v1/nothing", "not-found"),
        ("/assets/missing.js", "not-found"),
    ] {
        let reply = core.get(path).await;
        assert_eq!((reply.status.as_u16(), reply.problem().kind.as_str()), (404, kind), "{path}");
    }
}

#[tokio::test]
async fn a_prefix_of_several_ids_is_told_with_the_candidates() {
    let core = Core::start().await;
    let problem = core.get("/api/v1/projects/abcdef").await.problem();
    assert_eq!((problem.status, problem.kind.as_str()), (409, "ambiguous"));
    assert_eq!(problem.candidates, [project_id(0).to_string(), project_id(1).to_string()]);
    let one: ProjectDetail = core.get("/api/v1/projects/abcdef00").await.json();
    assert_eq!(one.row.id, project_id(0).to_string());
}

#[tokio::test]
async fn a_wrong_method_says_which_is_right() {
    let core = Core::start().await;
    for (method, path, allow) in [
        (Method::DELETE, "/api/v1/status", "GET,HEAD"),
        (Method::GET, "/api/v1/peers", "POST"),
        (Method::PUT, "/api/v1/worlds", "GET,HEAD,POST"),
        (Method::POST, "/", "GET, HEAD"),
    ] {
        let reply = core.send(method, path, &[], "").await;
        assert_eq!(reply.problem().status, 405, "{path}");
        let mut allowed: Vec<_> = reply.header("allow").split(',').map(str::trim).collect();
        allowed.sort_unstable();
        assert_eq!(allowed, allow.split(',').map(str::trim).collect::<Vec<_>>(), "{path}");
    }
}

#[tokio::test]
async fn json_that_is_none_is_told_with_its_place() {
    let core = Core::start().await;
    for (path, body, word) in [
        ("/api/v1/peers", "{", "line 1 column 1"),
        ("/api/v1/peers", "", "empty"),
        ("/api/v1/peers", r#"{"adress":"x"}"#, "address"),
        ("/api/v1/worlds/main/pace", "[1", "line 1"),
        ("/api/v1/worlds/main/projects", "nope", "line 1"),
        ("/api/v1/projects/Project%202/commands", "\u{1}", "line 1"),
    ] {
        let problem = core.post(path, body).await.problem();
        assert_eq!(problem.status, 400, "{path}: {problem:?}");
        assert!(problem.detail.contains(word), "{path}: {problem:?}");
    }
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_a_problem_too() {
    let core = Core::start().await;
    for (path, word) in [
        ("/api/v1/worlds/main/projects?limit=many", "limit"),
        ("/api/v1/worlds/main/projects?limit=0", "1 to 500"),
        ("/api/v1/worlds/main/projects?lmit=3", "lmit"),
        ("/api/v1/worlds/main/projects?sort=shoe", "name"),
        ("/api/v1/worlds/main/projects?cursor=zz", "cursor"),
        ("/api/v1/worlds/main/people?cursor=00", "cursor"),
        ("/api/v1/worlds/main/root?epoch=-1", "epoch"),
        ("/api/v1/worlds/main/commands/12", "64"),
        ("/api/v1/projects/%ff", ""),
    ] {
        let problem = core.get(path).await.problem();
        assert_eq!(problem.status, 400, "{path}: {problem:?}");
        assert!(problem.detail.contains(word), "{path}: {problem:?}");
    }
}

#[tokio::test]
async fn roots_that_cannot_be_given_say_how_far_the_world_is() {
    let core = Core::start().await;
    let problem = core.get("/api/v1/worlds/main/root?epoch=97").await.problem();
    assert_eq!(problem.status, 422);
    assert!(problem.detail.contains("96 and 104"), "{problem:?}");
    let problem = core.get("/api/v1/worlds/main/root?epoch=160").await.problem();
    assert_eq!((problem.status, problem.kind.as_str()), (409, "not-settled"));
    assert!(problem.detail.contains("up to epoch 100"), "{problem:?}");
    assert!(problem.detail.contains("checkpoint is 96"), "{problem:?}");
}

#[tokio::test]
async fn pages_hold_every_project_once_in_the_order_asked_for() {
    let core = Core::start().await;
    for sort in ["id", "name", "cash", "-cash"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/worlds/main/projects?limit=5&sort={sort}{cursor}");
            let page: Page<ProjectRow> = core.get(&path).await.json();
            assert_eq!(page.total, u64::from(PROJECTS));
            assert!(page.items.len() <= 5);
            seen.extend(page.items);
            match page.next {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let mut ids: Vec<_> = seen.iter().map(|row| row.id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), usize::from(PROJECTS), "{sort}");
        let cash = seen.iter().map(|row| row.summary.cash_cents);
        match sort {
            "cash" => assert!(cash.is_sorted()),
            "-cash" => assert!(cash.rev().is_sorted()),
            "id" => assert!(seen.iter().map(|row| &row.id).is_sorted()),
            _ => assert_eq!(seen[0].summary.name, "Project 0"),
        }
    }
}

#[tokio::test]
async fn people_of_a_world_come_page_by_page_and_a_silent_runner_is_named() {
    let core = Core::start().await;
    for limit in [1, 7, 100] {
        let (mut seen, mut missing, mut cursor) = (Vec::new(), Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/worlds/main/people?limit={limit}{cursor}");
            let page: PeoplePage = core.get(&path).await.json();
            assert!(page.items.len() <= limit);
            seen.extend(page.items.iter().map(|row| row.person.id.clone()));
            missing.extend(page.missing);
            match page.next {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        missing.dedup();
        assert_eq!(missing, [silent().to_string()]);
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all, "nobody twice");
        assert_eq!(all, usize::from(PROJECTS - 1) * PEOPLE as usize, "limit {limit}");
    }
    let page: PeoplePage = core.get("/api/v1/projects/Project%203/people?limit=3").await.json();
    assert_eq!((page.items.len(), page.total), (3, u64::from(PEOPLE)));
    let path = format!("/api/v1/projects/Project%203/people?cursor={}", page.next.unwrap());
    let page: PeoplePage = core.get(&path).await.json();
    assert_eq!((page.items.len(), page.next), (2, None));
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let core = Core::start().await;
    for path in [
        "/api/v1/status",
        "/api/v1/mesh",
        "/api/v1/worlds/main/projects?limit=3",
        "/api/v1/projects/Project%203",
        "/api/v1/openapi.json",
    ] {
        let first = core.get(path).await;
        let etag = first.header("etag").to_owned();
        assert!(etag.len() > 8, "{path}");
        let again = core.get_with(path, &[("if-none-match", &format!("\"x\", W/{etag}"))]).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), etag);
    }
    let etag = core.get("/api/v1/status").await.header("etag").to_owned();
    core.change(|picture| picture.status.uptime_ms += 1);
    let changed = core.get_with("/api/v1/status", &[("if-none-match", &etag)]).await;
    assert_eq!(changed.status.as_u16(), 200);
    assert_ne!(changed.header("etag"), etag);
}

#[tokio::test]
async fn an_idempotency_key_makes_the_same_request_the_same_command() {
    let core = Core::start().await;
    let path = "/api/v1/projects/Project%203/commands";
    let give = async |key: &str, body: &str| {
        core.send(Method::POST, path, &[("idempotency-key", key)], body.to_owned()).await
    };
    let pause = r#"{"type":"pause"}"#;
    let first: Accepted = give("k-1", pause).await.json();
    let again: Accepted = give("k-1", pause).await.json();
    assert_eq!(first, again);
    let other: Accepted = give("k-2", pause).await.json();
    assert_ne!(first.command, other.command);
    let problem = give("k-1", r#"{"type":"resume"}"#).await.problem();
    assert_eq!(problem.kind, "idempotency-key-reused");
    assert_eq!(core.post(path, pause).await.status.as_u16(), 202);
    let nonces: Vec<_> = core.commands.lock().unwrap().iter().map(|it| it.2.is_some()).collect();
    assert_eq!(nonces, [true, true, true, false]);
}

#[tokio::test]
async fn the_pace_keeps_what_is_not_named() {
    let core = Core::start().await;
    let path = "/api/v1/worlds/main/pace";
    let pace: PaceView = core.post(path, r#"{"paused":true}"#).await.json();
    assert_eq!(pace, PaceView { epoch_ms: 1_000, paused: true });
    let pace: PaceView = core.post(path, r#"{"epoch_ms":0}"#).await.json();
    assert_eq!(pace, PaceView { epoch_ms: 0, paused: false });
    assert_eq!(core.post(path, "{}").await.problem().status, 422);
}

#[tokio::test]
async fn joining_and_ending_go_to_the_core() {
    let core = Core::start().await;
    let address = "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWpeer";
    let joined: Joined =
        core.post("/api/v1/peers", format!(r#"{{"address":" {address} "}}"#)).await.json();
    assert_eq!(joined.address, address);
    let problem =
        core.post("/api/v1/peers", r#"{"address":"/ip4/127.0.0.1/tcp/1"}"#).await.problem();
    assert_eq!(problem.status, 422);
    assert_eq!(core.post("/api/v1/peers", r#"{"address":""}"#).await.problem().status, 422);
    let reply = core.post("/api/v1/shutdown", "").await;
    assert!(reply.json::<Stopping>().stopping);
}

#[tokio::test]
async fn health_is_the_process_and_readiness_the_part_it_takes() {
    let core = Core::start().await;
    assert!(core.get("/healthz").await.json::<Health>().ok);
    assert!(core.get("/readyz").await.json::<Health>().ok);
    core.change(|picture| {
        picture.ready = false;
        picture.status.problems = vec!["The disk is nearly full. Make room.".into()];
    });
    assert_eq!(core.get("/healthz").await.status.as_u16(), 200);
    let reply = core.get("/readyz").await;
    assert_eq!(reply.status.as_u16(), 503);
    let health: Health = serde_json::from_slice(&reply.body).unwrap();
    assert!(!health.ok && health.reasons.len() == 2, "{health:?}");
}

#[tokio::test]
async fn metrics_are_prometheus_text_with_others_appended() {
    let core = Core::start().await;
    core.get("/api/v1/nothing").await;
    let reply = core.get("/metrics").await;
    assert!(reply.header("content-type").starts_with("text/plain; version=0.0.4"));
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    let epoch = format!("zeromesh_world_epoch{{world=\"01010101\",name=\"main\"}} {EPOCH}");
    for line in [epoch.as_str(), "zeromesh_ready 1", "more_metrics 1"] {
        assert!(text.lines().any(|it| it == line), "{line} is not in\n{text}");
    }
    assert!(text.contains("zeromesh_http_requests_total{class=\"4xx\"} 1"), "{text}");
    assert!(!text.contains("EOF"));
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (_, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
}

#[tokio::test]
async fn every_answer_keeps_browsers_from_guessing_and_framing() {
    let core = Core::start().await;
    for path in ["/", "/api/v1/status", "/api/v1/nothing", "/healthz"] {
        let reply = core.get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
        assert!(
            reply.header("content-security-policy").contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
    }
}

#[tokio::test]
async fn deep_links_open_the_dashboard() {
    let core = Core::start().await;
    for path in ["/", "/mesh", "/projects/abc"] {
        let reply = core.get(path).await;
        assert_eq!(reply.status.as_u16(), 200);
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        assert_eq!(reply.header("cache-control"), "no-cache");
    }
}
