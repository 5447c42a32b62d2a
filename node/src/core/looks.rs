//! What people look at: the view of a project and its events, from this node's runner or from the
//! node that runs it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use shared::engine::genesis::Genesis;
use shared::engine::history::History;
use shared::id::{Epoch, NodeId, ShardId, StateHash, WorldId};
use shared::model::companies;
use shared::model::view::{Event, ProjectView};
use shared::wire::codec;
use shared::wire::message::{Answer as WireAnswer, Question};
use tokio::sync::{broadcast, mpsc, watch};

use crate::api::types::{ProjectDetail, ProjectRow, RefusedView};
use crate::handle::{Answer, Denied, Picture, ProjectEvents, Watch};
use crate::net::{Net, Reply};
use crate::runner::{Look, Runner, Said};

/// How often a watched project is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Epochs of events that wait for a slow reader of a watch.
const EVENTS_WAITING: usize = 256;
/// Projects of which refusals are remembered, and refusals of each.
const REFUSALS_MAX: usize = 64;

/// What is known of projects beside their rows. The core writes, everybody reads.
#[derive(Clone, Default)]
pub struct Known {
    /// Refused commands, newest last.
    refusals: Arc<Mutex<BTreeMap<ShardId, VecDeque<RefusedView>>>>,
    /// Those that have ended: the epoch, and their last state.
    ended: Arc<Mutex<BTreeMap<ShardId, (Epoch, StateHash)>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Known {
    /// Keeps a refusal, within bounds.
    pub fn refused(&self, shard: ShardId, refused: RefusedView) {
        let mut refusals = lock(&self.refusals);
        let of = refusals.entry(shard).or_default();
        of.retain(|other| other.command != refused.command);
        of.push_back(refused);
        if of.len() > REFUSALS_MAX {
            of.pop_front();
        }
    }

    /// The refusals of a project, newest last.
    pub fn refusals_of(&self, shard: ShardId) -> Vec<RefusedView> {
        lock(&self.refusals).get(&shard).map(|of| of.iter().cloned().collect()).unwrap_or_default()
    }

    /// How a project stands: ended with this state, or going on.
    pub fn set_ended(&self, shard: ShardId, end: Option<(Epoch, StateHash)>) {
        match end {
            Some(end) => drop(lock(&self.ended).insert(shard, end)),
            None => drop(lock(&self.ended).remove(&shard)),
        }
    }

    fn ended(&self, shard: ShardId) -> Option<(Epoch, StateHash)> {
        lock(&self.ended).get(&shard).copied()
    }
}

/// Answers looks.
pub struct Looks {
    runner: Runner,
    known: Known,
    me: NodeId,
    watching: BTreeMap<ShardId, Watching>,
}

/// A project that is watched by somebody at this node.
struct Watching {
    detail: watch::Receiver<Option<Arc<ProjectDetail>>>,
    events: broadcast::WeakSender<ProjectEvents>,
    alive: mpsc::WeakSender<()>,
}

/// What it takes to look at a project.
#[derive(Clone)]
struct Looker {
    runner: Runner,
    net: Net,
    me: NodeId,
    genesis: Arc<Genesis>,
    known: Known,
}

impl Looks {
    /// Looks through this runner.
    pub fn new(runner: Runner, known: Known, me: NodeId) -> Looks {
        Looks { runner, known, me, watching: BTreeMap::new() }
    }

    /// Answers a peer that looks at a shard this node runs.
    pub fn answer_peer(
        &self,
        history: Option<&History>,
        shard: ShardId,
        events_from: Epoch,
        reply: Reply,
    ) {
        let Some(history) = history else {
            return reply
                .send(codec::encode(&WireAnswer::No("that world is not known here".into())));
        };
        let (runner, genesis) = (self.runner.clone(), Arc::new(history.genesis.clone()));
        let ended = self.known.ended(shard);
        tokio::spawn(async move {
            let answer = match look_here(&runner, genesis, shard, ended, events_from).await {
                Some(look) => {
                    WireAnswer::Look { epoch: look.epoch, view: look.view, events: look.events }
                }
                None => WireAnswer::No("that project is not run here".into()),
            };
            reply.send(codec::encode(&answer));
        });
    }

