//! A mesh for the time of one program, such as the browser tests.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};

use testnet::processes::launch::{Pace, Transport, World};
use testnet::processes::mesh::{Mesh, Plan};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

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
    let mut command = Command::new(name);
    command.args(arguments).env(UIS_VARIABLE, uis.join(","));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let status = runtime.and_then(|runtime| runtime.block_on(end_of(command)));
    let status = status.map_err(Failure::io(name.display().to_string()))?;
    // A signal has no code of its own
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// Runs the program to its end. Whoever interrupts this gets a tidy end too: the mesh goes with its
/// owner, and that needs this process to live until then.
async fn end_of(mut command: Command) -> io::Result<ExitStatus> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut child = command.spawn()?;
    tokio::select! {
        status = child.wait() => return status,
        // A Ctrl-C reaches the program by itself
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => child.start_kill()?,
    }
    child.wait().await
}
