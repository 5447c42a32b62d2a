//! Gates: when a phase may be left, what is written down at its end, and where it goes from there.

use crate::model::chief::talk::ChiefTalk;
use crate::model::happen::{Happen, Stream};
use crate::model::people::person::AchievementKind;
use crate::model::phases::board::Verdict;
use crate::model::phases::validate::SCORE_NEEDED;
use crate::model::phases::{
    EndFacts, PROFITABLE_DAYS, PhaseEnd, SURVEY_DAYS, Setback, SetbackCause, TASKS_NAMED, TaskFact,
    next,
};
use crate::model::project::{DAY, EndReason, Project};
use crate::model::view::Phase;
use crate::model::words::talk::About;
use crate::model::words::title::Title;

/// A changed idea is this much better on average, and that much luck, in basis points: it was
/// changed because of what people said. Our assumption.
const PIVOT_GAIN: f64 = 900.0;
const PIVOT_LUCK: f64 = 1_100.0;

impl Project {
    /// Whether the exit rule of the phase holds.
    fn may_leave(&self) -> bool {
        match self.phase {
            // Asked to go on for good, it does.
            Phase::Growth => {
                self.profitable_days >= PROFITABLE_DAYS && self.stop_after != Phase::Completed
            }
            Phase::Validation => {
                // The market's answer is waited for, but not for ever.
                let evidence = &self.path.evidence;
                let waiting = self.market.is_some()
                    && evidence.survey.is_none()
                    && evidence.surveyed_day.is_some_and(|day| {
                        Project::day_of(self.tick) < day.saturating_add(SURVEY_DAYS)
                    });
                self.cache.open_minutes == 0 && !waiting
            }
            _ => self.cache.open_minutes == 0,
        }
    }

    /// Leaves the phase if its exit rule holds, and says why the project ends if it does.
    /// Called at the end of each working day.
    pub fn end_of_phase(&mut self, now: u64, happen: &mut Happen<'_, '_>) -> Option<EndReason> {
        self.note_pace();
        self.hold_progress(now, happen);
        if self.only_backlog {
            return (self.cache.open_minutes == 0 && self.tasks.iter().all(|task| !task.open()))
                .then_some(EndReason::BacklogDone);
        }
        if !self.may_leave() {
            return self.out_of_reach(now);
        }
        let today = Project::day_of(now);
        let left = self.phase;
        let facts = self.facts();
        let end = self.phase_end(facts.clone());
        // One end for each phase, and one more for each way round.
        if self.ends.len() >= crate::model::phases::ENDS_MAX {
            self.ends.remove(0);
        }
        self.ends.push(end);
        let mut to = next(left);
        match facts {
            EndFacts::Report(report) if !report.passed() => {
                return Some(EndReason::NotValidated(report.overall(), SCORE_NEEDED));
            }
            EndFacts::Board(answer) => {
                if answer.verdict == Verdict::Stop {
                    return Some(EndReason::Advised(answer.against()));
                }
                if answer.verdict == Verdict::Pivot && self.stop_after > Phase::Advisory {
                    self.change_idea(happen);
                    to = Phase::Validation;
                } else {
                    self.take_advice(&answer, today, now, happen);
                }
            }
            _ if left == Phase::Launch => {
                for person in &mut self.people {
                    person.achieve(AchievementKind::Launch, today);
                }
            }
            _ => {}
        }
        if left >= self.stop_after {
            return Some(match left {
                Phase::Growth => EndReason::Profitable,
                _ => EndReason::Reached(left),
            });
        }
        self.enter(to, happen);
        let lead = self.leader();
        happen.say(self, lead, None, About::PhaseDone { next: to }, None, 4_000, now);
        let reason = match to < left {
            true => "the board wants another idea: back to validation".to_string(),
            false => Happen::phase_reason(left),
        };
        happen.phase(self, reason, now);
        None
    }

    /// Begins a phase.
    fn enter(&mut self, phase: Phase, happen: &mut Happen<'_, '_>) {
        self.phase = phase;
        self.phase_since = self.tick;
        self.launched |= phase == Phase::Growth;
        self.plan_phase(happen.rng(Stream::Phases));
        self.recount();
        self.path.held = 0;
        self.path.pace.seen = 0;
        self.path.pace.open = 0;
        self.promise();
    }

    /// Notes what the phase is thought to take as it begins.
    pub(in crate::model) fn promise(&mut self) {
        let estimate = self.estimate_phase();
        self.path.promised = (estimate.days_50, estimate.days_85);
        self.path.planned_scope = self.scope;
    }