    /// Answers a peer that asks something of a shard this node runs.
    pub fn answer_question(&self, world: WorldId, shard: ShardId, query: Vec<u8>, reply: Reply) {
        let (runner, ended) = (self.runner.clone(), self.known.ended(shard));
        tokio::spawn(async move {
            let answer = match ask_here(&runner, world, shard, ended, query).await {
                Some(said) => WireAnswer::Said(said),
                None => WireAnswer::No("that project is not run here".into()),
            };
            reply.send(codec::encode(&answer));
        });
    }

    /// Something of a project that its view does not show.
    pub fn ask(
        &self,
        history: Option<&History>,
        row: ProjectRow,
        query: Vec<u8>,
        net: Net,
        answer: Answer<Vec<u8>>,
    ) {
        let Some(history) = history else {
            let _ = answer.send(Err(Denied::Unknown("that world is not known here".into())));
            return;
        };
        let looker = self.looker(net, history.genesis.clone());
        let Ok(shard) = row.id.parse::<ShardId>() else { return };
        tokio::spawn(async move {
            let said = match looker.ask(shard, &row, query).await {
                Some(Ok(said)) => Ok(said),
                Some(Err(why)) => Err(Denied::Unknown(why)),
                None => Err(Denied::Upstream(
                    "The node that runs this project does not answer. Try again in a moment."
                        .into(),
                )),
            };
            let _ = answer.send(said);
        });
    }

    /// All of a project, once.
    pub fn detail(
        &self,
        history: Option<&History>,
        row: ProjectRow,
        net: Net,
        answer: Answer<ProjectDetail>,
    ) {
        let Some(history) = history else {
            let _ = answer.send(Err(Denied::Unknown("that world is not known here".into())));
            return;
        };
        let looker = self.looker(net, history.genesis.clone());
        let Ok(shard) = row.id.parse::<ShardId>() else { return };
        tokio::spawn(async move {
            let look = looker.look(shard, &row, 0).await;
            let _ = answer.send(Ok(looker.assemble(shard, row, look)));
        });
    }

    fn looker(&self, net: Net, genesis: Genesis) -> Looker {
        Looker {
            runner: self.runner.clone(),
            net,
            me: self.me,
            genesis: Arc::new(genesis),
            known: self.known.clone(),
        }
    }

    /// Watches a project for as long as the answer lives. All who watch the same share one look.
    pub fn watch(
        &mut self,
        shard: ShardId,
        genesis: Genesis,
        net: Net,
        picture: watch::Receiver<Arc<Picture>>,
    ) -> Watch {
        self.watching.retain(|_, watching| watching.alive.upgrade().is_some());
        if let Some(watching) = self.watching.get(&shard)
            && let (Some(alive), Some(events)) =
                (watching.alive.upgrade(), watching.events.upgrade())
        {
            return Watch::new(watching.detail.clone(), events.subscribe(), alive);
        }
        let (detail_sender, detail) = watch::channel(None);
        let (events, events_receiver) = broadcast::channel(EVENTS_WAITING);
        let (alive, alive_receiver) = mpsc::channel(1);
        self.watching.insert(
            shard,
            Watching {
                detail: detail.clone(),
                events: events.downgrade(),
                alive: alive.downgrade(),
            },
        );
        let looker = self.looker(net, genesis);
        tokio::spawn(looker.keep_looking(shard, picture, detail_sender, events, alive_receiver));
        Watch::new(detail, events_receiver, alive)
    }
}

async fn look_here(
    runner: &Runner,
    genesis: Arc<Genesis>,
    shard: ShardId,
    ended: Option<(Epoch, StateHash)>,
    events_from: Epoch,
) -> Option<Look> {
    match ended {
        Some((epoch, state)) => {
            let view = runner.look_at_snapshot(genesis, state).await?;
            Some(Look { epoch, view, events: Vec::new() })
        }
        None => runner.look(genesis, shard, events_from).await,
    }
}

async fn ask_here(
    runner: &Runner,
    world: WorldId,
    shard: ShardId,
    ended: Option<(Epoch, StateHash)>,
    query: Vec<u8>,
) -> Option<Said> {
    match ended {
        Some((_, state)) => runner.ask_snapshot(state, query).await,
        None => runner.ask(world, shard, query).await,
    }
}

impl Looker {
    async fn ask(&self, shard: ShardId, row: &ProjectRow, query: Vec<u8>) -> Option<Said> {
        let ended = self.known.ended(shard);
        let runner: Option<NodeId> = row.runner.as_ref().and_then(|runner| runner.parse().ok());
        let world: WorldId = row.world.parse().ok()?;
        if runner == Some(self.me) || (ended.is_some() && runner.is_none()) {
            let here = ask_here(&self.runner, world, shard, ended, query.clone()).await;
            if here.is_some() {
                return here;
            }
        }
        let peer = runner.filter(|runner| *runner != self.me)?;
        let question = codec::encode(&Question::Ask { world, shard, query });
        let answer = self.net.ask(peer, question).await.ok()?;
        match codec::decode::<WireAnswer>(&answer).ok()? {
            WireAnswer::Said(said) => Some(said),
            _ => None,
        }
    }

