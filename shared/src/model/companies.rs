//! The model as the engine sees it: bytes in, bytes out, a step at a time.

use bincode::{Decode, Encode};

use crate::engine::genesis::{Genesis, RulesVersion};
use crate::engine::model::{Flow, Founding, Model, OutOfFuel, Refusal, Step};
use crate::id::Hasher;
use crate::model::business::market::Market;
use crate::model::command::ProjectCommand;
use crate::model::happen::Happen;
pub use crate::model::happen::decode_event;
use crate::model::mail::Message;
use crate::model::picture;
use crate::model::project::{DAY, Project};
use crate::model::spec::Founding as FoundingBody;
use crate::model::view::{ProjectView, Status, Summary};
use crate::rng::Rng;
use crate::wire::codec;

/// The rules of this build. Every change of outcomes takes a new number.
pub const RULES: RulesVersion = 2;
/// The name by which a genesis asks for this model.
pub const NAME: &str = "companies";
/// Bytes of a state. What is larger is not looked at.
pub const STATE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The virtual companies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Companies;

/// A shard of a world of companies.
#[derive(Clone, Debug, Encode, Decode)]
pub enum State {
    /// A company at work.
    Project(Box<Project>),
    /// What the companies sell on.
    Market(Market),
}

impl Model for Companies {
    type State = State;

    fn name(&self) -> &'static str {
        NAME
    }

    fn supports(&self, rules: RulesVersion) -> bool {
        rules == RULES
    }

    fn found(&self, founding: &Founding<'_>) -> Result<State, Refusal> {
        let body: FoundingBody = codec::decode(founding.body).map_err(|error| {
            Refusal(format!("this founds neither a project nor a market: {error}"))
        })?;
        let tick = founding.epoch.saturating_mul(founding.genesis.ticks_per_epoch.into());
        match body {
            FoundingBody::Market(spec) => {
                spec.check().map_err(|error| Refusal(error.to_string()))?;
                Ok(State::Market(Market::found(&spec, founding.shard, tick)))
            }
            FoundingBody::Project(spec) => {
                spec.check().map_err(|error| Refusal(error.to_string()))?;
                let seed = Hasher::new("zeromesh/found")
                    .number(founding.genesis.seed)
                    .fixed(&founding.shard.0.0)
                    .finish();
                let mut rng = Rng::from_seed(seed.0);
                Ok(State::Project(Box::new(Project::found(&spec, founding.shard, tick, &mut rng))))
            }
        }
    }

    fn step(&self, state: &mut State, step: &mut Step<'_>) -> Result<Flow, OutOfFuel> {
        match state {
            State::Market(market) => {
                for command in step.commands {
                    step.burn(1)?;
                    step.refuse(
                        command.id,
                        "a market takes no commands: it is what it is founded as",
                    );
                }
                market.step(step)?;
                Ok(Flow::On)
            }
            State::Project(project) => step_project(project, &mut Happen::new(step)),
        }
    }

    fn summary(&self, state: &State) -> Vec<u8> {
        let summary = match state {
            State::Project(project) => Summary::Project(project.summary()),
            State::Market(market) => Summary::Market(market.summary()),
        };
        codec::encode(&summary)
    }

    fn encode(&self, state: &State) -> Vec<u8> {
        codec::encode(state)
    }

    fn decode(&self, bytes: &[u8]) -> Result<State, Refusal> {
        if bytes.len() > STATE_BYTES_MAX {
            return Err(Refusal(format!("a state has at most {STATE_BYTES_MAX} bytes")));
        }
        let mut state: State = codec::decode(bytes).map_err(|error| Refusal(error.to_string()))?;
        match &mut state {
            State::Project(project) => {
                project.check().map_err(Refusal)?;
                project.recount();
            }
            State::Market(market) => market.check().map_err(Refusal)?,
        }
        Ok(state)
    }
}

fn step_project(project: &mut Project, happen: &mut Happen<'_, '_>) -> Result<Flow, OutOfFuel> {
    let start = happen.step.epoch.saturating_mul(happen.step.genesis.ticks_per_epoch.into());
    let end = start.saturating_add(happen.step.genesis.ticks_per_epoch.into());
    project.tick = start;
    if project.ended() {
        return Ok(Flow::Ended);
    }
    let commands = happen.step.commands;
    for command in commands {
        happen.step.burn(1)?;
        let done = match codec::decode::<ProjectCommand>(&command.body) {
            Ok(_) if project.ended() => Err("the project has ended".to_string()),
            Ok(asked) => project.obey(asked, start, happen),
            Err(error) => Err(format!("this is no command to a project: {error}")),
        };
        if let Err(reason) = done {
            happen.refuse(command.id, reason, start);
        }
    }
    let inbox = happen.step.inbox;
    for mail in inbox {
        happen.step.burn(1)?;
        let Some(message) = Message::from_bytes(&mail.body) else { continue };
        if mail.returned && Some(mail.from) == project.market {
            // The market is no more, or never was: the project sells to those it knows.
            project.market = None;
        }
        match message {
            Message::Market(message) => project.hear_market(mail, message, start, happen),
            Message::Exchange(message) => project.hear_exchange(mail, message, start, happen),
            Message::Deal(message) => project.hear_deal(mail, message, start, happen),
        }
    }
    if project.ended() {
        project.tick = end;
        return Ok(Flow::Ended);
    }
    if project.status == Status::Active {
        let mut now = start;
        while now < end {
            let evening = now / DAY * DAY + DAY;
            // What was founded or resumed in the middle of a day begins where it is.
            if now.is_multiple_of(DAY) {
                project.start_day(now, happen);
            }
            let to = evening.min(end);
            project.live(now, to, happen)?;
            if to == evening {
                happen.step.burn(project.people.len() as u64 + project.tasks.len() as u64 / 16)?;
                if let Some(reason) = project.end_day(to, happen) {
                    project.finish(reason, to, happen);
                    break;
                }
            }
            now = to;
        }
    }
    project.tick = end;
    Ok(if project.ended() { Flow::Ended } else { Flow::On })
}

/// All of a project, for a page; none for a market.
pub fn view(state: &State, _genesis: &Genesis) -> Option<ProjectView> {
    match state {
        State::Project(project) => Some(picture::picture(project)),
        State::Market(_) => None,
    }
}

/// The answer to a question about a project, see [`read`](crate::model::workshop::read).
pub fn answer(state: &State, query: &[u8]) -> Result<Vec<u8>, String> {
    match state {
        State::Project(project) => crate::model::workshop::read::answer(project, query),
        State::Market(_) => Err("A market has no repository.".into()),
    }
}

/// The summary of these bytes, as the engine carries it.
pub fn summary_of(bytes: &[u8]) -> Option<Summary> {
    if bytes.len() > crate::engine::model::SUMMARY_BYTES_MAX {
        return None;
    }
    codec::decode(bytes).ok()
}
