//! A mesh for the time of one program, such as the browser tests.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use testnet::processes::launch::{Pace, Transport, World};
use testnet::processes::mesh::{Mesh, Plan};

use super::error::Failure;

/// Where the program finds the UIs of all nodes, with commas between them.
const UIS_VARIABLE: &str = "ZEROMESH_UIS";

pub fn run(
    nodes: u16,
    scenario: Option<PathBuf>,
    pace: Option<Pace>,
    transport: Transport,
    program: &[OsString],
) -> Result<ExitCode, Failure> {
    let world = scenario.map_or(World::Default, World::Scenario);
    let mesh =
        Mesh::start(Plan { nodes: nodes.into(), transport, world, pace, ..Plan::default() })?;
    let uis: Vec<&str> = mesh.nodes.iter().map(|node| node.ready.http.as_str()).collect();
    eprintln!("{nodes} nodes are up: {}", uis.join(", "));
    let (name, arguments) = program.split_first().expect("clap asks for one");
    let status = Command::new(name).args(arguments).env(UIS_VARIABLE, uis.join(",")).status();
    let status = status.map_err(Failure::io(name.display().to_string()))?;
    // A signal has no code of its own
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
