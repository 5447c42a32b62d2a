//! A mesh of real nodes in a temporary folder, for tests and for a program that needs one.
//!
//! Nodes listen on ports that the system chooses, and keep them when they are started again. They
//! are killed when the mesh is dropped; if a test is failing then, the end of each log is printed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::binary;
use super::http::Api;
use super::launch::{
    Launch, Pace, Ports, Ready, Settings, Transport, World, find_ready, without_settings,
};
use super::observe::{Progress, Root, Viewpoint, WorldSeen, one_mesh, same_checkpoint};
use super::os::{self, Signal};
use super::wait::{InVain, Seen, wait_for};

/// Until a node says it is ready. It takes a fraction of a second; machines that test are busy.
pub const READY_WITHIN: Duration = Duration::from_secs(30);
/// Until all nodes are one mesh with a world that moves.
pub const ONE_MESH_WITHIN: Duration = Duration::from_secs(30);
/// From SIGTERM to the end.
pub const ENDS_WITHIN: Duration = Duration::from_secs(15);

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

/// A node or a mesh did not come up.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error(transparent)]
    NoBinary(#[from] binary::NoBinary),
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("{why}\nthe end of {}:\n{log}", .file.display())]
    Node { why: String, file: PathBuf, log: String },
    #[error(transparent)]
    InVain(#[from] InVain),
}

