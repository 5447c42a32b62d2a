//! A project made of a real backlog: GitLab's CSV export of issues.
//!
//! The people are those who closed issues lately, the backlog is what was open on a given day, and
//! the pace is set so that the simulated people close issues as often as the real ones did before
//! that day. Nothing that happened after it is used, with one exception the export leaves no way
//! around: it knows only the last title, weight, labels and assignees of an issue.

mod calibrate;
mod csv_rows;
mod date;

use std::collections::BTreeMap;

pub use date::Date;

use crate::engine::command::BODY_BYTES_MAX;
use crate::id::ShardId;
use crate::model::kind::{Role, Seniority, TaskKind};
use crate::model::spec::{ESTIMATE_MAX, PEOPLE_MAX, ProjectSpec, TASKS_MAX, TaskSpec, TeamSpec};
use crate::model::view::Phase;
use csv_rows::Row;

/// Rows of an export.
pub const ROWS_MAX: usize = 50_000;
/// Bytes of an export.
pub const CSV_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Warnings that are listed; further ones are counted.
pub const WARNINGS_MAX: usize = 1_000;
/// Weeks of history that count: half a year. Doubled until there are enough closings.
pub const WINDOW_WEEKS: i64 = 26;
/// Closings that make a history.
pub const CLOSINGS_MIN: usize = 5;

/// A project made of an export, and what was made of the export.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedBacklog {
    /// The project, ready to be founded.
    pub spec: ProjectSpec,
    /// What was found and measured.
    pub report: ImportReport,
    /// What was not understood, in order of line.
    pub warnings: Vec<ImportWarning>,
}

/// What an import found and measured.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportReport {
    pub as_of: Date,
    pub rows: u32,
    /// Open on the day.
    pub open: u32,
    /// Closed before or on the day.
    pub closed_before: u32,
    pub people: u32,
    /// The history that was used.
    pub window_weeks: f64,
    /// In it, an average week.
    pub closings_per_week: f64,
    /// What that makes of an issue of weight 1, in typical person-minutes; one of weight w takes
    /// w^.83 times as much.
    pub minutes_per_weight: u32,
    /// What the simulated people do with it, in the first twelve weeks, if the backlog lasts.
    pub simulated_per_week: f64,
}

/// A row, or a field of it, that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportWarning {
    /// From 1; 0 for the file as a whole.
    pub line: u64,
    pub message: String,
}

/// Why no project could be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// Too large a file.
    #[error("the file has {0} bytes, more than {CSV_BYTES_MAX}: export fewer issues")]
    TooLarge(usize),
    /// Nothing in it.
    #[error("the file has no rows: export the issues as CSV and try again")]
    Empty,
    /// The first line lacks a column.
    #[error(
        "line 1: there is no column `{column}` (found: {found}): export the issues with GitLab's own CSV export"
    )]
    Column { column: &'static str, found: String },
    /// A row that is no CSV.
    #[error("line {line}: {problem}")]
    Row { line: u64, problem: String },
    /// Too many rows.
    #[error(
        "line {0}: more than {ROWS_MAX} issues: export fewer, such as those of one project or year"
    )]
    TooMany(u64),
    /// Not enough was closed before the day.
    #[error(
        "only {closed} issues were closed up to {as_of}, too few to see a pace: choose a later day{hint}"
    )]
    NoHistory { as_of: Date, closed: usize, hint: String },
    /// Nothing was open on the day.
    #[error("no issue was open on {as_of}: choose a day between {first} and {last}")]
    NothingOpen { as_of: Date, first: Date, last: Date },
    /// The project would be out of bounds.
    #[error("{0}")]
    Spec(String),
}

/// Collects warnings up to a bound.
#[derive(Default)]
struct Warnings {
    list: Vec<ImportWarning>,
    more: usize,
}

impl Warnings {
    fn add(&mut self, line: u64, message: impl Into<String>) {
        if self.list.len() < WARNINGS_MAX {
            self.list.push(ImportWarning { line, message: message.into() });
        } else {
            self.more += 1;
        }
    }

    fn finish(mut self) -> Vec<ImportWarning> {
        self.list.sort_by_key(|warning| warning.line);
        if self.more > 0 {
            let message = format!("{} more things were not understood", self.more);
            self.list.push(ImportWarning { line: 0, message });
        }
        self.list
    }
}

