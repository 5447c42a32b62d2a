//! Starting nodes: all of a testnet, some of it, or one more.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use testnet::processes::binary;
use testnet::processes::http::Api;
use testnet::processes::launch::{Launch, Pace, Ports, Settings, Transport, World, find_ready};
use testnet::processes::mesh::{ONE_MESH_WITHIN, READY_WITHIN, tail};
use testnet::processes::observe::{Progress, Viewpoint, live_nodes, one_mesh, worlds};
use testnet::processes::os::{self, Signal, Standing};
use testnet::processes::wait::{InVain, Seen, wait_for, wait_until};

use super::error::{Failure, command};
use super::folder::{Folder, KeptNode, State};
use super::say::say;
use super::status;

/// Nodes on a laptop.
const NODES: u16 = 3;
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

/// What `up` is asked for.
pub struct Wanted {
    pub nodes: Option<u16>,
    pub scenario: Option<PathBuf>,
    pub pace: Option<Pace>,
    pub transport: Option<Transport>,
}

/// Starts all that is not running, and waits until it is one mesh with a world that moves.
pub fn up(dir: &std::path::Path, wanted: &Wanted, json: bool) -> Result<(), Failure> {
    let program = binary::find()?;
    let scenario = wanted.scenario.as_deref().map(readable).transpose()?;
    let folder = Folder::hold(dir)?;
    let kept = folder.read()?;
    let new = kept.is_none();
    let mut state = match kept {
        Some(state) => state,
        None => State::new(wanted.transport.unwrap_or_default(), scenario.clone()),
    };
    if !new {
        refuse_other_world(&state, scenario.as_deref(), wanted.transport)?;
    }
    let there = state.nodes.len();
    let count = wanted.nodes.map_or(if new { NODES.into() } else { there }, usize::from);
    for _ in there..count {
        state.add_node()?;
    }
    folder.write(&state)?;

    let began = Instant::now();
    let mut starter = Starter { program, folder, state, pace: wanted.pace.clone(), quiet: json };
    let down: Vec<usize> = starter.places(Standing::Gone);
    if !new {
        let n = there;
        starter.say(&match (down.len(), n.cmp(&count)) {
            (0, _) => format!("This testnet of {n} is up already."),
            (_, std::cmp::Ordering::Greater) => {
                format!("This testnet has {n} nodes and goes on with all of them.")
            }
            _ => "This testnet goes on where it stood.".to_owned(),
        });
    }
    starter.wake()?;
    starter.start(&down)?;
    let took = starter.wait_together(new)? - began;
    if json {
        return status::print_json(&starter.folder, &starter.state);
    }
    say!("One mesh, after {:.1} s.\n", took.as_secs_f64());
    status::print_table(&starter.folder, &starter.state);
    hints(&starter.state);
    Ok(())
}

/// Starts some nodes again.
pub fn start(dir: &std::path::Path, names: &[String]) -> Result<(), Failure> {
    let program = binary::find()?;
    let (folder, state) = Folder::hold_existing(dir)?;
    let mut down = Vec::new();
    for name in names {
        let place = state.find(name)?;
        match folder.standing(&state.nodes[place]) {
            Standing::Gone if down.contains(&place) => {}
            Standing::Gone => down.push(place),
            Standing::Running | Standing::Paused => say!("{name} is running already."),
        }
    }
    if down.is_empty() {
        return Ok(());
    }
    let mut starter = Starter { program, folder, state, pace: None, quiet: false };
    let began = Instant::now();
    starter.start(&down)?;
    let took = starter.wait_together(false)? - began;
    say!("Taking part again, after {:.1} s.\n", took.as_secs_f64());
    status::print_table(&starter.folder, &starter.state);
    Ok(())
}

/// Starts one more.
pub fn add(dir: &std::path::Path) -> Result<(), Failure> {
    let program = binary::find()?;
    let (folder, mut state) = Folder::hold_existing(dir)?;
    let place = state.add_node()?;
    folder.write(&state)?;
    let mut starter = Starter { program, folder, state, pace: None, quiet: false };
    let began = Instant::now();
    starter.start(&[place])?;
    let took = starter.wait_together(false)? - began;
    say!("{} takes part, after {:.1} s.\n", starter.state.nodes[place].name, took.as_secs_f64());
    status::print_table(&starter.folder, &starter.state);
    Ok(())
}

