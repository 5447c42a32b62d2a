//! What the node publishes: of itself, of the mesh as it knows it, and of every world.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use shared::engine::history::History;
use shared::engine::machine::{Engine, Why, WorldWork};
use shared::engine::model::Refused;
use shared::id::{CommandId, Epoch, NodeId, ShardId, WorldId};
use shared::model::companies;
use shared::model::view::Summary;
use shared::wire::message::{PROTOCOL, Profile};
use tokio::sync::watch;

use super::looks::Known;
use super::start::public_url;
use super::vitals::Vitals;
use crate::api::types::{
    DialAttempt, Link, MeshNode, MeshSample, MeshView, NodeState, NodeStatus, PaceView, ProjectRow,
    RefusedView, RootView, ShareRow, WorldView,
};
use crate::handle::{Picture, WorldPicture};
use crate::net::{Net, Stats};
use crate::settings::Settings;
use crate::store::Store;

/// Pictures are published this often.
const EVERY: Duration = Duration::from_millis(250);
/// Samples of history: one a second for 15 minutes.
const SAMPLES_MAX: usize = 900;
/// Disk space is looked at this often: it means reading the folder.
const DISK_EVERY: Duration = Duration::from_secs(5);
/// Alarms that are shown.
const ALARMS_MAX: usize = 16;
/// Dial attempts shown of one node.
const ATTEMPTS_MAX: usize = 8;

struct Fixed {
    me: NodeId,
    name: String,
    mesh: String,
    http: SocketAddr,
    data: PathBuf,
    joins: usize,
    cores: u16,
    started: Instant,
}

/// Makes and publishes pictures.
pub struct Pictures {
    fixed: Fixed,
    picture: watch::Sender<Arc<Picture>>,
    history: watch::Sender<Arc<VecDeque<MeshSample>>>,
    known: Known,
    vitals: Vitals,
    alarms: VecDeque<String>,
    next: Instant,
    sample: Sample,
    disk: (Instant, u64, u64),
    was_joined: bool,
}

/// Where the counters stood at the last sample.
struct Sample {
    at: Instant,
    stats: Stats,
    steps: u64,
    closed: BTreeMap<WorldId, Epoch>,
    /// Epochs settled in the last second, by world.
    rates: BTreeMap<WorldId, u32>,
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_millis() as u64
}

impl Pictures {
    /// Pictures of a node that starts.
    pub fn new(
        settings: &Settings,
        name: String,
        me: NodeId,
        http: SocketAddr,
        cores: u16,
        known: Known,
    ) -> Pictures {
        let now = Instant::now();
        let fixed = Fixed {
            me,
            name,
            mesh: settings.mesh.clone(),
            http,
            data: settings.data.clone(),
            joins: settings.join.len(),
            cores,
            started: now,
        };
        let empty = Picture {
            status: fixed.status(),
            mesh: fixed.mesh_view(Vec::new(), Vec::new()),
            worlds: BTreeMap::new(),
            ready: false,
        };
        Pictures {
            fixed,
            picture: watch::channel(Arc::new(empty)).0,
            history: watch::channel(Arc::new(VecDeque::new())).0,
            known,
            vitals: Vitals::new(cores),
            alarms: VecDeque::new(),
            next: now,
            sample: Sample {
                at: now,
                stats: Stats::default(),
                steps: 0,
                closed: BTreeMap::new(),
                rates: BTreeMap::new(),
            },
            disk: (now - DISK_EVERY, 0, 0),
            was_joined: false,
        }
    }

    /// The pictures, as they come.
    pub fn subscribe(&self) -> watch::Receiver<Arc<Picture>> {
        self.picture.subscribe()
    }

    /// The history of the mesh page.
    pub fn subscribe_history(&self) -> watch::Receiver<Arc<VecDeque<MeshSample>>> {
        self.history.subscribe()
    }

    /// Something the operator must see.
    pub fn alarm(&mut self, text: String) {
        self.alarms.push_back(text);
        if self.alarms.len() > ALARMS_MAX {
            self.alarms.pop_front();
        }
    }