    async fn look(&self, shard: ShardId, row: &ProjectRow, events_from: Epoch) -> Option<Look> {
        let ended = self.known.ended(shard);
        let runner: Option<NodeId> = row.runner.as_ref().and_then(|runner| runner.parse().ok());
        if runner == Some(self.me) || (ended.is_some() && runner.is_none()) {
            let here =
                look_here(&self.runner, self.genesis.clone(), shard, ended, events_from).await;
            if here.is_some() {
                return here;
            }
        }
        let peer = runner.filter(|runner| *runner != self.me)?;
        let world: WorldId = row.world.parse().ok()?;
        let question = codec::encode(&Question::Look { world, shard, events_from });
        let answer = self.net.ask(peer, question).await.ok()?;
        match codec::decode::<WireAnswer>(&answer).ok()? {
            WireAnswer::Look { epoch, view, events } => Some(Look { epoch, view, events }),
            _ => None,
        }
    }

    fn assemble(&self, shard: ShardId, row: ProjectRow, look: Option<Look>) -> ProjectDetail {
        let view =
            look.as_ref().and_then(|look| serde_json::from_slice::<ProjectView>(&look.view).ok());
        let view_epoch = look.filter(|_| view.is_some()).map(|look| look.epoch);
        ProjectDetail { row, view, view_epoch, refused: self.known.refusals_of(shard) }
    }

    async fn keep_looking(
        self,
        shard: ShardId,
        picture: watch::Receiver<Arc<Picture>>,
        detail: watch::Sender<Option<Arc<ProjectDetail>>>,
        events: broadcast::Sender<ProjectEvents>,
        mut alive: mpsc::Receiver<()>,
    ) {
        let mut seen_until: Epoch = 0;
        let mut told_until: Epoch = 0;
        let mut last: Option<ProjectDetail> = None;
        loop {
            let row = {
                let picture = picture.borrow();
                picture.worlds.values().find_map(|world| world.projects.get(&shard)).cloned()
            };
            if let Some(row) = row {
                // Where a history was undone, the epochs after it are seen anew.
                if row.epoch < seen_until {
                    seen_until = row.epoch;
                    told_until = told_until.min(row.epoch);
                }
                let look = match row.epoch > seen_until || last.is_none() {
                    true => self.look(shard, &row, seen_until).await,
                    false => None,
                };
                for (epoch, recorded) in look.iter().flat_map(|look| &look.events) {
                    if *epoch >= told_until {
                        told_until = epoch + 1;
                        let read: Vec<Event> = recorded
                            .iter()
                            .filter_map(|event| companies::decode_event(event))
                            .collect();
                        let told =
                            ProjectEvents { project: shard, epoch: *epoch, events: Arc::new(read) };
                        // It fails only while nobody listens.
                        let _ = events.send(told);
                    }
                }
                let mut next = self.assemble(shard, row, look);
                match &last {
                    // What was seen last stays, and says how old it is.
                    Some(last) if next.view.is_none() => {
                        next.view = last.view.clone();
                        next.view_epoch = last.view_epoch;
                    }
                    _ => seen_until = next.view_epoch.unwrap_or(seen_until),
                }
                if last.as_ref() != Some(&next) {
                    last = Some(next.clone());
                    detail.send_replace(Some(Arc::new(next)));
                }
            }
            tokio::select! {
                // Nobody holds a watch any more.
                _ = alive.recv() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}
