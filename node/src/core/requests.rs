//! What the API asks of the core.

use std::collections::BTreeMap;

use shared::engine::command::{Command, Target};
use shared::engine::machine::{Input, Notice};
use shared::id::{CommandId, Epoch, ShardId, WorldId};
use tokio::sync::oneshot;

use super::Event;
use super::driver::Core;
use crate::api::types::{Accepted, CommandState, Joined, RootView};
use crate::handle::{Answer, Ask, Denied, Watch};
use crate::net::{Connected, DialFailed};

/// Requests that wait for the engine.
#[derive(Default)]
pub struct Requests {
    waiting: BTreeMap<u64, Waiting>,
    next: u64,
}

enum Waiting {
    Command { world: WorldId, target: Target, answer: Answer<Accepted> },
    World(Answer<(WorldId, bool)>),
    Pace(Answer<()>),
}

impl Requests {
    fn wait(&mut self, waiting: Waiting) -> u64 {
        self.next += 1;
        self.waiting.insert(self.next, waiting);
        self.next
    }
}

fn unknown_world(world: WorldId) -> Denied {
    Denied::Unknown(format!(
        "World {world} is not known here. `zeromesh worlds` lists those that are."
    ))
}

impl Core {
    pub(super) fn request(&mut self, ask: Ask) {
        match ask {
            Ask::Command { world, target, body, nonce, answer } => {
                if let Err(denied) = self.takes_work() {
                    let _ = answer.send(Err(denied));
                    return;
                }
                let nonce = nonce.unwrap_or_else(|| self.fresh_nonce(world, target, &body));
                let token = self.requests.wait(Waiting::Command { world, target, answer });
                self.tell(Input::Submit { token, world, target, body, nonce });
            }
            Ask::CommandState { world, command, answer } => {
                let _ = answer.send(self.command_state(world, command));
            }
            Ask::CreateWorld { genesis, commands, pace, answer } => {
                if let Err(denied) = self.takes_work() {
                    let _ = answer.send(Err(denied));
                    return;
                }
                let token = self.requests.wait(Waiting::World(answer));
                self.tell(Input::Create { token, genesis, commands, pace });
            }
            Ask::SetPace { world, epoch_ms, paused, answer } => {
                let token = self.requests.wait(Waiting::Pace(answer));
                self.tell(Input::SetPace { token, world, epoch_ms, paused });
            }
            Ask::Root { world, epoch, answer } => {
                let _ = answer.send(self.root(world, epoch));
            }
            Ask::Project { project, answer } => match self.pictures.find(project) {
                Some((world, row)) => {
                    let history = self.engine.history(world);
                    self.looks.detail(history, row, self.net.clone(), answer);
                }
                None => {
                    let _ = answer.send(Err(Denied::Unknown(format!(
                        "Project {project} is not known here. `zeromesh project list` lists those that are."
                    ))));
                }
            },
            Ask::Workshop { project, query, answer } => match self.pictures.find(project) {
                Some((world, row)) => {
                    let history = self.engine.history(world);
                    self.looks.ask(history, row, query, self.net.clone(), answer);
                }
                None => {
                    let _ = answer.send(Err(Denied::Unknown(format!(
                        "Project {project} is not known here. `zeromesh project list` lists those that are."
                    ))));
                }
            },
            Ask::Join { address, answer } => {
                let (net, events) = (self.net.clone(), self.events.clone());
                tokio::spawn(async move {
                    let result = net.dial(&address).await;
                    let _ = events.send(Event::Joined(answer, result)).await;
                });
            }
            Ask::Shutdown { answer } => {
                let _ = answer.send(Ok(()));
                self.stop.cancel();
            }
        }
    }

    /// Whether there is room on the disk for what is accepted.
    fn takes_work(&self) -> Result<(), Denied> {
        if let Some(broken) = self.store.broken() {
            return Err(Denied::Unavailable(broken.to_string()));
        }
        self.store.has_room().map_err(|error| Denied::Unavailable(error.to_string()))
    }

    /// The first nonce that makes a command of its own of this.
    fn fresh_nonce(&self, world: WorldId, target: Target, body: &[u8]) -> u64 {
        let Some(history) = self.engine.history(world) else { return 0 };
        let start = history.ledger.len() as u64;
        let mut command = Command { world, target, body: body.to_vec(), nonce: start };
        while history.ledger.get(command.id()).is_some() {
            command.nonce += 1;
        }
        command.nonce
    }

    /// The engine has answered a request.
    pub(super) fn notice(&mut self, notice: Notice) {
        let token = match &notice {
            Notice::Accepted { token, .. }
            | Notice::Created { token, .. }
            | Notice::PaceSet { token }
            | Notice::Refused { token, .. } => *token,
            Notice::Alarm { .. } => return,
        };
        match (self.requests.waiting.remove(&token), notice) {
            (
                Some(Waiting::Command { world, target, answer }),
                Notice::Accepted { command, epoch, copies, .. },
            ) => {
                let _ = answer.send(Ok(self.accepted(world, target, command, epoch, copies)));
            }
            (Some(Waiting::World(answer)), Notice::Created { world, new, .. }) => {
                let _ = answer.send(Ok((world, new)));
            }
            (Some(Waiting::Pace(answer)), Notice::PaceSet { .. }) => {
                let _ = answer.send(Ok(()));
            }
            (Some(waiting), Notice::Refused { why, .. }) => {
                let denied = Denied::Invalid(why);
                match waiting {
                    Waiting::Command { answer, .. } => drop(answer.send(Err(denied))),
                    Waiting::World(answer) => drop(answer.send(Err(denied))),
                    Waiting::Pace(answer) => drop(answer.send(Err(denied))),
                }
            }
            _ => {}
        }
    }

