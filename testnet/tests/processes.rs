//! Real nodes on this machine: they become one mesh, and stay one world whatever befalls them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use testnet::processes::http::Api;
use testnet::processes::launch::{Pace, Transport, World};
use testnet::processes::mesh::{Mesh, Plan};
use testnet::processes::node::{Node, run_program};
use testnet::processes::observe::{Progress, Root, live_nodes, one_mesh, worlds};
use testnet::processes::wait::{Seen, wait_for, wait_until};

/// For what has no promise of its own.
const SOON: Duration = Duration::from_secs(30);
/// The promise for a node that comes back.
const REJOINS_WITHIN: Duration = Duration::from_secs(5);
/// The promise for the projects of a node that dies.
const GOES_ON_WITHIN: Duration = Duration::from_secs(2);

fn mesh(transport: Transport) -> Mesh {
    Mesh::start(Plan { transport, ..Plan::default() }).unwrap()
}

/// A shipped scenario with a seed, so that every run of it is the same world.
fn scenario() -> PathBuf {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/scenarios/startups.toml");
    let text = fs::read_to_string(shipped).unwrap();
    let seeded = text.replacen("[world]\n", "[world]\nseed = 4242\n", 1);
    assert_ne!(seeded, text, "the scenario has a [world] to give a seed to");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("startups-seeded.toml");
    fs::write(&file, seeded).unwrap();
    file
}

/// A mesh that runs the scenario as fast as it can.
fn racing_mesh(nodes: usize) -> Mesh {
    let world = World::Scenario(scenario());
    Mesh::start(Plan { nodes, world, pace: Some(Pace::max()), ..Plan::default() }).unwrap()
}

/// What an undisturbed world of the scenario has at this checkpoint.
fn undisturbed(epoch: u64) -> Root {
    let (file, epochs) = (scenario(), epoch.to_string());
    let file = file.to_str().unwrap();
    let said = run_program(&["simulate", file, "--epochs", &epochs, "--json"], None).unwrap();
    assert_eq!(said.code, Some(0), "{}", said.err);
    Root::from_json(&said.json()).expect("simulate prints a root")
}

fn world(api: &Api) -> String {
    worlds(api).unwrap().remove(0).id
}

fn epoch(api: &Api, world: &str) -> u64 {
    worlds(api).unwrap().into_iter().find(|seen| seen.id == world).map_or(0, |seen| seen.epoch)
}

fn wait_epoch(api: &Api, world: &str, wanted: u64) {
    wait_for(format!("epoch {wanted}"), SOON, || match epoch(api, world) {
        now if now >= wanted => Seen::Done(()),
        now => Seen::NotYet(format!("epoch {now}")),
    })
    .unwrap();
}

fn sees_live(node: &Node, other: &str) -> bool {
    let mesh = node.api().get_json("/api/v1/mesh");
    mesh.is_ok_and(|mesh| live_nodes(&mesh).contains_key(other))
}

fn wait_missing(observer: &Node, other: &Node) {
    let gone = || !sees_live(observer, &other.ready.node);
    wait_until(format!("{} to be missed", other.name()), SOON, gone).unwrap();
}

/// All are one mesh and the world moves on each; in how much time.
fn take_part_again(mesh: &Mesh, within: Duration) -> Duration {
    let began = Instant::now();
    let views = mesh.viewpoints();
    wait_for("one mesh again", within, || one_mesh(&views)).unwrap();
    let left = within.saturating_sub(began.elapsed());
    let mut progress = Progress::default();
    wait_for("the world to move on every node", left, || progress.look(&views)).unwrap();
    began.elapsed()
}

#[test]
fn three_nodes_become_one_mesh() {
    let mesh = mesh(Transport::Both);
    let ids: Vec<String> = mesh.nodes.iter().map(|node| world(&node.api())).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "one world: {ids:?}");
}

#[test]
fn nodes_use_the_transport_they_are_given() {
    for (transport, name) in [(Transport::Quic, "quic"), (Transport::Tcp, "tcp")] {
        let mesh = mesh(transport);
        let view = mesh.nodes[0].api().get_json("/api/v1/mesh").unwrap();
        let links = view["links"].as_array().unwrap();
        assert!(!links.is_empty());
        assert!(links.iter().all(|link| link["transport"] == name), "{links:?}");
    }
}

#[test]
fn every_project_is_run_by_one_node_of_the_mesh() {
    let mesh = mesh(Transport::Both);
    let views = mesh.viewpoints();
    let api = mesh.nodes[2].api();
    let path = format!("/api/v1/worlds/{}/shares", world(&api));
    wait_for("a runner for each project", SOON, || {
        let shares = api.get_json(&path).unwrap();
        let shares = shares.as_array().or_else(|| shares["items"].as_array()).unwrap().clone();
        let run = |share: &Value| views.iter().any(|view| share["runner"] == view.node.as_str());
        match shares.iter().all(run) && !shares.is_empty() {
            true => Seen::Done(()),
            false => Seen::NotYet(format!("{shares:?}")),
        }
    })
    .unwrap();
}

