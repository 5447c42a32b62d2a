//! The workshop: the project's repository, its builds and its deployments.
//!
//! It records what [`work`](super::work) decides. Nothing in it changes how work goes on, it draws
//! no random numbers, and no text is made in a step: [`repository`] keeps what was done in a few
//! bytes, [`text`] makes the words, [`tree`] the history, [`pipeline`] runs and their logs,
//! [`read`] what people ask for, [`export`] a repository for git, [`workstation`] what machines do.

pub(in crate::model) mod diff;
pub mod export;
pub(in crate::model) mod message;
pub mod pipeline;
pub mod read;
pub mod repository;
mod subject;
#[cfg(test)]
mod tests;
pub mod text;
pub(in crate::model) mod tree;
pub mod workstation;

use bincode::{Decode, Encode};

use crate::model::happen::Happen;
use crate::model::kind::TaskKind;
use crate::model::project::{DAY, Project, WEEK_DAYS};
use crate::model::view::TaskState;
use pipeline::{Deployment, Finding, Records, Review, Run, Scan};
use repository::{
    Area, BRANCHES_MAX, Branch, COMMITS_MAX, Change, Commit, FILES_MAX, File, Op, Repository,
    UNITS_MAX, What, mix,
};
use subject::Subject;

pub use export::export;
pub use read::{diff, file_text, log};
pub use workstation::workstation;

/// Minutes of work before a commit, at least. Our assumption: a few commits a day.
pub(in crate::model) const COMMIT_MINUTES: u64 = 60;
/// And up to so many more.
pub(in crate::model) const COMMIT_SPREAD: u64 = 90;
/// Files of a small company, and for each person more. Our assumption.
const FILES_BASE: usize = 12;
const FILES_PER_PERSON: usize = 2;
/// Units of a small company, and for each person more. Our assumption.
const UNITS_BASE: usize = 60;
const UNITS_PER_PERSON: usize = 10;
/// Commits kept one by one by a small company, and for each person more. Our assumption.
const COMMITS_BASE: usize = 32;
const COMMITS_PER_PERSON: usize = 2;
/// Runs, reviews and deployments kept by a small company; one more for each person.
const RECORDS_BASE: usize = 8;

/// The state of the workshop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Workshop {
    pub repository: Repository,
    pub records: Records,
}

/// Why a run of the pipeline failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Failure {
    /// It does not compile.
    Compile,
    /// A test says no.
    Test,
    /// The style or the types are wrong.
    Lint,
    /// A security scan found something.
    Scan,
    /// A test that fails now and then.
    Flaky,
}

impl Workshop {
    /// Whether every bound holds that a step relies on.
    pub fn check(&self) -> Result<(), String> {
        self.repository.check()?;
        self.records.check(self.repository.files.len())
    }
}

/// What comes next on the branch of a task: a unit is added, or one that is there is changed.
/// `turn` varies it.
fn plan(
    repository: &mut Repository,
    file: u16,
    own: Option<u8>,
    kind: TaskKind,
    nth: u8,
    units_max: usize,
    turn: u64,
) -> Change {
    let total = usize::from(repository.units);
    let seed = (turn >> 8) as u8;
    let Some(at) = repository.files.get_mut(usize::from(file)) else {
        return Change { file, unit: 0, op: Op::Tune, seed };
    };
    let room = at.next < at.area.units_max() && total < units_max;
    // What was there before this branch, chosen anyhow; else what the branch has added.
    let there = match at.base.len() {
        0 => own,
        count => Some(at.base[(turn >> 16) as usize % count].id),
    };
    let again = nth % 2 == 1;
    let (adds, op) = match (at.area, kind) {
        (Area::Source, TaskKind::Bug) if again => (false, Op::Test),
        (Area::Source, TaskKind::Bug) => (false, Op::Fix),
        (Area::Source, TaskKind::Test) => (false, Op::Test),
        (Area::Source, TaskKind::Chore) => {
            (false, [Op::Refactor, Op::Rename, Op::Tune][turn as usize % 3])
        }
        (_, _) if again => (false, [Op::Test, Op::Explain, Op::Fix, Op::Tune][turn as usize % 4]),
        (_, _) => (true, [Op::Fix, Op::Refactor, Op::Explain, Op::Rename][turn as usize % 4]),
    };
    // A second commit of a branch goes on with what the first one added.
    let target = if again { own.or(there) } else { there };
    match target {
        Some(unit) if !(adds && room) => Change { file, unit, op, seed },
        _ if room => {
            let unit = at.next;
            at.next += 1;
            repository.units += 1;
            Change { file, unit, op: Op::Add, seed }
        }
        _ => Change { file, unit: seed % at.next.max(1), op, seed },
    }
}

