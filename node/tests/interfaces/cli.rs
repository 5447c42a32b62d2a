//! The real binary against a pretended node: what it prints, what it says when something is wrong,
//! and what number it ends with.

use std::path::PathBuf;
use std::process::{Output, Stdio};

use serde_json::Value;
use tokio::process::Command;

use crate::core::{Core, PEOPLE, PROJECTS};

pub fn zeromesh(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zeromesh"));
    command.args(args).stdin(Stdio::null()).kill_on_drop(true);
    for name in ["ZEROMESH_API", "ZEROMESH_CONFIG", "ZEROMESH_TOKEN_FILE"] {
        command.env_remove(name);
    }
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub async fn done(command: &mut Command) -> Output {
    let deadline = std::time::Duration::from_secs(30);
    tokio::time::timeout(deadline, command.output()).await.expect("it ends").unwrap()
}

impl Core {
    pub async fn cli(&self, args: &[&str]) -> Output {
        done(zeromesh(args).env("ZEROMESH_API", self.url())).await
    }

    pub async fn prints(&self, args: &[&str]) -> String {
        let output = self.cli(args).await;
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    pub async fn json(&self, args: &[&str]) -> Value {
        let printed = self.prints(&[args, &["--json"]].concat()).await;
        assert_eq!(printed.matches('\n').count(), 1, "one line: {printed}");
        serde_json::from_str(&printed).unwrap()
    }

    /// The exit code and what it said, which must be all on standard error.
    pub async fn fails(&self, args: &[&str]) -> (i32, String) {
        failed(self.cli(args).await)
    }
}

pub fn failed(output: Output) -> (i32, String) {
    assert_eq!(text(&output.stdout), "");
    (output.status.code().unwrap(), text(&output.stderr))
}

fn file(name: &str, content: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

#[tokio::test]
async fn listings_are_tables_for_people_and_json_for_programs() {
    let core = Core::start().await;
    for (args, heading, rows) in [
        (&["peers"][..], "name  id", 1),
        (&["worlds"], "name  id", 2),
        (&["project"], "name ", usize::from(PROJECTS)),
        (&["project", "list", "--limit", "3"], "name ", 3),
        (&["projects", "list", "--sort", "-cash"], "name ", usize::from(PROJECTS)),
        (&["shares"], "project ", usize::from(PROJECTS)),
        (&["people", "--limit", "7"], "name ", 7),
        (&["people", "--project", "Project 3"], "name ", PEOPLE as usize),
    ] {
        let table = core.prints(args).await;
        assert!(table.starts_with(heading), "{args:?}: {table}");
        assert_eq!(table.lines().count(), rows + 1, "{args:?}: {table}");
        assert!(!table.contains('\x1b'), "no colours in a file");
        assert_eq!(core.json(args).await.as_array().unwrap().len(), rows, "{args:?}");
    }
    let all = core.cli(&["people", "--json"]).await;
    let people: Vec<Value> = serde_json::from_slice(&all.stdout).unwrap();
    assert_eq!(people.len(), usize::from(PROJECTS - 1) * PEOPLE as usize);
    assert!(text(&all.stderr).contains("1 project did not answer"), "{}", text(&all.stderr));
    assert_eq!(core.json(&["status"]).await["name"], "oak");
    assert!(core.prints(&["status"]).await.contains("join by    /ip4/127.0.0.1/tcp/7410/p2p/"));
    assert_eq!(core.json(&["world", "show"]).await["name"], "main");
    assert_eq!(core.json(&["world", "--world", "lab"]).await["name"], "lab");
    let shown = core.prints(&["project", "show", "Project 3"]).await;
    assert!(shown.contains("Project 3") && shown.contains("Person 0"), "{shown}");
}

#[tokio::test]
async fn a_root_is_one_line_for_a_checkpoint_and_an_error_that_says_how_far_otherwise() {
    let core = Core::start().await;
    let root = core.json(&["world", "root", "--epoch", "96"]).await;
    let keys: Vec<_> = root.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["epoch", "root", "stamps", "world"]);
    assert_eq!(root["epoch"], 96);
    assert_eq!(core.json(&["world", "root", "--world", "main", "--epoch", "96"]).await, root);
    let (code, said) = core.fails(&["world", "root", "--epoch", "160", "--json"]).await;
    assert_eq!(code, 6);
    assert!(said.contains("settled up to epoch 100"), "{said}");
    let (code, said) = core.fails(&["world", "root", "--epoch", "97"]).await;
    assert_eq!(code, 4);
    assert!(said.contains("96 and 104"), "{said}");
}

#[tokio::test]
async fn what_is_not_there_is_5_and_what_makes_no_sense_4() {
    let core = Core::start().await;
    let (code, said) = core.fails(&["project", "show", "nope"]).await;
    assert_eq!(code, 5);
    assert!(said.starts_with("zeromesh: There is no project `nope`"), "{said}");
    assert_eq!(core.fails(&["world", "--world", "nope"]).await.0, 5);
    assert_eq!(core.fails(&["project", "show", "../../status"]).await.0, 5);
    assert_eq!(core.fails(&["project", "create", "/does/not/exist"]).await.0, 5);
    let (code, said) = core.fails(&["project", "show", "abcdef"]).await;
    assert_eq!(code, 4);
    assert!(
        said.contains("more than one project: abcdef00") && said.contains("abcdef01"),
        "{said}"
    );
    assert_eq!(core.fails(&["project", "command", "Project 3", "{"]).await.0, 4);
    let (code, said) = core.fails(&["join", "/ip4/127.0.0.1/tcp/1"]).await;
    assert_eq!(code, 4);
    assert!(said.contains("names no peer"), "{said}");
    let (_folder, path) = file("bad.toml", "[world\nname = 1");
    let (code, said) = core.fails(&["world", "create", path.to_str().unwrap()]).await;
    assert_eq!(code, 4);
    assert!(said.contains("bad.toml:"), "it names the file and the place: {said}");
}

#[tokio::test]
async fn a_node_that_is_not_there_is_3() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    for args in [&["status"][..], &["stop"], &["world", "root"], &["join", "/ip4/1.2.3.4"]] {
        let (code, said) = failed(done(zeromesh(args).args(["--api", &url])).await);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains(&url) && said.contains("zeromesh run"), "{said}");
    }
}