fn readable(file: &std::path::Path) -> Result<PathBuf, Failure> {
    let readable = File::open(file).and_then(|_| fs::canonicalize(file));
    readable.map_err(|error| Failure::Usage(format!("scenario {}: {error}", file.display())))
}

/// A testnet has the world and the transport it began with.
fn refuse_other_world(
    state: &State,
    scenario: Option<&std::path::Path>,
    transport: Option<Transport>,
) -> Result<(), Failure> {
    let how = format!("or begin anew with `{0} down --wipe` and `{0} up`", command());
    if let Some(scenario) = scenario.filter(|file| state.scenario.as_deref() != Some(*file)) {
        return Err(Failure::Usage(format!(
            "this testnet began with another world than {}: leave --scenario out to go on with it, {how}",
            scenario.display()
        )));
    }
    if transport.is_some_and(|wanted| wanted != state.transport) {
        return Err(Failure::Usage(format!(
            "this testnet began with another transport: leave --transport out to go on with it, {how}"
        )));
    }
    Ok(())
}

struct Starter {
    program: PathBuf,
    folder: Folder,
    state: State,
    pace: Option<Pace>,
    quiet: bool,
}

impl Starter {
    fn say(&self, text: &str) {
        if !self.quiet {
            say!("{text}");
        }
    }

    fn places(&self, standing: Standing) -> Vec<usize> {
        let all = self.state.nodes.iter().enumerate();
        all.filter(|(_, node)| self.folder.standing(node) == standing)
            .map(|(place, _)| place)
            .collect()
    }

    /// Lets nodes run on that somebody has paused.
    fn wake(&self) -> Result<(), Failure> {
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
    fn start(&mut self, places: &[usize]) -> Result<(), Failure> {
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
        for (place, child) in &mut children {
            self.wait_ready(*place, child)?;
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
        let has_lived = node.node.is_some() && self.folder.data(node).exists();
        let world = match &self.state.scenario {
            _ if place != 0 || has_lived => World::None,
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
            world,
            pace: self.pace.clone().filter(|_| place == 0),
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

    fn wait_ready(&mut self, place: usize, child: &mut Child) -> Result<(), Failure> {
        let node = &self.state.nodes[place];
        let printed = self.folder.printed(node);
        let ready = wait_for(format!("{} to be ready", node.name), READY_WITHIN, || {
            let text = fs::read_to_string(&printed).unwrap_or_default();
            match (find_ready(&text), child.try_wait()) {
                (Some(ready), _) => Seen::Done(ready),
                (None, Ok(Some(status))) => Seen::Never(format!("it ended ({status})")),
                (None, _) => Seen::NotYet("it has not said so".to_owned()),
            }
        });
        let ready = ready.map_err(|vain| self.with_log(node, &vain))?;
        let node = &mut self.state.nodes[place];
        node.node = Some(ready.node);
        node.addresses = ready.addresses;
        node.http = Some(ready.http);
        Ok(())
    }

    /// Waits until all nodes that run are one mesh, and a world moves on each. Answers with when.
    fn wait_together(&self, new: bool) -> Result<Instant, Failure> {
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
        // For the table only; a mesh where shares still move is a mesh
        let _ = wait_until("shares to settle", SHARES_WITHIN, || shares_add_up(&views));
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

fn hints(state: &State) {
    let it = command();
    let (first, last) = match (state.nodes.first(), state.nodes.last()) {
        (Some(first), Some(last)) => (&first.name, &last.name),
        _ => return,
    };
    let ways = [
        ("status".to_owned(), "how it stands"),
        (format!("logs {first} -f"), "what a node says"),
        (format!("kill {last}"), "a power cut; its projects go on elsewhere"),
        (format!("start {last}"), "back with its data"),
        ("add".to_owned(), "one node more"),
        ("down".to_owned(), "stop all; `up` goes on from there (--wipe removes the data)"),
    ];
    say!("\nOpen any UI: each shows the whole mesh. Then try:");
    for (way, what) in ways {
        say!("  {it} {way:<16} {what}");
    }
}
