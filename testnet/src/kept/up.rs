//! Starting nodes: all of a testnet, some of it, or one more.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;
use testnet::processes::binary;
use testnet::processes::http::Api;
use testnet::processes::launch::{Pace, Transport};
use testnet::processes::observe::worlds;
use testnet::processes::os::Standing;

use super::error::{Failure, command};
use super::folder::{Folder, State};
use super::say::say;
use super::starter::Starter;
use super::status;

/// Nodes on a laptop.
const NODES: u16 = 3;
/// What `up` is asked for.
pub struct Wanted {
    pub nodes: Option<u16>,
    pub scenario: Option<PathBuf>,
    pub pace: Option<Pace>,
    pub transport: Option<Transport>,
}

/// Starts all that is not running, and waits until it is one mesh with a world that moves.
pub fn up(dir: &Path, wanted: &Wanted, json: bool) -> Result<(), Failure> {
    let program = binary::find()?;
    let scenario = wanted.scenario.as_deref().map(readable).transpose()?;
    let folder = Folder::hold(dir)?;
    let kept = folder.read()?;
    let new = kept.is_none();
    let mut state = match kept {
        Some(state) => state,
        None => State::new(wanted.transport.unwrap_or_default(), scenario.clone()),
    };
    if state.nodes.iter().all(|node| node.node.is_none()) {
        // Nothing has begun yet, or it failed at once: it may begin otherwise
        state.scenario = scenario;
        state.transport = wanted.transport.unwrap_or(state.transport);
    } else {
        refuse_other_world(&state, scenario.as_deref(), wanted.transport)?;
    }
    let there = state.nodes.len();
    let count = wanted.nodes.map_or(if new { NODES.into() } else { there }, usize::from);
    for _ in there..count {
        state.add_node()?;
    }
    folder.write(&state)?;

    let began = Instant::now();
    let mut starter = Starter { program, folder, state, pace: wanted.pace.clone(), quiet: json };
    let down: Vec<usize> = starter.places(Standing::Gone);
    if !new {
        let n = there;
        starter.say(&match (down.len(), n.cmp(&count)) {
            (0, _) => format!("This testnet of {n} is up already."),
            (_, std::cmp::Ordering::Greater) => {
                format!("This testnet has {n} nodes and goes on with all of them.")
            }
            _ => "This testnet goes on where it stood.".to_owned(),
        });
    }
    starter.wake()?;
    let goes_on = starter.state.nodes.iter().any(|node| node.node.is_some());
    starter.start(&down)?;
    starter.wait_started()?;
    if let Some(pace) = wanted.pace.as_ref().filter(|_| goes_on) {
        set_pace(&starter.state, pace)?;
    }
    let took = starter.wait_together(new)? - began;
    if json {
        return status::print_json(&starter.folder, &starter.state);
    }
    say!("One mesh, after {:.1} s.\n", took.as_secs_f64());
    status::print_table(&starter.folder, &starter.state);
    hints(&starter.state);
    Ok(())
}

/// Starts some nodes again.
pub fn start(dir: &Path, names: &[String]) -> Result<(), Failure> {
    let program = binary::find()?;
    let (folder, state) = Folder::hold_existing(dir)?;
    let mut down = Vec::new();
    for name in names {
        let place = state.find(name)?;
        match folder.standing(&state.nodes[place]) {
            Standing::Gone if down.contains(&place) => {}
            Standing::Gone => down.push(place),
            Standing::Running | Standing::Paused => say!("{name} is running already."),
        }
    }
    if down.is_empty() {
        return Ok(());
    }
    let mut starter = Starter { program, folder, state, pace: None, quiet: false };
    let began = Instant::now();
    starter.start(&down)?;
    let took = starter.wait_together(false)? - began;
    say!("Taking part again, after {:.1} s.\n", took.as_secs_f64());
    status::print_table(&starter.folder, &starter.state);
    Ok(())
}

/// Starts one more.
pub fn add(dir: &Path) -> Result<(), Failure> {
    let program = binary::find()?;
    let (folder, mut state) = Folder::hold_existing(dir)?;
    let place = state.add_node()?;
    folder.write(&state)?;
    let mut starter = Starter { program, folder, state, pace: None, quiet: false };
    let began = Instant::now();
    starter.start(&[place])?;
    let took = starter.wait_together(false)? - began;
    say!("{} takes part, after {:.1} s.\n", starter.state.nodes[place].name, took.as_secs_f64());
    status::print_table(&starter.folder, &starter.state);
    Ok(())
}

/// A world that is there already takes a new pace over the API.
fn set_pace(state: &State, pace: &Pace) -> Result<(), Failure> {
    let http = state.nodes.iter().find_map(|node| node.http.as_deref());
    let Some(api) = http.map(Api::new) else { return Ok(()) };
    let no = |error| Failure::Other(format!("the pace stays as it was: {error}"));
    for world in worlds(&api).map_err(no)? {
        let path = format!("/api/v1/worlds/{}/pace", world.id);
        api.post_json(&path, &json!({ "epoch_ms": pace.epoch_ms() })).map_err(no)?;
    }
    Ok(())
}

fn readable(file: &Path) -> Result<PathBuf, Failure> {
    let readable = File::open(file).and_then(|_| fs::canonicalize(file));
    readable.map_err(|error| Failure::Usage(format!("scenario {}: {error}", file.display())))
}

/// A testnet has the world and the transport it began with.
fn refuse_other_world(
    state: &State,
    scenario: Option<&Path>,
    transport: Option<Transport>,
) -> Result<(), Failure> {
    let how = format!("or begin anew with `{0} down --wipe` and `{0} up`", command());
    if let Some(scenario) = scenario.filter(|file| state.scenario.as_deref() != Some(*file)) {
        return Err(Failure::Usage(format!(
            "this testnet began with another world than {}: leave --scenario out to go on with it, {how}",
            scenario.display()
        )));
    }
    if transport.is_some_and(|wanted| wanted != state.transport) {
        return Err(Failure::Usage(format!(
            "this testnet began with another transport: leave --transport out to go on with it, {how}"
        )));
    }
    Ok(())
}

fn hints(state: &State) {
    let it = command();
    let (first, last) = match (state.nodes.first(), state.nodes.last()) {
        (Some(first), Some(last)) => (&first.name, &last.name),
        _ => return,
    };
    let ways = [
        ("status".to_owned(), "how it stands"),
        (format!("logs {first} -f"), "what a node says"),
        (format!("kill {last}"), "a power cut; its projects go on elsewhere"),
        (format!("start {last}"), "back with its data"),
        ("add".to_owned(), "one node more"),
        ("down".to_owned(), "stop all; `up` goes on from there (--wipe removes the data)"),
    ];
    say!("\nOpen any UI: each shows the whole mesh. Then try:");
    for (way, what) in ways {
        say!("  {it} {way:<16} {what}");
    }
}
