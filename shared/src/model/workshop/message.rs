//! What people write about their commits, made from what was changed.

use crate::model::project::Project;
use crate::model::words::title::title_text;
use crate::model::workshop::repository::{Area, Change, Commit, Op, Repository, What, mix};
use crate::model::workshop::subject::slug;
use crate::model::workshop::text::Context;

/// Characters of the first line of a message.
const LINE_MAX: usize = 72;

/// The name of the branch of a task.
pub fn branch_name(context: &Context<'_>, task: u32) -> String {
    let repository = &context.project.workshop.repository;
    let file = match repository.branch_at(task) {
        Ok(at) => Some(repository.branches[at].file),
        Err(_) => repository
            .commits
            .iter()
            .find(|commit| commit.task == task && !commit.changes.is_empty())
            .and_then(|commit| commit.changes.first())
            .map(|change| change.file),
    };
    match file.and_then(|file| repository.files.get(usize::from(file))) {
        Some(file) => format!("task-{task}-{}", slug(&file.subject.slug(context.project))),
        None => format!("task-{task}"),
    }
}

/// The seed of a unit: from where it was added.
fn seed_of(repository: &Repository, change: &Change) -> u8 {
    let added = |other: &&Change| {
        other.op == Op::Add && other.file == change.file && other.unit == change.unit
    };
    if added(&change) {
        return change.seed;
    }
    let base = repository
        .files
        .get(usize::from(change.file))
        .and_then(|file| file.base.iter().find(|unit| unit.id == change.unit));
    if let Some(unit) = base {
        return unit.seed;
    }
    let kept = repository.commits.iter().flat_map(|commit| &commit.changes);
    let held = repository.branches.iter().flat_map(|branch| &branch.held);
    kept.chain(held).find(added).map_or(0, |change| change.seed)
}

/// The name of the unit that is changed.
pub fn unit_name(context: &Context<'_>, change: &Change) -> String {
    let seed = seed_of(&context.project.workshop.repository, change);
    context.unit_name(usize::from(change.file), change.unit, seed)
}

/// `#12: the title`, if it is still known.
fn about_task(project: &Project, task: u32) -> String {
    match project.task(task) {
        // One line of plain text, whatever somebody wrote.
        Some(known) => {
            let title = title_text(project, known);
            let words: Vec<&str> = title.split_whitespace().collect();
            format!("#{task}: {}", words.join(" "))
        }
        None => format!("#{task}"),
    }
}

/// The first line.
pub fn first_line(context: &Context<'_>, commit: &Commit) -> String {
    if commit.what == What::Merge {
        return format!("Merge {}", branch_name(context, commit.task));
    }
    let Some(change) = commit.changes.first() else {
        return about_task(context.project, commit.task);
    };
    let file = context.project.workshop.repository.files.get(usize::from(change.file));
    let subject = file.map(|file| file.subject.words(context.project)).unwrap_or_default();
    let name = unit_name(context, change);
    let code = file.is_some_and(|file| file.area == Area::Source);
    let ways: [&str; 4] = match (change.op, code) {
        (Op::Add, true) => {
            ["Add {f} to {s}", "{S}: add {f}", "Write {f} for {s}", "Let {s} have {f}"]
        }
        (Op::Fix, true) => [
            "Guard {f} against empty input",
            "Fix {f} when there is nothing to do",
            "{f}: refuse what makes no sense",
            "{S}: do not trust what {f} is given",
        ],
        (Op::Test, true) => [
            "Test {f} with one more case",
            "Cover the edge of {f}",
            "Add a test for {f}",
            "{S}: test {f} better",
        ],
        (Op::Tune, true) => [
            "Adjust the limit in {f}",
            "{S}: another limit for {f}",
            "Raise what {f} may take",
            "Try {f} with more at once",
        ],
        (Op::Refactor, true) => [
            "Simplify {f}",
            "Say {f} another way",
            "{S}: make {f} easier to read",
            "Refactor {f}, no change in what it does",
        ],
        (Op::Rename, true) => [
            "Clearer names in {f}",
            "Rename what {f} works on",
            "{S}: say what {f} means",
            "Better words in {f}",
        ],
        (Op::Explain, true) => [
            "Explain {f}",
            "Document the odd cases of {f}",
            "{S}: say what {f} promises",
            "Write down what {f} does with equals",
        ],
        (Op::Add, false) => {
            ["{S}: write {q}", "Add {q} to {s}", "First words on {s}: {q}", "Write {q} for {s}"]
        }
        (Op::Explain, false) => [
            "{S}: say why in {q}",
            "Give the reason for {q}",
            "Add a note to {q}",
            "{S}: explain {q}",
        ],
        (Op::Tune, false) => [
            "{S}: newer numbers in {q}",
            "Update the numbers of {q}",
            "Put the numbers of {q} right",
            "{S}: adjust {q}",
        ],
        (_, false) => [
            "{S}: clearer {q}",
            "Work over {q}",
            "Add what was missing in {q}",
            "{S}: another look at {q}",
        ],
    };
    let turn = mix(u64::from(commit.task), commit.tick ^ u64::from(change.unit)) as usize;
    let mut upper = subject.clone();
    if let Some(first) = upper.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let line = ways[turn % 4]
        .replace("{f}", &name)
        .replace("{q}", &format!("\"{name}\""))
        .replace("{s}", &subject)
        .replace("{S}", &upper);
    match line.char_indices().nth(LINE_MAX) {
        // Long subjects give way to what was done.
        Some(_) => ways[turn % 4]
            .replace("{f}", &name)
            .replace("{q}", &format!("\"{name}\""))
            .replace("{S}: ", "")
            .replace(" {s}", " it"),
        None => line,
    }
}

/// What follows the first line.
pub fn rest(context: &Context<'_>, commit: &Commit) -> String {
    let project = context.project;
    let task = about_task(project, commit.task);
    let reviews = &project.workshop.records.reviews;
    let review = reviews.iter().rev().find(|r| r.task == commit.task && r.tick <= commit.tick);
    match (commit.what, review) {
        (What::Merge, Some(review)) => {
            format!("{task}\n\nReviewed by {}.", project.name_of(review.reviewer))
        }
        (What::Merge, None) => task,
        (What::Rework, Some(review)) if review.defects > 0 => {
            format!("{} found this in review.\n\nPart of {task}", project.name_of(review.reviewer))
        }
        _ => format!("Part of {task}"),
    }
}
