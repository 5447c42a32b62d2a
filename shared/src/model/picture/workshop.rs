//! The workshop as a page shows it.

use crate::model::kind::Activity;
use crate::model::project::Project;
use crate::model::view::{
    BranchView, CommitView, DeploymentView, Event, FileDiff, FileView, FindingView, OpenFileView,
    ReviewView, RunStageView, RunView, ScanView, WorkshopView,
};
use crate::model::workshop::Failure;
use crate::model::workshop::message::{branch_name, first_line};
use crate::model::workshop::pipeline::{self, Review};
use crate::model::workshop::read::diffs;
use crate::model::workshop::repository::{Op, What};
use crate::model::workshop::text::Context;
use crate::model::workshop::tree::{History, Node, changed};
use crate::model::workshop::{COMMIT_MINUTES, COMMIT_SPREAD, diff};

/// Commits in a view.
const COMMITS_SHOWN: usize = 30;
/// Files that are open at once in a view.
const OPEN_SHOWN: usize = 64;
/// Lines shown before and after the one being written.
const LINES_SHOWN: usize = 8;

/// All of it that goes into the view of a project.
pub fn picture(context: &Context<'_>) -> WorkshopView {
    let project = context.project;
    let workshop = &project.workshop;
    let (repository, records) = (&workshop.repository, &workshop.records);
    let history = History::of(repository);
    let main = history.tree(repository, history.main);
    let mut branches = vec![BranchView {
        name: "main".into(),
        task: None,
        head: history.main,
        opened_tick: 0,
        commits: repository.newest(),
    }];
    branches.extend(repository.branches.iter().map(|branch| BranchView {
        name: branch_name(context, branch.task),
        task: Some(branch.task),
        head: history.heads.iter().find(|(task, _)| *task == branch.task).map_or(0, |(_, id)| *id),
        opened_tick: branch.opened,
        commits: branch.commits.into(),
    }));
    let newest = &history.nodes[history.nodes.len().saturating_sub(COMMITS_SHOWN)..];
    WorkshopView {
        language: context.language.word().into(),
        commits_total: repository.newest(),
        branches,
        commits: newest
            .iter()
            .map(|node| {
                let before = history.tree(repository, node.parents.first().copied().unwrap_or(0));
                commit_view(context, node, &diffs(context, &before, &node.changes))
            })
            .collect(),
        files: main
            .all(context)
            .into_iter()
            .map(|(path, text)| FileView {
                path,
                lines: text.lines().count() as u32,
                bytes: text.len() as u32,
            })
            .collect(),
        open_files: (0..project.people.len())
            .filter_map(|at| open_file(context, &history, at))
            .take(OPEN_SHOWN)
            .collect(),
        runs: (0..records.runs.len() as u32)
            .filter_map(|nth| run_view(context, records.runs_before + nth + 1))
            .collect(),
        reviews: records.reviews.iter().map(|review| review_view(context, review)).collect(),
        deployments: records
            .deployments
            .iter()
            .enumerate()
            .map(|(nth, deployment)| DeploymentView {
                version: format!("v{}", records.deployments_before + nth as u32 + 1),
                tick: deployment.tick,
                commit: deployment.commit,
                changes: deployment.merged.into(),
                failed: deployment.failed,
            })
            .collect(),
        scans: records
            .scans
            .iter()
            .map(|scan| ScanView {
                tick: scan.tick,
                findings: scan
                    .findings
                    .iter()
                    .map(|finding| {
                        let (rule, severity, text) =
                            pipeline::RULES[usize::from(finding.kind) % pipeline::RULES.len()];
                        FindingView {
                            rule: rule.into(),
                            severity: severity.into(),
                            text: text.into(),
                            path: context.path(usize::from(finding.file)),
                        }
                    })
                    .collect(),
            })
            .collect(),
    }
}

/// A commit, with what it changed.
pub fn commit_view(context: &Context<'_>, node: &Node<'_>, files: &[FileDiff]) -> CommitView {
    let project = context.project;
    let commit = node.commit;
    CommitView {
        id: node.id,
        tick: commit.tick,
        author: project.person_ref(commit.author),
        author_name: project.name_of(commit.author),
        branch: match commit.what {
            What::Merge => "main".into(),
            _ => branch_name(context, commit.task),
        },
        task: commit.task,
        message: first_line(context, commit),
        parents: node.parents.clone(),
        files_changed: files.len() as u32,
        added: files.iter().map(|file| file.added).sum(),
        removed: files.iter().map(|file| file.removed).sum(),
    }
}

/// The word for a failure.
pub fn failure_word(failure: Failure) -> &'static str {
    match failure {
        Failure::Compile => "compile",
        Failure::Test => "test",
        Failure::Lint => "lint",
        Failure::Scan => "scan",
        Failure::Flaky => "flaky",
    }
}

/// A run of the pipeline, if it is kept.
pub fn run_view(context: &Context<'_>, id: u32) -> Option<RunView> {
    let workshop = &context.project.workshop;
    let run = workshop.records.run_of(id)?;
    let stages = pipeline::stages(run, workshop.repository.units, context.language);
    Some(RunView {
        id,
        tick: run.tick,
        branch: branch_name(context, run.task),
        task: run.task,
        passed: run.failure.is_none(),
        failure: run.failure.map(|failure| failure_word(failure).into()),
        seconds: stages.iter().map(|stage| stage.seconds).sum(),
        stages: stages
            .into_iter()
            .map(|stage| RunStageView {
                name: stage.name.into(),
                seconds: stage.seconds,
                passed: stage.passed,
            })
            .collect(),
    })
}