/// Makes a project of an export, as things stood on a day.
pub fn import_gitlab(
    bytes: &[u8],
    name: &str,
    as_of: Date,
    market: Option<ShardId>,
) -> Result<ImportedBacklog, ImportError> {
    let mut warnings = Warnings::default();
    let rows = csv_rows::read(bytes, &mut warnings)?;
    let history = history(&rows, as_of)?;
    let (open, first, last) = open_on(&rows, as_of);
    if open.is_empty() {
        return Err(ImportError::NothingOpen { as_of, first, last });
    }
    let open = &open[..open.len().min(TASKS_MAX)];
    let (team, numbers) = team(&history, &mut warnings);
    let usual = usual_weight(&history.closed);
    let calibration = calibrate::calibrate(&team, &history, open, usual);
    let mut spec = ProjectSpec::new(name, team);
    spec.description = format!("Imported from GitLab as of {as_of}");
    spec.phase = Phase::Build;
    spec.stop_after = Phase::Build;
    spec.only_backlog = true;
    spec.market = market;
    // An export says nothing of money: there is enough for ten years.
    spec.cash_cents = 1_200_000_000 * spec.people() as i64;
    spec.cash_cents = spec.cash_cents.min(crate::model::spec::CENTS_MAX);
    for row in open {
        spec.backlog.push(task(row, usual, calibration.minutes_per_weight, &numbers));
    }
    spec.check().map_err(|error| ImportError::Spec(error.to_string()))?;
    let body = crate::model::spec::Founding::Project(Box::new(spec.clone())).to_body().len();
    if body > BODY_BYTES_MAX {
        return Err(ImportError::Spec(format!(
            "the backlog takes {body} bytes, more than {BODY_BYTES_MAX}: export fewer issues"
        )));
    }
    let report = ImportReport {
        as_of,
        rows: rows.len() as u32,
        open: open.len() as u32,
        closed_before: history.closed_before as u32,
        people: spec.people() as u32,
        window_weeks: history.weeks,
        closings_per_week: history.per_week(),
        minutes_per_weight: calibration.minutes_per_weight,
        simulated_per_week: calibration.per_week,
    };
    Ok(ImportedBacklog { spec, report, warnings: warnings.finish() })
}

/// What is known of the time before the day.
struct History<'a> {
    /// Closed within the window.
    closed: Vec<&'a Row>,
    weeks: f64,
    closed_before: usize,
    as_of: Date,
}

impl History<'_> {
    fn per_week(&self) -> f64 {
        self.closed.len() as f64 / self.weeks
    }
}

fn history(rows: &[Row], as_of: Date) -> Result<History<'_>, ImportError> {
    let closed: Vec<&Row> =
        rows.iter().filter(|row| row.closed.is_some_and(|closed| closed <= as_of)).collect();
    if closed.len() < CLOSINGS_MIN {
        let mut all: Vec<Date> = rows.iter().filter_map(|row| row.closed).collect();
        all.sort();
        let hint = match all.get(CLOSINGS_MIN - 1) {
            Some(enough) => format!(", {enough} or after"),
            None => String::new(),
        };
        return Err(ImportError::NoHistory { as_of, closed: closed.len(), hint });
    }
    let first = rows.iter().map(|row| row.created).min().unwrap_or(as_of);
    let life = (as_of.days() - first.days() + 1).max(7);
    let mut weeks = WINDOW_WEEKS;
    loop {
        let from = as_of.days() - weeks * 7;
        let within: Vec<&Row> = closed
            .iter()
            .copied()
            .filter(|row| row.closed.is_some_and(|closed| closed.days() > from))
            .collect();
        if within.len() >= CLOSINGS_MIN || weeks * 7 > life {
            let days = life.min(weeks * 7);
            let weeks = days as f64 / 7.0;
            return Ok(History { closed: within, weeks, closed_before: closed.len(), as_of });
        }
        weeks *= 2;
    }
}

/// The issues open on the day, the oldest first, and the first and last day on which any was open.
fn open_on(rows: &[Row], as_of: Date) -> (Vec<&Row>, Date, Date) {
    let mut open: Vec<&Row> = rows
        .iter()
        .filter(|row| row.created <= as_of && row.closed.is_none_or(|closed| closed > as_of))
        .collect();
    open.sort_by_key(|row| (row.created, row.line));
    let first = rows.iter().map(|row| row.created).min().unwrap_or(as_of);
    let last = rows.iter().filter_map(|row| row.closed).max().unwrap_or(as_of);
    (open, first, last)
}

/// The weight of an issue that has none: the median of those that were closed.
fn usual_weight(closed: &[&Row]) -> u32 {
    let mut weights: Vec<u32> = closed.iter().filter_map(|row| row.weight).collect();
    weights.sort();
    weights.get(weights.len() / 2).copied().unwrap_or(1).max(1)
}

