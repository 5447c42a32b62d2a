//! What can be looked at: this node, the mesh, worlds and projects.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Deserialize;
use shared::id::CommandId;
use shared::model::view::Phase;

use super::page::{Key, PageQuery};
use super::problem::Failure;
use super::types::{MeshView, ProjectRow, WorldView};
use super::{Api, lookup, render};
use crate::handle::{Ask, Denied, WorldPicture};

type Answer = Result<Response, Failure>;

/// `GET /api/v1/status`.
pub async fn status(State(api): State<Api>, headers: HeaderMap) -> Answer {
    api.shown_picture("status", &headers, |picture| Ok(picture.status.clone()))
}

/// `GET /api/v1/mesh`, with history.
pub async fn mesh(State(api): State<Api>, headers: HeaderMap) -> Answer {
    let history = api.handle.history.borrow().clone();
    // The history moves on by itself; the newest second in it is part of the answer's name.
    let key = format!("mesh {:?}", history.back().map(|sample| sample.at_ms));
    api.shown_picture(&key, &headers, |picture| {
        let history = history.iter().cloned().collect();
        Ok(MeshView { history, ..picture.mesh.clone() })
    })
}

/// `GET /api/v1/worlds`.
pub async fn worlds(State(api): State<Api>, headers: HeaderMap) -> Answer {
    api.shown_picture("worlds", &headers, |picture| {
        Ok(picture.worlds.values().map(|world| world.view.clone()).collect::<Vec<WorldView>>())
    })
}

/// `GET /api/v1/worlds/{world}`.
pub async fn world(
    State(api): State<Api>,
    Path(world): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    api.shown_picture(uri.path(), &headers, |picture| {
        Ok(lookup::world(picture, &world)?.1.view.clone())
    })
}

/// What projects can be sorted by.
pub const PROJECT_SORTS: &[&str] = &["id", "name", "phase", "people", "cash", "runner"];

/// `GET /api/v1/worlds/{world}/projects`.
pub async fn projects(
    State(api): State<Api>,
    Path(world): Path<String>,
    Query(page): Query<PageQuery>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    api.shown_picture(&whole(&uri), &headers, |picture| {
        let rows: Vec<ProjectRow> =
            lookup::world(picture, &world)?.1.projects.values().cloned().collect();
        page.cut(rows, PROJECT_SORTS, |row, sort| (project_key(row, sort), row.id.clone()))
    })
}

fn project_key(row: &ProjectRow, sort: &str) -> Key {
    match sort {
        "name" => Key::text(&row.summary.name),
        "phase" => Key::Number(phase_number(row.summary.phase)),
        "people" => Key::Number(row.summary.people.into()),
        "cash" => Key::Number(row.summary.cash_cents),
        "runner" => Key::text(row.runner_name.as_deref().unwrap_or_default()),
        _ => Key::Number(0),
    }
}

fn phase_number(phase: Phase) -> i64 {
    match phase {
        Phase::Intake => 0,
        Phase::Validation => 1,
        Phase::Advisory => 2,
        Phase::Design => 3,
        Phase::Build => 4,
        Phase::Hardening => 5,
        Phase::Launch => 6,
        Phase::Growth => 7,
        Phase::Completed => 8,
    }
}

/// `GET /api/v1/worlds/{world}/shares`.
pub async fn shares(
    State(api): State<Api>,
    Path(world): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    api.shown_picture(uri.path(), &headers, |picture| {
        Ok(lookup::world(picture, &world)?.1.shares.clone())
    })
}

/// `?epoch=…`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootQuery {
    epoch: Option<u64>,
}

/// `GET /api/v1/worlds/{world}/root`: of the newest checkpoint if no epoch is given.
pub async fn root(
    State(api): State<Api>,
    Path(world): Path<String>,
    Query(query): Query<RootQuery>,
    headers: HeaderMap,
) -> Answer {
    let picture = api.handle.picture.borrow().clone();
    let (id, world) = lookup::world(&picture, &world)?;
    let Some(epoch) = query.epoch.or(world.view.checkpoint.as_ref().map(|root| root.epoch)) else {
        return Err(Failure::not_settled(format!(
            "World `{}` has no settled checkpoint yet: it is settled up to epoch {}. Try again later.",
            world.view.name, world.view.epoch
        )));
    };
    let interval = u64::from(world.view.checkpoint_interval.max(1));
    if !epoch.is_multiple_of(interval) {
        let before = epoch - epoch % interval;
        return Err(Failure::invalid(format!(
            "Epoch {epoch} is no checkpoint: those of world `{}` are every {interval} epochs. The \
             nearest are {before} and {}.",
            world.view.name,
            before.saturating_add(interval)
        )));
    }
    match api.ask(|answer| Ask::Root { world: id, epoch, answer }).await {
        Ok(root) => render::json(&root, &headers),
        Err(Failure(problem)) if problem.kind == "not-settled" => {
            let denied = Denied::NotSettled(format!("{} {}", problem.detail, newest(world)));
            Err(denied.into())
        }
        Err(failure) => Err(failure),
    }
}

/// Which root can be had, for somebody who asked for one that cannot.
fn newest(world: &WorldPicture) -> String {
    match &world.view.checkpoint {
        Some(root) => format!("The newest settled checkpoint is {}.", root.epoch),
        None => "No checkpoint is settled yet.".to_owned(),
    }
}

/// `GET /api/v1/worlds/{world}/commands/{command}`.
pub async fn command(
    State(api): State<Api>,
    Path((world, command)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let world = lookup::world(&api.handle.picture.borrow(), &world)?.0;
    let command: CommandId = command
        .parse()
        .map_err(|error| Failure::bad_request("bad-id", format!("{error}. Give all 64 digits.")))?;
    let state = api.ask(|answer| Ask::CommandState { world, command, answer }).await?;
    render::json(&state, &headers)
}

/// `GET /api/v1/projects/{project}`: with all of it, if its runner answers.
pub async fn project(
    State(api): State<Api>,
    Path(project): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let project = api.project_id(&project)?;
    let detail = api.ask(|answer| Ask::Project { project, answer }).await?;
    render::json(&detail, &headers)
}

impl Api {
    /// The project meant. One that is in no picture yet, as a project just founded is not, can be
    /// named by its full id: the core knows best.
    pub(crate) fn project_id(&self, text: &str) -> Result<shared::id::ShardId, Failure> {
        match lookup::project(&self.handle.picture.borrow(), text) {
            Ok((id, _)) => Ok(id),
            Err(failure) => match text.parse() {
                Ok(id) if failure.0.status == 404 => Ok(id),
                _ => Err(failure),
            },
        }
    }
}

/// The path and query, which name an answer that depends on both.
fn whole(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string)
}
