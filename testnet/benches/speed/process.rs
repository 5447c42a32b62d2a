//! A real node under measurement: its process on a core of its own, when it was ready, and what it
//! takes of memory and processor.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;
use testnet::processes::binary;
use testnet::processes::http::Api;
use testnet::processes::launch::{Launch, Pace, Ports, Ready, Transport, World, find_ready};

use crate::place::on_core;

/// The unit of `/proc/PID/stat`: Linux fixes it for programs, whatever its own clock does.
const TICKS_PER_SECOND: f64 = 100.0;

/// A node, killed when it is dropped.
pub struct Process {
    child: Child,
    pub ready: Ready,
    pub api: Api,
    /// From the start of the process to the line that says it is ready.
    pub start: Duration,
}

/// A node called `name` in this folder, with one worker.
pub fn launch(folder: &Path, name: &str, world: World, pace: Option<Pace>) -> Launch {
    Launch {
        data: folder.join(name).join("data"),
        name: name.to_owned(),
        mesh: "bench".to_owned(),
        transport: Transport::Both,
        ports: Ports::default(),
        join: Vec::new(),
        world,
        pace,
        settings: vec![("workers", "1".to_owned()), ("log_level", "error".to_owned())],
    }
}

impl Process {
    /// Starts a node, on one core if one is given, and waits until it is ready.
    pub fn start(launch: &Launch, core: Option<usize>) -> anyhow::Result<Process> {
        let mut command = Command::new(binary::find()?);
        launch.tell(&mut command);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let begun = Instant::now();
        let mut child = match core {
            Some(core) => on_core(core, || command.spawn())?,
            None => command.spawn()?,
        };
        let mut printed = BufReader::new(child.stdout.take().context("its output is a pipe")?);
        let mut text = String::new();
        let ready = loop {
            if printed.read_line(&mut text)? == 0 {
                let _ = child.kill();
                let status = child.wait()?;
                anyhow::bail!("the node ended before it was ready ({status})");
            }
            if let Some(ready) = find_ready(&text) {
                break ready;
            }
        };
        let start = begun.elapsed();
        let api = Api::new(&ready.http);
        Ok(Process { child, ready, api, start })
    }

    fn proc_file(&self, name: &str) -> anyhow::Result<String> {
        let file = format!("/proc/{}/{name}", self.child.id());
        std::fs::read_to_string(&file).context(file)
    }

    /// Memory that is really there.
    pub fn rss_bytes(&self) -> anyhow::Result<f64> {
        let status = self.proc_file("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kb = line.and_then(|line| line.split_whitespace().next()).context("no VmRSS")?;
        Ok(kb.parse::<f64>()? * 1_024.0)
    }

    /// Processor seconds of all its threads since it started.
    pub fn processor_seconds(&self) -> anyhow::Result<f64> {
        let stat = self.proc_file("stat")?;
        // After the name, which may hold anything, in brackets: the 12th and 13th (man 5 proc)
        let rest = stat.rsplit_once(')').context("no name")?.1;
        let mut fields = rest.split_whitespace().skip(11);
        let mut ticks = || fields.next().and_then(|field| field.parse::<f64>().ok());
        let (user, system) = (ticks().context("no utime")?, ticks().context("no stime")?);
        Ok((user + system) / TICKS_PER_SECOND)
    }

    /// The one world of this node, once it is in its picture.
    pub fn world(&self) -> anyhow::Result<Option<Value>> {
        let worlds = self.api.get_json("/api/v1/worlds")?;
        Ok(worlds.get("items").unwrap_or(&worlds).get(0).cloned())
    }

    /// The first epoch of its world that is not settled, as the node published it last.
    pub fn epoch(&self) -> anyhow::Result<u64> {
        let Some(world) = self.world()? else { return Ok(0) };
        world.get("epoch").and_then(Value::as_u64).context("a world without an epoch")
    }

    pub fn set_pace(&self, epoch_ms: u64, paused: bool) -> anyhow::Result<()> {
        let world = self.world()?.context("no world whose pace could be set")?;
        let id = world.get("id").and_then(Value::as_str).context("a world without an id")?;
        let body = serde_json::json!({ "epoch_ms": epoch_ms, "paused": paused });
        self.api.post_json(&format!("/api/v1/worlds/{id}/pace"), &body)?;
        Ok(())
    }

    /// Waits until this is so.
    pub fn wait(
        &self,
        what: &str,
        within: Duration,
        mut so: impl FnMut(&Process) -> anyhow::Result<bool>,
    ) -> anyhow::Result<()> {
        let begun = Instant::now();
        while !so(self)? {
            anyhow::ensure!(begun.elapsed() < within, "waited {within:?} for {what}, in vain");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already is as good
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
