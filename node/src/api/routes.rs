//! Every route, with what the OpenAPI document says of it: one table makes both the router and the
//! document, so that neither can have what the other lacks.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use super::problem::Failure;
use super::{Api, dashboard, health, metrics, openapi, people, read, socket, workshop, write};

/// A route.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    /// Name, whether it is needed, what it means.
    pub query: &'static [(&'static str, bool, &'static str)],
    pub body: Option<Content>,
    pub answer: Answer,
    /// Statuses of problems that are more than those any route can have.
    pub problems: &'static [u16],
    /// Whether an `Idempotency-Key` counts.
    pub idempotent: bool,
    handler: MethodRouter<Api>,
}

/// What a request carries.
#[derive(Clone, Copy)]
pub struct Content {
    pub media: &'static str,
    /// The name of a schema, or none for text.
    pub schema: Option<&'static str>,
    pub about: &'static str,
}

/// What a good answer carries.
#[derive(Clone, Copy)]
pub struct Answer {
    pub status: u16,
    pub media: &'static str,
    pub schema: Option<&'static str>,
    /// Whether the schema is that of an item of a list.
    pub list: bool,
    pub about: &'static str,
}

const JSON: &str = "application/json";

fn json(schema: &'static str, about: &'static str) -> Answer {
    Answer { status: 200, media: JSON, schema: Some(schema), list: false, about }
}

fn text(media: &'static str, about: &'static str) -> Answer {
    Answer { status: 200, media, schema: None, list: false, about }
}

fn body(schema: Option<&'static str>, media: &'static str, about: &'static str) -> Content {
    Content { media, schema, about }
}

impl Route {
    fn new(
        method: Method,
        path: &'static str,
        tag: &'static str,
        summary: &'static str,
        answer: Answer,
        handler: MethodRouter<Api>,
    ) -> Self {
        Route {
            method,
            path,
            tag,
            summary,
            answer,
            handler,
            query: &[],
            body: None,
            problems: &[],
            idempotent: false,
        }
    }

    fn query(mut self, query: &'static [(&'static str, bool, &'static str)]) -> Self {
        self.query = query;
        self
    }

    fn takes(mut self, body: Content) -> Self {
        self.body = Some(body);
        self
    }

    fn answers(mut self, status: u16) -> Self {
        self.answer.status = status;
        self
    }

    fn list(mut self) -> Self {
        self.answer.list = true;
        self
    }

    fn problems(mut self, problems: &'static [u16]) -> Self {
        self.problems = problems;
        self
    }

    fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }
}

const LIMIT: (&str, bool, &str) = ("limit", false, "Items on the page: 1 to 500, usually 100.");
const CURSOR: (&str, bool, &str) = ("cursor", false, "`next` of the page before.");
const SORT: (&str, bool, &str) =
    ("sort", false, "`id`, `name`, `phase`, `people`, `cash` or `runner`; `-` before: downwards.");

/// All of them.
pub fn table() -> Vec<Route> {
    let mut all = reads();
    all.extend(writes());
    all.extend(operations());
    all
}

fn reads() -> Vec<Route> {
    let get = |path, tag, summary, answer, handler| {
        Route::new(Method::GET, path, tag, summary, answer, handler)
    };
    vec![
        get(
            "/api/v1/status",
            "node",
            "This node",
            json("NodeStatus", "Its state."),
            self::get(read::status),
        ),
        get(
            "/api/v1/mesh",
            "mesh",
            "Every node this one knows, and the links between them",
            json("MeshView", "With the last 15 minutes."),
            self::get(read::mesh),
        ),
        get(
            "/api/v1/worlds",
            "worlds",
            "All worlds",
            json("WorldView", "In order of id."),
            self::get(read::worlds),
        )
        .list(),
        get(
            "/api/v1/worlds/{world}",
            "worlds",
            "A world",
            json("WorldView", "Its state."),
            self::get(read::world),
        )
        .problems(&[404, 409]),
        get(
            "/api/v1/worlds/{world}/projects",
            "projects",
            "Projects of a world",
            json("ProjectPage", "A page of them."),
            self::get(read::projects),
        )
        .query(&[LIMIT, CURSOR, SORT])
        .problems(&[404, 409]),
        get(
            "/api/v1/worlds/{world}/shares",
            "worlds",
            "Which node runs which project, and why",
            json("ShareRow", "In order of project."),
            self::get(read::shares),
        )
        .list()
        .problems(&[404, 409]),
        get(
            "/api/v1/worlds/{world}/root",
            "worlds",
            "The hash of a world at a checkpoint",
            json("RootView", "For equal stamps it is equal on every node."),
            self::get(read::root),
        )
        .query(&[("epoch", false, "A checkpoint; the newest settled one if left out.")])
        .problems(&[404, 409, 422, 502]),
        get(
            "/api/v1/worlds/{world}/commands/{command}",
            "worlds",
            "What became of a command",
            json("Accepted", "Its state."),
            self::get(read::command),
        )
        .problems(&[404, 409]),
        get(
            "/api/v1/worlds/{world}/people",
            "people",
            "People of all projects of a world",
            json("PeoplePage", "A page of them, from the nodes that run the projects."),
            self::get(people::of_world),
        )
        .query(&[LIMIT, CURSOR])
        .problems(&[404, 409]),
        get(
            "/api/v1/projects/{project}",
            "projects",
            "All of a project",
            json("ProjectDetail", "With the view of the node that runs it, if it answers."),
            self::get(read::project),
        )
        .problems(&[404, 409, 502]),
        get(
            "/api/v1/projects/{project}/people",
            "people",
            "People of a project",
            json("PeoplePage", "A page of them."),
            self::get(people::of_project),
        )
        .query(&[LIMIT, CURSOR])
        .problems(&[404, 409]),
        get(
            "/api/v1/projects/{project}/repository",
            "projects",
            "The repository of a project, for git",
            text(
                "application/x-git-fast-import",
                "A stream that `git fast-import` reads: at most 3 MiB.",
            ),
            self::get(workshop::repository),
        )
        .problems(&[404, 409, 502]),
        get(
            "/api/v1/projects/{project}/files",
            "projects",
            "A file of the repository of a project",
            json("FileText", "Its text."),
            self::get(workshop::file),
        )
        .query(&[
            ("path", true, "As the project's view lists it."),
            ("branch", false, "As the project's view lists it; `main` if left out."),
        ])
        .problems(&[404, 409, 422, 502]),
        get(
            "/api/v1/projects/{project}/commits/{commit}",
            "projects",
            "A commit and what it changed",
            json("CommitDetail", "With a unified diff of each file."),
            self::get(workshop::commit),
        )
        .problems(&[404, 409, 422, 502]),
        get(
            "/api/v1/projects/{project}/runs/{run}",
            "projects",
            "A run of the pipeline and what it printed",
            json("RunLog", "With its stages."),
            self::get(workshop::run),
        )
        .problems(&[404, 409, 422, 502]),
        get(
            "/api/v1/ws",
            "live",
            "Live changes over a WebSocket",
            text("application/json", "Messages: `ClientMessage` in, `ServerMessage` out."),
            self::get(socket::upgrade),
        )
        .answers(101)
        .problems(&[426]),
    ]
}

