//! What a project or a market is founded from: the body of a founding command, and the same as
//! JSON or TOML. Called by scenarios, imports and the API, and by [`Companies`](super::Companies).

use std::collections::BTreeSet;

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::ShardId;
use crate::model::kind::{Role, Seniority, TaskKind};
use crate::model::policies::Policies;
use crate::model::view::Phase;
use crate::wire::codec;

/// Bytes in the name of a project, a person or an industry.
pub const NAME_BYTES_MAX: usize = 80;
/// Bytes in any other text.
pub const TEXT_BYTES_MAX: usize = 2_000;
/// Bytes in the title of a task.
pub const TITLE_BYTES_MAX: usize = 200;
/// People of one project at a time.
pub const PEOPLE_MAX: u32 = 1_000;
/// Tasks of one project at a time.
pub const TASKS_MAX: usize = 20_000;
/// Dependencies of one task.
pub const DEPENDS_MAX: usize = 16;
/// Money in one place: ten thousand million, in cents.
pub const CENTS_MAX: i64 = 1_000_000_000_000;
/// Person-minutes of one task: five working years.
pub const ESTIMATE_MAX: u32 = 5 * 260 * 480;

/// A value that makes no sense, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct BadSpec {
    /// The way to the value, such as `team[2].salary_cents_per_year`.
    pub path: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl BadSpec {
    /// An error at this place.
    pub fn new(path: impl Into<String>, problem: impl Into<String>) -> Self {
        BadSpec { path: path.into(), problem: problem.into() }
    }

    /// The same below another place.
    pub fn below(self, parent: &str) -> Self {
        BadSpec { path: format!("{parent}.{}", self.path), problem: self.problem }
    }
}

/// The body of a founding command.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Founding {
    /// Founds the market of a world.
    Market(MarketSpec),
    /// Founds a project.
    Project(Box<ProjectSpec>),
}

impl Founding {
    /// The body of the command.
    pub fn to_body(&self) -> Vec<u8> {
        codec::encode(self)
    }
}

/// A market: the customers a world's projects compete for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MarketSpec {
    /// Possible customers: 1 to 100,000,000.
    pub size: u32,
    /// Coefficient of innovation, in basis points a year (Bass: 300).
    pub innovation: u16,
    /// Coefficient of imitation, in basis points a year (Bass: 3,800).
    pub imitation: u16,
    /// What customers expect to pay a month, in cents.
    pub usual_price_cents: i64,
}

impl Default for MarketSpec {
    fn default() -> Self {
        // Sultan, Farley and Lehmann 1990: means over 213 applications of the Bass model.
        MarketSpec { size: 20_000, innovation: 300, imitation: 3_800, usual_price_cents: 4_900 }
    }
}

impl MarketSpec {
    /// Whether all of it is within bounds.
    pub fn check(&self) -> Result<(), BadSpec> {
        range("size", self.size.into(), 1, 100_000_000)?;
        range("innovation", self.innovation.into(), 0, 10_000)?;
        range("imitation", self.imitation.into(), 0, 20_000)?;
        range("usual_price_cents", self.usual_price_cents, 1, CENTS_MAX / 1_000)
    }
}

/// A project: a virtual company on the day it is founded.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectSpec {
    /// 1 to 80 bytes.
    pub name: String,
    /// The trade it is in.
    #[serde(default)]
    pub industry: String,
    /// What it is, for people.
    #[serde(default)]
    pub description: String,
    /// What has to be true for it to succeed. A stated hypothesis helps validation.
    #[serde(default)]
    pub hypothesis: String,
    /// Kinds of customer, at most 12.
    #[serde(default)]
    pub target_customers: Vec<String>,
    #[serde(default)]
    pub target_market: String,
    #[serde(default)]
    pub business_model: String,
    /// The phase it starts in.
    #[serde(default = "intake")]
    pub phase: Phase,
    /// The phase after which it stops by itself, completed. `growth` goes on until it pays,
    /// `completed` for as long as there is money and its founders want it.
    #[serde(default = "growth")]
    pub stop_after: Phase,
    /// Money in the bank at the start.
    #[serde(default = "cash")]
    pub cash_cents: i64,
    /// Customers who pay from the first day.
    #[serde(default)]
    pub customers: u32,
    /// Who works there. Not empty.
    pub team: Vec<TeamSpec>,
    /// Work known from the start. The id of a task is its position, from 1.
    #[serde(default)]
    pub backlog: Vec<TaskSpec>,
    /// Features the product needs; the build phase is made of that many if `backlog` has no
    /// work for it.
    #[serde(default = "scope")]
    pub scope: u32,
    #[serde(default)]
    pub policies: Policies,
    /// The market it sells on; without one it has a small circle of its own.
    #[serde(default)]
    pub market: Option<ShardId>,
    /// Stop as completed as soon as the backlog is done.
    #[serde(default)]
    pub only_backlog: bool,
}

