//! People of projects: only the nodes that run the projects know them, so they are asked.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use shared::id::ShardId;

use super::page::{PageQuery, bad_cursor, decode, encode};
use super::problem::Failure;
use super::types::{PeoplePage, PersonRow, ProjectDetail};
use super::{Api, lookup, render};
use crate::handle::Ask;

/// Runners asked at a time for one page.
const RUNNERS_AT_A_TIME: usize = 8;
/// Projects asked for one page at most, so that a page of a world of tiny projects comes in time.
const PROJECTS_PER_PAGE_MAX: usize = 64;

/// The last person seen: those after it, in order of project and id, come next.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Cursor {
    project: String,
    person: Option<String>,
}

/// `GET /api/v1/worlds/{world}/people`.
pub async fn of_world(
    State(api): State<Api>,
    Path(world): Path<String>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let projects: Vec<(ShardId, u32)> = {
        let picture = api.handle.picture.borrow();
        let (_, world) = lookup::world(&picture, &world)?;
        world.projects.iter().map(|(id, row)| (*id, row.summary.people)).collect()
    };
    render::json(&api.people(projects, &page).await?, &headers)
}

/// `GET /api/v1/projects/{project}/people`.
pub async fn of_project(
    State(api): State<Api>,
    Path(project): Path<String>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (id, people) = {
        let picture = api.handle.picture.borrow();
        let (id, row) = lookup::project(&picture, &project)?;
        (id, row.summary.people)
    };
    render::json(&api.people(vec![(id, people)], &page).await?, &headers)
}

impl Api {
    async fn people(
        &self,
        projects: Vec<(ShardId, u32)>,
        page: &PageQuery,
    ) -> Result<PeoplePage, Failure> {
        if page.sort.is_some() {
            return Err(Failure::bad_request(
                "bad-sort",
                "People come in order of project and id: leave `sort` out.",
            ));
        }
        let limit = page.limit()?;
        let seen = match &page.cursor {
            Some(cursor) => Some(decode::<Cursor>(cursor).ok_or_else(bad_cursor)?),
            None => None,
        };
        let total = projects.iter().map(|(_, people)| u64::from(*people)).sum();
        let mut left: Vec<(ShardId, String, u32)> = projects
            .into_iter()
            .map(|(id, people)| (id, id.to_string(), people))
            .filter(|(_, id, _)| seen.as_ref().is_none_or(|seen| *id >= seen.project))
            .collect();
        let asked = enough(&left, limit);
        let more_projects = left.len() > asked;
        left.truncate(asked);

        let asks = left.into_iter().map(|(project, id, _)| async move {
            let detail = self.ask(|answer| Ask::Project { project, answer }).await;
            (id, detail.ok().filter(|detail| detail.view.is_some()))
        });
        let mut answers = futures::stream::iter(asks).buffered(RUNNERS_AT_A_TIME);
        let mut out = PeoplePage { items: Vec::new(), total, next: None, missing: Vec::new() };
        let mut last: Option<Cursor> = None;
        while let Some((id, detail)) = answers.next().await {
            let Some(detail) = detail else {
                // The cursor steps over it: one runner that is down must not hold up the list.
                out.missing.push(id.clone());
                last = Some(Cursor { project: id, person: Some("\u{10ffff}".into()) });
                continue;
            };
            let after = seen.as_ref().filter(|seen| seen.project == id);
            // So that a run of projects without people is stepped over too.
            last =
                Some(Cursor { project: id.clone(), person: after.and_then(|c| c.person.clone()) });
            for row in people_of(&id, detail, after) {
                if out.items.len() == limit {
                    out.next = last.as_ref().map(encode);
                    return Ok(out);
                }
                last = Some(Cursor { project: id.clone(), person: Some(row.person.id.clone()) });
                out.items.push(row);
            }
        }
        out.next = last.filter(|_| more_projects).as_ref().map(encode);
        Ok(out)
    }
}

/// How many projects, from the first on, hold `limit` people and one more. The summaries may be an
/// epoch off, which makes a page shorter, not wrong. The first may be seen in part already.
fn enough(projects: &[(ShardId, String, u32)], limit: usize) -> usize {
    let mut people = 0;
    let needed = projects.iter().skip(1).position(|(_, _, count)| {
        people += *count as usize;
        people > limit
    });
    needed.map_or(projects.len(), |at| at + 2).min(PROJECTS_PER_PAGE_MAX)
}

fn people_of(id: &str, detail: ProjectDetail, after: Option<&Cursor>) -> Vec<PersonRow> {
    let name = detail.row.summary.name;
    let mut people = detail.view.map(|view| view.people).unwrap_or_default();
    people.sort_by(|a, b| a.id.cmp(&b.id));
    let after = after.and_then(|cursor| cursor.person.as_ref());
    people
        .into_iter()
        .filter(|person| after.is_none_or(|seen| person.id > *seen))
        .map(|person| PersonRow { project: id.to_owned(), project_name: name.clone(), person })
        .collect()
}
