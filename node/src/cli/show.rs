//! Commands that show something.

use serde::de::DeserializeOwned;
use shared::model::view::{ProjectView, TaskState};

use super::change::pace_text;
use super::client::{Client, segment};
use super::exit::{CliError, Exit};
use super::table::{
    Table, bytes, count, facts, grouped, milliseconds, money, or_dash, percent, short, span, word,
};
use super::{Shown, shown};
use crate::api::types::{
    MeshView, NodeState, NodeStatus, Page, PeoplePage, PersonRow, ProjectDetail, ProjectRow,
    RootView, ShareRow, WorldView,
};

type Answer = Result<Shown, CliError>;

/// `zeromesh status`.
pub async fn status(client: &Client) -> Answer {
    let status: NodeStatus = client.get("/api/v1/status").await?;
    let mut all = vec![
        ("name", status.name.clone()),
        ("node", status.node.clone()),
        ("mesh", status.mesh.clone()),
        ("version", format!("{} (protocol {})", status.version, status.protocol)),
        ("up", span(status.uptime_ms)),
        ("dashboard", status.http.clone()),
        ("data", status.data.clone()),
        ("peers", status.peers_connected.to_string()),
        ("worlds", status.worlds.to_string()),
        ("runs", format!("{} projects, {} people", status.projects_run, status.people_run)),
        ("memory", bytes(status.memory_bytes)),
        (
            "disk",
            format!(
                "{} used, {} free",
                bytes(status.disk_used_bytes),
                bytes(status.disk_free_bytes)
            ),
        ),
    ];
    all.extend(status.addresses.iter().map(|address| ("join by", address.clone())));
    all.extend(status.problems.iter().map(|problem| ("PROBLEM", problem.clone())));
    Ok(shown(&status, facts(&all)))
}

/// `zeromesh peers`.
pub async fn peers(client: &Client) -> Answer {
    let mesh: MeshView = client.get("/api/v1/mesh").await?;
    let headings = [
        "name",
        "id",
        "state",
        "link",
        ">round trip",
        ">projects",
        ">people",
        ">share",
        ">load",
        ">heard",
    ];
    let mut table = Table::new(&headings, "No nodes are known.");
    for node in &mesh.nodes {
        let state = match node.state {
            _ if node.id == mesh.me => "this one",
            NodeState::Live => "live",
            NodeState::Missing => "missing",
        };
        let heard = node.last_heard_ms.map(|at| span(mesh.now_ms.saturating_sub(at)) + " ago");
        table.row(vec![
            node.name.clone(),
            short(&node.id),
            state.to_owned(),
            or_dash(node.transport.as_deref()),
            or_dash(node.rtt_us.map(milliseconds)),
            node.projects.to_string(),
            node.people.to_string(),
            percent(node.share),
            percent(node.load),
            or_dash(heard),
        ]);
    }
    let mut text = table.to_string();
    for node in mesh.nodes.iter().filter(|node| node.state == NodeState::Missing) {
        for attempt in &node.attempts {
            if let Some(error) = &attempt.error {
                text += &format!("{} at {}: {error}\n", node.name, attempt.address);
            }
        }
    }
    Ok(shown(&mesh.nodes, text))
}

/// `zeromesh worlds`.
pub async fn worlds(client: &Client) -> Answer {
    let worlds: Vec<WorldView> = client.get("/api/v1/worlds").await?;
    let headings = [
        "name",
        "id",
        ">epoch",
        ">day",
        "pace",
        ">projects",
        ">people",
        ">checkpoint",
        "waiting for",
    ];
    let empty = "There are no worlds yet. Start one: `zeromesh world create SCENARIO`.";
    let mut table = Table::new(&headings, empty);
    for world in &worlds {
        table.row(vec![
            world.name.clone(),
            short(&world.id),
            grouped(world.epoch),
            grouped(day(world)),
            pace_text(world.pace),
            world.projects.to_string(),
            grouped(world.people.into()),
            or_dash(world.checkpoint.as_ref().map(|root| root.epoch)),
            or_dash(world.waiting.as_deref()),
        ]);
    }
    Ok(shown(&worlds, table.to_string()))
}

/// Working days since the start: eight hours each.
fn day(world: &WorldView) -> u64 {
    world.epoch * u64::from(world.ticks_per_epoch) / 480
}

/// The world meant: as named, or the only or first one.
pub async fn pick_world(client: &Client, named: Option<&str>) -> Result<String, CliError> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let worlds: Vec<WorldView> = client.get("/api/v1/worlds").await?;
    worlds.into_iter().next().map(|world| world.id).ok_or_else(|| {
        let message = "there are no worlds yet. Start one: `zeromesh world create SCENARIO`.";
        CliError::new(Exit::NotFound, message)
    })
}