fn intake() -> Phase {
    Phase::Intake
}
fn growth() -> Phase {
    Phase::Growth
}
fn cash() -> i64 {
    60_000_000
}
fn scope() -> u32 {
    24
}

/// One or more people of the same kind.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamSpec {
    pub role: Role,
    #[serde(default = "mid")]
    pub seniority: Seniority,
    /// How many; above 1 none of them may have a name.
    #[serde(default = "one")]
    pub count: u32,
    /// Made up if there is none.
    #[serde(default)]
    pub name: Option<String>,
    /// What the role and seniority usually earn if there is none.
    #[serde(default)]
    pub salary_cents_per_year: Option<i64>,
    /// Share of the working day given to this project, in basis points.
    #[serde(default = "full")]
    pub share: u16,
}

fn mid() -> Seniority {
    Seniority::Mid
}
fn one() -> u32 {
    1
}
fn full() -> u16 {
    10_000
}

/// A piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskSpec {
    /// 1 to 200 bytes.
    pub title: String,
    #[serde(default = "feature")]
    pub kind: TaskKind,
    /// The phase it belongs to.
    #[serde(default = "build")]
    pub phase: Phase,
    /// Person-minutes it is thought to take.
    #[serde(default = "day")]
    pub estimate_minutes: u32,
    /// 1 (whenever) to 5 (first of all).
    #[serde(default = "usual_priority")]
    pub priority: u8,
    /// Tasks that have to be done first: positions in the backlog, from 1.
    #[serde(default)]
    pub depends_on: Vec<u32>,
    /// Who it is meant for: position in the team, from 1, people counted one by one.
    #[serde(default)]
    pub assignee: Option<u32>,
    /// The id it has where it came from.
    #[serde(default)]
    pub source: Option<String>,
}

fn feature() -> TaskKind {
    TaskKind::Feature
}
fn build() -> Phase {
    Phase::Build
}
fn day() -> u32 {
    480
}
fn usual_priority() -> u8 {
    3
}

impl ProjectSpec {
    /// A project of this name and team with the usual settings.
    pub fn new(name: impl Into<String>, team: Vec<TeamSpec>) -> Self {
        ProjectSpec {
            name: name.into(),
            industry: String::new(),
            description: String::new(),
            hypothesis: String::new(),
            target_customers: Vec::new(),
            target_market: String::new(),
            business_model: String::new(),
            phase: intake(),
            stop_after: growth(),
            cash_cents: cash(),
            customers: 0,
            team,
            backlog: Vec::new(),
            scope: scope(),
            policies: Policies::default(),
            market: None,
            only_backlog: false,
        }
    }

    /// How many people it starts with.
    pub fn people(&self) -> u64 {
        self.team.iter().map(|group| u64::from(group.count)).sum()
    }

    /// Whether all of it makes sense.
    pub fn check(&self) -> Result<(), BadSpec> {
        name("name", &self.name)?;
        let long = |path: &str, value: &str, most| {
            if value.len() > most {
                return Err(BadSpec::new(
                    path,
                    format!("has {} bytes, more than {most}", value.len()),
                ));
            }
            Ok(())
        };
        long("industry", &self.industry, NAME_BYTES_MAX)?;
        long("description", &self.description, TEXT_BYTES_MAX)?;
        long("hypothesis", &self.hypothesis, TEXT_BYTES_MAX)?;
        long("target_market", &self.target_market, TEXT_BYTES_MAX)?;
        long("business_model", &self.business_model, TEXT_BYTES_MAX)?;
        if self.target_customers.len() > 12 {
            return Err(BadSpec::new("target_customers", "has more than 12 kinds of customer"));
        }
        for (at, customer) in self.target_customers.iter().enumerate() {
            long(&format!("target_customers[{at}]"), customer, TITLE_BYTES_MAX)?;
        }
        if self.phase == Phase::Completed {
            return Err(BadSpec::new("phase", "a project cannot start completed"));
        }
        if self.stop_after < self.phase {
            return Err(BadSpec::new("stop_after", "is before `phase`, where the project starts"));
        }
        range("cash_cents", self.cash_cents, 0, CENTS_MAX)?;
        range("customers", self.customers.into(), 0, 100_000_000)?;
        range("scope", self.scope.into(), 1, 2_000)?;
        self.policies.check().map_err(|error| error.below("policies"))?;
        self.check_team()?;
        self.check_backlog()
    }

