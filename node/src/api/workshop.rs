//! The workshop of a project: its repository, files, commits and runs, from the node that runs it.

use axum::body::Body;
use axum::extract::{Path, Query as Params, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use shared::model::workshop::read::{QUERY_BYTES_MAX, Query};

use super::problem::Failure;
use super::{Api, render};
use crate::handle::Ask;

type Answer = Result<Response, Failure>;

impl Api {
    async fn workshop(&self, project: &str, query: Query) -> Result<Vec<u8>, Failure> {
        let project = self.project_id(project)?;
        let query = query.to_bytes();
        self.ask(|answer| Ask::Workshop { project, query, answer }).await
    }

    async fn workshop_json(&self, project: &str, query: Query, headers: &HeaderMap) -> Answer {
        let bytes = self.workshop(project, query).await?;
        let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
            Failure::from(crate::handle::Denied::Upstream(format!(
                "The node that runs this project answered something else than expected: {error}."
            )))
        })?;
        render::json(&value, headers)
    }
}

/// `GET /api/v1/projects/{project}/repository`.
pub async fn repository(State(api): State<Api>, Path(project): Path<String>) -> Answer {
    let stream = api.workshop(&project, Query::Repository).await?;
    let mut response = Response::new(Body::from(stream));
    let media = HeaderValue::from_static("application/x-git-fast-import");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// `?path=…&branch=…`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileQuery {
    path: String,
    branch: Option<String>,
}

/// `GET /api/v1/projects/{project}/files`.
pub async fn file(
    State(api): State<Api>,
    Path(project): Path<String>,
    Params(FileQuery { path, branch }): Params<FileQuery>,
    headers: HeaderMap,
) -> Answer {
    // Both travel to the node that runs the project, in a question of bounded size.
    let bytes = path.len() + branch.as_ref().map_or(0, String::len);
    if bytes > QUERY_BYTES_MAX / 2 {
        let most = QUERY_BYTES_MAX / 2;
        return Err(Failure::invalid(format!(
            "Path and branch have {bytes} bytes; {most} are the most."
        )));
    }
    api.workshop_json(&project, Query::File { path, branch }, &headers).await
}

/// The number in an address.
fn number(text: &str, what: &str) -> Result<u32, Failure> {
    text.parse().map_err(|_| {
        Failure::invalid(format!(
            "`{text}` is no number of a {what}. The project's view lists them."
        ))
    })
}

/// `GET /api/v1/projects/{project}/commits/{commit}`.
pub async fn commit(
    State(api): State<Api>,
    Path((project, commit)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let id = number(&commit, "commit")?;
    api.workshop_json(&project, Query::Commit(id), &headers).await
}

/// `GET /api/v1/projects/{project}/runs/{run}`.
pub async fn run(
    State(api): State<Api>,
    Path((project, run)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let id = number(&run, "run")?;
    api.workshop_json(&project, Query::Run(id), &headers).await
}