fn writes() -> Vec<Route> {
    let post = |path, tag, summary, answer, handler| {
        Route::new(Method::POST, path, tag, summary, answer, handler)
    };
    vec![
        post(
            "/api/v1/worlds",
            "worlds",
            "Start a world from a scenario",
            json("WorldCreated", "The world; 200 if the mesh had it already."),
            self::post(write::create_world),
        )
        .takes(body(None, "application/toml", "A scenario, at most 4 MiB."))
        .answers(201)
        .problems(&[413, 422]),
        post(
            "/api/v1/worlds/{world}/projects",
            "projects",
            "Found a project",
            json("Accepted", "The command that founds it."),
            self::post(write::found_project),
        )
        .takes(body(Some("ProjectSpec"), JSON, "The project."))
        .answers(202)
        .problems(&[404, 409, 413, 422])
        .idempotent(),
        post(
            "/api/v1/worlds/{world}/import",
            "projects",
            "Found a project from a GitLab CSV export",
            json("Imported", "What was understood, and the command that founds it."),
            self::post(write::import),
        )
        .query(&[
            ("name", true, "The project's name."),
            ("as_of", true, "The day it starts, as YYYY-MM-DD: what was open then is its backlog."),
        ])
        .takes(body(None, "text/csv", "The export, at most 64 MiB."))
        .answers(202)
        .problems(&[404, 409, 413, 422])
        .idempotent(),
        post(
            "/api/v1/worlds/{world}/pace",
            "worlds",
            "Pause, resume, or change the pace",
            json("PaceView", "The pace from now on."),
            self::post(write::pace),
        )
        .takes(body(Some("PaceRequest"), JSON, "What to change."))
        .problems(&[404, 409, 413, 422]),
        post(
            "/api/v1/projects/{project}/commands",
            "projects",
            "Give a project a command",
            json("Accepted", "The command."),
            self::post(write::command_project),
        )
        .takes(body(Some("ProjectCommand"), JSON, "The command."))
        .answers(202)
        .problems(&[404, 409, 413, 422])
        .idempotent(),
        post(
            "/api/v1/peers",
            "mesh",
            "Join by address",
            json("Joined", "The node that answered."),
            self::post(write::join),
        )
        .takes(body(Some("JoinRequest"), JSON, "A full multiaddr."))
        .problems(&[413, 422, 502]),
        post(
            "/api/v1/shutdown",
            "node",
            "End the node cleanly",
            json("Stopping", "It ends."),
            self::post(write::shutdown),
        )
        .answers(202),
    ]
}

fn operations() -> Vec<Route> {
    let get = |path, summary, answer, handler| {
        Route::new(Method::GET, path, "operations", summary, answer, handler)
    };
    vec![
        get(
            "/api/v1/openapi.json",
            "This document",
            text(JSON, "OpenAPI 3.1."),
            self::get(openapi::document),
        ),
        get(
            "/healthz",
            "Whether the process answers",
            json("Health", "It does."),
            self::get(health::healthz),
        ),
        get(
            "/readyz",
            "Whether the node takes part",
            json("Health", "It does; else 503 and why, in the same shape."),
            self::get(health::readyz),
        ),
        get(
            "/metrics",
            "Metrics for Prometheus",
            text("text/plain", "Text format 0.0.4."),
            self::get(metrics::metrics),
        ),
    ]
}

/// The router of all routes and the dashboard.
pub fn router(api: &Api) -> Router {
    let mut router = Router::new();
    for route in table() {
        router = router.route(route.path, route.handler);
    }
    router
        .fallback(dashboard::serve)
        .method_not_allowed_fallback(async || wrong_method(None))
        // Bodies are read by `body::read`, which has a limit for each route.
        .layer(DefaultBodyLimit::disable())
        .with_state(api.clone())
}

/// 405. The router adds which methods there are, where it knows.
pub fn wrong_method(allowed: Option<&'static str>) -> Response {
    let mut response = Failure::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "This address does not take this method. The `Allow` header says which it takes.",
    )
    .into_response();
    if let Some(allowed) = allowed {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    response
}