impl Project {
    fn workshop_limits(&self) -> (usize, usize, usize, usize) {
        let people = self.people.len();
        (
            (FILES_BASE + FILES_PER_PERSON * people).min(FILES_MAX),
            (UNITS_BASE + UNITS_PER_PERSON * people).min(UNITS_MAX),
            (COMMITS_BASE + COMMITS_PER_PERSON * people).min(COMMITS_MAX),
            (RECORDS_BASE + people).min(pipeline::RECORDS_MAX),
        )
    }

    /// A number that is this project's own for a task and a count.
    pub(in crate::model) fn workshop_turn(&self, task: u32, nth: u8) -> u64 {
        let bytes: [u8; 8] = std::array::from_fn(|at| self.shard.0.0[at]);
        mix(u64::from_le_bytes(bytes) ^ u64::from(task) << 8, u64::from(nth))
    }

    /// Somebody has taken on a task.
    pub(in crate::model) fn workshop_started(
        &mut self,
        _person: usize,
        task: usize,
        now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
        self.workshop_branch(task, now);
    }

    /// The place of the branch of a task, which is opened if there is none.
    fn workshop_branch(&mut self, task: usize, now: u64) -> Option<usize> {
        let task = self.tasks.get(task)?;
        let (id, kind) = (task.id, task.kind);
        let at = match self.workshop.repository.branch_at(id) {
            Ok(at) => return Some(at),
            Err(at) => at,
        };
        let (files_max, units_max, ..) = self.workshop_limits();
        let turn = self.workshop_turn(id, 0);
        let (area, subject) = (Area::of(kind), Subject::of(self, task));
        let repository = &mut self.workshop.repository;
        if repository.branches.len() >= BRANCHES_MAX {
            return None;
        }
        let found =
            repository.files.iter().position(|file| file.area == area && file.subject == subject);
        let file = match found {
            Some(file) => file,
            None if repository.files.len() < files_max => {
                repository.files.push(File { area, subject, next: 0, base: Vec::new() });
                repository.files.len() - 1
            }
            // No room for another: what comes nearest.
            None => {
                let near = repository.files.iter().filter(|file| file.area == area).count() as u64;
                let nth = turn.checked_rem(near).unwrap_or(0) as usize;
                let near = |(_, file): &(usize, &File)| file.area == area;
                let found = repository.files.iter().enumerate().filter(near).nth(nth);
                found.map_or(0, |(at, _)| at)
            }
        };
        let file = file as u16;
        let next = plan(repository, file, None, kind, 0, units_max, turn);
        let branch = Branch {
            task: id,
            file,
            opened: now,
            commits: 0,
            minutes: 0,
            next,
            own: None,
            held: Vec::new(),
        };
        repository.branches.insert(at, branch);
        Some(at)
    }

    /// Somebody has worked on a task for so many minutes.
    pub(in crate::model) fn workshop_progress(
        &mut self,
        person: usize,
        task: usize,
        minutes: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let Some(at) = self.workshop_branch(task, now) else { return };
        let branch = &mut self.workshop.repository.branches[at];
        branch.minutes = branch.minutes.saturating_add(minutes.min(DAY as u32) as u16);
        let (id, nth, minutes) = (branch.task, branch.commits, u64::from(branch.minutes));
        if minutes >= COMMIT_MINUTES + self.workshop_turn(id, nth) % COMMIT_SPREAD {
            self.workshop_commit(at, person, task, true, now, happen);
        }
    }

    /// Commits what is being written on a branch and begins with the next thing, if it goes on.
    fn workshop_commit(
        &mut self,
        at: usize,
        person: usize,
        task: usize,
        goes_on: bool,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let (Some(task), Some(person)) = (self.tasks.get(task), self.people.get(person)) else {
            return;
        };
        let (kind, rework, author) = (task.kind, task.rework, person.id);
        let (_, units_max, keep, _) = self.workshop_limits();
        let repository = &mut self.workshop.repository;
        let branch = &mut repository.branches[at];
        let (id, change) = (branch.task, branch.next);
        if change.op == Op::Add {
            branch.own = Some(change.unit);
        }
        branch.minutes = 0;
        branch.commits = branch.commits.saturating_add(1);
        let (file, nth, own) = (branch.file, branch.commits, branch.own);
        // What review found is put right where the branch has written.
        let kind = if rework > 0 { TaskKind::Bug } else { kind };
        let what = if rework > 0 { What::Rework } else { What::Work };
        let commit = Commit { tick: now, author, task: id, what, changes: vec![change] };
        repository.push(commit, keep);
        if goes_on {
            let turn = self.workshop_turn(id, nth);
            let repository = &mut self.workshop.repository;
            repository.branches[at].next = plan(repository, file, own, kind, nth, units_max, turn);
        }
        let number = self.workshop.repository.newest();
        happen.commit(self, number);
    }