fn review_view(context: &Context<'_>, review: &Review) -> ReviewView {
    let project = context.project;
    let repository = &project.workshop.repository;
    let change = repository
        .commits
        .iter()
        .rev()
        .filter(|commit| commit.task == review.task && commit.tick <= review.tick)
        .find_map(|commit| commit.changes.first());
    let name = change.map_or_else(
        || "this".to_string(),
        |change| crate::model::workshop::message::unit_name(context, change),
    );
    let says = [
        format!("{name} does not say what happens when there is nothing to work on."),
        format!("A test for the edge of {name} is missing."),
        format!("{name} trusts what it is given; please check it first."),
        format!("I read {name} twice and am still not sure about the limit."),
        "The last case is counted twice, I think.".to_string(),
    ];
    let from = review.tick as usize;
    ReviewView {
        tick: review.tick,
        task: review.task,
        branch: branch_name(context, review.task),
        reviewer: project.person_ref(review.reviewer),
        reviewer_name: project.name_of(review.reviewer),
        defects: review.defects,
        comments: match review.defects {
            0 => vec![["Looks good.", "Good to go.", "Nothing to add."][from % 3].to_string()],
            found => (0..usize::from(found).min(says.len()))
                .map(|n| says[(from + n) % says.len()].clone())
                .collect(),
        },
    }
}

/// What somebody is writing now, if they are.
fn open_file(context: &Context<'_>, history: &History<'_>, at: usize) -> Option<OpenFileView> {
    let project = context.project;
    let person = &project.people[at];
    if !matches!(person.activity, Activity::Working | Activity::Pairing) {
        return None;
    }
    let task = person.task?;
    let repository = &project.workshop.repository;
    let branch = &repository.branches[repository.branch_at(task).ok()?];
    let tree = history.branch(repository, task);
    let mut next = branch.next;
    let known = tree.files.get(usize::from(next.file))?.iter().any(|unit| unit.id == next.unit);
    // What is to be changed may be gone with another branch: then it is written anew.
    if !known {
        next.op = Op::Add;
    }
    let (_, texts) = changed(context, &tree, &[next]);
    let (path, old, new) = texts.into_iter().next()?;
    let lines = diff::lines(old.as_deref().unwrap_or(""), &new);
    let minutes = u64::from(branch.minutes) + project.tick.saturating_sub(person.since);
    let whole = COMMIT_MINUTES + project.workshop_turn(task, branch.commits) % COMMIT_SPREAD;
    let progress = (minutes * 10_000 / whole.max(1)).min(9_900);
    let added: Vec<(usize, &str)> = {
        let mut number = 0;
        lines
            .iter()
            .filter_map(|line| {
                number += usize::from(!matches!(line, diff::Line::Gone(_)));
                match line {
                    diff::Line::New(text) => Some((number, *text)),
                    _ => None,
                }
            })
            .collect()
    };
    let characters: usize = added.iter().map(|(_, text)| text.chars().count() + 1).sum();
    let mut left = characters * progress as usize / 10_000;
    let mut place = 0;
    while place + 1 < added.len() && left > added[place].1.chars().count() {
        left -= added[place].1.chars().count() + 1;
        place += 1;
    }
    let &(line, text) = added.get(place)?;
    let mut written: Vec<String> = added[place.saturating_sub(LINES_SHOWN - 1)..place]
        .iter()
        .map(|(_, text)| text.to_string())
        .collect();
    written.push(text.chars().take(left).collect());
    Some(OpenFileView {
        person: project.person_ref(person.id),
        path,
        branch: branch_name(context, task),
        task,
        line: line as u32,
        column: left.min(text.chars().count()) as u32,
        progress: progress as u16,
        written,
        coming: added[place + 1..].iter().take(LINES_SHOWN).map(|(_, t)| t.to_string()).collect(),
    })
}

/// A commit, for whoever looks.
pub fn commit_event(project: &Project, id: u32) -> Event {
    let context = Context::of(project);
    let commit = project.workshop.repository.commit(id);
    Event::Commit {
        tick: commit.map_or(project.tick, |commit| commit.tick),
        id,
        person: commit.map(|commit| project.person_ref(commit.author)).unwrap_or_default(),
        task: commit.map_or(0, |commit| commit.task),
        message: commit.map(|commit| first_line(&context, commit)).unwrap_or_default(),
    }
}

/// A run of the pipeline, for whoever looks.
pub fn build_event(project: &Project, id: u32) -> Event {
    let run = project.workshop.records.run_of(id);
    Event::Build {
        tick: run.map_or(project.tick, |run| run.tick),
        id,
        task: run.map_or(0, |run| run.task),
        failure: run.and_then(|run| run.failure).map(|failure| failure_word(failure).into()),
    }
}

/// The newest deployment, for whoever looks.
pub fn deploy_event(project: &Project) -> Event {
    let records = &project.workshop.records;
    let newest = records.deployments.back();
    Event::Deploy {
        tick: newest.map_or(project.tick, |deployment| deployment.tick),
        version: format!("v{}", records.version()),
        changes: newest.map_or(0, |deployment| deployment.merged.into()),
        failed: newest.is_some_and(|deployment| deployment.failed),
    }
}
