//! The repository as a stream that `git fast-import` reads (git-fast-import(1), INPUT FORMAT).
//!
//! Dates follow from ticks: working day 0 is Monday, 1 January 2024, and its first minute is 9:00 UTC;
//! a working day has eight hours without a pause, and after Friday comes Monday.

use crate::model::project::{DAY, Project, WEEK_DAYS};
use crate::model::workshop::message::{branch_name, first_line, rest};
use crate::model::workshop::repository::What;
use crate::model::workshop::subject::slug;
use crate::model::workshop::text::Context;
use crate::model::workshop::tree::{History, Tree, changed};

/// Monday, 1 January 2024, 9:00 UTC, in seconds since 1970.
const FIRST_MORNING: u64 = 1_704_099_600;
/// The mark of the commit for all that came before the others.
const BASE_MARK: u32 = 1_000_000_000;
/// No commit: what a branch that is gone is set to.
const NOTHING: &str = "0000000000000000000000000000000000000000";

/// Seconds since 1970 of a tick.
pub fn seconds(tick: u64) -> u64 {
    let (day, minute) = (tick / DAY, tick % DAY);
    let days = (day / WEEK_DAYS).saturating_mul(7).saturating_add(day % WEEK_DAYS);
    // git reads dates up to the year 2099 without doubt; worlds do not get there.
    FIRST_MORNING
        .saturating_add(days.saturating_mul(86_400))
        .saturating_add(minute * 60)
        .min(4_000_000_000)
}

/// Name and address, as git has them: without `<`, `>` and line ends.
fn signature(name: &str, mailbox: &str, tick: u64) -> String {
    let plain: String =
        name.chars().filter(|c| !matches!(c, '<' | '>') && !c.is_control()).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    // git drops marks at the ends of a name and wants something to be left.
    let plain = plain.trim_matches(|c: char| c.is_ascii_punctuation());
    let name = if plain.is_empty() { "Somebody" } else { plain };
    format!("{name} <{mailbox}> {} +0000", seconds(tick))
}

/// An address for somebody of a project: nothing is ever sent there.
fn mailbox(context: &Context<'_>, person: u32) -> String {
    let name = context.project.name_of(person).to_lowercase().replace(' ', ".");
    let local: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').take(40).collect();
    let local = local.trim_matches('.').replace("..", ".");
    let domain = match slug(&context.project.profile.name) {
        empty if empty.is_empty() => "project".to_string(),
        name => name,
    };
    // The number keeps people of the same name apart.
    match local.is_empty() {
        true => format!("person.{person}@{domain}.example"),
        false => format!("{local}.{person}@{domain}.example"),
    }
}

fn data(text: &str, out: &mut String) {
    out.push_str(&format!("data {}\n{text}\n", text.len()));
}

fn files(texts: impl Iterator<Item = (String, String)>, out: &mut String) {
    for (path, text) in texts {
        out.push_str(&format!("M 100644 inline {path}\n"));
        data(&text, out);
    }
}

