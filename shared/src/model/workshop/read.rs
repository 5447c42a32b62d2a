//! What people ask of the workshop beyond its view: files, commits, logs, all of the repository.
//!
//! Questions travel between nodes as bytes; answers are bounded.

use bincode::{Decode, Encode};

use crate::model::project::Project;
use crate::model::view::{CommitDetail, FileDiff, FileText, RunLog};
use crate::model::workshop::message::{branch_name, first_line, rest};
use crate::model::workshop::pipeline;
use crate::model::workshop::repository::Change;
use crate::model::workshop::text::Context;
use crate::model::workshop::tree::{History, Tree, changed};
use crate::model::workshop::{diff as compare, export};
use crate::wire::codec;

/// Bytes of an answer.
pub const ANSWER_BYTES_MAX: usize = 3 * 1024 * 1024;
/// Bytes of a question.
pub const QUERY_BYTES_MAX: usize = 1_024;

/// What can be asked of the workshop of a project.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Query {
    /// All of it, as git's fast-import reads it.
    Repository,
    /// A file of a branch; of `main` if none is named.
    File { path: String, branch: Option<String> },
    /// A commit with what it changed.
    Commit(u32),
    /// A run of the pipeline with what it printed.
    Run(u32),
}

impl Query {
    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }
}

/// The answer to a question, as bytes: JSON, but for the repository. Says why there is none.
pub fn answer(project: &Project, query: &[u8]) -> Result<Vec<u8>, String> {
    if query.len() > QUERY_BYTES_MAX {
        return Err(format!("A question has at most {QUERY_BYTES_MAX} bytes."));
    }
    let query: Query =
        codec::decode(query).map_err(|error| format!("This is no question: {error}."))?;
    let bytes = match query {
        Query::Repository => export::export(project, ANSWER_BYTES_MAX)
            .ok_or("This repository is too large to be answered at once.")?,
        Query::File { path, branch } => {
            let branch = branch.unwrap_or_else(|| "main".into());
            let text = file_text(project, &path, &branch).ok_or_else(|| {
                format!(
                    "There is no file `{path}` on branch `{branch}`. The project's view lists both."
                )
            })?;
            json(&FileText { path, branch, text })
        }
        Query::Commit(id) => {
            let detail = commit(project, id).ok_or_else(|| {
                format!("Commit {id} is not kept one by one. The project's view lists the newest.")
            })?;
            json(&detail)
        }
        Query::Run(id) => {
            let context = Context::of(project);
            let run = crate::model::picture::workshop::run_view(&context, id);
            let (run, text) = run.zip(pipeline::log(&context, id)).ok_or_else(|| {
                format!("Run {id} is not kept any more. The project's view lists the newest.")
            })?;
            json(&RunLog { run, text })
        }
    };
    match bytes.len() <= ANSWER_BYTES_MAX {
        true => Ok(bytes),
        false => Err("The answer would be too large.".into()),
    }
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// The files of a branch by name; the task's number alone will do.
fn tree_of(context: &Context<'_>, branch: &str) -> Option<Tree> {
    let repository = &context.project.workshop.repository;
    let history = History::of(repository);
    if branch == "main" {
        return Some(history.tree(repository, history.main));
    }
    let open = repository.branches.iter().find(|open| branch_name(context, open.task) == branch)?;
    Some(history.branch(repository, open.task))
}

/// The text of a file on a branch.
pub fn file_text(project: &Project, path: &str, branch: &str) -> Option<String> {
    let context = Context::of(project);
    let tree = tree_of(&context, branch)?;
    tree.all(&context).into_iter().find(|(other, _)| other == path).map(|(_, text)| text)
}

/// What a commit changed, file by file, against its first parent.
pub fn diff(project: &Project, id: u32) -> Option<Vec<FileDiff>> {
    let context = Context::of(project);
    let repository = &project.workshop.repository;
    let history = History::of(repository);
    let node = history.node(id)?;
    let before = history.tree(repository, node.parents.first().copied().unwrap_or(0));
    Some(diffs(&context, &before, &node.changes))
}

/// What changes do to the files.
pub(in crate::model) fn diffs(
    context: &Context<'_>,
    before: &Tree,
    changes: &[Change],
) -> Vec<FileDiff> {
    let (_, texts) = changed(context, before, changes);
    texts
        .into_iter()
        .map(|(path, old, new)| {
            let lines = compare::lines(old.as_deref().unwrap_or(""), &new);
            let (added, removed) = compare::stat(&lines);
            FileDiff { path, new: old.is_none(), added, removed, diff: compare::unified(&lines) }
        })
        .collect()
}

/// All of a commit.
fn commit(project: &Project, id: u32) -> Option<CommitDetail> {
    let context = Context::of(project);
    let files = diff(project, id)?;
    let history = History::of(&project.workshop.repository);
    let node = history.node(id)?;
    let message =
        format!("{}\n\n{}", first_line(&context, node.commit), rest(&context, node.commit));
    let commit = crate::model::picture::workshop::commit_view(&context, node, &files);
    Some(CommitDetail { commit, message, files })
}

/// What a run of the pipeline printed.
pub fn log(project: &Project, run: u32) -> Option<String> {
    pipeline::log(&Context::of(project), run)
}