/// The people: whoever was assigned to what was closed lately, the busiest first, and their numbers.
fn team(history: &History<'_>, warnings: &mut Warnings) -> (Vec<TeamSpec>, BTreeMap<String, u32>) {
    let mut seen: BTreeMap<&str, Worker> = BTreeMap::new();
    for row in &history.closed {
        for name in &row.assignees {
            let worker = seen.entry(name).or_default();
            worker.closed += 1;
            worker.first = worker.first.min(row.created.days());
            *worker.kinds.entry(kind(row)).or_default() += 1;
        }
    }
    let mut workers: Vec<(&str, Worker)> = seen.into_iter().collect();
    workers.sort_by_key(|(name, worker)| (std::cmp::Reverse(worker.closed), *name));
    if workers.len() > PEOPLE_MAX as usize {
        warnings.add(0, format!("only the {PEOPLE_MAX} busiest people are taken"));
        workers.truncate(PEOPLE_MAX as usize);
    }
    if workers.is_empty() {
        // About one person for each closing in a week, our assumption.
        let count = (history.per_week() + 0.5).clamp(1.0, 8.0) as u32;
        let message = format!(
            "nobody was assigned to what was closed lately: {count} people without names are assumed"
        );
        warnings.add(0, message);
        let one = TeamSpec::one(Role::Engineer, Seniority::Mid);
        return (vec![TeamSpec { count, ..one }], BTreeMap::new());
    }
    let most = workers[0].1.closed.max(1);
    let mut numbers = BTreeMap::new();
    let mut team = Vec::new();
    for (name, worker) in workers {
        numbers.insert(name.to_string(), team.len() as u32 + 1);
        let known = history.as_of.days() - worker.first;
        let seniority = match known {
            730.. => Seniority::Senior,
            180.. => Seniority::Mid,
            _ => Seniority::Junior,
        };
        team.push(TeamSpec {
            name: Some(name.to_string()),
            // Whoever closed a tenth of what the busiest did is there for a fraction of the day.
            share: (2_000 + 8_000 * worker.closed / most).min(10_000) as u16,
            ..TeamSpec::one(worker.role(), seniority)
        });
    }
    (team, numbers)
}

struct Worker {
    closed: u32,
    /// Day of the first issue they were seen on.
    first: i64,
    kinds: BTreeMap<TaskKind, u32>,
}

impl Default for Worker {
    fn default() -> Self {
        Worker { closed: 0, first: i64::MAX, kinds: BTreeMap::new() }
    }
}

impl Worker {
    /// What most of their work was; an engineer's if it is mixed.
    fn role(&self) -> Role {
        let share = |kind| self.kinds.get(&kind).copied().unwrap_or(0) * 2 > self.closed;
        match () {
            () if share(TaskKind::Design) => Role::Designer,
            () if share(TaskKind::Test) => Role::Tester,
            () if share(TaskKind::Ops) => Role::Operations,
            () if share(TaskKind::Research) => Role::Researcher,
            () => Role::Engineer,
        }
    }
}

/// The kind of work, by the words in its labels.
fn kind(row: &Row) -> TaskKind {
    let has = |words: &[&str]| {
        row.labels.iter().any(|label| {
            label
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
        })
    };
    match () {
        () if has(&["bug", "defect", "regression"]) => TaskKind::Bug,
        () if has(&["design", "ux"]) => TaskKind::Design,
        () if has(&["test", "testing", "qa", "quality"]) => TaskKind::Test,
        () if has(&["documentation", "docs"]) => TaskKind::Docs,
        () if has(&["ops", "infrastructure", "deployment", "ci", "devops"]) => TaskKind::Ops,
        () if has(&["research", "spike", "investigation"]) => TaskKind::Research,
        () if has(&["chore", "maintenance", "refactoring", "debt", "backstage"]) => TaskKind::Chore,
        () => TaskKind::Feature,
    }
}

/// 1 to 5, by labels such as `priority::2`, `P1` or `priority::high`.
fn priority(row: &Row) -> u8 {
    for label in &row.labels {
        let label = label.to_ascii_lowercase();
        let Some(rest) = label
            .strip_prefix("priority")
            .or_else(|| label.strip_prefix('p').filter(|rest| rest.len() == 1))
        else {
            continue;
        };
        let rest = rest.trim_start_matches([':', ' ', '-']);
        let rest = rest.trim_start_matches('p');
        return match rest.chars().next() {
            Some('0' | '1' | 'c' | 'u') => 5,
            Some('2' | 'h') => 4,
            Some('4' | '5' | 'l') => 2,
            _ => 3,
        };
    }
    3
}

/// Estimate of an issue. Effort grows more slowly than the numbers people give: with their power
/// .83 (SiP data, Jones and Cullum 2019), which is taken for weights too.
fn estimate(row: &Row, usual: u32, minutes_per_weight: u32) -> u32 {
    let weight = f64::from(row.weight.unwrap_or(usual).max(1));
    let minutes = libm::pow(weight, 0.83) * f64::from(minutes_per_weight);
    (minutes as u32).clamp(5, ESTIMATE_MAX)
}

fn task(
    row: &Row,
    usual: u32,
    minutes_per_weight: u32,
    numbers: &BTreeMap<String, u32>,
) -> TaskSpec {
    TaskSpec {
        kind: kind(row),
        estimate_minutes: estimate(row, usual, minutes_per_weight),
        priority: priority(row),
        assignee: row.assignees.iter().find_map(|name| numbers.get(name).copied()),
        source: Some(row.id.clone()),
        ..TaskSpec::new(row.title.clone())
    }
}

#[cfg(test)]
mod tests;
