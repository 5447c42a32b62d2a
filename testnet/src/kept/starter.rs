//! Starts nodes and waits until they take part.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use testnet::processes::http::Api;
use testnet::processes::launch::{Launch, Pace, Ports, Settings, World};
use testnet::processes::log::tail;
use testnet::processes::mesh::ONE_MESH_WITHIN;
use testnet::processes::node::READY_WITHIN;
use testnet::processes::observe::{Progress, Viewpoint, live_nodes, one_mesh, worlds};
use testnet::processes::os::{self, Signal, Standing};
use testnet::processes::wait::{InVain, Seen, wait_for, wait_until};

use super::error::{Failure, command};
use super::folder::{Folder, KeptNode, State};
use super::say::say;

/// A log larger than this is put aside at the next start, and the one put aside before it removed.
const LOG_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Lines of a log that show what went wrong.
const LOG_LINES_SHOWN: usize = 15;
/// Parts one start from the next in a log.
const LOG_MARK: &str = "--- the node starts ---";
/// Extra time for shares to settle, so that the table shows who runs what. Nothing depends on it.
const SHARES_WITHIN: Duration = Duration::from_millis(1_500);
/// For one answer, while many are asked for in turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// Starts nodes of one testnet.
pub struct Starter {
    pub program: PathBuf,
    pub folder: Folder,
    pub state: State,
    /// Of a world that begins now.
    pub pace: Option<Pace>,
    /// Print nothing but errors.
    pub quiet: bool,
}

impl Starter {
    pub fn say(&self, text: &str) {
        if !self.quiet {
            say!("{text}");
        }
    }

    pub fn places(&self, standing: Standing) -> Vec<usize> {
        let all = self.state.nodes.iter().enumerate();
        all.filter(|(_, node)| self.folder.standing(node) == standing)
            .map(|(place, _)| place)
            .collect()
    }

    /// Lets nodes run on that somebody has paused.
    pub fn wake(&self) -> Result<(), Failure> {
        for place in self.places(Standing::Paused) {
            let node = &self.state.nodes[place];
            self.say(&format!("{} was paused; it runs on.", node.name));
            if let Some(pid) = node.pid {
                os::send(pid, Signal::Resume).map_err(Failure::io(node.name.clone()))?;
            }
        }
        Ok(())
    }

    /// Starts these nodes and waits until each says it is ready by itself.
    pub fn start(&mut self, places: &[usize]) -> Result<(), Failure> {
        for &place in places {
            self.free_ports(place)?;
        }
        let mut rest = places;
        // Where nobody has an address to join by yet, the first comes alone and the others join it
        if let [first, others @ ..] = places
            && !self.state.nodes.iter().any(|node| node.node.is_some())
        {
            self.start_together(&[*first])?;
            rest = others;
        }
        self.start_together(rest)
    }

    fn start_together(&mut self, places: &[usize]) -> Result<(), Failure> {
        let mut children = Vec::new();
        for &place in places {
            let child = self.spawn(place, places)?;
            self.state.nodes[place].pid = Some(child.id());
            // Written before anything can fail, so that no node is ever lost sight of
            self.folder.write(&self.state)?;
            children.push((place, child));
        }
        let mut failed = None;
        for (place, child) in &mut children {
            let ended = || child.try_wait().ok().flatten().map(|status| format!("({status})"));
            // What became of the others is written down even so
            failed = self.wait_ready(*place, ended).err().or(failed);
        }
        self.folder.write(&self.state)?;
        failed.map_or(Ok(()), Err)
    }

    /// Waits for nodes that an earlier command started and did not see ready.
    pub fn wait_started(&mut self) -> Result<(), Failure> {
        for place in self.places(Standing::Running) {
            let kept = self.state.nodes[place].clone();
            if kept.http.is_none() {
                let folder = Folder::look(self.folder.path())?;
                let gone = || folder.standing(&kept) == Standing::Gone;
                self.wait_ready(place, || gone().then(String::new))?;
            }
        }
        self.folder.write(&self.state)
    }

    /// Ports are chosen once, but somebody may have taken one while the node was down.
    fn free_ports(&mut self, place: usize) -> Result<(), Failure> {
        let node = &self.state.nodes[place];
        if let Some(taken) = node.ports.taken(self.state.transport) {
            self.say(&format!(
                "{taken} of {} is taken by another program; it gets new ports.",
                node.name
            ));
            let node = &mut self.state.nodes[place];
            node.ports = Ports::choose().map_err(Failure::io("no free port"))?;
            (node.addresses, node.http) = (Vec::new(), None);
        }
        Ok(())
    }

    fn launch(&self, place: usize, together: &[usize]) -> Launch {
        let node = &self.state.nodes[place];
        // Only who runs, or starts right now, can be joined
        let others = self.state.nodes.iter().enumerate().filter(|(other, kept)| {
            *other != place
                && (together.contains(other) || self.folder.standing(kept) == Standing::Running)
        });
        let join: Vec<String> = others.flat_map(|(_, kept)| kept.addresses.clone()).collect();
        // The world is in the store of whoever has run, and comes to the others from there
        let lived = |kept: &KeptNode| kept.node.is_some() && self.folder.data(kept).exists();
        let has_begun = self.state.nodes.iter().any(lived);
        let world = match &self.state.scenario {
            _ if place != 0 || has_begun => World::None,
            Some(file) => World::Scenario(file.clone()),
            None => World::Default,
        };
        Launch {
            data: self.folder.data(node),
            name: node.name.clone(),
            mesh: self.state.mesh.clone(),
            transport: self.state.transport,
            ports: node.ports,
            join,
            pace: self.pace.clone().filter(|_| world != World::None),
            world,
            settings: Settings::new(),
        }
    }