    fn accepted(
        &self,
        world: WorldId,
        target: Target,
        command: CommandId,
        epoch: Epoch,
        copies: u32,
    ) -> Accepted {
        let project = match target {
            Target::Found => Some(ShardId(command.0).to_string()),
            Target::Shard(shard) => Some(shard.to_string()),
            Target::World => None,
        };
        Accepted {
            command: command.to_string(),
            project,
            world: world.to_string(),
            epoch,
            copies,
            state: self.state_of(world, target, command, epoch),
        }
    }

    fn state_of(
        &self,
        world: WorldId,
        target: Target,
        command: CommandId,
        epoch: Epoch,
    ) -> CommandState {
        let Some(history) = self.engine.history(world) else { return CommandState::Accepted };
        let shard = match target {
            Target::Found => ShardId(command.0),
            Target::Shard(shard) => shard,
            Target::World => {
                let applied = history.closed() > epoch;
                return if applied { CommandState::Applied } else { CommandState::Accepted };
            }
        };
        let Some(shard) = history.shard(shard) else { return CommandState::Accepted };
        if let Some(refused) = self.pictures.refused(shard.id, command) {
            return CommandState::Refused { reason: refused };
        }
        let effective = shard.effective(epoch);
        match shard.ended() {
            Some(end) if effective >= end.at => {
                CommandState::Refused { reason: "the project had ended before".into() }
            }
            _ if shard.settled() > effective => CommandState::Applied,
            _ => CommandState::Accepted,
        }
    }

    fn command_state(&self, world: WorldId, command: CommandId) -> Result<Accepted, Denied> {
        let history = self.engine.history(world).ok_or_else(|| unknown_world(world))?;
        let stamped = history.ledger.get(command).ok_or_else(|| {
            Denied::Unknown(format!(
                "Command {command} is not known here. It may not have reached this node yet."
            ))
        })?;
        // Peers with the same digest of all stamps have this one too.
        let digest = history.ledger.digest(0, Epoch::MAX);
        let same = |peer: &&shared::engine::machine::Peer| {
            let status = peer.status.as_ref();
            status.is_some_and(|status| {
                status.heads.iter().any(|head| head.world == world && head.stamps == digest)
            })
        };
        let copies = self.engine.peers().values().filter(same).count() as u32;
        Ok(self.accepted(world, stamped.command.target, command, stamped.epoch, copies))
    }

    fn root(&self, world: WorldId, epoch: Epoch) -> Result<RootView, Denied> {
        let history = self.engine.history(world).ok_or_else(|| unknown_world(world))?;
        let interval = u64::from(history.genesis.checkpoint_interval);
        if !history.genesis.is_checkpoint(epoch) {
            let before = epoch - epoch % interval;
            return Err(Denied::Invalid(format!(
                "Epoch {epoch} is not a checkpoint: this world has one every {interval} epochs. Try {before} or {}.",
                before + interval
            )));
        }
        match history.root(epoch) {
            Some(root) => Ok(RootView {
                world: world.to_string(),
                epoch,
                root: root.to_string(),
                stamps: history.ledger.digest(0, epoch).to_string(),
            }),
            None if epoch > history.closed() => Err(Denied::NotSettled(format!(
                "Epoch {epoch} is not settled yet: the world is settled up to epoch {}. Try again later.",
                history.closed()
            ))),
            None => Err(Denied::NotSettled(format!(
                "This node knows no roots before epoch {}. Ask a node that was there, or run `zeromesh simulate`.",
                history.oldest_root().unwrap_or(history.closed())
            ))),
        }
    }

    pub(super) fn joined(
        &mut self,
        answer: oneshot::Sender<Result<Joined, Denied>>,
        result: Result<Connected, DialFailed>,
    ) {
        let joined = result
            .map(|connected| Joined {
                node: connected.peer.to_string(),
                address: connected.address.to_string(),
                transport: connected.transport.name().into(),
                took_ms: connected.took.as_millis() as u64,
            })
            .map_err(|error| match error {
                DialFailed::NotAnAddress { .. }
                | DialFailed::Unsupported { .. }
                | DialFailed::OwnAddress { .. }
                | DialFailed::WrongPeer { .. }
                | DialFailed::WrongMesh { .. }
                | DialFailed::WrongProtocol { .. } => Denied::Invalid(error.to_string()),
                _ => Denied::Upstream(error.to_string()),
            });
        let _ = answer.send(joined);
    }

    pub(super) fn watch(&mut self, project: ShardId) -> Result<Watch, Denied> {
        let Some((world, _)) = self.pictures.find(project) else {
            return Err(Denied::Unknown(format!("Project {project} is not known here.")));
        };
        let genesis = self.engine.history(world).map(|history| history.genesis.clone());
        let genesis = genesis.ok_or_else(|| unknown_world(world))?;
        Ok(self.looks.watch(project, genesis, self.net.clone(), self.pictures.subscribe()))
    }
}
