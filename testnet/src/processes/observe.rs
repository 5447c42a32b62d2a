//! What the API of nodes says of the mesh and its worlds, as far as starting and testing need it.
//!
//! Read leniently: a field more does not matter, and one that is missing counts as "not yet".

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::http::Api;
use super::wait::Seen;

/// A node to look at: what to call it, and where its API is.
#[derive(Clone, Debug)]
pub struct Viewpoint {
    pub name: String,
    /// Its peer id.
    pub node: String,
    pub api: Api,
}

/// A node's share of the mesh, as one node sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub projects: u64,
    pub people: u64,
}

/// The nodes that are live in a `MeshView`, with their share.
pub fn live_nodes(mesh: &Value) -> BTreeMap<String, Share> {
    let nodes = mesh.get("nodes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let live = nodes.iter().filter(|node| node["state"] == "live");
    live.filter_map(|node| {
        let share = Share {
            projects: node["projects"].as_u64().unwrap_or(0),
            people: node["people"].as_u64().unwrap_or(0),
        };
        Some((node["id"].as_str()?.to_owned(), share))
    })
    .collect()
}

/// Does each of them see all of them live? Nodes beyond these do not matter.
pub fn one_mesh(viewpoints: &[Viewpoint]) -> Seen<()> {
    let all: BTreeSet<&str> = viewpoints.iter().map(|view| view.node.as_str()).collect();
    for view in viewpoints {
        let mesh = match view.api.get_json("/api/v1/mesh") {
            Ok(mesh) => mesh,
            Err(error) => return Seen::NotYet(format!("{}: {error}", view.name)),
        };
        let live = live_nodes(&mesh);
        let unseen = viewpoints.iter().filter(|other| !live.contains_key(&other.node));
        let unseen: Vec<&str> = unseen.map(|other| other.name.as_str()).collect();
        if !unseen.is_empty() {
            return Seen::NotYet(format!(
                "{} sees {} of {} nodes, not {}",
                view.name,
                all.len() - unseen.len(),
                all.len(),
                unseen.join(", ")
            ));
        }
    }
    Seen::Done(())
}

/// A world as one node sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldSeen {
    pub id: String,
    pub name: String,
    /// Every epoch before this one is settled.
    pub epoch: u64,
    /// The last epoch there will be; 0 for no end.
    pub end: u64,
    pub epoch_ms: u64,
    pub paused: bool,
    pub projects: u64,
    pub people: u64,
    /// Why it does not move, if it does not.
    pub waiting: Option<String>,
}

impl WorldSeen {
    /// From a `WorldView`.
    pub fn from_json(world: &Value) -> Option<WorldSeen> {
        Some(WorldSeen {
            id: world["id"].as_str()?.to_owned(),
            name: world["name"].as_str().unwrap_or_default().to_owned(),
            epoch: world["epoch"].as_u64()?,
            end: world["end"].as_u64().unwrap_or(0),
            epoch_ms: world["pace"]["epoch_ms"].as_u64().unwrap_or(0),
            paused: world["pace"]["paused"].as_bool().unwrap_or(false),
            projects: world["projects"].as_u64().unwrap_or(0),
            people: world["people"].as_u64().unwrap_or(0),
            waiting: world["waiting"].as_str().map(str::to_owned),
        })
    }

    /// True if it cannot be expected to move: paused, or at its end.
    pub fn at_rest(&self) -> bool {
        self.paused || (self.end > 0 && self.epoch >= self.end)
    }
}

/// The worlds a node knows. A page and a plain list are both understood.
///
/// # Errors
/// The node does not answer, or with an error.
pub fn worlds(api: &Api) -> Result<Vec<WorldSeen>, super::http::NoAnswer> {
    let answer = api.get_json("/api/v1/worlds")?;
    let list = answer.as_array().or_else(|| answer.get("items").and_then(Value::as_array));
    Ok(list
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(WorldSeen::from_json)
        .collect())
}

/// The newest settled checkpoint of a world, as one node has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    pub epoch: u64,
    pub root: String,
    /// Digest of the stamps below the epoch.
    pub stamps: String,
}

impl Root {
    /// From a `RootView`, which `zeromesh simulate` and `world root` print too.
    pub fn from_json(root: &Value) -> Option<Root> {
        Some(Root {
            epoch: root["epoch"].as_u64()?,
            root: root["root"].as_str()?.to_owned(),
            stamps: root["stamps"].as_str()?.to_owned(),
        })
    }
}

