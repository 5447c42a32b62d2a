//! A core that answers every question from a fixed picture, behind a real server on loopback.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use node::api::types::*;
use node::api::{Api, Limits, serve};
use node::handle::{Ask, Denied, Handle, Picture, ProjectEvents, Watch, WorldPicture};
use shared::engine::command::{Command, Target};
use shared::engine::genesis::Genesis;
use shared::engine::model::{self, Model, Step};
use shared::id::{Hash, ShardId, WorldId};
use shared::model::companies::{self, Companies, NAME, RULES, State};
use shared::model::kind::{Role, Seniority};
use shared::model::spec::{Founding, ProjectSpec, TeamSpec};
use shared::model::view::*;
use tokio::sync::{broadcast, mpsc, watch};
use tokio_util::sync::CancellationToken;

/// Projects of the world `main`. The first two have ids that begin alike.
pub const PROJECTS: u8 = 20;
/// People of each project.
pub const PEOPLE: u32 = 5;
/// Of the world `main`.
pub const EPOCH: u64 = 100;

/// Target, body and nonce of each command.
type Commands = Arc<Mutex<Vec<(Target, Vec<u8>, Option<u64>)>>>;

pub struct Core {
    pub address: SocketAddr,
    pub picture: watch::Sender<Arc<Picture>>,
    pub details: BTreeMap<ShardId, watch::Sender<Option<Arc<ProjectDetail>>>>,
    pub events: BTreeMap<ShardId, broadcast::Sender<ProjectEvents>>,
    /// The commands that came, as the engine would see them.
    pub commands: Commands,
    /// How many watches are held.
    pub watched: watch::Receiver<usize>,
    shutdown: CancellationToken,
}

impl Drop for Core {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

pub fn world_id(n: u8) -> WorldId {
    WorldId(Hash([n; 32]))
}

pub fn project_id(n: u8) -> ShardId {
    let mut bytes = [n; 32];
    if n < 2 {
        bytes[..3].copy_from_slice(&[0xab, 0xcd, 0xef]);
    }
    ShardId(Hash(bytes))
}

/// A project whose runner never answers.
pub fn silent() -> ShardId {
    project_id(7)
}

impl Core {
    pub async fn start() -> Core {
        Core::start_with(None, Limits::default()).await
    }

    pub async fn start_with(token: Option<&str>, limits: Limits) -> Core {
        let (asks, questions) = mpsc::channel(node::handle::ASKS_MAX);
        let core = Core::start_over(asks, token, limits).await;
        tokio::spawn(answer(questions, core.picture.subscribe(), core.commands.clone()));
        core
    }

