//! Templates: lines that are there or not by the shape of a unit, with places for names.
//!
//! A line may begin with conditions and a `|`: `1` and `2` for that many guards, `e` if the unit
//! was put another way, `n` if not, `d` if it is explained. `{name}` stands for a name.

use crate::model::workshop::repository::Shape;

/// A function and its tests.
pub struct Template {
    pub code: &'static str,
    /// Lines of the bodies of three tests.
    pub tests: [&'static str; 3],
}

/// What the places of a template stand for.
pub type Words<'a> = [(&'static str, String)];

fn wanted(conditions: &str, shape: Shape) -> bool {
    conditions.chars().all(|condition| match condition {
        '1' => shape.guards() >= 1,
        '2' => shape.guards() >= 2,
        'e' => shape.refactored(),
        'n' => !shape.refactored(),
        'd' => shape.explained(),
        _ => true,
    })
}

/// The condition of a line, and the line.
fn split(line: &str) -> (&str, &str) {
    match line.split_once('|') {
        Some((conditions, rest))
            if (1..=2).contains(&conditions.len())
                && conditions.chars().all(|c| "12end".contains(c)) =>
        {
            (conditions, rest)
        }
        _ => ("", line),
    }
}

/// The lines of a template, each indented by so much.
pub fn lines(template: &str, shape: Shape, words: &Words<'_>, indent: &str, out: &mut String) {
    for line in template.lines() {
        let (conditions, line) = split(line);
        if !wanted(conditions, shape) {
            continue;
        }
        if !line.is_empty() {
            out.push_str(indent);
            fill(line, words, out);
        }
        out.push('\n');
    }
}

/// Text with its places filled. Braces around anything else stay.
pub fn fill(text: &str, words: &Words<'_>, out: &mut String) {
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let word = rest.find('}').and_then(|close| {
            let name = &rest[1..close];
            words.iter().find(|(known, _)| *known == name).map(|(_, word)| (close, word))
        });
        match word {
            Some((close, word)) => {
                out.push_str(word);
                rest = &rest[close + 1..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_that_are_no_places_stay_and_lines_follow_the_shape() {
        let words = [("f", "find".to_string())];
        let mut out = String::new();
        fill("fn {f}() { {} } {", &words, &mut out);
        assert_eq!(out, "fn find() { {} } {");
        let mut out = String::new();
        lines("1|guard\nn|plain\ne|other\n|a| {f}", Shape::default(), &words, "  ", &mut out);
        assert_eq!(out, "  plain\n  |a| find\n");
    }
}
