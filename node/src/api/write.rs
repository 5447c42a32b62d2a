//! What can be changed: worlds, projects, the pace, peers, and the end of the node.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::engine::command::{BODY_BYTES_MAX, Target};
use shared::id::WorldId;

use super::body::{self, SMALL_BYTES_MAX};
use super::problem::Failure;
use super::types::{
    Accepted, Imported, JoinRequest, PaceRequest, PaceView, Stopping, WorldCreated,
};
use super::{Api, inputs, lookup};
use crate::handle::Ask;

type Answer = Result<Response, Failure>;

/// Bytes of a scenario.
pub const SCENARIO_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of an export of a tracker: 50,000 issues with a few lines of text each.
pub const IMPORT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// JSON says less in a byte than the encoding a command travels in.
pub const COMMAND_BYTES_MAX: usize = 4 * BODY_BYTES_MAX;
/// Bytes of a multiaddr.
const ADDRESS_BYTES_MAX: usize = 512;

/// Reading a large file takes longer than a worker of the server may be held up.
async fn away<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, inputs::BadInput> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(bad)) => Err(bad.into()),
        Err(_) => Err(Failure::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Reading this file failed inside the node. It is a fault of ours: please report it \
             with the file.",
        )),
    }
}

/// `POST /api/v1/worlds`: a scenario in TOML.
pub async fn create_world(State(api): State<Api>, request: Request) -> Answer {
    let text = utf8(&body::read(request, SCENARIO_BYTES_MAX).await?)?;
    let scenario = away(move || inputs::scenario(&text, "scenario")).await?;
    let (name, projects) = (scenario.genesis.name.clone(), inputs::projects_of(&scenario));
    let (world, created) = api
        .ask(|answer| Ask::CreateWorld {
            genesis: scenario.genesis,
            commands: scenario.commands,
            pace: scenario.pace,
            answer,
        })
        .await?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    let answer = WorldCreated { world: world.to_string(), name, created, projects };
    Ok((status, Json(answer)).into_response())
}

/// `POST /api/v1/worlds/{world}/projects`: a project's description in JSON.
pub async fn found_project(
    State(api): State<Api>,
    Path(world): Path<String>,
    request: Request,
) -> Answer {
    let (world, market) = api.world_and_market(&world)?;
    let (path, headers) = (request.uri().path().to_owned(), request.headers().clone());
    let bytes = body::read(request, COMMAND_BYTES_MAX).await?;
    let nonce = api.keys.nonce(&headers, &path, &bytes)?;
    let body = inputs::founding(&bytes, market)?;
    accepted(api.command(world, Target::Found, body, nonce).await?)
}

/// `POST /api/v1/projects/{project}/commands`: a command in JSON.
pub async fn command_project(
    State(api): State<Api>,
    Path(project): Path<String>,
    request: Request,
) -> Answer {
    let (world, project) = {
        let picture = api.handle.picture.borrow();
        let (id, row) = lookup::project(&picture, &project)?;
        let (world, _) = lookup::world(&picture, &row.world)?;
        (world, id)
    };
    let (path, headers) = (request.uri().path().to_owned(), request.headers().clone());
    let bytes = body::read(request, COMMAND_BYTES_MAX).await?;
    let nonce = api.keys.nonce(&headers, &path, &bytes)?;
    let body = inputs::command(&bytes)?;
    accepted(api.command(world, Target::Shard(project), body, nonce).await?)
}

/// `?name=…&as_of=YYYY-MM-DD`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    name: String,
    as_of: String,
}

/// `POST /api/v1/worlds/{world}/import`: a GitLab CSV export.
pub async fn import(
    State(api): State<Api>,
    Path(world): Path<String>,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Answer {
    let (world, market) = api.world_and_market(&world)?;
    let (uri, headers) = (request.uri().to_string(), request.headers().clone());
    let bytes = body::read(request, IMPORT_BYTES_MAX).await?;
    let nonce = api.keys.nonce(&headers, &uri, &bytes)?;
    let import = away(move || inputs::import(&bytes, &query.name, &query.as_of, market)).await?;
    let accepted = api.command(world, Target::Found, import.body, nonce).await?;
    let answer = Imported {
        accepted,
        people: import.people,
        open: import.open,
        history: import.history,
        hours_per_weight: import.hours_per_weight,
        closings_per_week: import.closings_per_week,
        warnings: import.warnings,
    };
    Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
}

/// `POST /api/v1/worlds/{world}/pace`.
pub async fn pace(State(api): State<Api>, Path(world): Path<String>, request: Request) -> Answer {
    let (world, now) = {
        let picture = api.handle.picture.borrow();
        let (id, world) = lookup::world(&picture, &world)?;
        (id, world.view.pace)
    };
    let wanted: PaceRequest = body::read_json(request, SMALL_BYTES_MAX).await?;
    if wanted == PaceRequest::default() {
        return Err(Failure::invalid(
            "A pace needs `epoch_ms` (0: as fast as possible), `paused`, or both.",
        ));
    }
    let epoch_ms = wanted.epoch_ms.unwrap_or(now.epoch_ms);
    let paused = wanted.paused.unwrap_or(now.paused);
    api.ask(|answer| Ask::SetPace { world, epoch_ms, paused, answer }).await?;
    Ok(Json(PaceView { epoch_ms, paused }).into_response())
}

/// `POST /api/v1/peers`: join by multiaddr.
pub async fn join(State(api): State<Api>, request: Request) -> Answer {
    let JoinRequest { address } = body::read_json(request, SMALL_BYTES_MAX).await?;
    let address = address.trim().to_owned();
    if address.is_empty() || address.len() > ADDRESS_BYTES_MAX {
        return Err(Failure::invalid(
            "An address to join looks like /ip4/192.0.2.1/udp/7410/quic-v1/p2p/12D3KooW… \
             `zeromesh status` on the other node prints its own.",
        ));
    }
    let joined = api.ask(|answer| Ask::Join { address, answer }).await?;
    Ok(Json(joined).into_response())
}

/// `POST /api/v1/shutdown`.
pub async fn shutdown(State(api): State<Api>) -> Answer {
    api.ask(|answer| Ask::Shutdown { answer }).await?;
    Ok((StatusCode::ACCEPTED, Json(Stopping { stopping: true })).into_response())
}

/// Accepted is not done: the command takes effect in its epoch, hence 202.
fn accepted(accepted: Accepted) -> Answer {
    Ok((StatusCode::ACCEPTED, Json(accepted)).into_response())
}

fn utf8(bytes: &[u8]) -> Result<String, Failure> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        Failure::bad_request(
            "bad-text",
            format!("The text is not UTF-8 (byte {}). Save it as UTF-8.", error.valid_up_to() + 1),
        )
    })
}

impl Api {
    fn world_and_market(
        &self,
        text: &str,
    ) -> Result<(WorldId, Option<shared::id::ShardId>), Failure> {
        let picture = self.handle.picture.borrow();
        let (id, world) = lookup::world(&picture, text)?;
        Ok((id, world.market))
    }

    async fn command(
        &self,
        world: WorldId,
        target: Target,
        body: Vec<u8>,
        nonce: Option<u64>,
    ) -> Result<Accepted, Failure> {
        if body.len() > BODY_BYTES_MAX {
            return Err(Failure::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                format!(
                    "As a command this has {} bytes, and a command has at most {BODY_BYTES_MAX}. \
                     Leave out closed or old work, or make several projects.",
                    body.len()
                ),
            ));
        }
        self.ask(|answer| Ask::Command { world, target, body, nonce, answer }).await
    }
}
