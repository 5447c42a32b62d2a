//! What is kept of runs of the pipeline, reviews, deployments and scans, and how a run went.

use std::collections::VecDeque;

use bincode::{Decode, Encode};

use crate::model::workshop::Failure;
use crate::model::workshop::message::branch_name;
use crate::model::workshop::repository::{Area, mix};
use crate::model::workshop::text::{Context, Language};

/// Runs, reviews and deployments that are kept, of each.
pub const RECORDS_MAX: usize = 32;
/// Scans that are kept.
pub const SCANS_MAX: usize = 16;
/// Findings of a scan.
pub const FINDINGS_MAX: usize = 4;

/// A run of the pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Run {
    pub tick: u64,
    pub task: u32,
    /// The newest commit of the repository at that time.
    pub commit: u32,
    pub file: Option<u16>,
    pub failure: Option<Failure>,
}

/// A review.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Review {
    pub tick: u64,
    pub task: u32,
    pub reviewer: u32,
    pub defects: u8,
}

/// A deployment. Its number is the version that customers see.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Deployment {
    pub tick: u64,
    /// The newest commit in it.
    pub commit: u32,
    /// Tasks in it.
    pub merged: u16,
    pub failed: bool,
}

/// A look at the security of everything.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Scan {
    pub tick: u64,
    pub findings: Vec<Finding>,
}

/// Something a scan found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Finding {
    pub file: u16,
    /// By its number in the list of rules.
    pub kind: u8,
}

/// What is kept of them, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Records {
    pub runs: VecDeque<Run>,
    /// Runs before those that are kept.
    pub runs_before: u32,
    pub reviews: VecDeque<Review>,
    pub deployments: VecDeque<Deployment>,
    pub deployments_before: u32,
    pub scans: VecDeque<Scan>,
    /// Tasks merged since the last deployment.
    pub merged: u16,
}

/// Adds to a ring and says how many fell out.
fn push<T>(ring: &mut VecDeque<T>, item: T, keep: usize) -> u32 {
    ring.push_back(item);
    let mut dropped = 0;
    while ring.len() > keep.clamp(1, RECORDS_MAX) {
        ring.pop_front();
        dropped += 1;
    }
    dropped
}

impl Records {
    pub fn run(&mut self, run: Run, keep: usize) {
        let dropped = push(&mut self.runs, run, keep);
        self.runs_before = self.runs_before.saturating_add(dropped);
    }

    pub fn review(&mut self, review: Review, keep: usize) {
        push(&mut self.reviews, review, keep);
    }

    pub fn deploy(&mut self, deployment: Deployment, keep: usize) {
        let dropped = push(&mut self.deployments, deployment, keep);
        self.deployments_before = self.deployments_before.saturating_add(dropped);
    }

    pub fn scan(&mut self, scan: Scan) {
        push(&mut self.scans, scan, SCANS_MAX);
    }

    /// The number of the newest run; the first has 1.
    pub fn newest_run(&self) -> u32 {
        self.runs_before.saturating_add(self.runs.len() as u32)
    }

    /// The run of this number, if it is kept.
    pub fn run_of(&self, number: u32) -> Option<&Run> {
        self.runs.get(number.checked_sub(self.runs_before)?.checked_sub(1)? as usize)
    }

    /// The version of the newest deployment; 0 before the first.
    pub fn version(&self) -> u32 {
        self.deployments_before.saturating_add(self.deployments.len() as u32)
    }

    /// Whether every bound holds that a step relies on.
    pub fn check(&self, files: usize) -> Result<(), String> {
        let lengths = [self.runs.len(), self.reviews.len(), self.deployments.len()];
        let findings = |scan: &Scan| {
            scan.findings.len() <= FINDINGS_MAX
                && scan.findings.iter().all(|finding| usize::from(finding.file) < files)
        };
        let files_there =
            self.runs.iter().all(|run| run.file.is_none_or(|file| usize::from(file) < files));
        let counts = self.runs_before <= u32::MAX / 2 && self.deployments_before <= u32::MAX / 2;
        match lengths.iter().all(|&length| length <= RECORDS_MAX)
            && self.scans.len() <= SCANS_MAX
            && self.scans.iter().all(findings)
            && files_there
            && counts
        {
            true => Ok(()),
            false => Err("the records of the workshop are not sound".into()),
        }
    }
}

/// What a rule of the scanner says, and how grave it is.
pub const RULES: [(&str, &str, &str); 8] = [
    ("secret-in-code", "high", "something that looks like a key"),
    ("outdated-library", "medium", "a library with a known weakness"),
    ("unchecked-input", "high", "input that reaches a query unchecked"),
    ("weak-hash", "medium", "a hash that is too easy to turn around"),
    ("verbose-error", "low", "an error that tells outsiders too much"),
    ("missing-limit", "medium", "a request without a limit on its size"),
    ("open-redirect", "medium", "an address taken from a request"),
    ("old-protocol", "low", "a protocol that clients no longer need"),
];

