//! The repository as it is kept: files as lists of units, changes to them, commits and branches.
//!
//! There is no text in it. A unit is a number of a template, a seed and a shape; the words are made
//! by [`text`](super::text) when somebody looks. The newest commits are kept one by one, older ones
//! are folded into the files they changed.

use std::collections::VecDeque;

use bincode::{Decode, Encode};

use crate::model::kind::TaskKind;
use crate::model::workshop::subject::Subject;

/// Files of a repository. Our assumption: what a page can list.
pub const FILES_MAX: usize = 200;
/// Units of all files together. Our assumption: about 2 MB of text.
pub const UNITS_MAX: usize = 4_000;
/// Commits kept one by one.
pub const COMMITS_MAX: usize = 256;
/// Branches open at a time.
pub const BRANCHES_MAX: usize = 4_096;
/// Changes of an open branch that are older than the kept commits.
pub const HELD_MAX: usize = 16;
/// Changes of one commit.
pub const CHANGES_MAX: usize = 4;
/// Units of a source file: one for each kind of function.
pub const SOURCE_UNITS: u8 = 14;
/// Units of any other file: one for each heading.
pub const PROSE_UNITS: u8 = 8;

/// What a file is for: decides on its folder and its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Area {
    /// Code, with its tests.
    Source,
    /// A guide for users.
    Guide,
    /// What was found out.
    Research,
    /// A decision on design and its reasons.
    Decision,
    /// How something is run: YAML.
    Operations,
    /// A page of the web site.
    Site,
    /// Answers for customers.
    Help,
    /// Offers and costs.
    Plan,
}

impl Area {
    /// Where work of this kind leaves its traces.
    pub fn of(kind: TaskKind) -> Area {
        match kind {
            TaskKind::Feature | TaskKind::Bug | TaskKind::Chore | TaskKind::Test => Area::Source,
            TaskKind::Research => Area::Research,
            TaskKind::Design => Area::Decision,
            TaskKind::Ops => Area::Operations,
            TaskKind::Docs => Area::Guide,
            TaskKind::Marketing => Area::Site,
            TaskKind::Support => Area::Help,
            TaskKind::Sales | TaskKind::Finance => Area::Plan,
        }
    }

    /// Units a file of it may have.
    pub fn units_max(self) -> u8 {
        if self == Area::Source { SOURCE_UNITS } else { PROSE_UNITS }
    }
}

/// What is done to a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Op {
    /// It is written, with a first test.
    Add,
    /// It gets a guard and a test.
    Fix,
    /// It gets a test.
    Test,
    /// A number in it changes.
    Tune,
    /// It is put another way.
    Refactor,
    /// Something in it gets another name.
    Rename,
    /// It is explained.
    Explain,
}

/// How far a unit has come: tests (2 bits), guards (2), put another way (1), names (2),
/// explained (1), numbers (4), from the lowest bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Shape(pub u16);

impl Shape {
    fn part(self, at: u32, bits: u32) -> u16 {
        self.0 >> at & ((1 << bits) - 1)
    }

    fn set(&mut self, at: u32, bits: u32, value: u16) {
        let mask = ((1 << bits) - 1) << at;
        self.0 = self.0 & !mask | value << at & mask;
    }

    /// 1 to 3.
    pub fn tests(self) -> usize {
        usize::from(self.part(0, 2)).max(1)
    }

    /// 0 to 2.
    pub fn guards(self) -> u16 {
        self.part(2, 2).min(2)
    }

    /// Whether it was put another way.
    pub fn refactored(self) -> bool {
        self.part(4, 1) == 1
    }

    /// Which names it uses: 0 to 3.
    pub fn names(self) -> usize {
        usize::from(self.part(5, 2))
    }

    /// Whether it is explained at length.
    pub fn explained(self) -> bool {
        self.part(7, 1) == 1
    }

    /// By how much its numbers have moved: 0 to 15.
    pub fn tune(self) -> u16 {
        self.part(8, 4)
    }