    /// With nobody who answers: whoever has the other end of `asks` may.
    pub async fn start_over(asks: mpsc::Sender<Ask>, token: Option<&str>, limits: Limits) -> Core {
        let listener = node::api::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (picture, pictures) = watch::channel(Arc::new(picture(address)));
        let samples: VecDeque<MeshSample> = (0..10).map(sample).collect();
        let (watches, wanted) = mpsc::channel(16);
        let shutdown = CancellationToken::new();
        let ids: Vec<ShardId> =
            picture.borrow().worlds[&world_id(1)].projects.keys().copied().collect();
        let details: BTreeMap<_, _> = ids.iter().map(|id| (*id, watch::channel(None).0)).collect();
        let events: BTreeMap<_, _> = ids.iter().map(|id| (*id, broadcast::channel(64).0)).collect();
        let commands = Arc::new(Mutex::new(Vec::new()));
        let handle = Handle {
            asks,
            picture: pictures.clone(),
            history: watch::channel(Arc::new(samples)).1,
            watches,
        };
        let watched = serve_watches(wanted, details.clone(), events.clone());
        let api = Api::new(handle, address, token, limits, vec![Arc::new(Extra)], shutdown.clone())
            .unwrap();
        tokio::spawn(serve(api, listener));
        Core { address, picture, details, events, commands, watched, shutdown }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Publishes a changed picture.
    pub fn change(&self, change: impl FnOnce(&mut Picture)) {
        let mut picture = (**self.picture.borrow()).clone();
        change(&mut picture);
        self.picture.send_replace(Arc::new(picture));
    }

    /// Says something in a project.
    pub fn say(&self, project: ShardId, epoch: u64, text: &str) {
        let event = Event::Thought {
            tick: epoch * 60,
            person: "p-1".into(),
            name: "Ada".into(),
            text: text.into(),
        };
        let _ = self.events[&project].send(ProjectEvents {
            project,
            epoch,
            events: Arc::new(vec![event]),
        });
    }
}

struct Extra;

impl node::api::metrics::MoreMetrics for Extra {
    fn write(&self, out: &mut String) {
        out.push_str("more_metrics 1\n# EOF\n");
    }
}

fn serve_watches(
    mut wanted: mpsc::Receiver<(ShardId, tokio::sync::oneshot::Sender<Result<Watch, Denied>>)>,
    details: BTreeMap<ShardId, watch::Sender<Option<Arc<ProjectDetail>>>>,
    events: BTreeMap<ShardId, broadcast::Sender<ProjectEvents>>,
) -> watch::Receiver<usize> {
    let (count, watched) = watch::channel(0);
    tokio::spawn(async move {
        while let Some((project, answer)) = wanted.recv().await {
            let watch = match details.get(&project) {
                None => Err(Denied::Unknown("There is no such project.".into())),
                Some(detail) => {
                    let (alive, mut ended) = mpsc::channel(1);
                    let count = count.clone();
                    count.send_modify(|n| *n += 1);
                    tokio::spawn(async move {
                        ended.recv().await;
                        count.send_modify(|n| *n -= 1);
                    });
                    Ok(Watch::new(detail.subscribe(), events[&project].subscribe(), alive))
                }
            };
            let _ = answer.send(watch);
        }
    });
    watched
}

async fn answer(
    mut questions: mpsc::Receiver<Ask>,
    pictures: watch::Receiver<Arc<Picture>>,
    commands: Commands,
) {
    let mut worlds = Vec::new();
    while let Some(ask) = questions.recv().await {
        let picture = pictures.borrow().clone();
        match ask {
            Ask::Command { world, target, body, nonce, answer } => {
                commands.lock().unwrap().push((target, body.clone(), nonce));
                let id = Command { world, target, body, nonce: nonce.unwrap_or(0) }.id();
                let project = match target {
                    Target::Shard(id) => id.to_string(),
                    _ => id.to_string(),
                };
                let _ = answer.send(Ok(Accepted {
                    command: id.to_string(),
                    project: Some(project),
                    world: world.to_string(),
                    epoch: EPOCH + 2,
                    copies: 1,
                    state: CommandState::Accepted,
                }));
            }
            Ask::CommandState { command, answer, .. } => {
                let _ =
                    answer.send(Err(Denied::Unknown(format!("There is no command {command}."))));
            }
            Ask::CreateWorld { genesis, answer, .. } => {
                let id = genesis.id();
                let created = !worlds.contains(&id);
                worlds.push(id);
                let _ = answer.send(Ok((id, created)));
            }
            Ask::SetPace { answer, .. } => drop(answer.send(Ok(()))),
            Ask::Root { world, epoch, answer } => {
                let root = if epoch < EPOCH {
                    Ok(root(world, epoch))
                } else {
                    Err(Denied::NotSettled(format!("The world is settled up to epoch {EPOCH}.")))
                };
                let _ = answer.send(root);
            }
            Ask::Project { project, answer } => {
                let row = picture.worlds.values().find_map(|world| world.projects.get(&project));
                let detail = row.cloned().map(|row| detail(row, project != silent()));
                let none = || Denied::Unknown("There is no such project.".into());
                let _ = answer.send(detail.ok_or_else(none));
            }
            Ask::Join { address, answer } => {
                let joined = if address.contains("/p2p/") {
                    Ok(Joined {
                        node: "12D3KooWpeer".into(),
                        address,
                        transport: "quic".into(),
                        took_ms: 3,
                    })
                } else {
                    Err(Denied::Invalid(format!("`{address}` names no peer: it lacks /p2p/….")))
                };
                let _ = answer.send(joined);
            }
            Ask::Workshop { query, answer, .. } => {
                let said = companies::answer(&lived(), &query);
                let _ = answer.send(said.map_err(Denied::Unknown));
            }
            Ask::Shutdown { answer } => drop(answer.send(Ok(()))),
        }
    }
}

/// A project of the real model after four weeks.
fn lived() -> State {
    let engineers = TeamSpec { count: 6, ..TeamSpec::one(Role::Engineer, Seniority::Senior) };
    let team = vec![TeamSpec::one(Role::Founder, Seniority::Senior), engineers];
    let spec = ProjectSpec {
        phase: Phase::Build,
        scope: 80,
        cash_cents: 1_000_000_000,
        description: "Has a repository.".into(),
        ..ProjectSpec::new("Pear & Söhne <GmbH>", team)
    };
    let genesis = Genesis::new("test", NAME, RULES, 1);
    let body = Founding::Project(Box::new(spec)).to_body();
    let shard = project_id(3);
    let founding =
        model::Founding { genesis: &genesis, rules: RULES, shard, epoch: 0, body: &body };
    let mut state = Companies.found(&founding).unwrap();
    for epoch in 0..160 {
        let mut step = Step::new(&genesis, RULES, shard, epoch, &[], &[], false);
        Companies.step(&mut state, &mut step).unwrap();
    }
    state
}

fn root(world: WorldId, epoch: u64) -> RootView {
    RootView {
        world: world.to_string(),
        epoch,
        root: Hash([9; 32]).to_string(),
        stamps: Hash([8; 32]).to_string(),
    }
}

fn sample(second: u64) -> MeshSample {
    MeshSample {
        at_ms: 1_000 * second,
        gossip_sent: 1,
        gossip_received: 2,
        gossip_duplicate: 0,
        gossip_rejected: 0,
        rtt_p50_us: None,
        rtt_p95_us: None,
        epochs_settled: 1,
        steps: 12,
    }
}

fn picture(address: SocketAddr) -> Picture {
    let status = NodeStatus {
        node: "12D3KooWme".into(),
        name: "oak".into(),
        mesh: "test".into(),
        version: "0.1.0".into(),
        protocol: 1,
        uptime_ms: 61_000,
        addresses: vec!["/ip4/127.0.0.1/tcp/7410/p2p/12D3KooWme".into()],
        http: format!("http://{address}"),
        data: "/tmp/data".into(),
        peers_connected: 1,
        worlds: 2,
        projects_run: 6,
        people_run: 30,
        disk_used_bytes: 1 << 20,
        disk_free_bytes: 1 << 30,
        memory_bytes: 1 << 25,
        problems: vec![],
    };
    let node = MeshNode {
        id: "12D3KooWme".into(),
        name: "oak".into(),
        state: NodeState::Live,
        version: "0.1.0".into(),
        addresses: vec![],
        http: None,
        cores: 2,
        load: 1_000,
        memory_bytes: 0,
        projects: 6,
        people: 30,
        share: 5_000,
        last_heard_ms: None,
        rtt_us: None,
        transport: None,
        attempts: vec![],
    };
    let mesh = MeshView {
        me: "12D3KooWme".into(),
        mesh: "test".into(),
        now_ms: 10_000,
        nodes: vec![node],
        links: vec![],
        history: vec![],
    };
    let projects = (0..PROJECTS).map(|n| (project_id(n), row(n))).collect();
    let main = world(1, "main", projects);
    let lab = world(2, "lab", BTreeMap::new());
    Picture { status, mesh, worlds: [main, lab].into(), ready: true }
}

fn world(n: u8, name: &str, projects: BTreeMap<ShardId, ProjectRow>) -> (WorldId, WorldPicture) {
    let id = world_id(n);
    let view = WorldView {
        id: id.to_string(),
        name: name.into(),
        model: "companies".into(),
        rules: 1,
        seed: "7".into(),
        epoch: EPOCH,
        ticks_per_epoch: 60,
        lookahead: 8,
        checkpoint_interval: 8,
        end: 0,
        pace: PaceView { epoch_ms: 1_000, paused: false },
        projects: projects.len() as u32,
        people: projects.len() as u32 * PEOPLE,
        commands: 3,
        checkpoint: Some(root(id, 96)),
        epochs_per_second: 1,
        waiting: None,
    };
    let shares = projects.values().map(|row| ShareRow {
        project: row.id.clone(),
        name: row.summary.name.clone(),
        runner: row.runner.clone(),
        runner_name: row.runner_name.clone(),
        why: "ranks first".into(),
        standby: vec![],
        settled: EPOCH,
        people: PEOPLE,
    });
    (id, WorldPicture { shares: shares.collect(), view, projects, market: None })
}

pub fn row(n: u8) -> ProjectRow {
    ProjectRow {
        id: project_id(n).to_string(),
        world: world_id(1).to_string(),
        epoch: EPOCH,
        summary: ProjectSummary {
            name: format!("Project {n}"),
            industry: "software".into(),
            status: Status::Active,
            phase: Phase::Build,
            progress: 5_000,
            people: PEOPLE,
            morale: 7_000,
            energy: 6_000,
            tasks_todo: 5,
            tasks_doing: 2,
            tasks_review: 1,
            tasks_done: 9,
            defects_open: 1,
            cash_cents: 100_000 * i64::from(n % 5),
            burn_cents_per_month: 2_000_000,
            revenue_cents_per_month: 0,
            customers: 0,
        },
        runner: Some("12D3KooWme".into()),
        runner_name: Some("oak".into()),
        standby: vec![],
        halted: None,
    }
}

pub fn detail(row: ProjectRow, with_view: bool) -> ProjectDetail {
    let view = with_view.then(|| ProjectView {
        tick: EPOCH * 60,
        summary: row.summary.clone(),
        description: "A test".into(),
        people: (0..PEOPLE).rev().map(|n| person(&row.id, n)).collect(),
        ..ProjectView::default()
    });
    ProjectDetail { view_epoch: view.as_ref().map(|_| EPOCH), view, row, refused: vec![] }
}

fn person(project: &str, n: u32) -> PersonView {
    PersonView {
        id: format!("{}-{n}", &project[..8]),
        name: format!("Person {n}"),
        role: "engineer".into(),
        department: "engineering".into(),
        seniority: "mid".into(),
        personality: [5_000; 5],
        skills: vec![],
        specialisations: vec![],
        experience_years: 4,
        achievements: vec![],
        salary_cents_per_year: 7_000_000,
        energy: 8_000,
        morale: 7_000,
        productivity: 6_000,
        activity: "working".into(),
        task: None,
        thought: None,
        location: [1, 2],
        target: [1, 2],
        relations: vec![],
        tasks_done: 3,
        ..PersonView::default()
    }
}
