//! Evidence: what the work of intake, validation and design finds out, task by task. A report says
//! nothing that is not in here.

use bincode::{Decode, Encode};

use crate::id::ShardId;
use crate::model::business::market::MarketMessage;
use crate::model::happen::{Happen, Stream};
use crate::model::kind::{Skill, TaskKind};
use crate::model::mail::Message;
use crate::model::people::person::bp;
use crate::model::phases::plan::step;
use crate::model::project::Project;
use crate::model::spec::CENTS_MAX;
use crate::model::view::Phase;
use crate::model::words::title::Title;

/// People talked to in one round, if the kinds of customer are known. Our assumption.
const ROUND: u32 = 10;
/// Part of the noes that somebody without any skill in research hears as a yes, in basis points:
/// people are polite, and one hears what one hopes for. Our assumption.
const HOPE: u32 = 2_500;
/// Who has the problem pays in this share of cases at the usual price, in basis points. Our assumption.
const PAYING: u32 = 6_000;
/// Interviews and questions are counted up to here.
pub const COUNTED_MAX: u16 = 999;
/// People who are named in a report for their work in the phase.
pub const NAMED_MAX: usize = 6;

/// Who has said something about the idea.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Said {
    /// Nobody: it is missing.
    #[default]
    Missing,
    /// Whoever founded the project wrote it down.
    Owner,
    /// This person worked it out.
    Team(u32),
}

/// Hypothesis, target customers, market, business model: who said them.
pub type Brief = [Said; 4];

/// What a market says of itself to a project that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Survey {
    pub size: u32,
    pub adopters: u32,
    /// Projects that sell on it.
    pub projects: u32,
    /// Bass's coefficients, in basis points a year.
    pub innovation: u16,
    pub imitation: u16,
    pub usual_price_cents: i64,
}

impl Survey {
    /// Whether a market could have said it.
    pub fn sound(&self) -> bool {
        self.size <= 100_000_000
            && self.innovation <= 10_000
            && self.imitation <= 20_000
            && (1..=CENTS_MAX / 1_000).contains(&self.usual_price_cents)
    }
}

/// What has been found out so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Evidence {
    /// Possible customers talked to, and how many of them have the problem.
    pub interviews: u16,
    pub confirmed: u16,
    /// People asked whether they would pay, and how many would.
    pub asked: u16,
    pub willing: u16,
    /// Competitors heard of, and whether anybody has looked.
    pub rivals: u16,
    pub looked: bool,
    /// What the market says, once asked on this working day.
    pub survey: Option<Survey>,
    pub surveyed_day: Option<u32>,
    /// Skill of whoever checked that it can be built, in basis points.
    pub checked: u16,
    /// Skill in research behind the interviews, in basis points: the mean over them.
    pub research: u16,
}

impl Evidence {
    /// Whether it could have come from steps.
    pub fn sound(&self) -> bool {
        self.interviews <= COUNTED_MAX
            && self.confirmed <= self.interviews
            && self.asked <= COUNTED_MAX
            && self.willing <= self.asked
            && self.rivals <= COUNTED_MAX
            && self.survey.is_none_or(|survey| survey.sound())
            && self.checked <= 10_000
            && self.research <= 10_000
    }

    /// A changed idea has to be looked into again; the market stays what it is.
    pub fn start_over(&mut self) {
        *self = Evidence {
            rivals: self.rivals,
            looked: self.looked,
            survey: self.survey,
            surveyed_day: self.surveyed_day,
            ..Evidence::default()
        };
    }
}

impl Project {
    /// Somebody has finished a task: it counts towards the phase and the department, and what it
    /// was to find out is found out. Called by [`work`](crate::model::work) when a task is closed.
    pub(in crate::model) fn phase_task_done(
        &mut self,
        at: usize,
        task_at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let task = &self.tasks[task_at];
        let (kind, phase, estimate) = (task.kind, task.phase, task.estimate);
        self.chief.count(kind, estimate);
        if self.only_backlog {
            return;
        }
        let id = self.people[at].id;
        self.phase_work.credit(id);
        match task.title {
            Title::Step(step) => self.step_done(step, at, now, happen),
            // Work that the owner planned finds things out as well.
            Title::Given(_) if phase == Phase::Validation => match kind {
                TaskKind::Research => self.interview(at, ROUND / 2, happen),
                TaskKind::Sales | TaskKind::Marketing => self.ask_for_money(at, happen),
                _ => {}
            },
            _ => {}
        }
    }