/// The stages of a run.
pub const STAGES: [&str; 5] = ["install", "lint", "build", "test", "scan"];

/// How a stage went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    pub name: &'static str,
    pub seconds: u32,
    /// None if it was not reached.
    pub passed: Option<bool>,
}

/// Where a run stops that fails so.
fn stops_at(failure: Failure) -> usize {
    match failure {
        Failure::Lint => 1,
        Failure::Compile => 2,
        Failure::Test | Failure::Flaky => 3,
        Failure::Scan => 4,
    }
}

/// The stages of a run with how long they took: longer the more there is to build and to test.
pub fn stages(run: &Run, units: u16, language: Language) -> Vec<Stage> {
    let units = u32::from(units);
    let stop = run.failure.map(stops_at);
    // Seconds at least and for each 10 units; our assumption for a small machine.
    let costs = match language {
        Language::Rust => [(14, 1), (9, 1), (35, 5), (12, 2), (6, 1)],
        Language::Python => [(18, 1), (4, 1), (3, 0), (10, 4), (8, 1)],
        Language::TypeScript => [(26, 1), (7, 2), (11, 2), (8, 3), (7, 1)],
    };
    STAGES
        .iter()
        .enumerate()
        .map(|(nth, &name)| {
            let (base, per) = costs[nth];
            let drawn = mix(run.tick ^ u64::from(run.task) << 20, nth as u64);
            let full = base + per * units / 10;
            let seconds = full + (drawn % u64::from(full / 4 + 2)) as u32;
            match stop {
                Some(stop) if nth > stop => Stage { name, seconds: 0, passed: None },
                Some(stop) if nth == stop => {
                    Stage { name, seconds: seconds / 2 + 1, passed: Some(false) }
                }
                _ => Stage { name, seconds, passed: Some(true) },
            }
        })
        .collect()
}

/// What a run printed.
pub fn log(context: &Context<'_>, number: u32) -> Option<String> {
    let workshop = &context.project.workshop;
    let run = workshop.records.run_of(number)?;
    let stages = stages(run, workshop.repository.units, context.language);
    let file = usize::from(run.file.unwrap_or(0));
    let path = context.path(file);
    let source = workshop.repository.files.get(file).filter(|file| file.area == Area::Source);
    let drawn = mix(run.tick, run.task.into());
    let unit = source.map_or(0, |file| (drawn % u64::from(file.next.max(1))) as u8);
    let name = context.unit_name(file, unit, drawn as u8);
    let line = 20 + drawn % 90;
    let mut out = format!("run {number} of {}\n", branch_name(context, run.task));
    let mut clock = 0;
    let tests = u64::from(workshop.repository.units) * 2;
    for stage in &stages {
        let Some(passed) = stage.passed else {
            out.push_str(&format!("[{clock:>4} s] {}: not reached\n", stage.name));
            continue;
        };
        let command = match (stage.name, context.language) {
            ("install", Language::Rust) => "cargo fetch",
            ("install", Language::Python) => "pip install -e .",
            ("install", Language::TypeScript) => "npm ci",
            ("lint", Language::Rust) => "cargo fmt --check && cargo clippy",
            ("lint", Language::Python) => "ruff check .",
            ("lint", Language::TypeScript) => "npx prettier --check .",
            ("build", Language::Rust) => "cargo build",
            ("build", Language::Python) => "python -m compileall .",
            ("build", Language::TypeScript) => "npm run build",
            ("test", Language::Rust) => "cargo test",
            ("test", Language::Python) => "pytest",
            ("test", Language::TypeScript) => "npm test",
            (_, Language::Rust) => "cargo audit",
            (_, Language::Python) => "pip-audit",
            (_, Language::TypeScript) => "npm audit",
        };
        out.push_str(&format!("[{clock:>4} s] {}: $ {command}\n", stage.name));
        clock += stage.seconds;
        let said = match (stage.name, passed, run.failure) {
            ("test", true, _) => format!("{tests} tests passed"),
            (_, true, _) => "done".to_string(),
            (_, _, Some(Failure::Lint)) => format!("{path}:{line}: the line is not formatted"),
            (_, _, Some(Failure::Compile)) => {
                format!("{path}:{line}: error: `{name}` is not known here")
            }
            (_, _, Some(Failure::Test)) => format!(
                "test of {name} failed at {path}:{line}\n         1 failed, {} passed",
                tests.saturating_sub(1)
            ),
            (_, _, Some(Failure::Flaky)) => {
                format!("test of {name} took longer than 30 s; it passed the last time")
            }
            (_, _, Some(Failure::Scan)) => {
                let (rule, grave, says) = RULES[(drawn >> 8) as usize % RULES.len()];
                format!("{rule} ({grave}): {says} in {path}:{line}")
            }
            (_, false, None) => "failed".to_string(),
        };
        out.push_str(&format!("[{clock:>4} s] {said}\n"));
    }
    out.push_str(match run.failure {
        None => "passed\n",
        Some(_) => "failed\n",
    });
    Some(out)
}
