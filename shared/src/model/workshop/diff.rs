//! Differences between two texts, line by line, and their unified form.

/// Lines shown around a change.
const CONTEXT: usize = 3;
/// Lines compared with each other beyond what two texts begin and end with in common. Larger texts
/// count as replaced. Units grow in place, so the middle is small.
const LINES_MAX: usize = 1_500;

/// A line of a difference: kept, taken away or added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// The shortest way from one text to another (longest common subsequence, by dynamic programming).
pub fn lines<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail =
        a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut out: Vec<Line<'a>> = a[..head].iter().map(|line| Line::Same(line)).collect();
    middle(left, right, &mut out);
    out.extend(a[a.len() - tail..].iter().map(|line| Line::Same(line)));
    out
}

fn middle<'a>(left: &[&'a str], right: &[&'a str], out: &mut Vec<Line<'a>>) {
    if left.is_empty() || right.is_empty() || left.len().max(right.len()) > LINES_MAX {
        out.extend(left.iter().map(|line| Line::Gone(line)));
        out.extend(right.iter().map(|line| Line::New(line)));
        return;
    }
    let width = right.len() + 1;
    let mut common = vec![0u16; (left.len() + 1) * width];
    for a in (0..left.len()).rev() {
        for b in (0..right.len()).rev() {
            common[a * width + b] = if left[a] == right[b] {
                common[(a + 1) * width + b + 1] + 1
            } else {
                common[(a + 1) * width + b].max(common[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    while a < left.len() && b < right.len() {
        if left[a] == right[b] {
            out.push(Line::Same(left[a]));
            (a, b) = (a + 1, b + 1);
        } else if common[(a + 1) * width + b] >= common[a * width + b + 1] {
            out.push(Line::Gone(left[a]));
            a += 1;
        } else {
            out.push(Line::New(right[b]));
            b += 1;
        }
    }
    out.extend(left[a..].iter().map(|line| Line::Gone(line)));
    out.extend(right[b..].iter().map(|line| Line::New(line)));
}

/// Lines added and taken away.
pub fn stat(lines: &[Line<'_>]) -> (u32, u32) {
    let count = |wanted: fn(&Line<'_>) -> bool| lines.iter().filter(|l| wanted(l)).count() as u32;
    (count(|line| matches!(line, Line::New(_))), count(|line| matches!(line, Line::Gone(_))))
}

/// The unified form, without the lines that name the files.
pub fn unified(lines: &[Line<'_>]) -> String {
    let changed: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !matches!(line, Line::Same(_)))
        .map(|(at, _)| at)
        .collect();
    let mut out = String::new();
    let mut next = 0;
    while next < changed.len() {
        let from = changed[next].saturating_sub(CONTEXT);
        let mut last = changed[next];
        while next < changed.len() && changed[next] <= last + 2 * CONTEXT {
            last = changed[next];
            next += 1;
        }
        let to = (last + CONTEXT + 1).min(lines.len());
        let count = |range: &[Line<'_>], old: bool| {
            range
                .iter()
                .filter(|line| match line {
                    Line::Same(_) => true,
                    Line::Gone(_) => old,
                    Line::New(_) => !old,
                })
                .count()
        };
        let (old, new) = (count(&lines[from..to], true), count(&lines[from..to], false));
        // A part without lines is said to begin at the line before it.
        let start = |before: usize, length: usize| before + usize::from(length > 0);
        out.push_str(&format!(
            "@@ -{},{old} +{},{new} @@\n",
            start(count(&lines[..from], true), old),
            start(count(&lines[..from], false), new)
        ));
        for line in &lines[from..to] {
            let (sign, text) = match line {
                Line::Same(text) => (' ', text),
                Line::Gone(text) => ('-', text),
                Line::New(text) => ('+', text),
            };
            out.push(sign);
            out.push_str(text);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_changed_with_the_lines_around_it() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let new = "a\nb\nc\nd\nE\nf\ng\nh\n";
        assert_eq!(unified(&lines(old, new)), "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n");
        assert_eq!(stat(&lines(old, new)), (1, 1));
        assert_eq!(unified(&lines("", "x\n")), "@@ -0,0 +1,1 @@\n+x\n");
        assert_eq!(unified(&lines(old, old)), "");
    }

    #[test]
    fn changes_far_apart_are_shown_apart_and_lead_from_one_text_to_the_other() {
        let old: String = (0..40).map(|n| format!("{n}\n")).collect();
        let new = old.replace("\n5\n", "\nfive\n").replace("\n30\n", "\n30\nmore\n");
        let lines = lines(&old, &new);
        assert_eq!(unified(&lines).matches("@@ -").count(), 2);
        let after: String = lines
            .iter()
            .filter_map(|line| match line {
                Line::Same(text) | Line::New(text) => Some(format!("{text}\n")),
                Line::Gone(_) => None,
            })
            .collect();
        assert_eq!(after, new);
    }
}