    fn step_done(&mut self, done: u8, at: usize, now: u64, happen: &mut Happen<'_, '_>) {
        let person = &self.people[at];
        let id = person.id;
        match done {
            step::HYPOTHESIS => self.work_out(0, at, happen),
            step::CUSTOMERS => self.work_out(1, at, happen),
            step::MARKET => self.work_out(2, at, happen),
            step::EARNING => self.work_out(3, at, happen),
            step::INTERVIEWS | step::MORE_INTERVIEWS => {
                // Whoever does not know for whom it is finds fewer people to talk to.
                let known = self.path.brief[1] != Said::Missing;
                let round = if known { ROUND - 2 } else { ROUND / 2 };
                let round = round + happen.rng(Stream::Phases).below(7) as u32;
                self.interview(at, round, happen);
                if done == step::MORE_INTERVIEWS {
                    self.keep_condition(done, now);
                }
            }
            step::REVIEW_DESIGN => self.interview(at, 3, happen),
            step::SIZE => {
                self.path.evidence.surveyed_day = Some(Project::day_of(now));
                if let Some(market) = self.market {
                    happen.step.send(market, Message::Market(MarketMessage::Ask).to_bytes());
                }
            }
            step::RIVALS => {
                // Some competitors are found by whoever looks, market or none.
                let skill = person.skill(Skill::Research).min(10_000);
                let found = happen.rng(Stream::Phases).below(3 + u64::from(skill / 2_000)) as u16;
                let evidence = &mut self.path.evidence;
                evidence.rivals = (evidence.rivals + found).min(COUNTED_MAX);
                evidence.looked = true;
            }
            step::PAY => self.ask_for_money(at, happen),
            step::FEASIBLE => {
                let skill = person.skill(Skill::Programming).max(person.skill(Skill::Architecture));
                let checked = &mut self.path.evidence.checked;
                *checked = (*checked).max(skill.min(10_000) as u16);
            }
            step::TRY_RISKIEST => {
                // Whoever has tried the hardest part knows better what they are in for.
                crate::model::people::person::shift(&mut self.people[at].familiarity, 800);
                self.keep_condition(done, now);
            }
            step::ONE_GROUP => {
                self.path.brief[1] = Said::Team(id);
                self.keep_condition(done, now);
            }
            step::PIVOT => self.path.brief[0] = Said::Team(id),
            _ => {}
        }
    }

    /// Works out a part of the idea that nobody has said: the better at research, planning or
    /// commerce, the more likely something usable comes of it.
    fn work_out(&mut self, part: usize, at: usize, happen: &mut Happen<'_, '_>) {
        if self.path.brief[part] != Said::Missing {
            return;
        }
        let person = &self.people[at];
        let skill = [Skill::Research, Skill::Planning, Skill::Commerce]
            .map(|skill| person.skill(skill))
            .into_iter()
            .max()
            .unwrap_or(0);
        let id = person.id;
        // Six in ten at the skill of a typical person of another craft; our assumption.
        if happen.rng(Stream::Phases).chance(5_000 + skill.min(10_000) / 2) {
            self.path.brief[part] = Said::Team(id);
        }
    }

    /// Talks to possible customers.
    fn interview(&mut self, at: usize, count: u32, happen: &mut Happen<'_, '_>) {
        let skill = self.people[at].skill(Skill::Research).min(10_000);
        let truth = u32::from(self.idea);
        // A question put without a hypothesis gets a polite answer.
        let vague = if self.path.brief[0] == Said::Missing { HOPE / 2 } else { 0 };
        let heard = truth + bp(10_000 - truth.min(10_000), bp(10_000 - skill, HOPE) + vague);
        let rng = happen.rng(Stream::Phases);
        let confirmed = (0..count).filter(|_| rng.chance(heard)).count() as u16;
        let evidence = &mut self.path.evidence;
        if evidence.interviews + count as u16 > COUNTED_MAX {
            return;
        }
        let before = u32::from(evidence.interviews);
        let mean =
            (u32::from(evidence.research) * before + skill * count) / (before + count).max(1);
        evidence.research = mean.min(10_000) as u16;
        evidence.interviews += count as u16;
        evidence.confirmed += confirmed;
    }

    /// Asks people whether they would pay the price.
    fn ask_for_money(&mut self, at: usize, happen: &mut Happen<'_, '_>) {
        let skill = self.people[at].skill(Skill::Commerce).min(10_000);
        let price = self.policies.price_cents;
        let usual = self.path.evidence.survey.map_or(price, |survey| survey.usual_price_cents);
        // At the usual price as it is, at twice the price two thirds of it. Our assumption.
        let dear = (2 * usual.max(1) * 10_000 / (usual.max(1) + price.max(0))).clamp(0, 20_000);
        let share = bp(bp(u32::from(self.idea), PAYING), dear as u32).min(9_500);
        let heard = share + bp(10_000 - share, bp(10_000 - skill, HOPE) / 2);
        let rng = happen.rng(Stream::Phases);
        let willing = (0..ROUND).filter(|_| rng.chance(heard)).count() as u16;
        let evidence = &mut self.path.evidence;
        if evidence.asked + ROUND as u16 > COUNTED_MAX {
            return;
        }
        evidence.asked += ROUND as u16;
        evidence.willing += willing;
    }

    /// The market has answered.
    pub(in crate::model) fn hear_survey(&mut self, from: ShardId, survey: Survey) {
        if Some(from) == self.market && survey.sound() {
            self.path.evidence.survey = Some(survey);
        }
    }
}
