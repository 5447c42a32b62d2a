//! Commands that change something.

use std::io::Read;
use std::path::Path;

use shared::engine::command::BODY_BYTES_MAX;

use super::client::{Client, segment};
use super::exit::{CliError, Exit};
use super::show::pick_world;
use super::table::{count, facts, short};
use super::{Shown, shown};
use crate::api::inputs::{self, Scenario};
use crate::api::types::{
    Accepted, CommandState, Imported, JoinRequest, Joined, PaceRequest, PaceView, Stopping,
    WorldCreated,
};

/// Warnings of an import shown to a person.
const WARNINGS_SHOWN: usize = 5;

type Answer = Result<Shown, CliError>;

/// `zeromesh join`.
pub async fn join(client: &Client, address: String) -> Answer {
    let joined: Joined = client.post("/api/v1/peers", &JoinRequest { address }).await?;
    let text =
        format!("Joined {} by {} in {} ms.\n", joined.node, joined.transport, joined.took_ms);
    Ok(shown(&joined, text))
}

/// `zeromesh world pace`.
pub async fn pace(client: &Client, world: Option<&str>, pace: &str) -> Answer {
    let (epoch_ms, paused) = match pace {
        "pause" => (None, Some(true)),
        "resume" => (None, Some(false)),
        "max" => (Some(0), Some(false)),
        number => {
            let epoch_ms = number.parse().map_err(|_| {
                let message = format!(
                    "`{number}` is no pace. Write `pause`, `resume`, `max`, or the milliseconds an \
                     epoch is to take."
                );
                CliError::new(Exit::Usage, message)
            })?;
            (Some(epoch_ms), Some(false))
        }
    };
    let world = pick_world(client, world).await?;
    let path = format!("/api/v1/worlds/{}/pace", segment(&world));
    let now: PaceView = client.post(&path, &PaceRequest { epoch_ms, paused }).await?;
    Ok(shown(&now, format!("The pace is now: {}.\n", pace_text(now))))
}

/// A pace in words.
pub fn pace_text(pace: PaceView) -> String {
    match pace {
        PaceView { paused: true, .. } => "paused".to_owned(),
        PaceView { epoch_ms: 0, .. } => "as fast as possible".to_owned(),
        PaceView { epoch_ms, .. } => format!("{epoch_ms} ms an epoch"),
    }
}

/// `zeromesh world create`.
pub async fn create_world(client: &Client, file: &Path) -> Answer {
    let text = read(file, inputs::SCENARIO_BYTES_MAX)?;
    // Read here too: an error can name the file.
    let as_text = String::from_utf8_lossy(&text);
    inputs::scenario(&as_text, &name_of(file)).map_err(|bad| CliError::refused(bad.to_string()))?;
    let created: WorldCreated =
        client.post_bytes("/api/v1/worlds", "application/toml", text).await?;
    let what = if created.created { "Started" } else { "The mesh had this world already:" };
    let text = format!(
        "{what} {} ({}) with {}.\n",
        created.name,
        short(&created.world),
        count(created.projects.len(), "project")
    );
    Ok(shown(&created, text))
}

/// `zeromesh project import`.
pub async fn import(
    client: &Client,
    world: Option<&str>,
    file: &Path,
    name: &str,
    as_of: &str,
) -> Answer {
    let csv = read(file, inputs::CSV_BYTES_MAX)?;
    let world = pick_world(client, world).await?;
    let path = format!(
        "/api/v1/worlds/{}/import?name={}&as_of={}",
        segment(&world),
        segment(name),
        segment(as_of)
    );
    let imported: Imported = client.post_bytes(&path, "text/csv", csv).await?;
    for warning in imported.warnings.iter().take(WARNINGS_SHOWN) {
        eprintln!("zeromesh: {}: {warning}", name_of(file));
    }
    if let Some(more) = imported.warnings.len().checked_sub(WARNINGS_SHOWN + 1) {
        eprintln!("zeromesh: and {} like these; --json has them all", count(more + 1, "warning"));
    }
    let mut text = accepted_text(&imported.accepted);
    text += &facts(&[
        ("people", imported.people.to_string()),
        ("open on that day", imported.open.to_string()),
        ("closed before", imported.history.to_string()),
        ("hours per weight", format!("{:.1}", imported.hours_per_weight)),
        ("closed a week", format!("{:.1}", imported.closings_per_week)),
    ]);
    Ok(shown(&imported, text))
}

