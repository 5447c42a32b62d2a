//! What people are shown of the workshop and of the machines people work at.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The repository, its pipeline and its deployments, without the contents of files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkshopView {
    /// `Rust`, `Python`, `TypeScript`.
    pub language: String,
    /// Commits ever made.
    pub commits_total: u32,
    /// `main` first, then the open ones in order of task.
    pub branches: Vec<BranchView>,
    /// Newest last: at most 30.
    pub commits: Vec<CommitView>,
    /// In order of path.
    pub files: Vec<FileView>,
    /// What is being written at this moment.
    pub open_files: Vec<OpenFileView>,
    /// Newest last: at most 32.
    pub runs: Vec<RunView>,
    /// Newest last: at most 32.
    pub reviews: Vec<ReviewView>,
    /// Newest last: at most 32.
    pub deployments: Vec<DeploymentView>,
    /// Newest last: at most 16.
    pub scans: Vec<ScanView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BranchView {
    pub name: String,
    /// The task it is for; none for `main`.
    pub task: Option<u32>,
    /// The number of its newest commit; 0 if that is older than those kept one by one.
    pub head: u32,
    pub opened_tick: u64,
    /// Commits made on it.
    pub commits: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CommitView {
    /// Unique in the project, growing from 1.
    pub id: u32,
    pub tick: u64,
    /// Person id.
    pub author: String,
    pub author_name: String,
    pub branch: String,
    pub task: u32,
    /// The first line.
    pub message: String,
    /// Numbers of the commits it follows; 0 is all that came before those kept one by one. Two for a merge.
    pub parents: Vec<u32>,
    pub files_changed: u32,
    /// Lines.
    pub added: u32,
    /// Lines.
    pub removed: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FileView {
    pub path: String,
    pub lines: u32,
    pub bytes: u32,
}

/// A file that somebody has open and writes in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OpenFileView {
    /// Person id.
    pub person: String,
    pub path: String,
    pub branch: String,
    pub task: u32,
    /// The line that is being written, from 1.
    pub line: u32,
    /// Characters of it that are there.
    pub column: u32,
    /// How much of the present change is written, in basis points.
    pub progress: u16,
    /// The last lines that were added, the one being written last.
    pub written: Vec<String>,
    /// What follows, a line each: for a page that shows the typing.
    pub coming: Vec<String>,
}

/// A run of the pipeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RunView {
    /// Unique in the project, growing from 1.
    pub id: u32,
    pub tick: u64,
    pub branch: String,
    pub task: u32,
    pub passed: bool,
    /// `compile`, `test`, `lint`, `scan`, `flaky`.
    pub failure: Option<String>,
    pub seconds: u32,
    pub stages: Vec<RunStageView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RunStageView {
    pub name: String,
    pub seconds: u32,
    /// None if it was not reached.
    pub passed: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReviewView {
    pub tick: u64,
    pub task: u32,
    pub branch: String,
    /// Person id.
    pub reviewer: String,
    pub reviewer_name: String,
    /// Defects found.
    pub defects: u8,
    /// What the reviewer wrote.
    pub comments: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeploymentView {
    /// `v1`, `v2`, …
    pub version: String,
    pub tick: u64,
    /// The newest commit in it.
    pub commit: u32,
    /// Tasks in it.
    pub changes: u32,
    /// Whether it had to be put right.
    pub failed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ScanView {
    pub tick: u64,
    pub findings: Vec<FindingView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingView {
    pub rule: String,
    /// `low`, `medium`, `high`.
    pub severity: String,
    pub text: String,
    pub path: String,
}

/// What one commit changed in one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FileDiff {
    pub path: String,
    /// Whether the file was not there before.
    pub new: bool,
    /// Lines.
    pub added: u32,
    /// Lines.
    pub removed: u32,
    /// Unified, without the lines that name the file.
    pub diff: String,
}

/// All of a commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CommitDetail {
    pub commit: CommitView,
    /// The whole message.
    pub message: String,
    pub files: Vec<FileDiff>,
}

/// A file of a branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FileText {
    pub path: String,
    pub branch: String,
    pub text: String,
}

/// What a run of the pipeline printed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RunLog {
    pub run: RunView,
    pub text: String,
}

/// The machine a person works at, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkstationView {
    /// Of all cores together, in basis points.
    pub cpu: u16,
    pub memory_mb: u32,
    pub memory_total_mb: u32,
    /// Received, in kilobits a second.
    pub received_kbps: u32,
    /// Sent, in kilobits a second.
    pub sent_kbps: u32,
    /// Paths and addresses.
    pub open_files: Vec<String>,
    /// The busiest first.
    pub processes: Vec<ProcessView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProcessView {
    pub name: String,
    /// Of all cores together, in basis points.
    pub cpu: u16,
    pub memory_mb: u32,
}