#[tokio::test]
async fn wrong_usage_is_2() {
    let core = Core::start().await;
    for args in [
        &["bake"][..],
        &["join"],
        &["world", "root", "--epoch", "soon"],
        &["status", "--api", "ftp://x"],
        &["world", "pace", "soon"],
        &["simulate", "default"],
        &[],
    ] {
        let output = core.cli(args).await;
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", text(&output.stderr));
    }
    let help = core.prints(&["--help"]).await;
    assert!(help.contains("6  not settled yet"), "{help}");
}

#[tokio::test]
async fn changes_go_through_and_are_reported() {
    let core = Core::start().await;
    let said = core.prints(&["world", "pace", "max"]).await;
    assert_eq!(said, "The pace is now: as fast as possible.\n");
    assert_eq!(core.json(&["world", "pace", "pause"]).await["paused"], true);
    let said = core.prints(&["join", "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWpeer"]).await;
    assert!(said.starts_with("Joined 12D3KooWpeer by quic"), "{said}");
    let accepted = core.json(&["project", "command", "Project 3", r#"{"type":"pause"}"#]).await;
    assert_eq!(accepted["state"]["is"], "accepted");
    let said = core.prints(&["project", "command", "Project 3", r#"{"type":"pause"}"#]).await;
    assert!(said.contains("on this node and one other"), "{said}");
    assert_eq!(core.prints(&["stop"]).await, "The node is ending.\n");
}

#[tokio::test]
async fn worlds_and_projects_are_made_from_files() {
    let core = Core::start().await;
    let (_folder, scenario) = file("orchard.toml", &crate::samples::scenario(Some(7)));
    let scenario = scenario.to_str().unwrap();
    let said = core.prints(&["world", "create", scenario]).await;
    assert!(said.starts_with("Started orchard (") && said.ends_with("with 1 project.\n"), "{said}");
    assert_eq!(core.json(&["world", "create", scenario]).await["created"], false);
    let (_folder, export) = file("backlog.csv", &crate::samples::export());
    let export = export.to_str().unwrap();
    let args = ["project", "import", export, "--name", "ml reef", "--as-of", "2020-09-01"];
    let said = core.prints(&args).await;
    assert!(said.contains("people            3\n"), "{said}");
    let imported = core.json(&args).await;
    assert_eq!(imported["people"], 3);
    let (code, said) =
        core.fails(&["project", "import", export, "--name", "a", "--as-of", "1.9.20"]).await;
    assert_eq!(code, 4);
    assert!(said.contains("YYYY-MM-DD"), "{said}");
    let (_folder, pear) = file("pear.json", r#"{"name":"Pear","team":[{"role":"engineer"}]}"#);
    let said = core.prints(&["project", "create", pear.to_str().unwrap()]).await;
    assert!(said.starts_with("Accepted") && said.contains("\nproject  "), "{said}");
    let (code, said) = core.fails(&["simulate", scenario, "--epochs", "81"]).await;
    assert_eq!(code, 4);
    assert!(said.contains("80 and 88"), "{said}");
}

#[tokio::test]
async fn watching_shows_it_again_and_ends_when_nobody_reads() {
    use tokio::io::{AsyncBufReadExt, BufReader};
    let core = Core::start().await;
    let mut command = zeromesh(&["status", "--watch", "--json"]);
    let mut child = command.env("ZEROMESH_API", core.url()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let uptime = |line: String| serde_json::from_str::<Value>(&line).unwrap()["uptime_ms"].clone();
    assert_eq!(uptime(lines.next_line().await.unwrap().unwrap()), 61_000);
    core.change(|picture| picture.status.uptime_ms = 62_000);
    let mut last = Value::Null;
    for _ in 0..5 {
        last = uptime(lines.next_line().await.unwrap().unwrap());
        if last == 62_000 {
            break;
        }
    }
    assert_eq!(last, 62_000);
    drop(lines);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(10), child.wait()).await;
    assert!(ended.expect("it ends").unwrap().success());
}

#[tokio::test]
async fn a_token_comes_from_a_file() {
    let core = Core::start_with(Some("a-long-secret-token"), Default::default()).await;
    let (code, said) = core.fails(&["status"]).await;
    assert_eq!(code, 4);
    assert!(said.contains("--token-file"), "{said}");
    let (_folder, path) = file("token", "a-long-secret-token\n");
    let said = core.prints(&["status", "--token-file", path.to_str().unwrap()]).await;
    assert!(said.contains("oak"));
}

#[tokio::test]
async fn completions_are_scripts() {
    for (shell, word) in
        [("bash", "_zeromesh"), ("zsh", "#compdef zeromesh"), ("fish", "complete -c")]
    {
        let output = done(&mut zeromesh(&["completions", shell])).await;
        assert!(text(&output.stdout).contains(word), "{shell}");
    }
}

#[tokio::test]
async fn config_shows_every_value_with_its_origin() {
    let (folder, path) =
        file("zeromesh.toml", "mesh = \"tea\"\n[http]\naddress = \"127.0.0.1:1\"\n");
    let mut command = zeromesh(&["config", "--json", "--pace", "max", "--data"]);
    let output = done(command.arg(folder.path()).env("ZEROMESH_WORKERS", "3")).await;
    let settings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let of = |key: &str| {
        let found = settings.iter().find(|it| it["key"] == key).unwrap();
        (found["value"].as_str().unwrap().to_owned(), found["origin"].as_str().unwrap().to_owned())
    };
    let own = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(of("mesh"), own("tea", &format!("file {}", path.display())));
    assert_eq!(of("workers"), own("3", "environment ZEROMESH_WORKERS"));
    assert_eq!(of("pace"), own("max", "flag --pace"));
    assert_eq!(of("mdns"), own("true", "default"));
    assert_eq!(of("data").0, folder.path().display().to_string());
}

#[tokio::test]
async fn run_refuses_what_it_must_not_do_before_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    let run = async |args: &[&str]| {
        failed(done(zeromesh(&["run", "--data"]).arg(folder.path()).args(args)).await)
    };
    let (code, said) = run(&["--http", "0.0.0.0:0"]).await;
    assert_eq!(code, 4);
    assert!(
        said.contains("can be reached from other machines") && said.contains("token"),
        "{said}"
    );
    let (code, said) = run(&["--listen", "tcp://1"]).await;
    assert_eq!(code, 4);
    assert!(said.contains("flag --listen") && said.contains("/ip4/"), "{said}");
    let (code, said) = run(&["--scenario", "/does/not/exist.toml"]).await;
    assert_eq!(code, 5);
    assert!(said.contains("/does/not/exist.toml"), "{said}");
}