    fn check_team(&self) -> Result<(), BadSpec> {
        if self.team.is_empty() {
            return Err(BadSpec::new("team", "is empty: a project needs at least one person"));
        }
        let mut names = BTreeSet::new();
        for (at, group) in self.team.iter().enumerate() {
            let path = |field: &str| format!("team[{at}].{field}");
            range(&path("count"), group.count.into(), 1, PEOPLE_MAX.into())?;
            range(&path("share"), group.share.into(), 500, 10_000)?;
            if let Some(text) = &group.name {
                name(&path("name"), text)?;
                if group.count > 1 {
                    return Err(BadSpec::new(
                        path("name"),
                        "is for one person, but `count` is above 1",
                    ));
                }
                if !names.insert(text) {
                    return Err(BadSpec::new(path("name"), format!("`{text}` is there twice")));
                }
            }
            if let Some(salary) = group.salary_cents_per_year {
                range(&path("salary_cents_per_year"), salary, 0, CENTS_MAX / 1_000)?;
            }
        }
        let people = self.people();
        if people > u64::from(PEOPLE_MAX) {
            let problem =
                format!("has {people} people, more than {PEOPLE_MAX}: make several projects");
            return Err(BadSpec::new("team", problem));
        }
        Ok(())
    }

    fn check_backlog(&self) -> Result<(), BadSpec> {
        if self.backlog.len() > TASKS_MAX {
            let problem = format!("has {} tasks, more than {TASKS_MAX}", self.backlog.len());
            return Err(BadSpec::new("backlog", problem));
        }
        if self.only_backlog && self.backlog.is_empty() {
            return Err(BadSpec::new("backlog", "is empty, but the project is to do nothing else"));
        }
        let people = self.people();
        for (at, task) in self.backlog.iter().enumerate() {
            task.check().map_err(|error| error.below(&format!("backlog[{at}]")))?;
            for (nth, &other) in task.depends_on.iter().enumerate() {
                let path = || format!("backlog[{at}].depends_on[{nth}]");
                if other == 0 || other as usize > self.backlog.len() {
                    let most = self.backlog.len();
                    return Err(BadSpec::new(
                        path(),
                        format!("there is no task {other}: 1 to {most}"),
                    ));
                }
                if other as usize == at + 1 {
                    return Err(BadSpec::new(path(), "a task cannot wait for itself"));
                }
                // A task of an early phase that waits for a later one would never be done.
                if self.backlog[other as usize - 1].phase > task.phase {
                    let problem = format!("task {other} belongs to a later phase");
                    return Err(BadSpec::new(path(), problem));
                }
            }
            if let Some(person) = task.assignee
                && (person == 0 || u64::from(person) > people)
            {
                let path = format!("backlog[{at}].assignee");
                return Err(BadSpec::new(
                    path,
                    format!("there is no person {person}: 1 to {people}"),
                ));
            }
        }
        match self.cycle() {
            Some(at) => Err(BadSpec::new(
                format!("backlog[{at}].depends_on"),
                format!("task {} waits for itself through others", at + 1),
            )),
            None => Ok(()),
        }
    }

    /// The first task that waits for itself, from 0. Kahn's algorithm: what cannot be taken off
    /// is on a cycle or behind one.
    fn cycle(&self) -> Option<usize> {
        let count = self.backlog.len();
        let mut waiting: Vec<usize> =
            self.backlog.iter().map(|task| task.depends_on.len()).collect();
        let mut dependants: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (at, task) in self.backlog.iter().enumerate() {
            for &other in &task.depends_on {
                dependants[other as usize - 1].push(at);
            }
        }
        let mut free: Vec<usize> = (0..count).filter(|&at| waiting[at] == 0).collect();
        while let Some(at) = free.pop() {
            for &next in &dependants[at] {
                waiting[next] -= 1;
                if waiting[next] == 0 {
                    free.push(next);
                }
            }
        }
        // Walking back from anything left ends up on the cycle itself.
        let mut at = (0..count).find(|&at| waiting[at] > 0)?;
        for _ in 0..count {
            at = self.backlog[at]
                .depends_on
                .iter()
                .map(|&other| other as usize - 1)
                .find(|&other| waiting[other] > 0)?;
        }
        Some(at)
    }
}