    /// What becomes of it. Everything that is done shows somewhere.
    pub fn apply(&mut self, op: Op) {
        match op {
            Op::Add => self.set(0, 2, 1),
            Op::Fix if self.guards() < 2 => {
                self.set(2, 2, self.guards() + 1);
                self.set(0, 2, (self.tests() as u16 + 1).min(3));
            }
            Op::Test if self.tests() < 3 => self.set(0, 2, self.tests() as u16 + 1),
            Op::Refactor if !self.refactored() => self.set(4, 1, 1),
            Op::Refactor | Op::Rename => self.set(5, 2, (self.part(5, 2) + 1) % 4),
            Op::Explain if !self.explained() => self.set(7, 1, 1),
            Op::Fix | Op::Test | Op::Explain | Op::Tune => {
                self.set(8, 4, (self.tune() + 1) % 16);
            }
        }
    }
}

/// A function with its tests, or a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Unit {
    /// Unique in the file, growing.
    pub id: u8,
    pub seed: u8,
    pub shape: Shape,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct File {
    pub area: Area,
    pub subject: Subject,
    /// The number of the next unit.
    pub next: u8,
    /// Units before the first commit that is kept, in order of id.
    pub base: Vec<Unit>,
}

/// A change to one unit of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Change {
    /// Place in the list of files.
    pub file: u16,
    pub unit: u8,
    pub op: Op,
    pub seed: u8,
}

/// What a commit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum What {
    /// Work on the branch of a task.
    Work,
    /// The same, after a review found something.
    Rework,
    /// The branch of a task goes into `main`.
    Merge,
}

/// A commit. Its number is its place behind the first one that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Commit {
    pub tick: u64,
    pub author: u32,
    pub task: u32,
    pub what: What,
    pub changes: Vec<Change>,
}

/// The branch of a task in work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Branch {
    pub task: u32,
    /// The file that the task is about.
    pub file: u16,
    pub opened: u64,
    /// Commits so far.
    pub commits: u8,
    /// Minutes of work since the last one.
    pub minutes: u16,
    /// What is being written now.
    pub next: Change,
    /// The newest unit that this branch has added.
    pub own: Option<u8>,
    /// Changes older than the commits that are kept.
    pub held: Vec<Change>,
}

/// Files, commits and branches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Repository {
    pub files: Vec<File>,
    /// Units of all files together.
    pub units: u16,
    /// Commits folded into the files.
    pub folded: u32,
    /// Tick of the last of them.
    pub folded_until: u64,
    pub commits: VecDeque<Commit>,
    /// Open ones, in order of task.
    pub branches: Vec<Branch>,
}

impl Repository {
    /// The number of the newest commit; 0 before the first.
    pub fn newest(&self) -> u32 {
        self.folded.saturating_add(self.commits.len() as u32)
    }

    /// The commit of this number, if it is still kept by itself.
    pub fn commit(&self, id: u32) -> Option<&Commit> {
        self.commits.get(id.checked_sub(self.folded)?.checked_sub(1)? as usize)
    }

    /// Where the branch of a task is, or would be.
    pub fn branch_at(&self, task: u32) -> Result<usize, usize> {
        self.branches.binary_search_by_key(&task, |branch| branch.task)
    }

    /// Adds a commit and folds the oldest beyond what is kept.
    pub fn push(&mut self, commit: Commit, keep: usize) {
        self.commits.push_back(commit);
        while self.commits.len() > keep.clamp(1, COMMITS_MAX) {
            self.fold();
        }
    }

    /// Takes the oldest commit into the files, or into its branch if that is open.
    fn fold(&mut self) {
        let Some(commit) = self.commits.pop_front() else { return };
        self.folded = self.folded.saturating_add(1);
        self.folded_until = commit.tick;
        if commit.what == What::Merge {
            return;
        }
        if let Ok(at) = self.branch_at(commit.task) {
            let held = &mut self.branches[at].held;
            let room = HELD_MAX.saturating_sub(held.len());
            held.extend(commit.changes.iter().take(room));
            return;
        }
        let merged =
            self.commits.iter().any(|other| other.what == What::Merge && other.task == commit.task);
        if merged {
            self.settle(&commit.changes);
        }
    }

