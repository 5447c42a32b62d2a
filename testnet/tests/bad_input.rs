//! What people and programs get wrong: each is told clearly, and the node stays up.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use testnet::processes::http::{Answer, Api};
use testnet::processes::launch::{Launch, Ports, Transport, World};
use testnet::processes::mesh::{Mesh, Plan};
use testnet::processes::node::{Failed, Node, run_program};
use testnet::processes::observe::{live_nodes, worlds};
use testnet::processes::wait::wait_until;

const FAILURE: i32 = 1;
const USAGE: i32 = 2;
const UNREACHABLE: i32 = 3;
const INVALID: i32 = 4;
const NOT_FOUND: i32 = 5;
const NOT_SETTLED: i32 = 6;

fn one() -> Mesh {
    Mesh::start(Plan { nodes: 1, ..Plan::default() }).unwrap()
}

fn assert_up(node: &Node) {
    assert_eq!(node.api().get("/healthz").unwrap().status, 200);
}

/// Every refusal is a problem document that says what happened.
#[track_caller]
fn assert_refused(answer: &Answer, status: u16, word: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.content_type, "application/problem+json");
    assert_eq!(answer.json()["status"], status, "{}", answer.body);
    let detail = answer.detail().to_lowercase();
    assert!(detail.contains(&word.to_lowercase()), "says {word}: {detail}");
}

fn join(node: &Node, address: &str) -> Answer {
    let body = json!({ "address": address }).to_string();
    node.api().post("/api/v1/peers", "application/json", body.as_bytes()).unwrap()
}

/// A node as it would be started by hand, on ports that the system chooses.
fn launch(data: PathBuf) -> Launch {
    Launch {
        data,
        name: "second".into(),
        mesh: "test".into(),
        transport: Transport::Both,
        ports: Ports::default(),
        join: Vec::new(),
        world: World::None,
        pace: None,
        settings: Vec::new(),
    }
}