    /// Another idea, after what people said about the first one.
    fn change_idea(&mut self, happen: &mut Happen<'_, '_>) {
        let luck = happen.rng(Stream::Phases).normal() * PIVOT_LUCK;
        let idea = f64::from(self.idea) + PIVOT_GAIN + luck;
        self.idea = idea.clamp(500.0, 9_800.0) as u16;
        self.path.pivots = self.path.pivots.saturating_add(1);
        self.path.evidence.start_over();
    }

    /// What is particular to the phase that ends.
    fn facts(&self) -> EndFacts {
        match self.phase {
            Phase::Intake => EndFacts::Brief(self.path.brief),
            Phase::Validation => EndFacts::Report(Box::new(self.validate())),
            Phase::Advisory => EndFacts::Board(Box::new(self.consult())),
            Phase::Design => {
                let build = self.estimate_later(Phase::Build);
                EndFacts::Plan { days_50: build.days_50, days_85: build.days_85 }
            }
            _ => EndFacts::Plain,
        }
    }

    fn phase_end(&mut self, facts: EndFacts) -> PhaseEnd {
        let mut longest: Vec<&crate::model::work::Task> = self
            .tasks
            .iter()
            .filter(|task| !task.open() && task.phase == self.phase && task.spent > 0)
            .filter(|task| task.done.is_some_and(|done| done >= self.phase_since))
            // What others called something may be long; what the plan called it is two bytes.
            .filter(|task| !matches!(task.title, Title::Given(_)))
            .collect();
        longest.sort_by_key(|task| (std::cmp::Reverse(task.spent), task.id));
        let tasks = longest
            .into_iter()
            .take(TASKS_NAMED)
            .map(|task| TaskFact {
                id: task.id,
                title: task.title.clone(),
                kind: task.kind,
                area: task.area,
                estimate: task.estimate,
                spent: task.spent,
                by: task.assignee.unwrap_or(0),
            })
            .collect();
        PhaseEnd {
            phase: self.phase,
            tick: self.tick,
            days: ((self.tick - self.phase_since.min(self.tick)) / DAY).min(1 << 30) as u32,
            work: std::mem::take(&mut self.phase_work),
            people: self.people.len() as u32,
            cash_cents: self.cash_cents,
            runway_months: self.runway_months(),
            customers: self.customers,
            bugs: self.cache.bugs,
            quality: self.quality(),
            scope: self.scope,
            planned_scope: self.path.planned_scope,
            promised: self.path.promised,
            by: self.people.get(self.leader()).map_or(0, |person| person.id),
            tasks,
            facts,
        }
    }

    /// Of the present phase, in basis points, as the work stands at this minute.
    fn progress_now(&self) -> u16 {
        if self.phase == Phase::Growth && !self.only_backlog {
            return (self.profitable_days.min(PROFITABLE_DAYS) * 10_000 / PROFITABLE_DAYS) as u16;
        }
        let done = self.phase_work.estimate_minutes;
        let all = done.saturating_add(self.cache.open_minutes);
        (done.saturating_mul(10_000) / all.max(1)).min(10_000) as u16
    }

    /// Of the present phase, in basis points. It goes back in an evening only, and then it is said.
    pub fn progress(&self) -> u16 {
        if self.phase == Phase::Completed {
            return 10_000;
        }
        self.progress_now().max(self.path.held)
    }

    /// In the evening: what has been reached is held, and if it cannot be held, it is said why.
    fn hold_progress(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        let (there, held) = (self.progress_now(), self.path.held);
        if there >= held {
            self.path.held = there;
            return;
        }
        // Less than a percent is not worth a word: it is held until work has caught up.
        if held - there < 100 {
            return;
        }
        self.path.held = there;
        let cause = match self.phase {
            Phase::Growth if !self.only_backlog => SetbackCause::Loss,
            _ if self.cache.bugs * 4 > self.cache.counts[..3].iter().sum() => SetbackCause::Bugs,
            _ => SetbackCause::Scope,
        };
        let setback = Setback { day: Project::day_of(now - 1), from: held, to: there, cause };
        let setbacks = &mut self.path.setbacks;
        if setbacks.len() >= crate::model::phases::SETBACKS_MAX {
            setbacks.remove(0);
        }
        setbacks.push(setback);
        if self.people.len() > 1 && !self.only_backlog {
            let lead = self.leader();
            let talk = ChiefTalk::Setback { from: held, to: there, cause };
            happen.say(self, lead, None, About::Chief(talk), None, -1_500, now);
        }
    }
}
