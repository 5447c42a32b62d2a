//! The worlds that are simulated for the facts, an experiment each: from a seed to rows of numbers.

mod building;
mod flowing;
mod quality;
mod selling;
mod staying;
mod working;

use super::{Lab, Sample};
use crate::id::ShardId;
use crate::model::kind::{Role, Seniority, TaskKind};
use crate::model::policies::Policies;
use crate::model::spec::{CENTS_MAX, ProjectSpec, TaskSpec, TeamSpec};
use crate::model::view::Phase;

/// Minutes of a working day that are paid.
pub(super) const PAID: f64 = 480.0;

/// Simulated worlds that facts look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Experiment {
    /// Whole projects of growing scope.
    Projects,
    /// A build that gets more people late or early.
    Brooks,
    /// Teams of growing size with the same people.
    Communication,
    /// A team that does the same kind of work for two years.
    Learning,
    /// Twenty people who do the same work, each alone.
    Spread,
    /// A team of newcomers beside a settled one.
    RampUp,
    /// A quarter of an ordinary company.
    Days,
    /// A team that works long hours beside one that does not.
    Overtime,
    /// A team that works from elsewhere beside one that does not.
    Distance,
    /// A team with many meetings beside one with few.
    Meetings,
    /// The tasks of a long build.
    Tasks,
    /// What review, test and both find.
    Defects,
    /// A company over years.
    Careers,
    /// Positions that are opened.
    Hiring,
    /// A market over years.
    Adoption,
    /// Customers of a good and of a bad product.
    Churn,
    /// Start-ups over five years.
    StartUps,
    /// A company that pays twice as much.
    Payroll,
}

impl Experiment {
    /// Simulates it from this seed.
    pub fn run(self, seed: u64) -> Sample {
        match self {
            Experiment::Projects => building::projects(seed),
            Experiment::Brooks => building::brooks(seed),
            Experiment::Communication => working::communication(seed),
            Experiment::Learning => working::learning(seed),
            Experiment::Spread => working::spread(seed),
            Experiment::RampUp => working::ramp_up(seed),
            Experiment::Days => working::days(seed),
            Experiment::Overtime => working::overtime(seed),
            Experiment::Distance => working::distance(seed),
            Experiment::Meetings => working::meetings(seed),
            Experiment::Tasks => flowing::tasks(seed),
            Experiment::Defects => quality::defects(seed),
            Experiment::Careers => staying::careers(seed),
            Experiment::Hiring => staying::hiring(seed),
            Experiment::Adoption => selling::adoption(seed),
            Experiment::Churn => selling::churn(seed),
            Experiment::StartUps => selling::start_ups(seed),
            Experiment::Payroll => selling::payroll(seed),
        }
    }
}

/// So many people of a kind.
pub(super) fn several(role: Role, seniority: Seniority, count: u32) -> TeamSpec {
    TeamSpec { count, ..TeamSpec::one(role, seniority) }
}

/// Policies under which nobody is hired beyond what an experiment asks for.
fn closed() -> Policies {
    Policies { hires_per_month: 0, ..Policies::default() }
}

/// A project that has all the money it will ever need and hires nobody by itself.
fn funded(name: &str, team: Vec<TeamSpec>, from: Phase, to: Phase) -> ProjectSpec {
    let mut spec = ProjectSpec::new(name, team);
    spec.cash_cents = CENTS_MAX;
    spec.phase = from;
    spec.stop_after = to;
    spec.policies = closed();
    spec
}

/// Engineers of middling experience with more features to build than they will ever finish.
fn busy(count: u32, tasks: usize, minutes: u32, policies: Policies) -> ProjectSpec {
    let team = vec![several(Role::Engineer, Seniority::Mid, count)];
    let mut spec = funded("busy", team, Phase::Build, Phase::Build);
    spec.only_backlog = true;
    spec.policies = policies;
    spec.backlog = work(tasks, TaskKind::Feature, minutes);
    spec
}

/// So many tasks of a kind and size.
fn work(count: usize, kind: TaskKind, minutes: u32) -> Vec<TaskSpec> {
    (0..count)
        .map(|_| TaskSpec { kind, estimate_minutes: minutes, ..TaskSpec::new("work") })
        .collect()
}

/// What has been done in a stretch of days.
#[derive(Clone, Copy, Default)]
struct Done {
    /// Typical person-minutes.
    work: f64,
    /// Days paid, of everybody together.
    person_days: f64,
    focus_minutes: f64,
}

impl Done {
    /// Typical minutes of work for a minute paid.
    fn rate(self) -> f64 {
        self.work / (self.person_days * PAID)
    }
}

/// Lets days go by and measures what a project does in them.
fn measured(lab: &mut Lab, project: ShardId, days: u32) -> Done {
    let focus = |lab: &Lab| lab.project(project).map_or(0, |p| p.totals.focus_minutes) as f64;
    let (left, focused) = (lab.work_left(project) as f64, focus(lab));
    let mut person_days = 0.0;
    for _ in 0..days {
        person_days += lab.project(project).map_or(0, |p| p.people.len()) as f64;
        if lab.days(1).is_err() {
            break;
        }
    }
    Done {
        work: left - lab.work_left(project) as f64,
        person_days,
        focus_minutes: focus(lab) - focused,
    }
}

/// A world of one project; none if its spec makes no sense.
fn alone(seed: u64, spec: ProjectSpec) -> Option<(Lab, ShardId)> {
    let mut lab = Lab::daily(seed);
    let project = lab.found_project(spec).ok()?;
    Some((lab, project))
}