    /// A project by its id, with its world.
    pub fn find(&self, project: ShardId) -> Option<(WorldId, ProjectRow)> {
        let picture = self.picture.borrow();
        picture
            .worlds
            .iter()
            .find_map(|(id, world)| Some((*id, world.projects.get(&project)?.clone())))
    }

    /// A command was refused.
    pub fn take_refused(&self, shard: ShardId, epoch: Epoch, refused: Refused) {
        let (command, reason) = (refused.command.to_string(), refused.reason.0);
        self.known.refused(shard, RefusedView { command, epoch, reason });
    }

    /// Why a command was refused, if it was.
    pub fn refused(&self, shard: ShardId, command: CommandId) -> Option<String> {
        let id = command.to_string();
        let refusals = self.known.refusals_of(shard);
        refusals.into_iter().find(|refused| refused.command == id).map(|refused| refused.reason)
    }

    /// Makes new pictures if it is time. Answers what this node should say of itself then.
    pub fn update(&mut self, engine: &Engine, net: &Net, store: &Store) -> Option<Profile> {
        let now = Instant::now();
        if now < self.next {
            return None;
        }
        self.next = now + EVERY;
        if now >= self.sample.at + Duration::from_secs(1) {
            self.take_sample(now, engine, net);
        }
        if now >= self.disk.0 + DISK_EVERY {
            self.disk = (now, store.used_bytes().unwrap_or(0), store.free_bytes().unwrap_or(0));
        }
        let worlds: BTreeMap<WorldId, WorldPicture> =
            engine.worlds().iter().map(|(id, work)| (*id, self.world(*id, work, engine))).collect();
        let run = |picture: &WorldPicture| {
            let mine = Some(self.fixed.me.to_string());
            let of: Vec<&ProjectRow> =
                picture.projects.values().filter(|row| row.runner == mine).collect();
            (of.len() as u32, of.iter().map(|row| row.summary.people).sum::<u32>())
        };
        let (projects, people) =
            worlds.values().map(run).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        let profile = self.profile(net, projects, people);
        let (nodes, links) = self.nodes(engine, net, &profile);
        let connected = net.peers().len() as u32;
        self.was_joined |= connected > 0;
        let mut status = self.fixed.status();
        status.addresses = profile.addresses.clone();
        status.peers_connected = connected;
        status.worlds = worlds.len() as u32;
        status.projects_run = projects;
        status.people_run = people;
        status.memory_bytes = profile.memory_bytes;
        (status.disk_used_bytes, status.disk_free_bytes) = (self.disk.1, self.disk.2);
        status.problems = self.problems(engine, store);
        let ready = self.fixed.joins == 0 || self.was_joined;
        self.picture.send_replace(Arc::new(Picture {
            status,
            mesh: self.fixed.mesh_view(nodes, links),
            worlds,
            ready,
        }));
        Some(profile)
    }

    fn problems(&self, engine: &Engine, store: &Store) -> Vec<String> {
        let mut problems: Vec<String> = self.alarms.iter().cloned().collect();
        if let Some(broken) = store.broken() {
            problems.push(broken.to_string());
        } else if let Err(full) = store.has_room() {
            problems.push(full.to_string());
        }
        if self.fixed.joins > 0 && !self.was_joined {
            problems.push(
                "None of the nodes it was told to join could be reached yet; it keeps trying. \
                 `zeromesh peers` says what came of each try."
                    .into(),
            );
        }
        for work in engine.worlds().values().filter(|work| !work.runs()) {
            let genesis = &work.history.genesis;
            problems.push(format!(
                "This version cannot run the world `{}` (model `{}`): install a newer one.",
                genesis.name, genesis.model
            ));
        }
        problems
    }

