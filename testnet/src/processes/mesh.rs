//! A mesh of real nodes in a temporary folder, for tests and for a program that needs one.
//!
//! Nodes listen on ports that the system chooses, and keep them when they are started again. They
//! are killed when the mesh is dropped.

use std::io;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use super::launch::{Launch, Pace, Ports, Settings, Transport, World};
use super::node::{Failed, Node, io_failed};
use super::observe::{Progress, Root, Viewpoint, WorldSeen, one_mesh, same_checkpoint};
use super::wait::{InVain, wait_for};

/// Until all nodes are one mesh with a world that moves.
pub const ONE_MESH_WITHIN: Duration = Duration::from_secs(30);
/// What a mesh is made of.
#[derive(Clone, Debug)]
pub struct Plan {
    pub nodes: usize,
    pub transport: Transport,
    /// What the first node starts with; the others join it without a world of their own.
    pub world: World,
    pub pace: Option<Pace>,
    /// Other settings of every node.
    pub settings: Settings,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            nodes: 3,
            transport: Transport::Both,
            world: World::Default,
            pace: None,
            settings: Settings::new(),
        }
    }
}

/// Nodes in a temporary folder.
#[derive(Debug)]
pub struct Mesh {
    pub nodes: Vec<Node>,
    plan: Plan,
    folder: TempDir,
}

impl Mesh {
    /// Starts the nodes and waits until they are one mesh and a world moves on each.
    ///
    /// # Errors
    /// No program, a node that does not come up, or nodes that do not find each other in time.
    pub fn start(plan: Plan) -> Result<Mesh, Failed> {
        let mesh = Mesh::gather(plan)?;
        mesh.wait_one_mesh()?;
        if mesh.plan.world != World::None {
            mesh.wait_world()?;
        }
        Ok(mesh)
    }

    /// As [`Mesh::start`], but only waits until every node is ready by itself.
    ///
    /// # Errors
    /// As [`Mesh::start`].
    pub fn gather(plan: Plan) -> Result<Mesh, Failed> {
        let folder = TempDir::with_prefix("zeromesh-").map_err(io_failed("a temporary folder"))?;
        let count = plan.nodes;
        let mut mesh = Mesh { nodes: Vec::new(), plan, folder };
        if count > 0 {
            mesh.add()?;
        }
        // The others are started before any of them is waited for
        let launches: Vec<Launch> = (1..count).map(|index| mesh.launch(index)).collect();
        for launch in launches {
            mesh.nodes.push(Node::spawn(launch)?);
        }
        for node in &mut mesh.nodes {
            node.wait_ready()?;
        }
        Ok(mesh)
    }

    fn launch(&self, index: usize) -> Launch {
        let name = format!("node{}", index + 1);
        Launch {
            data: self.folder.path().join(&name).join("data"),
            name,
            mesh: "test".to_owned(),
            transport: self.plan.transport,
            ports: Ports::default(),
            join: self.nodes.iter().flat_map(|node| node.ready.addresses.clone()).collect(),
            world: if index == 0 { self.plan.world.clone() } else { World::None },
            pace: self.plan.pace.clone().filter(|_| index == 0),
            settings: self.plan.settings.clone(),
        }
    }

    /// One more node, which joins the others. Waits until it is ready by itself.
    ///
    /// # Errors
    /// It does not come up.
    pub fn add(&mut self) -> Result<&mut Node, Failed> {
        let mut node = Node::spawn(self.launch(self.nodes.len()))?;
        node.wait_ready()?;
        self.nodes.push(node);
        Ok(self.nodes.last_mut().expect("just added"))
    }

    /// Where tests may put files of their own. It goes with the mesh.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The nodes whose processes live, to look through.
    pub fn viewpoints(&self) -> Vec<Viewpoint> {
        let alive = self.nodes.iter().filter(|node| node.pid().is_some());
        alive.map(Node::viewpoint).collect()
    }

    /// Waits until all nodes that live see each other live.
    ///
    /// # Errors
    /// They do not in time.
    pub fn wait_one_mesh(&self) -> Result<(), InVain> {
        let views = self.viewpoints();
        wait_for(format!("{} nodes to be one mesh", views.len()), ONE_MESH_WITHIN, || {
            one_mesh(&views)
        })
    }

    /// Pauses a world and waits until every node that lives has the same newest checkpoint of it.
    ///
    /// # Errors
    /// Nobody takes the pause, or they do not agree in time.
    pub fn pause_and_agree(&self, world: &str) -> Result<Root, Failed> {
        let views = self.viewpoints();
        // A world that is paused before its first checkpoint never has one.
        for view in &views {
            wait_for("a first checkpoint", ONE_MESH_WITHIN, || {
                same_checkpoint(std::slice::from_ref(view), world)
            })?;
        }
        let first = views.first().map(|view| view.api.clone());
        let paused = serde_json::json!({"paused": true});
        first
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
            .and_then(|api| {
                let pace = format!("/api/v1/worlds/{world}/pace");
                api.post_json(&pace, &paused).map_err(io::Error::other)
            })
            .map_err(io_failed("pausing the world"))?;
        Ok(wait_for("one checkpoint everywhere", ONE_MESH_WITHIN, || {
            same_checkpoint(&views, world)
        })?)
    }

    /// Waits until a world moves on every node that lives.
    ///
    /// # Errors
    /// It does not in time.
    pub fn wait_world(&self) -> Result<WorldSeen, InVain> {
        let views = self.viewpoints();
        let mut progress = Progress::default();
        wait_for("a world to move on every node", ONE_MESH_WITHIN, || progress.look(&views))
    }
}