/// `zeromesh project create`.
pub async fn create_project(client: &Client, world: Option<&str>, file: &Path) -> Answer {
    let spec = read(file, crate::api::write::COMMAND_BYTES_MAX)?;
    let world = pick_world(client, world).await?;
    let path = format!("/api/v1/worlds/{}/projects", segment(&world));
    let accepted: Accepted = client.post_bytes(&path, "application/json", spec).await?;
    Ok(shown(&accepted, accepted_text(&accepted)))
}

/// `zeromesh project command`.
pub async fn command(client: &Client, project: &str, json: &str) -> Answer {
    let json = match json {
        "-" => read(Path::new("-"), BODY_BYTES_MAX)?,
        json => json.as_bytes().to_vec(),
    };
    let path = format!("/api/v1/projects/{}/commands", segment(project));
    let accepted: Accepted = client.post_bytes(&path, "application/json", json).await?;
    Ok(shown(&accepted, accepted_text(&accepted)))
}

/// `zeromesh stop`.
pub async fn stop(client: &Client) -> Answer {
    let stopping: Stopping = client.post("/api/v1/shutdown", &serde_json::json!({})).await?;
    Ok(shown(&stopping, "The node is ending.\n".to_owned()))
}

fn accepted_text(accepted: &Accepted) -> String {
    let copies = match accepted.copies {
        0 => "on this node only".to_owned(),
        1 => "on this node and one other".to_owned(),
        more => format!("on this node and {more} others"),
    };
    let state = match &accepted.state {
        CommandState::Accepted => format!("Accepted, {copies}"),
        CommandState::Applied => "Applied".to_owned(),
        CommandState::Refused { reason } => format!("Refused by the world: {reason}"),
    };
    let mut text = format!("{state}. It takes effect in epoch {}.\n", accepted.epoch);
    if let Some(project) = &accepted.project {
        text += &format!("project  {project}\n");
    }
    text + &format!("command  {}\n", accepted.command)
}

/// The scenario in a file, or the default one.
pub fn scenario_file(file: &str) -> Result<Scenario, CliError> {
    if file == "default" {
        return inputs::default_scenario().map_err(|bad| CliError::failure(bad.to_string()));
    }
    let path = Path::new(file);
    let bytes = read(path, inputs::SCENARIO_BYTES_MAX)?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let at = error.valid_up_to() + 1;
        CliError::refused(format!("{file} is not UTF-8 (byte {at}). Save it as UTF-8."))
    })?;
    inputs::scenario(text, file).map_err(|bad| CliError::refused(bad.to_string()))
}

fn name_of(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() }
}

/// The bytes of a file, or of standard input.
fn read(file: &Path, bytes_max: usize) -> Result<Vec<u8>, CliError> {
    let name = name_of(file);
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            CliError::new(Exit::NotFound, format!("there is no file {name}"))
        }
        _ => CliError::failure(format!("cannot read {name}: {error}")),
    };
    let source: Box<dyn Read> = match file == Path::new("-") {
        true => Box::new(std::io::stdin()),
        false => Box::new(std::fs::File::open(file).map_err(failed)?),
    };
    let mut bytes = Vec::new();
    source.take(bytes_max as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > bytes_max {
        return Err(CliError::refused(format!("{name} has more than {bytes_max} bytes")));
    }
    Ok(bytes)
}