/// `zeromesh world show`.
pub async fn world(client: &Client, named: Option<&str>) -> Answer {
    let id = pick_world(client, named).await?;
    let world: WorldView = client.get(&format!("/api/v1/worlds/{}", segment(&id))).await?;
    let mut all = vec![
        ("name", world.name.clone()),
        ("id", world.id.clone()),
        ("model", format!("{} (rules {})", world.model, world.rules)),
        ("seed", world.seed.clone()),
        ("epoch", format!("{} (day {})", grouped(world.epoch), grouped(day(&world)))),
        ("pace", pace_text(world.pace)),
        ("speed", format!("{} epochs a second", grouped(world.epochs_per_second.into()))),
        ("projects", world.projects.to_string()),
        ("people", grouped(world.people.into())),
        ("commands", grouped(world.commands)),
    ];
    if world.end > 0 {
        all.push(("ends at", grouped(world.end)));
    }
    if let Some(root) = &world.checkpoint {
        all.push(("checkpoint", format!("{} with root {}", root.epoch, root.root)));
    }
    if let Some(waiting) = &world.waiting {
        all.push(("waiting", waiting.clone()));
    }
    Ok(shown(&world, facts(&all)))
}

/// `zeromesh world root`.
pub async fn root(client: &Client, named: Option<&str>, epoch: Option<u64>) -> Answer {
    let id = pick_world(client, named).await?;
    let query = epoch.map(|epoch| format!("?epoch={epoch}")).unwrap_or_default();
    let root: RootView =
        client.get(&format!("/api/v1/worlds/{}/root{query}", segment(&id))).await?;
    Ok(shown(&root, root_text(&root)))
}

/// A root, for people.
pub fn root_text(root: &RootView) -> String {
    facts(&[
        ("world", root.world.clone()),
        ("epoch", root.epoch.to_string()),
        ("root", root.root.clone()),
        ("stamps", root.stamps.clone()),
    ])
}

/// Walks the pages of a list up to `limit` items.
async fn pages<P: DeserializeOwned, T>(
    client: &Client,
    path: &str,
    limit: Option<usize>,
    mut open: impl FnMut(P) -> (Vec<T>, Option<String>),
) -> Result<Vec<T>, CliError> {
    let limit = limit.unwrap_or(usize::MAX);
    let (mut items, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = crate::api::page::LIMIT_MAX as usize;
        let page = page.min(limit.saturating_sub(items.len()).max(1));
        let join = if path.contains('?') { '&' } else { '?' };
        let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let (more, next) = open(client.get(&format!("{path}{join}limit={page}{after}")).await?);
        items.extend(more);
        items.truncate(limit);
        cursor = next.filter(|_| items.len() < limit);
        if cursor.is_none() {
            return Ok(items);
        }
    }
}

/// `zeromesh project list`.
pub async fn projects(
    client: &Client,
    world: Option<&str>,
    sort: Option<&str>,
    limit: Option<usize>,
) -> Answer {
    let world = pick_world(client, world).await?;
    let sort = segment(sort.unwrap_or("name"));
    let path = format!("/api/v1/worlds/{}/projects?sort={sort}", segment(&world));
    let rows =
        pages(client, &path, limit, |page: Page<ProjectRow>| (page.items, page.next)).await?;
    let headings = [
        "name",
        "id",
        "status",
        "phase",
        ">done",
        ">people",
        ">open",
        ">done tasks",
        ">cash",
        ">burn a month",
        "run by",
    ];
    let mut table = Table::new(&headings, "This world has no projects yet.");
    for row in &rows {
        let it = &row.summary;
        let status = match &row.halted {
            Some(_) => "halted".to_owned(),
            None => word(&it.status),
        };
        table.row(vec![
            it.name.clone(),
            short(&row.id),
            status,
            word(&it.phase),
            percent(it.progress),
            it.people.to_string(),
            (it.tasks_todo + it.tasks_doing + it.tasks_review).to_string(),
            it.tasks_done.to_string(),
            money(it.cash_cents),
            money(it.burn_cents_per_month),
            or_dash(row.runner_name.as_deref()),
        ]);
    }
    Ok(shown(&rows, table.to_string()))
}

/// `zeromesh project show`.
pub async fn project(client: &Client, project: &str) -> Answer {
    let detail: ProjectDetail =
        client.get(&format!("/api/v1/projects/{}", segment(project))).await?;
    let (row, it) = (&detail.row, &detail.row.summary);
    let mut all = vec![
        ("name", it.name.clone()),
        ("id", row.id.clone()),
        ("industry", it.industry.clone()),
        ("status", word(&it.status)),
        ("phase", format!("{}, {} done", word(&it.phase), percent(it.progress))),
        (
            "people",
            format!("{} (morale {}, energy {})", it.people, percent(it.morale), percent(it.energy)),
        ),
        (
            "tasks",
            format!(
                "{} to do, {} in work, {} in review, {} done; {} defects open",
                it.tasks_todo, it.tasks_doing, it.tasks_review, it.tasks_done, it.defects_open
            ),
        ),
        (
            "cash",
            format!("{}, burning {} a month", money(it.cash_cents), money(it.burn_cents_per_month)),
        ),
        (
            "revenue",
            format!(
                "{} a month from {} customers",
                money(it.revenue_cents_per_month),
                it.customers
            ),
        ),
        ("run by", or_dash(row.runner_name.as_deref())),
        ("settled", format!("up to epoch {}", row.epoch)),
    ];
    all.extend(row.halted.iter().map(|why| ("HALTED", why.clone())));
    all.extend(
        detail.refused.iter().map(|it| ("refused", format!("{} (epoch {})", it.reason, it.epoch))),
    );
    let mut text = facts(&all);
    match &detail.view {
        Some(view) => {
            text += &standing_text(view);
            text += &view_text(view);
        }
        None => text += "\nThe node that runs it does not answer at the moment.\n",
    }
    Ok(shown(&detail, text))
}