    fn take_sample(&mut self, now: Instant, engine: &Engine, net: &Net) {
        self.vitals.look();
        let stats = net.stats();
        let last = &mut self.sample;
        let seconds = now.duration_since(last.at).as_secs_f64().max(0.001);
        let rate = |new: u64, old: u64| (new.saturating_sub(old) as f64 / seconds).round() as u32;
        let mut rtts: Vec<u32> = net
            .peers()
            .iter()
            .filter_map(|peer| Some(peer.rtt?.as_micros().min(u128::from(u32::MAX)) as u32))
            .collect();
        rtts.sort_unstable();
        let at = |share: usize| {
            rtts.get((rtts.len() * share / 100).min(rtts.len().saturating_sub(1))).copied()
        };
        let steps: u64 = engine.worlds().values().map(WorldWork::steps).sum();
        let mut settled = 0;
        let mut closed = BTreeMap::new();
        let mut rates = BTreeMap::new();
        for (world, work) in engine.worlds() {
            let now = work.history.closed();
            let epochs = rate(now, last.closed.get(world).copied().unwrap_or(now));
            settled += epochs;
            closed.insert(*world, now);
            rates.insert(*world, epochs);
        }
        let sample = MeshSample {
            at_ms: now_ms(),
            gossip_sent: rate(stats.gossip_sent, last.stats.gossip_sent),
            gossip_received: rate(stats.gossip_received, last.stats.gossip_received),
            gossip_duplicate: rate(stats.gossip_duplicate, last.stats.gossip_duplicate),
            gossip_rejected: rate(stats.gossip_rejected, last.stats.gossip_rejected),
            rtt_p50_us: at(50),
            rtt_p95_us: at(95),
            epochs_settled: settled,
            steps: rate(steps, last.steps),
        };
        *last = Sample { at: now, stats, steps, closed, rates };
        self.history.send_modify(|history| {
            let history = Arc::make_mut(history);
            history.push_back(sample);
            if history.len() > SAMPLES_MAX {
                history.pop_front();
            }
        });
    }

    fn profile(&self, net: &Net, projects: u32, people: u32) -> Profile {
        let links = net.peers().into_iter().map(|peer| {
            let rtt = peer.rtt.map_or(0, |rtt| rtt.as_micros().min(u128::from(u32::MAX)) as u32);
            (peer.node, peer.transport == crate::net::Transport::Quic, rtt)
        });
        Profile {
            name: self.fixed.name.clone(),
            version: env!("CARGO_PKG_VERSION").into(),
            cores: self.fixed.cores,
            load: self.vitals.load,
            memory_bytes: self.vitals.memory_bytes,
            addresses: net.listening().iter().map(ToString::to_string).take(32).collect(),
            http: Some(
                public_url(self.fixed.http)
                    .unwrap_or_else(|| format!("http://{}", self.fixed.http)),
            ),
            projects,
            people,
            links: links.take(256).collect(),
        }
    }

