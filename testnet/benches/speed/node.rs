//! A real node: from start to ready, and what a person and an idle WebSocket take of its memory.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use testnet::processes::launch::{Pace, World};

use crate::bare;
use crate::process::{Process, launch};
use crate::report::{Aim, Report};

const STARTS: usize = 9;
const SOCKETS: usize = 1_000;
const PACE: &str = "250";
/// Working days that the large world runs before its memory is looked at: longer than what a project
/// needs to fill its lists, shorter than a benchmark may take.
const EPOCHS: u64 = 16;
const SOON: Duration = Duration::from_secs(60);

/// With the default world in a new folder each time, and again in a folder that was used.
pub fn measure_start(report: &mut Report) -> anyhow::Result<()> {
    let (mut new, mut again) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let folder = tempfile::tempdir()?;
        let plan = launch(folder.path(), "start", World::Default, None);
        new.push(Process::start(&plan, None)?.start.as_secs_f64() * 1_000.0);
        again.push(Process::start(&plan, None)?.start.as_secs_f64() * 1_000.0);
    }
    let aim = Aim::ValueAtMost(300.0);
    report.alone("start: a new node to ready", "ms", &new, aim);
    report.alone("start: after kill -9 to ready", "ms", &again, aim);
    Ok(())
}

fn settled(node: &Process) -> anyhow::Result<f64> {
    // Allocators give memory back a little later
    std::thread::sleep(Duration::from_millis(800));
    node.rss_bytes()
}

pub fn measure_memory(report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let people = bare::scenario("large")?.people() as f64;
    let pace: Pace = PACE.parse().map_err(anyhow::Error::msg)?;
    let empty = Process::start(&launch(folder.path(), "empty", World::None, None), None)?;
    let empty_bytes = settled(&empty)?;
    let world = World::Scenario(bare::scenario_file("large"));
    let full = Process::start(&launch(folder.path(), "full", world.clone(), Some(pace)), None)?;
    full.wait("some epochs", SOON, |node| Ok(node.epoch()? >= EPOCHS))?;
    let full_bytes = settled(&full)?;
    drop(full);
    report.alone("memory: an empty node", "kB", &[empty_bytes / 1_024.0], Aim::None);
    let per_person = (full_bytes - empty_bytes) / people;
    report.alone("memory: a person", "bytes", &[per_person], Aim::ValueAtMost(2_048.0));

    // As fast as possible: what is kept of history has its own bounds
    let fast = launch(folder.path(), "fast", world, Some(Pace::max()));
    let fast = Process::start(&fast, None)?;
    std::thread::sleep(Duration::from_secs(6));
    let bytes = fast.rss_bytes()?;
    let epoch = fast.epoch()?;
    drop(fast);
    let name = format!("memory: a person, {epoch} epochs at full speed");
    report.alone(&name, "bytes", &[(bytes - empty_bytes) / people], Aim::None);

    let before = settled(&empty)?;
    let address = empty.api.authority().to_owned();
    let request = format!(
        "GET /api/v1/ws HTTP/1.1\r\nhost: {address}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    let mut sockets = Vec::with_capacity(SOCKETS);
    for _ in 0..SOCKETS {
        let mut socket = TcpStream::connect(&address)?;
        socket.write_all(request.as_bytes())?;
        let mut answer = [0; 12];
        socket.read_exact(&mut answer)?;
        anyhow::ensure!(&answer == b"HTTP/1.1 101", "no WebSocket: {answer:?}");
        sockets.push(socket);
    }
    let per_socket = (settled(&empty)? - before) / SOCKETS as f64;
    report.alone("memory: an idle WebSocket", "bytes", &[per_socket], Aim::None);
    Ok(())
}
