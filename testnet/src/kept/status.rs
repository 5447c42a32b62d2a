//! How a testnet stands: a table for people, JSON for programs.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use testnet::processes::http::Api;
use testnet::processes::observe::{Share, WorldSeen, live_nodes, worlds};
use testnet::processes::os::Standing;

use super::error::{Failure, command};
use super::folder::{Folder, KeptNode, State};
use super::say::say;

/// A node that does not answer in this time is shown as silent.
const PATIENCE: Duration = Duration::from_millis(1_500);

pub fn status(dir: &Path, json: bool) -> Result<(), Failure> {
    let folder = Folder::look(dir)?;
    let state = folder.read_existing()?;
    if json {
        return print_json(&folder, &state);
    }
    print_table(&folder, &state);
    let down = state.nodes.iter().filter(|node| folder.standing(node) == Standing::Gone);
    let down: Vec<&str> = down.map(|node| node.name.as_str()).collect();
    if down.len() == state.nodes.len() {
        say!("\nNothing runs. `{} up` goes on where it stood.", command());
    } else if !down.is_empty() {
        say!("\n`{} start {}` brings back what is down.", command(), down.join(" "));
    }
    Ok(())
}

/// A node as it stands now.
struct Row<'a> {
    node: &'a KeptNode,
    standing: Standing,
    /// None if it does not answer.
    seen: Option<Seen>,
}

struct Seen {
    share: Share,
    /// Nodes it sees live, itself included.
    live: usize,
    worlds: Vec<WorldSeen>,
}

fn look<'a>(folder: &Folder, node: &'a KeptNode) -> Row<'a> {
    let standing = folder.standing(node);
    let seen = if standing == Standing::Running { ask(node) } else { None };
    Row { node, standing, seen }
}

fn ask(node: &KeptNode) -> Option<Seen> {
    let api = Api::with_patience(node.http.as_ref()?, PATIENCE);
    let live = live_nodes(&api.get_json("/api/v1/mesh").ok()?);
    let share = live.get(node.node.as_ref()?).copied().unwrap_or_default();
    Some(Seen { share, live: live.len(), worlds: worlds(&api).ok()? })
}

fn rows<'a>(folder: &Folder, state: &'a State) -> Vec<Row<'a>> {
    // Silent nodes cost their time-out only once
    std::thread::scope(|scope| {
        let looks: Vec<_> =
            state.nodes.iter().map(|node| scope.spawn(move || look(folder, node))).collect();
        looks.into_iter().map(|look| look.join().expect("looking does not panic")).collect()
    })
}

fn word(row: &Row<'_>) -> &'static str {
    match (row.standing, &row.seen) {
        (Standing::Gone, _) if row.node.pid.is_some() => "dead",
        (Standing::Gone, _) => "stopped",
        (Standing::Paused, _) => "paused",
        (Standing::Running, None) => "silent",
        (Standing::Running, Some(_)) => "up",
    }
}

pub fn print_table(folder: &Folder, state: &State) {
    let mut table: Vec<[String; 8]> = vec![
        ["NODE", "STATE", "PEER", "SEES", "PEOPLE", "EPOCH", "UI", "ADDRESS"].map(str::to_owned),
    ];
    for row in rows(folder, state) {
        let seen = |show: &dyn Fn(&Seen) -> String| row.seen.as_ref().map_or("-".to_owned(), show);
        let address = row.node.addresses.first().cloned();
        table.push([
            row.node.name.clone(),
            word(&row).to_owned(),
            row.node.node.as_deref().map_or("-".to_owned(), short),
            seen(&|seen| seen.live.to_string()),
            seen(&|seen| seen.share.people.to_string()),
            seen(&|seen| {
                let epochs: Vec<String> =
                    seen.worlds.iter().map(|world| world.epoch.to_string()).collect();
                if epochs.is_empty() { "-".to_owned() } else { epochs.join(" ") }
            }),
            row.node.http.clone().unwrap_or("-".to_owned()),
            address.unwrap_or("-".to_owned()),
        ]);
    }
    super::say::print(format_args!("{}", align(&table)));
}

/// Columns as wide as their widest cell; the last one runs free.
fn align<const N: usize>(table: &[[String; N]]) -> String {
    let wide =
        |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(wide).collect();
    let mut out = String::new();
    for row in table {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        out += cells.collect::<Vec<_>>().join("  ").trim_end();
        out.push('\n');
    }
    out
}

/// The end of a peer id: they all begin alike.
fn short(peer: &str) -> String {
    let count = peer.chars().count();
    let end: String = peer.chars().skip(count.saturating_sub(8)).collect();
    if count > 8 { format!("…{end}") } else { end }
}

pub fn print_json(folder: &Folder, state: &State) -> Result<(), Failure> {
    let nodes: Vec<Value> = rows(folder, state).iter().map(|row| node_json(folder, row)).collect();
    let all = json!({
        "dir": folder.path(), "mesh": state.mesh, "transport": state.transport,
        "scenario": state.scenario, "nodes": nodes,
    });
    say!("{}", serde_json::to_string_pretty(&all).expect("plain data"));
    Ok(())
}

fn node_json(folder: &Folder, row: &Row<'_>) -> Value {
    let seen = row.seen.as_ref();
    let world = |world: &WorldSeen| {
        json!({
            "id": world.id, "name": world.name, "epoch": world.epoch, "paused": world.paused,
            "projects": world.projects, "people": world.people, "waiting": world.waiting,
        })
    };
    json!({
        "name": row.node.name,
        "state": word(row),
        "pid": row.node.pid.filter(|_| row.standing != Standing::Gone),
        "node": row.node.node,
        "addresses": row.node.addresses,
        "http": row.node.http,
        "sees": seen.map(|seen| seen.live),
        "projects": seen.map(|seen| seen.share.projects),
        "people": seen.map(|seen| seen.share.people),
        "worlds": seen.map(|seen| seen.worlds.iter().map(world).collect::<Vec<_>>()),
        "data": folder.data(row.node),
        "log": folder.log(row.node),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let cell = str::to_owned;
        let table = [[cell("NODE"), cell("UI")], [cell("heron"), cell("-")]];
        assert_eq!(align(&table), "NODE   UI\nheron  -\n");
    }

    #[test]
    fn a_peer_is_told_by_its_end() {
        assert_eq!(short("12D3KooWAbCdEfGhIjKl"), "…EfGhIjKl");
        assert_eq!(short("abc"), "abc");
    }
}