    fn nodes(&self, engine: &Engine, net: &Net, mine: &Profile) -> (Vec<MeshNode>, Vec<Link>) {
        let peers = net.peers();
        let attempts = net.attempts();
        let live = engine.peers().iter().filter(|(node, _)| engine.is_live(**node));
        let theirs: u64 = live
            .filter_map(|(_, peer)| peer.status.as_ref())
            .map(|status| u64::from(status.profile.people))
            .sum();
        let all_people = u64::from(mine.people) + theirs;
        let share = |people: u32| (u64::from(people) * 10_000 / all_people.max(1)) as u16;
        let wall = now_ms();
        let mut nodes = vec![MeshNode {
            id: self.fixed.me.to_string(),
            name: mine.name.clone(),
            state: NodeState::Live,
            version: mine.version.clone(),
            addresses: mine.addresses.clone(),
            http: mine.http.clone(),
            cores: mine.cores.into(),
            load: mine.load,
            memory_bytes: mine.memory_bytes,
            projects: mine.projects,
            people: mine.people,
            share: share(mine.people),
            last_heard_ms: Some(wall),
            rtt_us: None,
            transport: None,
            attempts: Vec::new(),
        }];
        let mut links: BTreeMap<(NodeId, NodeId), Link> = BTreeMap::new();
        let mut link = |from: NodeId, to: NodeId, quic: bool, rtt: u32| {
            let key = (from.min(to), from.max(to));
            links.entry(key).or_insert_with(|| Link {
                from: from.to_string(),
                to: to.to_string(),
                transport: if quic { "quic" } else { "tcp" }.into(),
                rtt_us: (rtt > 0).then_some(rtt.into()),
            });
        };
        for (to, quic, rtt) in &mine.links {
            link(self.fixed.me, *to, *quic, *rtt);
        }
        let mut known: BTreeSet<NodeId> = engine.peers().keys().copied().collect();
        known.extend(attempts.iter().filter_map(|attempt| attempt.peer));
        known.remove(&self.fixed.me);
        for node in known {
            let live = engine.is_live(node);
            let status = engine.peers().get(&node).and_then(|peer| peer.status.as_ref());
            let profile = status.map(|status| status.profile.clone()).unwrap_or_default();
            if live {
                for (to, quic, rtt) in &profile.links {
                    link(node, *to, *quic, *rtt);
                }
            }
            let connection = peers.iter().find(|peer| peer.node == node);
            let tried = attempts.iter().filter(|attempt| attempt.peer == Some(node)).filter_map(
                |attempt| {
                    Some(DialAttempt {
                        address: attempt.address.to_string(),
                        at_ms: attempt.at_ms?,
                        error: attempt.error.clone(),
                        next_ms: attempt.next_ms,
                    })
                },
            );
            let text = node.to_string();
            nodes.push(MeshNode {
                name: match profile.name.is_empty() {
                    true => format!("node-{}", &text[text.len() - 6..]),
                    false => profile.name.clone(),
                },
                id: text,
                state: if live { NodeState::Live } else { NodeState::Missing },
                version: profile.version.clone(),
                addresses: profile.addresses.clone(),
                http: profile.http.clone(),
                cores: profile.cores.into(),
                load: profile.load,
                memory_bytes: profile.memory_bytes,
                projects: if live { profile.projects } else { 0 },
                people: if live { profile.people } else { 0 },
                share: if live { share(profile.people) } else { 0 },
                last_heard_ms: engine.silent_ms(node).map(|silent| wall.saturating_sub(silent)),
                rtt_us: connection.and_then(|peer| Some(peer.rtt?.as_micros() as u64)),
                transport: connection.map(|peer| peer.transport.name().into()),
                attempts: tried.take(ATTEMPTS_MAX).collect(),
            });
        }
        (nodes, links.into_values().collect())
    }

    fn world(&self, id: WorldId, work: &WorldWork, engine: &Engine) -> WorldPicture {
        let history = &work.history;
        let mut projects = BTreeMap::new();
        let mut shares = Vec::new();
        let mut market = None;
        let mut people = 0;
        let mut names: BTreeMap<NodeId, String> =
            BTreeMap::from([(self.fixed.me, self.fixed.name.clone())]);
        for (node, peer) in engine.peers() {
            if let Some(status) = &peer.status {
                names.insert(*node, status.profile.name.clone());
            }
        }
        for shard in history.shards() {
            let Some(receipt) = shard.newest() else { continue };
            let summary = companies::summary_of(&receipt.summary).or_else(|| {
                // A shard that failed has no last word; the one before will do.
                shard
                    .counting(0)
                    .filter_map(|receipt| companies::summary_of(&receipt.summary))
                    .last()
            });
            let summary = match summary {
                Some(Summary::Project(summary)) => summary,
                Some(Summary::Market(_)) => {
                    market = Some(market.map_or(shard.id, |other: ShardId| other.min(shard.id)));
                    continue;
                }
                None => continue,
            };
            let over = shard.ended().is_some();
            self.known.set_ended(shard.id, shard.ended().map(|end| (end.at, end.state)));
            people += summary.people;
            let runner = if over { shard.newest_author() } else { work.runner(shard.id) };
            let runner = runner.filter(|node| *node == self.fixed.me || engine.is_live(*node));
            let standby: Vec<String> = work
                .ranks(shard.id)
                .iter()
                .filter(|node| Some(**node) != runner && !over)
                .map(ToString::to_string)
                .collect();
            let runner_name = runner.and_then(|node| names.get(&node).cloned());
            shares.push(ShareRow {
                project: shard.id.to_string(),
                name: summary.name.clone(),
                runner: runner.map(|node| node.to_string()),
                runner_name: runner_name.clone(),
                why: why(work.why(shard.id)).into(),
                standby: standby.clone(),
                settled: shard.settled(),
                people: summary.people,
            });
            projects.insert(
                shard.id,
                ProjectRow {
                    id: shard.id.to_string(),
                    world: id.to_string(),
                    epoch: receipt.until,
                    summary,
                    runner: runner.map(|node| node.to_string()),
                    runner_name,
                    standby,
                    halted: shard.ended().and_then(|end| end.why.fault()),
                },
            );
        }
        shares.sort_by(|a, b| a.project.cmp(&b.project));
        let genesis = &history.genesis;
        let (epoch_ms, paused) = work.pace_now();
        let checkpoint = history.newest_checkpoint();
        let root = history.root(checkpoint).filter(|_| checkpoint > 0).map(|root| RootView {
            world: id.to_string(),
            epoch: checkpoint,
            root: root.to_string(),
            stamps: history.ledger.digest(0, checkpoint).to_string(),
        });
        let view = WorldView {
            id: id.to_string(),
            name: genesis.name.clone(),
            model: genesis.model.clone(),
            rules: history.rules_at(history.closed()),
            seed: genesis.seed.to_string(),
            epoch: history.closed(),
            ticks_per_epoch: genesis.ticks_per_epoch,
            lookahead: genesis.lookahead,
            checkpoint_interval: genesis.checkpoint_interval,
            end: genesis.end,
            pace: PaceView { epoch_ms, paused },
            projects: projects.len() as u32,
            people,
            commands: history.ledger.len() as u64,
            checkpoint: root,
            epochs_per_second: self.sample.rates.get(&id).copied().unwrap_or(0),
            waiting: self.waiting(work, history, &names),
        };
        WorldPicture { view, projects, shares, market }
    }