#[test]
fn three_nodes_arrive_at_the_root_of_an_undisturbed_world() {
    let mesh = racing_mesh(3);
    let api = mesh.nodes[1].api();
    let world = world(&api);
    wait_epoch(&api, &world, 200);
    let root = mesh.pause_and_agree(&world).unwrap();
    assert_eq!(root, undisturbed(root.epoch));
}

#[test]
fn a_node_killed_and_started_again_changes_nothing_in_the_world() {
    let mut mesh = racing_mesh(3);
    let api = mesh.nodes[0].api();
    let world = world(&api);
    wait_epoch(&api, &world, 80);
    mesh.nodes[1].kill().unwrap();
    let killed_at = epoch(&api, &world);
    wait_epoch(&api, &world, killed_at + 80);
    mesh.nodes[1].start_again().unwrap();
    mesh.wait_one_mesh().unwrap();
    let back_at = epoch(&api, &world);
    wait_epoch(&api, &world, back_at + 80);
    let root = mesh.pause_and_agree(&world).unwrap();
    assert_eq!(root, undisturbed(root.epoch));
}

#[test]
fn a_node_killed_again_and_again_loses_nothing() {
    let mut mesh = racing_mesh(1);
    let node = &mut mesh.nodes[0];
    let world = world(&node.api());
    let mut reached = 0;
    for round in 1..=5 {
        // At another moment of its work each time
        wait_epoch(&node.api(), &world, reached + 37 * round);
        reached = epoch(&node.api(), &world);
        node.kill().unwrap();
        node.start_again().unwrap();
    }
    wait_epoch(&node.api(), &world, reached + 8);
    let root = mesh.pause_and_agree(&world).unwrap();
    assert_eq!(root, undisturbed(root.epoch));
}

#[test]
fn a_node_that_joins_late_changes_nothing_in_the_world() {
    let mut mesh = racing_mesh(2);
    let api = mesh.nodes[0].api();
    let world = world(&api);
    wait_epoch(&api, &world, 400);
    mesh.add().unwrap();
    mesh.wait_one_mesh().unwrap();
    let joined_at = epoch(&api, &world);
    wait_epoch(&api, &world, joined_at + 80);
    let root = mesh.pause_and_agree(&world).unwrap();
    assert_eq!(root, undisturbed(root.epoch));
}

#[test]
fn projects_of_a_killed_node_go_on_within_two_seconds() {
    let mut mesh = mesh(Transport::Both);
    let survivor = mesh.nodes[0].api();
    let path = format!("/api/v1/worlds/{}/projects", world(&survivor));
    let rows = || survivor.get_json(&path).unwrap()["items"].as_array().unwrap().clone();
    // Any project that somebody else runs
    let (victim, project) = wait_for("a project of another node", SOON, || {
        for row in rows() {
            let runner = |node: &Node| row["runner"] == node.ready.node.as_str();
            if let Some(place) = mesh.nodes.iter().skip(1).position(runner) {
                return Seen::Done((place + 1, row["id"].as_str().unwrap().to_owned()));
            }
        }
        Seen::NotYet(format!("{:?}", rows()))
    })
    .unwrap();
    let dead = mesh.nodes[victim].ready.node.clone();
    let row = || rows().into_iter().find(|row| row["id"] == project.as_str()).unwrap();
    mesh.nodes[victim].kill().unwrap();
    let (began, before) = (Instant::now(), row()["epoch"].as_u64().unwrap());
    wait_for("its next epoch, from another node", GOES_ON_WITHIN, || {
        let row = row();
        let on = row["epoch"].as_u64() > Some(before) && row["runner"] != dead.as_str();
        if on { Seen::Done(()) } else { Seen::NotYet(row.to_string()) }
    })
    .unwrap();
    eprintln!("went on after {:?}", began.elapsed());
}

fn comes_back(transport: Transport) {
    let mut mesh = mesh(transport);
    mesh.nodes[1].kill().unwrap();
    wait_missing(&mesh.nodes[0], &mesh.nodes[1]);
    let before = mesh.nodes[1].ready.node.clone();
    let began = Instant::now();
    mesh.nodes[1].start_again().unwrap();
    take_part_again(&mesh, REJOINS_WITHIN.saturating_sub(began.elapsed()));
    eprintln!("took part again after {:?}", began.elapsed());
    assert_eq!(mesh.nodes[1].ready.node, before, "it kept its key");
}

#[test]
fn a_killed_node_takes_part_again_within_five_seconds_over_quic() {
    comes_back(Transport::Quic);
}

#[test]
fn a_killed_node_takes_part_again_within_five_seconds_over_tcp() {
    comes_back(Transport::Tcp);
}

#[test]
fn the_first_node_is_not_special() {
    let mut mesh = mesh(Transport::Both);
    let api = mesh.nodes[1].api();
    let world = world(&api);
    mesh.nodes[0].kill().unwrap();
    let killed_at = epoch(&api, &world);
    wait_epoch(&api, &world, killed_at + 3);
    // It comes back without being told where anybody is: it remembers
    mesh.nodes[0].launch.join.clear();
    mesh.nodes[0].start_again().unwrap();
    take_part_again(&mesh, SOON);
}