impl TaskSpec {
    /// A task of this title with the usual settings.
    pub fn new(title: impl Into<String>) -> Self {
        TaskSpec {
            title: title.into(),
            kind: feature(),
            phase: build(),
            estimate_minutes: day(),
            priority: usual_priority(),
            depends_on: Vec::new(),
            assignee: None,
            source: None,
        }
    }

    /// Whether it makes sense by itself.
    pub fn check(&self) -> Result<(), BadSpec> {
        text("title", &self.title, TITLE_BYTES_MAX)?;
        range("estimate_minutes", self.estimate_minutes.into(), 1, ESTIMATE_MAX.into())?;
        range("priority", self.priority.into(), 1, 5)?;
        if self.phase == Phase::Completed {
            return Err(BadSpec::new("phase", "there is no work left in `completed`"));
        }
        if self.depends_on.len() > DEPENDS_MAX {
            return Err(BadSpec::new("depends_on", format!("has more than {DEPENDS_MAX} tasks")));
        }
        match &self.source {
            Some(source) => text("source", source, NAME_BYTES_MAX),
            None => Ok(()),
        }
    }
}

impl TeamSpec {
    /// One person of this role and seniority.
    pub fn one(role: Role, seniority: Seniority) -> Self {
        TeamSpec {
            role,
            seniority,
            count: 1,
            name: None,
            salary_cents_per_year: None,
            share: full(),
        }
    }
}

pub(super) fn range(path: &str, value: i64, low: i64, high: i64) -> Result<(), BadSpec> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(BadSpec::new(path, format!("must be from {low} to {high}, not {value}")))
}

pub(super) fn text(path: &str, value: &str, most: usize) -> Result<(), BadSpec> {
    if value.trim().is_empty() {
        return Err(BadSpec::new(path, "is empty"));
    }
    if value.len() > most {
        return Err(BadSpec::new(path, format!("has {} bytes, more than {most}", value.len())));
    }
    if value.chars().any(char::is_control) {
        return Err(BadSpec::new(path, "has control characters"));
    }
    Ok(())
}

pub(super) fn name(path: &str, value: &str) -> Result<(), BadSpec> {
    text(path, value, NAME_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> ProjectSpec {
        let mut spec = ProjectSpec::new("A", vec![TeamSpec::one(Role::Engineer, Seniority::Mid)]);
        spec.backlog = (0..4).map(|at| TaskSpec::new(format!("Task {at}"))).collect();
        spec
    }

    fn path_of(spec: &ProjectSpec) -> String {
        spec.check().expect_err("it is bad").path
    }

    #[test]
    fn a_plain_spec_is_good() {
        assert_eq!(spec().check(), Ok(()));
    }

    #[test]
    fn a_cycle_of_dependencies_is_told_with_its_task() {
        let mut bad = spec();
        bad.backlog[1].depends_on = vec![3];
        bad.backlog[2].depends_on = vec![2];
        bad.backlog[3].depends_on = vec![3];
        assert!(["backlog[1].depends_on", "backlog[2].depends_on"].contains(&&*path_of(&bad)));
    }

    #[test]
    fn what_makes_no_sense_is_told_with_its_path() {
        let mut bad = spec();
        bad.team.clear();
        assert_eq!(path_of(&bad), "team");
        let mut bad = spec();
        bad.team[0].salary_cents_per_year = Some(-1);
        assert_eq!(path_of(&bad), "team[0].salary_cents_per_year");
        let mut bad = spec();
        bad.team[0].count = 1_000;
        bad.team.push(bad.team[0].clone());
        assert_eq!(path_of(&bad), "team");
        let mut bad = spec();
        bad.backlog[0].depends_on = vec![9];
        assert_eq!(path_of(&bad), "backlog[0].depends_on[0]");
        let mut bad = spec();
        bad.policies.wip_limit = 0;
        assert_eq!(path_of(&bad), "policies.wip_limit");
        let mut bad = spec();
        bad.stop_after = Phase::Intake;
        bad.phase = Phase::Build;
        assert_eq!(path_of(&bad), "stop_after");
    }
}