    /// A run of the pipeline for a task has ended: with nothing wrong, or with this.
    pub(in crate::model) fn workshop_built(
        &mut self,
        task: usize,
        failure: Option<Failure>,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let Some(id) = self.tasks.get(task).map(|task| task.id) else { return };
        let keep = self.workshop_limits().3;
        let commit = self.workshop.repository.newest();
        let file = match self.workshop.repository.branch_at(id) {
            Ok(at) => Some(self.workshop.repository.branches[at].file),
            Err(_) => None,
        };
        self.workshop.records.run(Run { tick: now, task: id, commit, file, failure }, keep);
        let run = self.workshop.records.newest_run();
        happen.build(self, run);
    }

    /// Somebody has reviewed a task and found so many defects.
    pub(in crate::model) fn workshop_reviewed(
        &mut self,
        reviewer: usize,
        task: usize,
        defects: u8,
        now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
        let (Some(task), Some(reviewer)) = (self.tasks.get(task), self.people.get(reviewer)) else {
            return;
        };
        let review = Review { tick: now, task: task.id, reviewer: reviewer.id, defects };
        let keep = self.workshop_limits().3;
        self.workshop.records.review(review, keep);
    }

    /// A task is done: its branch is merged.
    pub(in crate::model) fn workshop_merged(
        &mut self,
        person: usize,
        task: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let Some(at) = self.workshop_branch(task, now) else { return };
        let branch = &self.workshop.repository.branches[at];
        if branch.commits == 0 || branch.minutes > 0 {
            self.workshop_commit(at, person, task, false, now, happen);
        } else {
            let next = branch.next;
            self.workshop.repository.release(&next);
        }
        let Some(author) = self.people.get(person).map(|person| person.id) else { return };
        let keep = self.workshop_limits().2;
        let repository = &mut self.workshop.repository;
        let branch = repository.branches.remove(at);
        repository.settle(&branch.held);
        let (task, what) = (branch.task, What::Merge);
        repository.push(Commit { tick: now, author, task, what, changes: Vec::new() }, keep);
        self.workshop.records.merged = self.workshop.records.merged.saturating_add(1);
        let number = self.workshop.repository.newest();
        happen.commit(self, number);
    }

    /// What was merged since the last time went to customers, and worked or had to be put right.
    pub(in crate::model) fn workshop_deployed(
        &mut self,
        failed: bool,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let keep = self.workshop_limits().3;
        let commit = self.workshop.repository.newest();
        let records = &mut self.workshop.records;
        let merged = std::mem::take(&mut records.merged);
        records.deploy(Deployment { tick: now, commit, merged, failed }, keep);
        happen.deploy(self);
    }

    /// The end of a working day in the workshop.
    pub(in crate::model) fn workshop_evening(&mut self, now: u64, _happen: &mut Happen<'_, '_>) {
        let mut branches = std::mem::take(&mut self.workshop.repository.branches);
        let mut left = Vec::new();
        branches.retain(|branch| {
            let goes_on = self
                .task(branch.task)
                .is_some_and(|task| matches!(task.state, TaskState::Doing | TaskState::Review));
            if !goes_on {
                left.push(branch.next);
            }
            goes_on
        });
        self.workshop.repository.branches = branches;
        for next in &left {
            self.workshop.repository.release(next);
        }
        // A look at the security of everything at the end of each week.
        if (now / DAY).is_multiple_of(WEEK_DAYS) {
            let turn = self.workshop_turn(0, (now / DAY) as u8) ^ now;
            let findings = self.workshop_findings(turn);
            self.workshop.records.scan(Scan { tick: now, findings });
        }
    }

    /// What a scan finds: more where the product has more defects that nobody has found yet.
    fn workshop_findings(&self, turn: u64) -> Vec<Finding> {
        let files = self.workshop.repository.files.len() as u64;
        if files == 0 {
            return Vec::new();
        }
        // One finding for about eight hidden defects, and now and then one in a library.
        let count = (u64::from(self.latent) / 8 + u64::from(turn.is_multiple_of(3)))
            .min(pipeline::FINDINGS_MAX as u64);
        (0..count)
            .map(|nth| {
                let drawn = mix(turn, nth);
                Finding { file: (drawn % files) as u16, kind: (drawn >> 32) as u8 }
            })
            .collect()
    }
}
