//! One real node: its process, and what can be done to it.
//!
//! It is killed when it is dropped; if a test is failing then, the end of its log is printed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::binary;
use super::http::Api;
use super::launch::{Launch, Ready, World, find_ready, without_settings};
use super::log::tail;
use super::observe::Viewpoint;
use super::os::{self, Signal};
use super::wait::{InVain, Seen, wait_for};

/// Until a node says it is ready. It takes a fraction of a second; machines that test are busy.
pub const READY_WITHIN: Duration = Duration::from_secs(30);
/// From SIGTERM to the end.
pub const ENDS_WITHIN: Duration = Duration::from_secs(15);

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

/// For `map_err`: what was being done when the system said no.
pub(super) fn io_failed(what: impl Into<String>) -> impl FnOnce(io::Error) -> Failed {
    let what = what.into();
    |source| Failed::Io { what, source }
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
        // It stays in the process group of its owner, so that what ends the whole group, such as a
        // Ctrl-C or a test runner's time limit, leaves no node behind
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processes::launch::{Ports, Settings, Transport};

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
