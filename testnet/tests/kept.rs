//! The `testnet` program with real nodes: `up`, `kill`, `start`, `add`, `down`, and `up` again.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use testnet::processes::binary::{BINARY_VARIABLE, build_and_find};

/// The promise for five nodes, once all is built.
const UP_WITHIN: Duration = Duration::from_secs(3);

/// A testnet in a folder. It goes with this.
struct Testnet {
    dir: tempfile::TempDir,
}

impl Testnet {
    fn new() -> Testnet {
        Testnet { dir: tempfile::tempdir().unwrap() }
    }

    fn folder(&self) -> std::path::PathBuf {
        self.dir.path().join("net")
    }

    fn call(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_testnet"));
        command.env(BINARY_VARIABLE, build_and_find().unwrap());
        command.arg("--dir").arg(self.folder()).args(arguments).output().unwrap()
    }

    #[track_caller]
    fn ok(&self, arguments: &[&str]) -> String {
        let out = self.call(arguments);
        assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.ok(arguments)).unwrap()
    }
}

impl Drop for Testnet {
    fn drop(&mut self) {
        if self.folder().exists() {
            self.call(&["down", "--wipe"]);
        }
    }
}

fn each<'a>(status: &'a Value, field: &str) -> Vec<&'a Value> {
    status["nodes"].as_array().unwrap().iter().map(|node| &node[field]).collect()
}

#[test]
fn five_nodes_are_up_within_three_seconds() {
    let testnet = Testnet::new();
    build_and_find().unwrap();
    let began = Instant::now();
    let status = testnet.json(&["up", "-n", "5", "--json"]);
    let took = began.elapsed();
    assert_eq!(each(&status, "state"), ["up"; 5]);
    assert!(took < UP_WITHIN, "it took {took:?}");
}

#[test]
fn a_second_up_goes_on_where_the_world_stood() {
    let testnet = Testnet::new();
    let before = testnet.json(&["up", "-n", "2", "--json"]);
    let epoch = |status: &Value| status["nodes"][0]["worlds"][0]["epoch"].as_u64().unwrap();
    testnet.ok(&["down"]);
    assert_eq!(each(&testnet.json(&["status", "--json"]), "state"), ["stopped"; 2]);
    let after = testnet.json(&["up", "--json"]);
    assert_eq!(each(&after, "node"), each(&before, "node"), "the same keys");
    assert_eq!(each(&after, "http"), each(&before, "http"), "the same ports");
    let world = |status: &Value| status["nodes"][1]["worlds"][0]["id"].clone();
    assert_eq!(world(&after), world(&before), "the same world");
    assert!(epoch(&after) >= epoch(&before), "{} after {}", epoch(&after), epoch(&before));
    // And one more while it is up starts nothing
    let again = testnet.json(&["up", "--json"]);
    assert_eq!(each(&again, "pid"), each(&after, "pid"));
}

#[test]
fn nodes_can_be_killed_started_added_and_wiped() {
    let testnet = Testnet::new();
    testnet.ok(&["up", "-n", "2"]);
    testnet.ok(&["kill", "heron"]);
    assert_eq!(each(&testnet.json(&["status", "--json"]), "state"), ["up", "dead"]);
    testnet.ok(&["start", "heron"]);
    testnet.ok(&["add"]);
    let status = testnet.json(&["status", "--json"]);
    assert_eq!(each(&status, "state"), ["up"; 3]);
    assert_eq!(each(&status, "sees"), [3, 3, 3]);
    testnet.ok(&["stop", "osprey"]);
    assert!(!testnet.ok(&["logs", "falcon"]).is_empty());
    testnet.ok(&["down", "--wipe"]);
    assert!(!Path::new(&testnet.folder()).exists());
}

#[test]
fn a_port_that_somebody_else_took_meanwhile_is_replaced() {
    let testnet = Testnet::new();
    let before = testnet.json(&["up", "-n", "2", "--json"]);
    testnet.ok(&["down"]);
    let http =
        |status: &Value, place: usize| each(status, "http")[place].as_str().unwrap().to_owned();
    let taken = http(&before, 1);
    let _held = TcpListener::bind(taken.strip_prefix("http://").unwrap()).unwrap();
    let after = testnet.json(&["up", "--json"]);
    assert_eq!(each(&after, "state"), ["up"; 2]);
    assert_eq!(http(&after, 0), http(&before, 0));
    assert_ne!(http(&after, 1), taken);
}

#[test]
fn a_process_that_only_has_the_number_of_a_node_is_left_alone() {
    let testnet = Testnet::new();
    let mut stranger = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    let node = serde_json::json!({
        "name": "falcon", "ports": {"udp": 1, "tcp": 2, "http": 3}, "pid": stranger.id(),
        "node": null, "addresses": [], "http": null,
    });
    let state = serde_json::json!({
        "version": 1, "mesh": "testnet", "transport": "both", "scenario": null, "nodes": [node],
    });
    fs::create_dir_all(testnet.folder()).unwrap();
    fs::write(testnet.folder().join("testnet.json"), state.to_string()).unwrap();
    assert_eq!(each(&testnet.json(&["status", "--json"]), "state"), ["dead"]);
    for ending in [["kill", "falcon"].as_slice(), &["stop", "falcon"], &["down"]] {
        testnet.ok(ending);
    }
    assert!(stranger.try_wait().unwrap().is_none(), "it still runs");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn a_node_that_is_not_there_is_not_found() {
    let testnet = Testnet::new();
    assert_eq!(testnet.call(&["status"]).status.code(), Some(5));
    testnet.ok(&["up", "-n", "1"]);
    assert_eq!(testnet.call(&["kill", "dodo"]).status.code(), Some(5));
    assert_eq!(testnet.call(&["up", "--scenario", "nowhere.toml"]).status.code(), Some(2));
}