    /// Why a world does not move, in words.
    fn waiting(
        &self,
        work: &WorldWork,
        history: &History,
        names: &BTreeMap<NodeId, String>,
    ) -> Option<String> {
        let genesis = &history.genesis;
        if genesis.end > 0 && history.closed() >= genesis.end {
            return Some("it has reached its end".into());
        }
        if work.pace_now().1 {
            return Some("it is paused".into());
        }
        if !work.runs() {
            return Some("this version cannot run it".into());
        }
        if !work.ready() {
            return Some("this node is catching up with the others".into());
        }
        if history.shards().iter().all(|shard| shard.ended().is_some()) {
            return Some(match history.shards().is_empty() {
                true => "nothing was founded in it yet".into(),
                false => "all its projects have ended".into(),
            });
        }
        let still = self.sample.rates.get(&history.world()).is_none_or(|rate| *rate == 0);
        let slow =
            work.pace_now().0 < 2_000 && self.fixed.started.elapsed() > Duration::from_secs(3);
        if !(still && slow) {
            return None;
        }
        let late = work.waiting_for(1).first().copied()?;
        Some(match work.runner(late) {
            Some(node) => {
                let name = names.get(&node).cloned().unwrap_or_else(|| node.to_string());
                format!("project {} is behind, which {name} runs", late.short())
            }
            None => format!("project {} is behind, which nobody runs at the moment", late.short()),
        })
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::Ranked => "it ranks first of the nodes that are there",
        Why::Incumbent => "it runs it already, and nobody better holds the present state yet",
        Why::TookOver => "it took over from a node that did not go on",
        Why::Nobody => "nobody at the moment",
        Why::Over => "the project has ended",
    }
}

impl Fixed {
    fn status(&self) -> NodeStatus {
        NodeStatus {
            node: self.me.to_string(),
            name: self.name.clone(),
            mesh: self.mesh.clone(),
            version: env!("CARGO_PKG_VERSION").into(),
            protocol: PROTOCOL,
            uptime_ms: self.started.elapsed().as_millis() as u64,
            addresses: Vec::new(),
            http: format!("http://{}", self.http),
            data: self.data.display().to_string(),
            peers_connected: 0,
            worlds: 0,
            projects_run: 0,
            people_run: 0,
            disk_used_bytes: 0,
            disk_free_bytes: 0,
            memory_bytes: 0,
            problems: Vec::new(),
        }
    }

    fn mesh_view(&self, nodes: Vec<MeshNode>, links: Vec<Link>) -> MeshView {
        MeshView {
            me: self.me.to_string(),
            mesh: self.mesh.clone(),
            now_ms: now_ms(),
            nodes,
            links,
            history: Vec::new(),
        }
    }
}