/// The stream, or nothing if it would have more bytes than this.
///
/// `main` and the branches of open tasks are in it, with every commit that is kept one by one; the
/// first commit holds what came before. Deployments are tags.
pub fn export(project: &Project, bytes_max: usize) -> Option<Vec<u8>> {
    let context = Context::of(project);
    let repository = &project.workshop.repository;
    let history = History::of(repository);
    let base = Tree::base(repository);
    let mut out = String::from("feature done\n");
    let domain_address = |person: u32| mailbox(&context, person);
    let first = repository.commits.front();
    let (tick, message) = match repository.folded {
        0 => (
            first.map_or(project.tick, |commit| commit.tick),
            format!("Set up the repository of {}\n", one_line(&project.profile.name)),
        ),
        _ => {
            let day = repository.folded_until / DAY + 1;
            (
                repository.folded_until,
                format!("History before day {day}\n\n{} commits in one.\n", repository.folded),
            )
        }
    };
    let founder = project.people.first().map_or(1, |person| person.id);
    let signed = signature(&project.name_of(founder), &domain_address(founder), tick);
    out.push_str(&format!("commit refs/heads/main\nmark :{BASE_MARK}\n"));
    out.push_str(&format!("author {signed}\ncommitter {signed}\n"));
    data(&message, &mut out);
    files(base.all(&context).into_iter(), &mut out);
    let mark = |id: u32| if id == 0 { BASE_MARK } else { id };
    // Trees of the commits that others may follow: `main`, and the tip of each branch.
    let mut trees: Vec<(u32, Tree)> = vec![(0, base)];
    let mut merged: Vec<String> = Vec::new();
    for node in &history.nodes {
        let parent = node.parents.first().copied().unwrap_or(0);
        let Some((_, before)) = trees.iter().find(|(id, _)| *id == parent) else { continue };
        let (after, texts) = changed(&context, before, &node.changes);
        let branch = branch_name(&context, node.commit.task);
        let name = match node.commit.what {
            What::Merge => "main",
            _ => &branch,
        };
        let author = node.commit.author;
        let signed = signature(&project.name_of(author), &domain_address(author), node.commit.tick);
        out.push_str(&format!("commit refs/heads/{name}\nmark :{}\n", mark(node.id)));
        out.push_str(&format!("author {signed}\ncommitter {signed}\n"));
        let first = one_line(&first_line(&context, node.commit));
        data(&format!("{first}\n\n{}\n", rest(&context, node.commit)), &mut out);
        out.push_str(&format!("from :{}\n", mark(parent)));
        for other in node.parents.iter().skip(1) {
            out.push_str(&format!("merge :{}\n", mark(*other)));
        }
        files(texts.into_iter().map(|(path, _, text)| (path, text)), &mut out);
        if out.len() > bytes_max {
            return None;
        }
        // A branch goes on from its tip alone; what is left behind is not needed again.
        let on_main = node.commit.what == What::Merge;
        trees.retain(|(id, _)| {
            on_main || *id != parent || parent == 0 || main_has(&history, parent)
        });
        if on_main {
            let tips: Vec<u32> = node.parents.clone();
            trees.retain(|(id, _)| !tips.contains(id));
        }
        trees.push((node.id, after));
        if !merged.contains(&branch) {
            merged.push(branch);
        }
    }
    let open: Vec<String> =
        history.heads.iter().map(|(task, _)| branch_name(&context, *task)).collect();
    for gone in merged.iter().filter(|branch| !open.contains(branch)) {
        out.push_str(&format!("reset refs/heads/{gone}\nfrom {NOTHING}\n\n"));
    }
    tags(&context, &history, &mut out);
    out.push_str("done\n");
    (out.len() <= bytes_max).then(|| out.into_bytes())
}

/// Whether a commit is a merge, which later branches may begin at.
fn main_has(history: &History<'_>, id: u32) -> bool {
    history.node(id).is_some_and(|node| node.commit.what == What::Merge)
}

/// A tag for each deployment whose commits are kept: on the newest commit of `main` at that time.
fn tags(context: &Context<'_>, history: &History<'_>, out: &mut String) {
    let records = &context.project.workshop.records;
    for (nth, deployment) in records.deployments.iter().enumerate() {
        let version = u64::from(records.deployments_before) + nth as u64 + 1;
        let merge = history
            .nodes
            .iter()
            .rev()
            .find(|node| node.id <= deployment.commit && node.commit.what == What::Merge);
        let Some(merge) = merge else { continue };
        let ops = context.project.people.first().map_or(1, |person| person.id);
        let signed =
            signature(&context.project.name_of(ops), &mailbox(context, ops), deployment.tick);
        out.push_str(&format!("tag v{version}\nfrom :{}\ntagger {signed}\n", merge.id));
        let what = match (deployment.merged, deployment.failed) {
            (1, false) => "1 change".to_string(),
            (count, false) => format!("{count} changes"),
            (count, true) => format!("{count} changes; had to be put right"),
        };
        data(&format!("Deployed: {what}\n"), out);
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_become_working_hours_of_weekdays() {
        assert_eq!(seconds(0), FIRST_MORNING);
        assert_eq!(seconds(479), FIRST_MORNING + 479 * 60);
        assert_eq!(seconds(DAY * 4), FIRST_MORNING + 4 * 86_400, "Friday");
        assert_eq!(seconds(DAY * 5), FIRST_MORNING + 7 * 86_400, "the Monday after");
        assert!(seconds(u64::MAX) <= 4_000_000_000);
    }

    #[test]
    fn a_name_that_git_would_refuse_is_made_plain() {
        assert!(signature("<Eve>\n evil", "a@b.example", 0).starts_with("Eve evil <a@b.example> "));
        assert!(signature("...", "a@b.example", 0).starts_with("Somebody <"));
    }
}