/// Do all of them have the same newest checkpoint of a world? Sensible once it is paused. Equal
/// epochs and stamps with different roots will never be right.
pub fn same_checkpoint(viewpoints: &[Viewpoint], world: &str) -> Seen<Root> {
    let mut common: Option<(&str, Root)> = None;
    for view in viewpoints {
        let here = match view.api.get_json(&format!("/api/v1/worlds/{world}")) {
            Ok(answer) => Root::from_json(&answer["checkpoint"]),
            Err(error) => return Seen::NotYet(format!("{}: {error}", view.name)),
        };
        let Some(here) = here else {
            return Seen::NotYet(format!("{} has no checkpoint yet", view.name));
        };
        match &common {
            None => common = Some((&view.name, here)),
            Some((_, there)) if *there == here => {}
            Some((name, there)) => {
                let told = format!("{name} has {there:?}, {} has {here:?}", view.name);
                let alike = there.epoch == here.epoch && there.stamps == here.stamps;
                return if alike { Seen::Never(told) } else { Seen::NotYet(told) };
            }
        }
    }
    match common {
        Some((_, root)) => Seen::Done(root),
        None => Seen::Never("there is no node".to_owned()),
    }
}

/// Epochs longer than this are not waited for.
const EPOCH_MS_WORTH_WAITING: u64 = 3_000;

/// Watches whether a world moves on every node.
#[derive(Debug, Default)]
pub struct Progress {
    /// The first epoch seen, by node and world.
    first: BTreeMap<(String, String), u64>,
    /// Worlds began at epoch 0 just now: any epoch beyond it is a move.
    new: bool,
}

impl Progress {
    /// For nodes without a past.
    pub fn of_new_worlds() -> Progress {
        Progress { new: true, ..Progress::default() }
    }

    /// Is there one world that every node knows and that moves, or rests for a good reason, on each?
    /// Answers with the picture of the last node.
    pub fn look(&mut self, viewpoints: &[Viewpoint]) -> Seen<WorldSeen> {
        let mut moving: Option<BTreeMap<String, WorldSeen>> = None;
        for view in viewpoints {
            let seen = match worlds(&view.api) {
                Ok(seen) => seen,
                Err(error) => return Seen::NotYet(format!("{}: {error}", view.name)),
            };
            if seen.is_empty() {
                return Seen::NotYet(format!("{} knows no world", view.name));
            }
            let mut here = BTreeMap::new();
            let mut still = Vec::new();
            for world in seen {
                let key = (view.node.clone(), world.id.clone());
                let first =
                    *self.first.entry(key).or_insert(if self.new { 0 } else { world.epoch });
                if world.epoch > first || world.at_rest() || world.epoch_ms > EPOCH_MS_WORTH_WAITING
                {
                    here.insert(world.id.clone(), world);
                } else {
                    let why = world.waiting.map(|why| format!(": {why}")).unwrap_or_default();
                    still.push(format!("{} is still at epoch {}{why}", world.name, world.epoch));
                }
            }
            if here.is_empty() {
                return Seen::NotYet(format!("on {}, {}", view.name, still.join("; ")));
            }
            if let Some(before) = moving {
                here.retain(|id, _| before.contains_key(id));
            }
            if here.is_empty() {
                return Seen::NotYet(format!(
                    "{} has no world in common with the others",
                    view.name
                ));
            }
            moving = Some(here);
        }
        match moving.and_then(|worlds| worlds.into_values().next()) {
            Some(world) => Seen::Done(world),
            None => Seen::Never("there is no node".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_live_nodes_count() {
        let mesh = json!({"nodes": [
            {"id": "a", "state": "live", "projects": 2, "people": 9},
            {"id": "b", "state": "missing"},
            {"state": "live"},
        ]});
        let share = Share { projects: 2, people: 9 };
        assert_eq!(live_nodes(&mesh), BTreeMap::from([("a".to_owned(), share)]));
        assert_eq!(live_nodes(&Value::Null), BTreeMap::new());
    }

    #[test]
    fn a_world_rests_when_paused_or_at_its_end() {
        let mut world = WorldSeen::from_json(&json!({
            "id": "w", "name": "main", "epoch": 80, "end": 0, "pace": {"epoch_ms": 1000, "paused": false},
            "projects": 1, "people": 5, "waiting": null,
        }))
        .unwrap();
        assert!(!world.at_rest());
        world.end = 80;
        assert!(world.at_rest());
        world.end = 90;
        world.paused = true;
        assert!(world.at_rest());
    }

    #[test]
    fn a_world_without_an_epoch_is_not_understood() {
        assert_eq!(WorldSeen::from_json(&json!({"id": "w"})), None);
    }
}