    /// A change that was planned is not made: its number is free again, if no later one was given.
    pub fn release(&mut self, planned: &Change) {
        let Some(file) = self.files.get_mut(usize::from(planned.file)) else { return };
        if planned.op == Op::Add && file.next == planned.unit.saturating_add(1) {
            file.next -= 1;
            self.units = self.units.saturating_sub(1);
        }
    }

    /// Takes changes into the files.
    pub fn settle(&mut self, changes: &[Change]) {
        for change in changes {
            if let Some(file) = self.files.get_mut(usize::from(change.file)) {
                apply(&mut file.base, change);
            }
        }
    }

    /// Whether every bound holds that a step relies on.
    pub fn check(&self) -> Result<(), String> {
        let hold = |good: bool, what: &str| {
            if good { Ok(()) } else { Err(format!("the repository is not sound: {what}")) }
        };
        hold(self.files.len() <= FILES_MAX, "too many files")?;
        hold(self.commits.len() <= COMMITS_MAX, "too many commits")?;
        hold(self.branches.len() <= BRANCHES_MAX, "too many branches")?;
        hold(self.folded <= u32::MAX / 2, "commits used up")?;
        hold(self.branches.windows(2).all(|b| b[0].task < b[1].task), "branches out of order")?;
        let mut units = 0;
        for file in &self.files {
            hold(file.subject.sound(), "a subject")?;
            hold(file.next <= file.area.units_max(), "too many units")?;
            hold(file.base.windows(2).all(|u| u[0].id < u[1].id), "units out of order")?;
            hold(file.base.iter().all(|unit| unit.id < file.next), "a unit from the future")?;
            units += usize::from(file.next);
        }
        hold(units == usize::from(self.units) && units <= UNITS_MAX, "the units")?;
        let place = |change: &Change| usize::from(change.file) < self.files.len();
        for commit in &self.commits {
            hold(commit.changes.len() <= CHANGES_MAX, "too many changes")?;
            hold(commit.changes.iter().all(place), "a change of no file")?;
        }
        for branch in &self.branches {
            hold(branch.held.len() <= HELD_MAX, "too many changes")?;
            hold(branch.held.iter().all(place) && place(&branch.next), "a change of no file")?;
            hold(usize::from(branch.file) < self.files.len(), "a branch of no file")?;
        }
        Ok(())
    }
}

/// Does a change to the units of a file. What is not there is not changed.
pub fn apply(units: &mut Vec<Unit>, change: &Change) {
    match (units.binary_search_by_key(&change.unit, |unit| unit.id), change.op) {
        (Err(at), Op::Add) => {
            let mut unit = Unit { id: change.unit, seed: change.seed, shape: Shape::default() };
            unit.shape.apply(Op::Add);
            units.insert(at, unit);
        }
        (Ok(at), op) if op != Op::Add => units[at].shape.apply(op),
        _ => {}
    }
}

/// A number made of others, well mixed (the finaliser of splitmix64, Steele et al. 2014).
pub fn mix(one: u64, two: u64) -> u64 {
    let mut z = one ^ two.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_done_to_a_unit_changes_its_shape_and_stays_in_bounds() {
        for op in [Op::Fix, Op::Test, Op::Tune, Op::Refactor, Op::Rename, Op::Explain] {
            let mut shape = Shape::default();
            shape.apply(Op::Add);
            for _ in 0..40 {
                let before = shape;
                shape.apply(op);
                assert_ne!(before, shape, "{op:?}");
                assert!((1..=3).contains(&shape.tests()) && shape.guards() <= 2);
            }
        }
    }

    #[test]
    fn a_change_to_a_unit_that_is_not_there_does_nothing() {
        let mut units = Vec::new();
        apply(&mut units, &Change { file: 0, unit: 3, op: Op::Fix, seed: 1 });
        assert!(units.is_empty());
        apply(&mut units, &Change { file: 0, unit: 3, op: Op::Add, seed: 1 });
        apply(&mut units, &Change { file: 0, unit: 3, op: Op::Add, seed: 9 });
        assert_eq!(units.len(), 1);
        assert_eq!(units[0].seed, 1);
    }
}
