//! The folder of a testnet: `testnet.json`, and a folder for each node with its data and its log.
//!
//! ```text
//! .testnet/testnet.json       which nodes there are, their ports and processes
//! .testnet/prometheus.json    where their metrics are, for configs/prometheus.yml
//! .testnet/falcon/data/       the node's own: key, store
//! .testnet/falcon/log         what it logs, over all its starts
//! .testnet/falcon/printed     what it printed at its last start
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use testnet::processes::http::Api;
use testnet::processes::launch::{Ports, Ready, Transport, find_ready};
use testnet::processes::observe::Viewpoint;
use testnet::processes::os::{Standing, standing_of_node};

use super::error::{Failure, command};

const STATE_FILE: &str = "testnet.json";
const METRICS_FILE: &str = "prometheus.json";
const LOCK_FILE: &str = "lock";
/// The layout of `testnet.json`; another is refused.
const VERSION: u32 = 1;

/// Names for nodes, in the order they are given.
const BIRDS: [&str; 16] = [
    "falcon", "heron", "osprey", "kestrel", "swift", "crane", "plover", "merlin", "avocet",
    "curlew", "dunlin", "fulmar", "gannet", "harrier", "ibis", "jackdaw",
];

/// What `testnet.json` holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub version: u32,
    /// Name of the mesh.
    pub mesh: String,
    pub transport: Transport,
    /// The world it began with; none for the node's own small one.
    pub scenario: Option<PathBuf>,
    /// In the order they were added. The first was given the world.
    pub nodes: Vec<KeptNode>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptNode {
    pub name: String,
    pub ports: Ports,
    /// Of its last start; it may have ended since.
    pub pid: Option<u32>,
    /// What it said when it was ready; none if it never was.
    pub node: Option<String>,
    /// Full multiaddrs.
    pub addresses: Vec<String>,
    /// Where its API and UI are.
    pub http: Option<String>,
}

impl State {
    pub fn new(transport: Transport, scenario: Option<PathBuf>) -> State {
        let mesh = "testnet".to_owned();
        State { version: VERSION, mesh, transport, scenario, nodes: Vec::new() }
    }

    /// Adds a node with the next name and ports that are free now. Answers with its place.
    pub fn add_node(&mut self) -> Result<usize, Failure> {
        let ports = Ports::choose().map_err(Failure::io("no free port"))?;
        let place = self.nodes.len();
        let bird = BIRDS[place % BIRDS.len()];
        let round = place / BIRDS.len();
        let name = if round == 0 { bird.to_owned() } else { format!("{bird}{}", round + 1) };
        self.nodes.push(KeptNode {
            name,
            ports,
            pid: None,
            node: None,
            addresses: Vec::new(),
            http: None,
        });
        Ok(place)
    }