fn io_failed(what: impl Into<String>) -> impl FnOnce(io::Error) -> Failed {
    let what = what.into();
    |source| Failed::Io { what, source }
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
        let alive = self.nodes.iter().filter(|node| node.child.is_some());
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

/// One node: its process, while it lives, and how it was started.
#[derive(Debug)]
pub struct Node {
    pub launch: Launch,
    /// What it said last when it was ready; empty until it first was.
    pub ready: Ready,
    child: Option<Child>,
}

impl Node {
    /// Starts a node, without waiting. Its folder is made; what it prints and logs goes to files
    /// beside its data.
    ///
    /// # Errors
    /// No program, or no folder.
    pub fn spawn(launch: Launch) -> Result<Node, Failed> {
        let mut node = Node {
            launch,
            ready: Ready { node: String::new(), addresses: Vec::new(), http: String::new() },
            child: None,
        };
        node.spawn_again()?;
        Ok(node)
    }

    fn spawn_again(&mut self) -> Result<(), Failed> {
        let program = binary::build_and_find()?;
        let folder = self.folder();
        fs::create_dir_all(&folder).map_err(io_failed(folder.display().to_string()))?;
        let printed = File::create(self.printed_file()).map_err(io_failed("its output"))?;
        let log = OpenOptions::new().create(true).append(true).open(self.log_file());
        let mut command = Command::new(&program);
        self.launch.tell(&mut command);
        command.stdin(Stdio::null()).stdout(printed);
        command.stderr(log.map_err(io_failed("its log"))?);
        // Out of reach of a Ctrl-C at the terminal: who starts a node also ends it
        command.process_group(0);
        let child = command.spawn().map_err(io_failed(program.display().to_string()))?;
        self.child = Some(child);
        Ok(())
    }

    fn folder(&self) -> PathBuf {
        self.launch.data.parent().unwrap_or(Path::new(".")).to_path_buf()
    }

    fn printed_file(&self) -> PathBuf {
        self.folder().join("printed")
    }

    /// Where its log goes.
    pub fn log_file(&self) -> PathBuf {
        self.folder().join("log")
    }

    /// Waits for the line that says it is ready.
    ///
    /// # Errors
    /// It ends, or does not print the line in time; with the end of its log.
    pub fn wait_ready(&mut self) -> Result<(), Failed> {
        let printed = self.printed_file();
        let name = self.launch.name.clone();
        let child = self.child.as_mut();
        let mut ended = child.map(|child| move || child.try_wait().ok().flatten());
        let found = wait_for(format!("{name} to be ready"), READY_WITHIN, || {
            let text = fs::read_to_string(&printed).unwrap_or_default();
            match find_ready(&text) {
                Some(ready) => Seen::Done(ready),
                None => match ended.as_mut().and_then(|ended| ended()) {
                    Some(status) => Seen::Never(format!("it ended ({status})")),
                    None => Seen::NotYet("it has not said so".to_owned()),
                },
            }
        });
        match found {
            Ok(ready) => {
                self.keep_ports(&ready);
                self.ready = ready;
                Ok(())
            }
            Err(vain) => Err(Failed::Node {
                why: vain.to_string(),
                file: self.log_file(),
                log: tail(&self.log_file(), 20),
            }),
        }
    }

    /// What the system chose the first time is asked for from then on, as a kept node would.
    fn keep_ports(&mut self, ready: &Ready) {
        let port = |address: &str, protocol: &str| {
            let mut parts = address.split('/').skip_while(|part| *part != protocol);
            parts.nth(1)?.parse().ok()
        };
        let find = |protocol| ready.addresses.iter().find_map(|address| port(address, protocol));
        let ports = &mut self.launch.ports;
        ports.udp = find("udp").unwrap_or(ports.udp);
        ports.tcp = find("tcp").unwrap_or(ports.tcp);
        let http =
            ready.http.rsplit(':').next().and_then(|port| port.trim_end_matches('/').parse().ok());
        ports.http = http.unwrap_or(ports.http);
    }

    pub fn name(&self) -> &str {
        &self.launch.name
    }

    pub fn api(&self) -> Api {
        Api::new(&self.ready.http)
    }

    pub fn viewpoint(&self) -> Viewpoint {
        Viewpoint { name: self.launch.name.clone(), node: self.ready.node.clone(), api: self.api() }
    }

    /// Its process, while it lives.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// True while its process lives (paused or not).
    pub fn is_alive(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    fn signal(&self, signal: Signal) -> Result<(), Failed> {
        let name = &self.launch.name;
        let pid = self.pid().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound));
        pid.and_then(|pid| os::send(pid, signal))
            .map_err(io_failed(format!("{signal:?} of {name}")))
    }

    /// kill -9, and waits for the end.
    ///
    /// # Errors
    /// It is not running.
    pub fn kill(&mut self) -> Result<(), Failed> {
        self.signal(Signal::Kill)?;
        self.wait_end().map(drop)
    }

    /// SIGSTOP.
    ///
    /// # Errors
    /// It is not running.
    pub fn pause(&self) -> Result<(), Failed> {
        self.signal(Signal::Pause)
    }

    /// SIGCONT.
    ///
    /// # Errors
    /// It is not running.
    pub fn resume(&self) -> Result<(), Failed> {
        self.signal(Signal::Resume)
    }

    /// SIGTERM, and waits for a clean end.
    ///
    /// # Errors
    /// It is not running, does not end in time, or ends with an error.
    pub fn stop(&mut self) -> Result<(), Failed> {
        self.signal(Signal::Terminate)?;
        let status = self.wait_end()?;
        if status.success() {
            return Ok(());
        }
        let why = match status.signal() {
            Some(signal) => format!("{} was ended by signal {signal}", self.launch.name),
            None => format!("{} ended with an error ({status})", self.launch.name),
        };
        Err(Failed::Node { why, file: self.log_file(), log: tail(&self.log_file(), 20) })
    }

    /// Waits until the process ends by itself.
    ///
    /// # Errors
    /// It does not in time.
    pub fn wait_end(&mut self) -> Result<ExitStatus, Failed> {
        let name = self.launch.name.clone();
        let Some(child) = self.child.as_mut() else {
            return Err(io_failed(name)(io::Error::from(io::ErrorKind::NotFound)));
        };
        let status = wait_for(format!("{name} to end"), ENDS_WITHIN, || match child.try_wait() {
            Ok(Some(status)) => Seen::Done(status),
            Ok(None) => Seen::NotYet("it still runs".to_owned()),
            Err(error) => Seen::Never(error.to_string()),
        })?;
        self.child = None;
        Ok(status)
    }

    /// Starts it again on the same data and ports, without a world of its own.
    ///
    /// # Errors
    /// It is still running, or does not come up.
    pub fn start_again(&mut self) -> Result<(), Failed> {
        if self.is_alive() {
            let still = io::Error::new(io::ErrorKind::AlreadyExists, "it still runs");
            return Err(io_failed(self.launch.name.clone())(still));
        }
        self.launch.world = World::None;
        self.spawn_again()?;
        self.wait_ready()
    }

    /// Runs an operator command against this node and waits for it.
    ///
    /// # Errors
    /// The program cannot be started. Any exit code is an answer.
    pub fn command(&self, arguments: &[&str]) -> Result<Said, Failed> {
        run_program(arguments, Some(&self.ready.http))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let failing = std::thread::panicking();
        if failing {
            let log = tail(&self.log_file(), 15);
            eprintln!("--- the end of the log of {}:\n{log}", self.launch.name);
        }
        if let Some(mut child) = self.child.take() {
            // Gone already is as good
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What a command said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    /// What it printed as JSON; null if it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or(serde_json::Value::Null)
    }
}

/// Names the node that operator commands talk to.
pub const API_VARIABLE: &str = "ZEROMESH_API";

/// Runs `zeromesh` with these arguments, against the API at `http` if one is given.
///
/// # Errors
/// It cannot be started.
pub fn run_program(arguments: &[&str], http: Option<&str>) -> Result<Said, Failed> {
    let program = binary::build_and_find()?;
    let mut command = Command::new(&program);
    without_settings(&mut command);
    command.args(arguments).stdin(Stdio::null());
    if let Some(http) = http {
        command.env(API_VARIABLE, http);
    }
    let out = command.output().map_err(io_failed(program.display().to_string()))?;
    Ok(Said {
        code: out.status.code(),
        out: String::from_utf8_lossy(&out.stdout).into_owned(),
        err: String::from_utf8_lossy(&out.stderr).into_owned(),
    })
}

/// The last lines of a file, or why there are none.
pub fn tail(file: &Path, lines: usize) -> String {
    match read_end(file) {
        Ok(text) => {
            let all: Vec<&str> = text.lines().collect();
            if all.is_empty() {
                return "(empty)".to_owned();
            }
            all[all.len().saturating_sub(lines)..].join("\n")
        }
        Err(error) => format!("({error})"),
    }
}

/// The end of a file of any size.
fn read_end(file: &Path) -> io::Result<String> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    /// Enough for some hundreds of lines.
    const END_BYTES_MAX: u64 = 256 * 1024;

    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(END_BYTES_MAX)))?;
    let mut bytes = Vec::new();
    file.take(END_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_log_is_its_last_lines() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("log");
        assert!(tail(&file, 2).starts_with('('), "a missing log is told as such");
        fs::write(&file, "").unwrap();
        assert_eq!(tail(&file, 2), "(empty)");
        fs::write(&file, "one\ntwo\nthree\n").unwrap();
        assert_eq!(tail(&file, 2), "two\nthree");
        assert_eq!(tail(&file, 9), "one\ntwo\nthree");
    }

    #[test]
    fn a_node_keeps_the_ports_it_was_given() {
        let launch = Launch {
            data: "/nowhere/node1/data".into(),
            name: "node1".into(),
            mesh: "test".into(),
            transport: Transport::Both,
            ports: Ports::default(),
            join: Vec::new(),
            world: World::None,
            pace: None,
            settings: Settings::new(),
        };
        let ready = Ready {
            node: "A".into(),
            addresses: vec![
                "/ip4/127.0.0.1/udp/11/quic-v1/p2p/A".into(),
                "/ip4/127.0.0.1/tcp/12/p2p/A".into(),
            ],
            http: "http://127.0.0.1:13/".into(),
        };
        let mut node = Node { launch, ready: ready.clone(), child: None };
        node.keep_ports(&ready);
        assert_eq!(node.launch.ports, Ports { udp: 11, tcp: 12, http: 13 });
    }
}
