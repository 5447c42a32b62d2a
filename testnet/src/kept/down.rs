//! Ending nodes, gently or not.

use std::path::Path;
use std::time::Duration;

use testnet::processes::node::ENDS_WITHIN;
use testnet::processes::os::{self, Signal, Standing};
use testnet::processes::wait::wait_until;

use super::error::{Failure, command};
use super::folder::{Folder, KeptNode, State};
use super::say::say;

/// The kernel needs no longer than this to end a process.
const KILLED_WITHIN: Duration = Duration::from_secs(5);

/// kill -9.
pub fn kill(dir: &Path, names: &[String]) -> Result<(), Failure> {
    let (folder, state) = Folder::hold_existing(dir)?;
    for node in named(&state, names)? {
        if signal(&folder, node, Signal::Kill)? {
            wait_gone(&folder, node, KILLED_WITHIN)?;
            say!("{} is dead. `{} start {0}` brings it back.", node.name, command());
        } else {
            say!("{} was not running.", node.name);
        }
    }
    Ok(())
}

/// SIGTERM, and the time to tidy up.
pub fn stop(dir: &Path, names: &[String]) -> Result<(), Failure> {
    let (folder, mut state) = Folder::hold_existing(dir)?;
    let mut asked = Vec::new();
    for node in named(&state, names)? {
        if ask_to_end(&folder, node)? {
            asked.push(node);
        } else {
            say!("{} was not running.", node.name);
        }
    }
    let mut stopped = Vec::new();
    for node in asked {
        wait_gone(&folder, node, ENDS_WITHIN)?;
        say!("{} has stopped. `{} start {0}` brings it back.", node.name, command());
        stopped.push(node.name.clone());
    }
    for node in state.nodes.iter_mut().filter(|node| stopped.contains(&node.name)) {
        node.pid = None;
    }
    folder.write(&state)
}

/// Stops all; what does not end in time is killed, with a word. With `wipe` the data goes too.
pub fn down(dir: &Path, wipe: bool) -> Result<(), Failure> {
    let (folder, mut state) = Folder::hold_existing(dir)?;
    let mut asked = Vec::new();
    for node in &state.nodes {
        if ask_to_end(&folder, node)? {
            asked.push(node);
        }
    }
    let count = asked.len();
    for node in asked {
        if wait_gone(&folder, node, ENDS_WITHIN).is_err() {
            let waited = ENDS_WITHIN.as_secs();
            say!("{} did not end within {waited} s; it is killed. Its log may say why.", node.name);
            signal(&folder, node, Signal::Kill)?;
            wait_gone(&folder, node, KILLED_WITHIN)?;
        }
    }
    for node in &mut state.nodes {
        node.pid = None;
    }
    folder.write(&state)?;
    let path = folder.path().display().to_string();
    if wipe {
        folder.wipe(&state)?;
        say!("Stopped {count} nodes and removed their data from {path}.");
    } else {
        say!(
            "Stopped {count} nodes. Their data is in {path}; `{} up` goes on from there.",
            command()
        );
    }
    Ok(())
}

fn named<'a>(state: &'a State, names: &[String]) -> Result<Vec<&'a KeptNode>, Failure> {
    names.iter().map(|name| Ok(&state.nodes[state.find(name)?])).collect()
}

/// SIGTERM. A paused process could not act on it, so it is let go first.
fn ask_to_end(folder: &Folder, node: &KeptNode) -> Result<bool, Failure> {
    let asked = signal(folder, node, Signal::Terminate)?;
    if asked {
        signal(folder, node, Signal::Resume)?;
    }
    Ok(asked)
}

/// False if the node is not running. What is signalled is certain to be the node.
fn signal(folder: &Folder, node: &KeptNode, signal: Signal) -> Result<bool, Failure> {
    let (Some(pid), Standing::Running | Standing::Paused) = (node.pid, folder.standing(node))
    else {
        return Ok(false);
    };
    match os::send(pid, signal) {
        Ok(()) => Ok(true),
        // It ended between the look and the signal
        Err(_) if folder.standing(node) == Standing::Gone => Ok(false),
        Err(error) => Err(Failure::io(node.name.clone())(error)),
    }
}

fn wait_gone(folder: &Folder, node: &KeptNode, within: Duration) -> Result<(), Failure> {
    let gone = || folder.standing(node) == Standing::Gone;
    wait_until(format!("{} to end", node.name), within, gone).map_err(|_| {
        let (name, it) = (&node.name, command());
        Failure::Other(format!(
            "{name} still runs after {} s; `{it} logs {name}` may say why, `{it} kill {name}` ends it",
            within.as_secs()
        ))
    })
}