    /// The place of a node by its name.
    pub fn find(&self, name: &str) -> Result<usize, Failure> {
        self.nodes.iter().position(|node| node.name == name).ok_or_else(|| Failure::NoNode {
            name: name.to_owned(),
            there: self.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

impl KeptNode {
    /// Notes what it said.
    pub fn is_ready(&mut self, ready: Ready) {
        self.node = Some(ready.node);
        self.addresses = ready.addresses;
        self.http = Some(ready.http);
    }

    /// To look through, if it was ever ready.
    pub fn viewpoint(&self, api: fn(&str) -> Api) -> Option<Viewpoint> {
        let (node, http) = (self.node.clone()?, self.http.as_ref()?);
        Some(Viewpoint { name: self.name.clone(), node, api: api(http) })
    }
}

/// The folder, held by one command at a time.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The lock goes with the file.
    _lock: Option<File>,
}

impl Folder {
    /// For commands that change something. Makes the folder if need be.
    pub fn hold(dir: &Path) -> Result<Folder, Failure> {
        fs::create_dir_all(dir).map_err(Failure::io(dir.display().to_string()))?;
        let mut folder = Folder::look(dir)?;
        let file = folder.path.join(LOCK_FILE);
        let lock = OpenOptions::new().create(true).write(true).truncate(false).open(&file);
        let lock = lock.map_err(Failure::io(file.display().to_string()))?;
        match lock.try_lock() {
            Ok(()) => folder._lock = Some(lock),
            Err(TryLockError::WouldBlock) => return Err(Failure::Busy(folder.path)),
            Err(TryLockError::Error(error)) => {
                return Err(Failure::io(file.display().to_string())(error));
            }
        }
        Ok(folder)
    }

    /// As [`Folder::hold`], if there is a testnet.
    pub fn hold_existing(dir: &Path) -> Result<(Folder, State), Failure> {
        // Nothing is made where there is none
        Folder::look(dir)?.read_existing()?;
        let folder = Folder::hold(dir)?;
        let state = folder.read_existing()?;
        Ok((folder, state))
    }

    /// For commands that only read.
    pub fn look(dir: &Path) -> Result<Folder, Failure> {
        let path = std::path::absolute(dir).map_err(Failure::io(dir.display().to_string()))?;
        Ok(Folder { path, _lock: None })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is written down; none if there is no testnet here.
    pub fn read(&self) -> Result<Option<State>, Failure> {
        let file = self.path.join(STATE_FILE);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::io(file.display().to_string())(error)),
        };
        let state: State = match serde_json::from_str(&text) {
            Ok(state) => state,
            Err(error) => return Err(Failure::BadState { file, why: error.to_string() }),
        };
        if state.version != VERSION {
            let why = format!("it has layout {}, this program knows {VERSION}", state.version);
            return Err(Failure::BadState { file, why });
        }
        Ok(Some(state))
    }

    pub fn read_existing(&self) -> Result<State, Failure> {
        let none = || Failure::NoTestnet { dir: self.path.clone(), command: command() };
        self.read()?.ok_or_else(none)
    }

    /// Writes it all down, as a whole or not at all.
    pub fn write(&self, state: &State) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(state).expect("plain data") + "\n";
        self.replace(STATE_FILE, &text)?;
        let metrics = |node: &KeptNode| {
            let target = format!("127.0.0.1:{}", node.ports.http);
            serde_json::json!({"targets": [target], "labels": {"node": node.name}})
        };
        let targets: Vec<_> = state.nodes.iter().map(metrics).collect();
        self.replace(METRICS_FILE, &(serde_json::json!(targets).to_string() + "\n"))
    }

    fn replace(&self, name: &str, text: &str) -> Result<(), Failure> {
        let (file, new) = (self.path.join(name), self.path.join(format!("{name}.new")));
        let written = File::create(&new).and_then(|mut out| {
            out.write_all(text.as_bytes())?;
            out.sync_all()?;
            fs::rename(&new, &file)
        });
        written.map_err(Failure::io(file.display().to_string()))
    }

    pub fn node_folder(&self, node: &KeptNode) -> PathBuf {
        self.path.join(&node.name)
    }

    pub fn data(&self, node: &KeptNode) -> PathBuf {
        self.node_folder(node).join("data")
    }

    pub fn log(&self, node: &KeptNode) -> PathBuf {
        self.node_folder(node).join("log")
    }

    pub fn printed(&self, node: &KeptNode) -> PathBuf {
        self.node_folder(node).join("printed")
    }

    /// How its process stands. A process id that means another program by now counts as gone.
    pub fn standing(&self, node: &KeptNode) -> Standing {
        node.pid.map_or(Standing::Gone, |pid| standing_of_node(pid, &self.data(node)))
    }

    /// What it said at its last start, if it was ready.
    pub fn ready(&self, node: &KeptNode) -> Option<Ready> {
        find_ready(&fs::read_to_string(self.printed(node)).ok()?)
    }

    /// Removes what this program made, and the folder if nothing else is in it.
    pub fn wipe(self, state: &State) -> Result<(), Failure> {
        let gone = |result: std::io::Result<()>| match result {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        for node in &state.nodes {
            let folder = self.node_folder(node);
            gone(fs::remove_dir_all(&folder)).map_err(Failure::io(folder.display().to_string()))?;
        }
        for name in [STATE_FILE, METRICS_FILE, LOCK_FILE] {
            let file = self.path.join(name);
            gone(fs::remove_file(&file)).map_err(Failure::io(file.display().to_string()))?;
        }
        // Somebody else's files in it are left where they are
        let _ = fs::remove_dir(&self.path);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn testnet(folder: &Folder) -> State {
        let mut state = State::new(Transport::Both, None);
        for _ in 0..3 {
            state.add_node().unwrap();
        }
        folder.write(&state).unwrap();
        state
    }

    #[test]
    fn what_is_written_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::hold(dir.path()).unwrap();
        assert_eq!(folder.read().unwrap(), None);
        let state = testnet(&folder);
        assert_eq!(folder.read().unwrap(), Some(state));
    }

    #[test]
    fn nodes_have_names_and_ports_of_their_own() {
        let mut state = State::new(Transport::Both, None);
        for _ in 0..20 {
            state.add_node().unwrap();
        }
        let names: std::collections::BTreeSet<_> =
            state.nodes.iter().map(|node| &node.name).collect();
        assert_eq!((names.len(), state.nodes[16].name.as_str()), (20, "falcon2"));
    }

    #[test]
    fn one_command_at_a_time_changes_a_testnet() {
        let dir = tempfile::tempdir().unwrap();
        let held = Folder::hold(dir.path()).unwrap();
        assert!(matches!(Folder::hold(dir.path()), Err(Failure::Busy(_))));
        drop(held);
        Folder::hold(dir.path()).unwrap();
    }

    #[test]
    fn looking_where_there_is_no_testnet_makes_none() {
        let dir = tempfile::tempdir().unwrap();
        let nowhere = dir.path().join("nowhere");
        assert!(matches!(Folder::hold_existing(&nowhere), Err(Failure::NoTestnet { .. })));
        assert!(!nowhere.exists());
    }

    #[test]
    fn a_state_of_another_layout_or_with_damage_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::hold(dir.path()).unwrap();
        let mut state = testnet(&folder);
        state.version = 2;
        folder.write(&state).unwrap();
        let error = folder.read().unwrap_err().to_string();
        assert!(error.contains("layout 2"), "{error}");
        fs::write(dir.path().join(STATE_FILE), "{").unwrap();
        assert!(matches!(folder.read(), Err(Failure::BadState { .. })));
    }

    #[test]
    fn wiping_leaves_what_is_not_ours() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("here");
        let folder = Folder::hold(&path).unwrap();
        let state = testnet(&folder);
        fs::create_dir_all(folder.data(&state.nodes[0])).unwrap();
        fs::write(path.join("notes"), "mine").unwrap();
        folder.wipe(&state).unwrap();
        let left: Vec<_> =
            fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["notes"]);
    }

    #[test]
    fn an_unknown_node_is_answered_with_those_there_are() {
        let mut state = State::new(Transport::Both, None);
        state.add_node().unwrap();
        let failure = state.find("dodo").unwrap_err();
        assert_eq!(failure.to_string(), "there is no node \"dodo\" here; there are falcon");
        assert_eq!(failure.exit_code(), 5);
    }
}
