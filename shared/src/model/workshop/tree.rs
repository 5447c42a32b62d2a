//! The history, lived through again: which commit has which parents, and what the files were then.

use crate::model::workshop::repository::{Change, Commit, Op, Repository, Unit, What, apply};
use crate::model::workshop::text::Context;

/// The files at a commit: the units of each, in the order of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    pub files: Vec<Vec<Unit>>,
}

impl Tree {
    /// Before the first commit that is kept.
    pub fn base(repository: &Repository) -> Tree {
        Tree { files: repository.files.iter().map(|file| file.base.clone()).collect() }
    }

    /// Does changes, and says which files they touch and whether a file is new.
    fn change(&mut self, changes: &[Change]) -> (Vec<usize>, bool) {
        let (mut touched, mut fresh) = (Vec::new(), false);
        for change in changes {
            let at = usize::from(change.file);
            let Some(units) = self.files.get_mut(at) else { continue };
            fresh |= units.is_empty() && change.op == Op::Add;
            apply(units, change);
            if !touched.contains(&at) {
                touched.push(at);
            }
        }
        (touched, fresh)
    }

    /// Paths and texts of some files, and of those that follow from all if asked for.
    pub fn texts(
        &self,
        context: &Context<'_>,
        at: &[usize],
        skeleton: bool,
    ) -> Vec<(String, String)> {
        let mut out: Vec<(String, String)> = at
            .iter()
            .filter_map(|&at| self.files.get(at).map(|units| (at, units)))
            .flat_map(|(at, units)| context.texts(at, units))
            .collect();
        if skeleton {
            out.extend(context.skeleton(|at| self.files.get(at).is_some_and(|f| !f.is_empty())));
        }
        out
    }

    /// All of it.
    pub fn all(&self, context: &Context<'_>) -> Vec<(String, String)> {
        let every: Vec<usize> = (0..self.files.len()).collect();
        let mut texts = self.texts(context, &every, true);
        texts.sort();
        texts
    }
}

/// A commit in its place. Number 0 is all that came before the commits that are kept.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    pub id: u32,
    /// Numbers of the commits it follows; the first is that of its own branch.
    pub parents: Vec<u32>,
    pub commit: &'a Commit,
    /// Every change between the first parent and this.
    pub changes: Vec<Change>,
}

/// The history as far as it is kept.
pub struct History<'a> {
    pub nodes: Vec<Node<'a>>,
    /// The newest commit of `main`.
    pub main: u32,
    /// The newest commit of each open branch, by task.
    pub heads: Vec<(u32, u32)>,
}

impl<'a> History<'a> {
    /// From the commits that are kept.
    pub fn of(repository: &'a Repository) -> History<'a> {
        let mut history = History { nodes: Vec::new(), main: 0, heads: Vec::new() };
        // Changes of each branch that is not merged yet, the oldest first.
        let mut open: Vec<(u32, Vec<Change>)> = Vec::new();
        for (nth, commit) in repository.commits.iter().enumerate() {
            let id = repository.folded.saturating_add(nth as u32 + 1);
            let head = history.heads.iter().position(|(task, _)| *task == commit.task);
            if commit.what == What::Merge {
                let Some(head) = head else { continue };
                let (_, tip) = history.heads.remove(head);
                let changes = match open.iter().position(|(task, _)| *task == commit.task) {
                    Some(at) => open.remove(at).1,
                    None => Vec::new(),
                };
                history.nodes.push(Node { id, parents: vec![history.main, tip], commit, changes });
                history.main = id;
                continue;
            }
            let mut changes = commit.changes.clone();
            let parent = match head {
                Some(head) => {
                    let parent = history.heads[head].1;
                    history.heads[head].1 = id;
                    parent
                }
                None => {
                    history.heads.push((commit.task, id));
                    // What the branch did before the commits that are kept comes along.
                    if let Ok(at) = repository.branch_at(commit.task) {
                        changes.splice(0..0, repository.branches[at].held.iter().copied());
                    }
                    history.main
                }
            };
            match open.iter_mut().find(|(task, _)| *task == commit.task) {
                Some((_, all)) => all.extend(&changes),
                None => open.push((commit.task, changes.clone())),
            }
            history.nodes.push(Node { id, parents: vec![parent], commit, changes });
        }
        // Branches whose task was dropped lead nowhere.
        history.heads.retain(|(task, _)| repository.branch_at(*task).is_ok());
        history
    }

    /// The commit of this number.
    pub fn node(&self, id: u32) -> Option<&Node<'a>> {
        self.nodes.binary_search_by_key(&id, |node| node.id).ok().map(|at| &self.nodes[at])
    }

    /// The files at a commit; at number 0 those before the first.
    pub fn tree(&self, repository: &Repository, id: u32) -> Tree {
        // From the commit back to the beginning, along first parents.
        let mut line = Vec::new();
        let mut at = id;
        while let Some(node) = self.node(at) {
            line.push(node);
            at = node.parents.first().copied().unwrap_or(0);
        }
        let mut tree = Tree::base(repository);
        for node in line.iter().rev() {
            tree.change(&node.changes);
        }
        tree
    }

    /// The files of the branch of a task: its newest commit, or `main` if there is none.
    pub fn branch(&self, repository: &Repository, task: u32) -> Tree {
        match self.heads.iter().find(|(other, _)| *other == task) {
            Some(&(_, head)) => self.tree(repository, head),
            None => {
                let mut tree = self.tree(repository, self.main);
                if let Ok(at) = repository.branch_at(task) {
                    tree.change(&repository.branches[at].held);
                }
                tree
            }
        }
    }
}

/// A tree after changes, with the paths and texts that are others than before: old and new.
pub fn changed(
    context: &Context<'_>,
    before: &Tree,
    changes: &[Change],
) -> (Tree, Vec<(String, Option<String>, String)>) {
    let mut after = before.clone();
    let (touched, fresh) = after.change(changes);
    let old = before.texts(context, &touched, fresh);
    let mut out = Vec::new();
    for (path, new) in after.texts(context, &touched, fresh) {
        let was = old.iter().find(|(other, _)| *other == path).map(|(_, text)| text.clone());
        if was.as_ref() != Some(&new) {
            out.push((path, was, new));
        }
    }
    (after, out)
}