#[test]
fn a_node_that_stood_still_catches_up() {
    let mesh = mesh(Transport::Both);
    let api = mesh.nodes[0].api();
    let world = world(&api);
    mesh.nodes[2].pause().unwrap();
    wait_missing(&mesh.nodes[0], &mesh.nodes[2]);
    let missed_at = epoch(&api, &world);
    wait_epoch(&api, &world, missed_at + 3);
    mesh.nodes[2].resume().unwrap();
    take_part_again(&mesh, SOON);
    mesh.pause_and_agree(&world).unwrap();
}

#[test]
fn a_node_that_is_asked_to_end_ends_cleanly() {
    let mut mesh = mesh(Transport::Both);
    mesh.nodes[2].stop().unwrap();
    wait_missing(&mesh.nodes[0], &mesh.nodes[2]);
}

/// Issues as GitLab exports them: 12 closed ones of two people, 5 open at the start of 2021, and one
/// opened later.
fn export() -> String {
    let mut csv =
        "Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,Assignee Username,\
                   Confidential,Locked,Due Date,Created At (UTC),Updated At (UTC),Closed At (UTC),\
                   Milestone,Weight,Labels,Time Estimate,Time Spent,Epic ID,Epic Title\n"
            .to_owned();
    let mut issue = |id: u32, person: &str, created: &str, closed: &str| {
        let state = if closed.is_empty() { "Open" } else { "Closed" };
        csv += &format!(
            "\"Issue {id}, with a comma\",,{id},,{state},ann,ann,{person},{person},No,No,,{created},\
             {created},{closed},,{},\"feature,backend\",0,0,,\n",
            1 + id % 5
        );
    };
    for id in 1..=12 {
        let person = if id % 2 == 0 { "ann" } else { "bob" };
        let (created, closed) =
            (format!("2020-{id:02}-01 09:00:00"), format!("2020-{id:02}-08 17:00:00"));
        issue(id, person, &created, &closed);
    }
    for id in 13..=17 {
        issue(id, "ann", "2020-12-01 10:00:00", "");
    }
    issue(18, "bob", "2021-02-01 10:00:00", "");
    csv
}

#[test]
fn a_real_backlog_becomes_a_project_on_the_mesh() {
    let mesh = mesh(Transport::Both);
    let file = mesh.folder().join("export.csv");
    fs::write(&file, export()).unwrap();
    let file = file.to_str().unwrap();
    let import = ["project", "import", file, "--name", "mlreef", "--as-of", "2021-01-01", "--json"];
    let said = mesh.nodes[1].command(&import).unwrap();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let imported = said.json();
    assert_eq!(imported["open"], 5, "{imported}");
    assert_eq!(imported["people"], 2, "{imported}");
    let project = imported["accepted"]["project"].as_str().unwrap().to_owned();

    // Each node shows it, with the items that were open that day on its board
    for node in &mesh.nodes {
        let api = node.api();
        let view = wait_for(format!("the project on {}", node.name()), SOON, || {
            let detail = api.get_json(&format!("/api/v1/projects/{project}"));
            match detail.map(|mut detail| detail["view"].take()) {
                Ok(view) if view.is_object() => Seen::Done(view),
                other => Seen::NotYet(format!("{other:?}")),
            }
        })
        .unwrap();
        assert_eq!(view["summary"]["name"], "mlreef");
        let tasks = view["tasks"].as_array().unwrap();
        let sources: Vec<&str> = tasks.iter().filter_map(|task| task["source"].as_str()).collect();
        for id in ["13", "14", "15", "16", "17"] {
            let named = |source: &&str| source.trim_start_matches('#') == id;
            assert!(sources.iter().any(named), "{id} of {sources:?}");
        }
    }
}

#[test]
fn commands_given_while_a_node_stands_still_are_in_everybodys_world() {
    let mesh = mesh(Transport::Both);
    let world = world(&mesh.nodes[0].api());
    mesh.nodes[2].pause().unwrap();
    let mut founded = Vec::new();
    for (place, name) in [(0, "left"), (1, "right")] {
        let path = format!("/api/v1/worlds/{world}/import?name={name}&as_of=2021-01-01");
        let answer = mesh.nodes[place].api().post(&path, "text/csv", export().as_bytes()).unwrap();
        assert_eq!(answer.status, 202, "{}", answer.body);
        founded.push(answer.json()["accepted"]["project"].as_str().unwrap().to_owned());
    }
    mesh.nodes[2].resume().unwrap();
    for project in &founded {
        for node in &mesh.nodes {
            let path = format!("/api/v1/projects/{project}");
            let known = || node.api().get(&path).is_ok_and(|answer| answer.status == 200);
            wait_until(format!("{project} on {}", node.name()), SOON, known).unwrap();
        }
    }
    take_part_again(&mesh, SOON);
    mesh.pause_and_agree(&world).unwrap();
}