/// Starts a node that cannot come up. Answers with its exit code and what it logged.
fn fails_to_start(launch: Launch) -> (i32, String) {
    let mut node = Node::spawn(launch).unwrap();
    match node.wait_ready() {
        Ok(()) => panic!("{} came up", node.name()),
        Err(Failed::Node { log, .. }) => {
            let code = node.wait_end().unwrap().code().expect("an exit code");
            assert!(!log.contains("panicked"), "{log}");
            (code, log)
        }
        Err(other) => panic!("{other}"),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn is_key(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().contains("key"))
}

#[test]
fn a_second_node_on_one_data_folder_is_refused() {
    let mesh = one();
    let data = mesh.nodes[0].launch.data.clone();
    // Beside the first one's log, not over it
    let mut second = launch(mesh.folder().join("second").join("data"));
    fs::create_dir_all(mesh.folder().join("second")).unwrap();
    std::os::unix::fs::symlink(&data, &second.data).unwrap();
    let (code, log) = fails_to_start(second.clone());
    assert_eq!(code, FAILURE, "{log}");
    assert!(log.contains("in use") || log.contains("another node"), "{log}");
    assert_up(&mesh.nodes[0]);
    // And once the first has ended, the folder is free
    second.name = "third".into();
    drop(mesh.nodes);
    let mut third = Node::spawn(second).unwrap();
    third.wait_ready().unwrap();
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    for (name, ports) in [
        ("http", Ports { http: port, ..Ports::default() }),
        ("tcp", Ports { tcp: port, ..Ports::default() }),
    ] {
        let (code, log) =
            fails_to_start(Launch { ports, ..launch(folder.path().join(name).join("data")) });
        assert_eq!(code, FAILURE, "{log}");
        assert!(log.contains(&port.to_string()), "{log}");
    }
}

#[test]
fn a_node_of_another_mesh_is_not_joined() {
    let mesh = one();
    let folder = tempfile::tempdir().unwrap();
    let mut other =
        Node::spawn(Launch { mesh: "other".into(), ..launch(folder.path().join("data")) }).unwrap();
    other.wait_ready().unwrap();
    let answer = join(&other, &mesh.nodes[0].ready.addresses[0]);
    assert!(answer.status == 422 || answer.status == 502, "{}", answer.body);
    assert_refused(&answer, answer.status, "mesh");
    let view = other.api().get_json("/api/v1/mesh").unwrap();
    assert!(!live_nodes(&view).contains_key(&mesh.nodes[0].ready.node), "{view}");
    assert_up(&mesh.nodes[0]);
}

#[test]
fn a_peer_that_is_not_there_is_told_as_such() {
    let mut mesh = Mesh::start(Plan { nodes: 2, ..Plan::default() }).unwrap();
    let address = mesh.nodes[1].ready.addresses[0].clone();
    mesh.nodes[1].kill().unwrap();
    // Until the connection is found to be dead, joining again finds it standing.
    wait_until("the connection to be found dead", Duration::from_secs(10), || {
        let status = mesh.nodes[0].api().get_json("/api/v1/status");
        status.is_ok_and(|status| status["peers_connected"] == 0)
    })
    .unwrap();
    assert_refused(&join(&mesh.nodes[0], &address), 502, "");
    let said = mesh.nodes[0].command(&["join", &address]).unwrap();
    assert_eq!(said.code, Some(FAILURE), "{said:?}");
    assert!(!said.err.is_empty());
    assert_up(&mesh.nodes[0]);
}

#[test]
fn a_node_does_not_join_itself() {
    let mesh = one();
    let own = mesh.nodes[0].ready.addresses[0].clone();
    assert_refused(&join(&mesh.nodes[0], &own), 422, "itself");
    assert_eq!(mesh.nodes[0].command(&["join", &own]).unwrap().code, Some(INVALID));
}

#[test]
fn an_address_that_is_none_is_refused() {
    let mesh = one();
    for address in ["127.0.0.1:7410", "/ip4/127.0.0.1/udp/x/quic-v1", "/ip4/1.2.3.4", ""] {
        let answer = join(&mesh.nodes[0], address);
        assert_refused(&answer, 422, "address");
    }
    let said = mesh.nodes[0].command(&["join", "127.0.0.1:7410"]).unwrap();
    assert_eq!(said.code, Some(INVALID), "{said:?}");
    let folder = tempfile::tempdir().unwrap();
    let wrong = vec!["127.0.0.1:7410".to_owned()];
    let (code, log) =
        fails_to_start(Launch { join: wrong, ..launch(folder.path().join("node").join("data")) });
    assert!([USAGE, INVALID].contains(&code), "{code}: {log}");
    assert!(log.contains("127.0.0.1:7410"), "{log}");
}

#[test]
fn a_damaged_key_is_never_replaced() {
    let mut mesh = one();
    mesh.nodes[0].stop().unwrap();
    let launch = mesh.nodes[0].launch.clone();
    let keys: Vec<PathBuf> = files(&launch.data).into_iter().filter(|file| is_key(file)).collect();
    assert!(!keys.is_empty(), "a key in {:?}", files(&launch.data));
    for key in &keys {
        fs::write(key, "damaged").unwrap();
    }
    let (code, log) = fails_to_start(launch);
    assert_eq!(code, FAILURE, "{log}");
    assert!(log.contains("key"), "{log}");
    assert!(keys.iter().all(|key| fs::read(key).unwrap() == b"damaged"));
}

#[test]
fn a_damaged_store_is_told_as_such() {
    let mut mesh = one();
    mesh.nodes[0].stop().unwrap();
    let launch = mesh.nodes[0].launch.clone();
    for file in files(&launch.data).iter().filter(|file| !is_key(file)) {
        let length = fs::metadata(file).unwrap().len().max(64);
        fs::write(file, vec![0xA5; usize::try_from(length).unwrap()]).unwrap();
    }
    let (code, log) = fails_to_start(launch.clone());
    assert_eq!(code, FAILURE, "{log}");
    assert!(log.contains("store") || log.contains(launch.data.to_str().unwrap()), "{log}");
}

/// Does it point at the second line of `bad.toml`?
fn names_place(told: &str) -> bool {
    told.contains("bad.toml:2") || (told.contains("bad.toml") && told.contains("line 2"))
}

#[test]
fn a_malformed_scenario_is_refused_with_its_place() {
    let mesh = one();
    let bad = "name = \"x\"\nthis is no toml\n";
    let answer = mesh.nodes[0].api().post("/api/v1/worlds", "application/toml", bad.as_bytes());
    let answer = answer.unwrap();
    assert!(answer.status == 400 || answer.status == 422, "{}", answer.body);
    assert_refused(&answer, answer.status, "2");
    let file = mesh.folder().join("bad.toml");
    fs::write(&file, bad).unwrap();
    let path = file.to_str().unwrap();
    let said = run_program(&["simulate", path, "--epochs", "8", "--json"], None).unwrap();
    assert_eq!(said.code, Some(INVALID), "{said:?}");
    assert!(names_place(&said.err), "file and line: {}", said.err);
    let world = World::Scenario(file);
    let (code, log) =
        fails_to_start(Launch { world, ..launch(mesh.folder().join("bad").join("data")) });
    assert_eq!(code, INVALID, "{log}");
    assert!(names_place(&log), "file and line: {log}");
    assert_up(&mesh.nodes[0]);
}

#[test]
fn a_malformed_export_is_refused() {
    let mesh = one();
    let api = mesh.nodes[0].api();
    let world = worlds(&api).unwrap().remove(0).id;
    let path = format!("/api/v1/worlds/{world}/import?name=x&as_of=2021-01-01");
    for bad in ["", "a,b,c\n1,2,3\n", "Title,Issue ID\n\"never closed"] {
        let answer = api.post(&path, "text/csv", bad.as_bytes()).unwrap();
        assert!(answer.status == 400 || answer.status == 422, "{bad:?}: {}", answer.body);
        assert_refused(&answer, answer.status, "");
    }
    let file = mesh.folder().join("bad.csv");
    fs::write(&file, "a,b,c\n1,2,3\n").unwrap();
    let path = file.to_str().unwrap();
    let import = ["project", "import", path, "--name", "x", "--as-of", "2021-01-01"];
    let said = mesh.nodes[0].command(&import).unwrap();
    assert_eq!(said.code, Some(INVALID), "{said:?}");
    let day = ["project", "import", path, "--name", "x", "--as-of", "yesterday"];
    let said = mesh.nodes[0].command(&day).unwrap();
    assert!([Some(USAGE), Some(INVALID)].contains(&said.code), "{said:?}");
    assert_up(&mesh.nodes[0]);
}

#[test]
fn an_unknown_project_or_world_is_not_found() {
    let mesh = one();
    let api = mesh.nodes[0].api();
    let nobody = "f".repeat(64);
    assert_refused(&api.get(&format!("/api/v1/projects/{nobody}")).unwrap(), 404, "project");
    assert_refused(&api.get(&format!("/api/v1/worlds/{nobody}")).unwrap(), 404, "world");
    assert_refused(&api.get("/api/v1/nothing").unwrap(), 404, "");
    let said = mesh.nodes[0].command(&["project", "show", &nobody]).unwrap();
    assert_eq!(said.code, Some(NOT_FOUND), "{said:?}");
}

#[test]
fn an_epoch_that_is_not_settled_says_how_far_the_world_is() {
    let mesh = one();
    let api = mesh.nodes[0].api();
    let world = worlds(&api).unwrap().remove(0).id;
    let far = api.get(&format!("/api/v1/worlds/{world}/root?epoch=8000000")).unwrap();
    assert_refused(&far, 409, "epoch");
    let said = mesh.nodes[0].command(&["world", "root", "--epoch", "8000000", "--json"]).unwrap();
    assert_eq!(said.code, Some(NOT_SETTLED), "{said:?}");
}

#[test]
fn bad_json_is_refused() {
    let mesh = one();
    for bad in ["", "{", "[]", "{\"adress\":\"x\"}", "\u{0}"] {
        let answer = mesh.nodes[0].api().post("/api/v1/peers", "application/json", bad.as_bytes());
        assert_refused(&answer.unwrap(), 400, "");
    }
    assert_up(&mesh.nodes[0]);
}

/// Says how much would come, and waits for the answer without sending it.
fn announce(api: &Api, path: &str, bytes: u64) -> String {
    let mut stream = TcpStream::connect(api.authority()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {bytes}\r\n\r\n",
        api.authority()
    )
    .unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    String::from_utf8_lossy(&head).into_owned()
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_sent() {
    let mesh = one();
    let api = mesh.nodes[0].api();
    let world = worlds(&api).unwrap().remove(0).id;
    for path in [
        "/api/v1/worlds".to_owned(),
        "/api/v1/peers".to_owned(),
        format!("/api/v1/worlds/{world}/import?name=x&as_of=2021-01-01"),
    ] {
        assert_eq!(announce(&api, &path, 1 << 30), "HTTP/1.1 413", "{path}");
    }
    assert_up(&mesh.nodes[0]);
}

#[test]
fn a_disk_that_is_nearly_full_stops_new_work_and_not_the_node() {
    // A reserve that no disk has free
    let settings = vec![("store.reserve_mb", (1 << 20).to_string())];
    let plan = Plan { nodes: 1, world: World::None, settings, ..Plan::default() };
    let mesh = Mesh::start(plan).unwrap();
    let api = mesh.nodes[0].api();
    let problems = api.get_json("/api/v1/status").unwrap()["problems"].to_string();
    assert!(problems.contains("disk"), "{problems}");
    let scenario = fs::read(shipped_scenario()).unwrap();
    let answer = api.post("/api/v1/worlds", "application/toml", &scenario).unwrap();
    assert_refused(&answer, 503, "disk");
    assert_up(&mesh.nodes[0]);
}

/// Any of them.
fn shipped_scenario() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/scenarios");
    let toml = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "toml");
    files(&folder).into_iter().find(toml).expect("configs/scenarios has scenarios")
}

#[test]
fn a_command_without_a_node_says_that_none_answers() {
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", held.local_addr().unwrap());
    drop(held);
    let said = run_program(&["status"], Some(&nobody)).unwrap();
    assert_eq!(said.code, Some(UNREACHABLE), "{said:?}");
    assert!(said.err.contains("zeromesh run"), "says what to do: {}", said.err);
}

#[test]
fn a_command_that_does_not_exist_is_a_mistake_of_use() {
    assert_eq!(run_program(&["fly"], None).unwrap().code, Some(USAGE));
}

#[test]
fn a_node_ends_when_it_is_told_over_the_api() {
    let mut mesh = one();
    let answer = mesh.nodes[0].api().post("/api/v1/shutdown", "application/json", b"").unwrap();
    assert_eq!(answer.status, 202, "{}", answer.body);
    let node = &mut mesh.nodes[0];
    wait_until("its end", Duration::from_secs(15), || !node.is_alive()).unwrap();
}