/// How it stands: what is left, how work flows, and what whoever leads says of it.
fn standing_text(view: &ProjectView) -> String {
    let mut all = Vec::new();
    let left = &view.estimate;
    if left.days_85 > 0 {
        let until = word(&left.until);
        let days =
            format!("{} to {} working days to the end of {until}", left.days_50, left.days_85);
        all.push(("left", format!("{days} (50 and 85 %)")));
    }
    let metrics = view.metrics.dora.iter().chain(&view.metrics.flow);
    let known = metrics.filter_map(|metric| {
        let value = metric.value?;
        Some(format!("{}: {value:.1} {}", metric.name, metric.unit))
    });
    all.extend(known.map(|line| ("delivery", line)));
    all.extend(view.chief.goals.iter().map(|goal| {
        let state = goal.state.replace('_', " ");
        ("goal", format!("{}, {state} ({})", goal.text, goal.owner_name))
    }));
    all.extend(view.chief.answers.first().map(|first| ("in short", first.answer.clone())));
    if all.is_empty() { String::new() } else { format!("\n{}", facts(&all)) }
}

fn view_text(view: &ProjectView) -> String {
    let mut people = Table::new(&["person", "role", "doing", "task", ">energy", ">morale"], "");
    for person in &view.people {
        let task = person.task.and_then(|id| view.tasks.iter().find(|task| task.id == id));
        people.row(vec![
            person.name.clone(),
            format!("{} {}", person.seniority, person.role),
            person.activity.clone(),
            or_dash(task.map(|task| task.title.as_str())),
            percent(person.energy),
            percent(person.morale),
        ]);
    }
    let mut tasks = Table::new(&["task", "state", "kind", "who", ">hours left"], "");
    let open = |state| matches!(state, TaskState::Todo | TaskState::Doing | TaskState::Review);
    for task in view.tasks.iter().filter(|task| open(task.state)) {
        tasks.row(vec![
            task.title.clone(),
            word(&task.state),
            task.kind.clone(),
            or_dash(task.assignee_name.as_deref()),
            format!("{:.1}", f64::from(task.left_minutes) / 60.0),
        ]);
    }
    format!("\n{people}\n{tasks}")
}

/// `zeromesh people`.
pub async fn people(
    client: &Client,
    world: Option<&str>,
    project: Option<&str>,
    limit: Option<usize>,
) -> Answer {
    let path = match project {
        Some(project) => format!("/api/v1/projects/{}/people", segment(project)),
        None => format!("/api/v1/worlds/{}/people", segment(&pick_world(client, world).await?)),
    };
    let mut missing = 0;
    let rows: Vec<PersonRow> = pages(client, &path, limit, |page: PeoplePage| {
        missing += page.missing.len();
        (page.items, page.next)
    })
    .await?;
    if missing > 0 {
        eprintln!(
            "zeromesh: {} did not answer: those people are left out",
            count(missing, "project")
        );
    }
    let headings = [
        "name",
        "id",
        "role",
        "seniority",
        "project",
        "doing",
        ">energy",
        ">morale",
        ">tasks done",
    ];
    let mut table = Table::new(&headings, "There is nobody here yet.");
    for PersonRow { project_name, person, .. } in &rows {
        table.row(vec![
            person.name.clone(),
            person.id.clone(),
            person.role.clone(),
            person.seniority.clone(),
            project_name.clone(),
            person.activity.clone(),
            percent(person.energy),
            percent(person.morale),
            person.tasks_done.to_string(),
        ]);
    }
    Ok(shown(&rows, table.to_string()))
}

/// `zeromesh shares`.
pub async fn shares(client: &Client, world: Option<&str>) -> Answer {
    let world = pick_world(client, world).await?;
    let rows: Vec<ShareRow> =
        client.get(&format!("/api/v1/worlds/{}/shares", segment(&world))).await?;
    let headings = ["project", "id", "run by", "why", "standing by", ">settled", ">people"];
    let mut table = Table::new(&headings, "This world has no projects yet.");
    for row in &rows {
        table.row(vec![
            row.name.clone(),
            short(&row.project),
            or_dash(row.runner_name.as_deref()),
            row.why.clone(),
            row.standby.iter().map(|id| short(id)).collect::<Vec<_>>().join(" "),
            grouped(row.settled),
            row.people.to_string(),
        ]);
    }
    Ok(shown(&rows, table.to_string()))
}