    fn spawn(&self, place: usize, together: &[usize]) -> Result<Child, Failure> {
        let node = &self.state.nodes[place];
        let (at, log) = (self.folder.node_folder(node), self.folder.log(node));
        fs::create_dir_all(&at).map_err(Failure::io(at.display().to_string()))?;
        put_aside(&log)?;
        let printed = File::create(self.folder.printed(node)).map_err(Failure::io("its output"))?;
        let log = OpenOptions::new().create(true).append(true).open(&log);
        let mut log = log.map_err(Failure::io("its log"))?;
        writeln!(log, "{LOG_MARK}").map_err(Failure::io("its log"))?;
        let this = std::env::current_exe().map_err(Failure::io("this program"))?;
        let mut command = Command::new(this);
        command.args(["detached", "--"]).arg(&self.program);
        self.launch(place, together).tell(&mut command);
        command.stdin(Stdio::null()).stdout(printed).stderr(log);
        let child = command.spawn().map_err(Failure::io(self.program.display().to_string()))?;
        self.say(&format!("{:<10} starts as process {}", node.name, child.id()));
        Ok(child)
    }

    /// `ended` tells how the process ended, if it has.
    fn wait_ready(
        &mut self,
        place: usize,
        mut ended: impl FnMut() -> Option<String>,
    ) -> Result<(), Failure> {
        let node = &self.state.nodes[place];
        let ready = wait_for(format!("{} to be ready", node.name), READY_WITHIN, || {
            match (self.folder.ready(node), ended()) {
                (Some(ready), _) => Seen::Done(ready),
                (None, Some(how)) => Seen::Never(format!("it ended {how}")),
                (None, None) => Seen::NotYet("it has not said so".to_owned()),
            }
        });
        let ready = ready.map_err(|vain| self.with_log(node, &vain))?;
        self.state.nodes[place].is_ready(ready);
        Ok(())
    }

    /// Waits until all nodes that run are one mesh, and a world moves on each. Answers with when.
    pub fn wait_together(&self, new: bool) -> Result<Instant, Failure> {
        let api = |base: &str| Api::with_patience(base, PATIENCE);
        let running = self.places(Standing::Running);
        let views: Vec<Viewpoint> =
            running.iter().filter_map(|place| self.state.nodes[*place].viewpoint(api)).collect();
        let what = format!("{} nodes to be one mesh", views.len());
        wait_for(what, ONE_MESH_WITHIN, || self.all_alive(&running, || one_mesh(&views)))
            .map_err(|vain| self.with_logs(&running, &vain))?;
        let mut progress = if new { Progress::of_new_worlds() } else { Progress::default() };
        let world = wait_for("a world to move on every node", ONE_MESH_WITHIN, || {
            self.all_alive(&running, || progress.look(&views))
        });
        let world = world.map_err(|vain| self.with_logs(&running, &vain))?;
        self.say(&format!(
            "\nWorld \"{}\" runs: epoch {}, {} projects, {} people.",
            world.name, world.epoch, world.projects, world.people
        ));
        let done = Instant::now();
        if !self.quiet {
            // For the table only; a mesh where shares still move is a mesh
            let _ = wait_until("shares to settle", SHARES_WITHIN, || shares_add_up(&views));
        }
        Ok(done)
    }

    fn all_alive<T>(&self, places: &[usize], look: impl FnOnce() -> Seen<T>) -> Seen<T> {
        let dead = places.iter().map(|place| &self.state.nodes[*place]);
        let mut dead = dead.filter(|node| self.folder.standing(node) == Standing::Gone);
        match dead.next() {
            Some(node) => Seen::Never(format!("{} has ended", node.name)),
            None => look(),
        }
    }

    fn with_log(&self, node: &KeptNode, vain: &InVain) -> Failure {
        let log = tail(&self.folder.log(node), LOG_LINES_SHOWN);
        let log = log.rsplit_once(LOG_MARK).map_or(log.as_str(), |(_, since)| since.trim());
        let log = if log.is_empty() { "(it logged nothing)" } else { log };
        Failure::Other(format!(
            "{vain}\n\nThe end of the log of {0} (`{1} logs {0}` shows more):\n{log}\n\n\
             What runs is left running; `{1} down` ends it.",
            node.name,
            command()
        ))
    }

    /// The log of the node that the reason names first: most likely the guilty one.
    fn with_logs(&self, places: &[usize], vain: &InVain) -> Failure {
        let nodes = places.iter().map(|place| &self.state.nodes[*place]);
        let first = nodes.clone().next();
        let named = nodes
            .filter_map(|node| Some((vain.last.find(&node.name)?, node)))
            .min_by_key(|(at, _)| *at)
            .map(|(_, node)| node);
        match named.or(first) {
            Some(node) => self.with_log(node, vain),
            None => Failure::InVain(vain.clone()),
        }
    }
}

/// Do the shares of all nodes hold all people of all worlds, as the first node sees it?
fn shares_add_up(views: &[Viewpoint]) -> bool {
    let Some(view) = views.first() else { return true };
    let (Ok(mesh), Ok(worlds)) = (view.api.get_json("/api/v1/mesh"), worlds(&view.api)) else {
        return false;
    };
    let run: u64 = live_nodes(&mesh).values().map(|share| share.people).sum();
    run == worlds.iter().map(|world| world.people).sum::<u64>()
}

fn put_aside(log: &std::path::Path) -> Result<(), Failure> {
    let large = fs::metadata(log).is_ok_and(|meta| meta.len() > LOG_BYTES_MAX);
    if large {
        fs::rename(log, log.with_extension("old"))
            .map_err(Failure::io(log.display().to_string()))?;
    }
    Ok(())
}
