//! Finds worlds and projects by id, by the first digits of one, or by name.

use shared::id::{ShardId, WorldId};

use super::problem::Failure;
use super::types::ProjectRow;
use crate::handle::{Picture, WorldPicture};

/// Fewer digits than this are too likely to be a name or to mean several things.
const PREFIX_DIGITS_MIN: usize = 6;
/// Candidates named in an error at most.
const CANDIDATES_MAX: usize = 10;

/// The world meant by `text`.
pub fn world<'a>(picture: &'a Picture, text: &str) -> Result<(WorldId, &'a WorldPicture), Failure> {
    let all = picture.worlds.iter().map(|(id, world)| Candidate {
        id: id.to_string(),
        name: &world.view.name,
        value: (*id, world),
    });
    find(all, text).map_err(|miss| match miss {
        Miss::None if picture.worlds.is_empty() => Failure::unknown(
            "unknown-world",
            format!(
                "There is no world `{}`: this node knows none yet. Start one from a scenario, or \
                 join a mesh.",
                shown(text)
            ),
        ),
        Miss::None => Failure::unknown(
            "unknown-world",
            format!("There is no world `{}` here. `zeromesh worlds` lists them.", shown(text)),
        ),
        Miss::Several(candidates) => several("world", text, candidates),
    })
}

/// The project meant by `text`, in any world.
pub fn project<'a>(picture: &'a Picture, text: &str) -> Result<(ShardId, &'a ProjectRow), Failure> {
    let projects = picture.worlds.values().flat_map(|world| world.projects.iter());
    let all = projects.map(|(id, row)| Candidate {
        id: id.to_string(),
        name: &row.summary.name,
        value: (*id, row),
    });
    find(all, text).map_err(|miss| match miss {
        Miss::None => Failure::unknown(
            "unknown-project",
            format!(
                "There is no project `{}` in the worlds this node knows. `zeromesh project list` \
                 lists them.",
                shown(text)
            ),
        ),
        Miss::Several(candidates) => several("project", text, candidates),
    })
}

struct Candidate<'a, T> {
    id: String,
    name: &'a str,
    value: T,
}

enum Miss {
    None,
    Several(Vec<String>),
}

/// A full id is itself. Otherwise a name as it is written or the beginning of an id, and only if
/// there is neither, a name in another case.
fn find<'a, T>(all: impl Iterator<Item = Candidate<'a, T>>, text: &str) -> Result<T, Miss> {
    let digits = text.len() >= PREFIX_DIGITS_MIN && text.bytes().all(|b| b.is_ascii_hexdigit());
    let prefix = digits.then(|| text.to_ascii_lowercase());
    let folded = text.to_lowercase();
    let (mut exact, mut loose) = (Vec::new(), Vec::new());
    for candidate in all {
        if prefix.as_ref() == Some(&candidate.id) {
            return Ok(candidate.value);
        }
        let begins = prefix.as_ref().is_some_and(|prefix| candidate.id.starts_with(prefix));
        if begins || candidate.name == text {
            exact.push(candidate);
        } else if candidate.name.to_lowercase() == folded {
            loose.push(candidate);
        }
    }
    let mut found = if exact.is_empty() { loose } else { exact };
    match found.len() {
        0 => Err(Miss::None),
        1 => Ok(found.remove(0).value),
        _ => {
            let ids = found.into_iter().take(CANDIDATES_MAX);
            Err(Miss::Several(ids.map(|candidate| candidate.id).collect()))
        }
    }
}

fn several(what: &str, text: &str, candidates: Vec<String>) -> Failure {
    let short = candidates.iter().map(|id| &id[..12.min(id.len())]).collect::<Vec<_>>().join(", ");
    let text = shown(text);
    let detail =
        format!("`{text}` can be more than one {what}: {short}. Give more digits of the id.");
    Failure::ambiguous(detail, candidates)
}

/// What somebody sent, short enough to be sent back.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(all: &[(&str, &str)], text: &str) -> Result<usize, Vec<String>> {
        let all: Vec<_> = all.iter().enumerate().map(|(at, (id, name))| (at, *id, *name)).collect();
        let candidates =
            all.iter().map(|(at, id, name)| Candidate { id: id.to_string(), name, value: *at });
        find(candidates, text).map_err(|miss| match miss {
            Miss::None => vec![],
            Miss::Several(ids) => ids,
        })
    }

    #[test]
    fn ids_beginnings_and_names_are_found() {
        let all = [("abcdef0011", "Alpha"), ("abcdef0022", "beta"), ("123456ff00", "Beta")];
        assert_eq!(look(&all, "abcdef0011"), Ok(0));
        assert_eq!(look(&all, "ABCDEF0022"), Ok(1));
        assert_eq!(look(&all, "123456"), Ok(2));
        assert_eq!(look(&all, "12345"), Err(vec![]), "five digits are too few");
        assert_eq!(look(&all, "alpha"), Ok(0), "case matters only where it must");
        assert_eq!(look(&all, "Beta"), Ok(2));
        assert_eq!(look(&all, "BETA").unwrap_err().len(), 2);
        assert_eq!(look(&all, "abcdef").unwrap_err(), ["abcdef0011", "abcdef0022"]);
        assert_eq!(look(&all, "nobody"), Err(vec![]));
    }

    #[test]
    fn a_name_that_looks_like_an_id_is_not_taken_for_one() {
        let all = [("abcdef0011", "Alpha"), ("1234567890", "abcdef")];
        assert_eq!(look(&all, "abcdef").unwrap_err().len(), 2);
        assert_eq!(look(&all[1..], "abcdef"), Ok(0));
    }
}
