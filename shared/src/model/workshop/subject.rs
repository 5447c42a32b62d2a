//! What a file is about, and the names in code that follow from it.

use bincode::{Decode, Encode};

use crate::model::project::Project;
use crate::model::words::title::{Title, part_of, step_text};
use crate::model::work::Task;

/// Bytes of the words of a subject.
const WORDS_MAX: usize = 32;

/// What a file is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Subject {
    /// A part of an area of the product.
    Part(u8, u8),
    /// A step of a phase.
    Step(u8),
    /// The words of a title that somebody gave, joined by `-`.
    Words(String),
}

/// Words that say nothing about what a title is about.
const EMPTY: [&str; 44] = [
    "the",
    "and",
    "for",
    "with",
    "from",
    "into",
    "that",
    "this",
    "when",
    "after",
    "before",
    "add",
    "fix",
    "build",
    "make",
    "use",
    "can",
    "could",
    "should",
    "not",
    "new",
    "all",
    "are",
    "was",
    "has",
    "have",
    "does",
    "its",
    "our",
    "your",
    "their",
    "write",
    "update",
    "support",
    "allow",
    "improve",
    "implement",
    "create",
    "remove",
    "change",
    "let",
    "out",
    "who",
    "what",
];

/// Words that mean something to one of the languages, or to all who read it.
const TAKEN: [&str; 70] = [
    "abstract",
    "any",
    "array",
    "as",
    "assert",
    "async",
    "await",
    "bool",
    "boolean",
    "box",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "crate",
    "date",
    "def",
    "default",
    "del",
    "do",
    "dyn",
    "elif",
    "else",
    "enum",
    "error",
    "except",
    "export",
    "extern",
    "false",
    "final",
    "finally",
    "fn",
    "function",
    "global",
    "if",
    "impl",
    "import",
    "in",
    "interface",
    "is",
    "lambda",
    "let",
    "lib",
    "list",
    "loop",
    "macro",
    "main",
    "map",
    "match",
    "mod",
    "move",
    "number",
    "object",
    "option",
    "package",
    "pass",
    "promise",
    "result",
    "self",
    "set",
    "static",
    "string",
    "super",
    "test",
    "type",
    "vec",
    "yield",
    "symbol",
];

impl Subject {
    /// What a task is about. Words are read only from titles that somebody gave.
    pub fn of(project: &Project, task: &Task) -> Subject {
        match (&task.title, part_of(&task.title)) {
            (_, Some(part)) => {
                let place = project.words.vocabulary.part_place(task.area, part);
                Subject::Part(task.area, place)
            }
            (Title::Step(at), _) => Subject::Step(*at),
            (Title::Given(text), _) => Subject::Words(slug(text)),
            _ => Subject::Words(String::new()),
        }
    }

    /// Whether it is one that a task could have.
    pub fn sound(&self) -> bool {
        match self {
            Subject::Words(words) => {
                words.len() <= WORDS_MAX
                    && words
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            }
            _ => true,
        }
    }

    /// As people write it.
    pub fn words(&self, project: &Project) -> String {
        match self {
            Subject::Part(area, part) => project.part_name(*area, *part).to_string(),
            Subject::Step(at) => lower_first(step_text(*at)),
            Subject::Words(words) => words.replace('-', " "),
        }
    }

    /// For the name of a file: lower case, joined by `-`.
    pub fn slug(&self, project: &Project) -> String {
        let slug = match self {
            Subject::Words(words) => words.clone(),
            _ => slug(&self.words(project)),
        };
        if slug.is_empty() { "part".into() } else { slug }
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The first three words of a text that say something, joined by `-`.
pub fn slug(text: &str) -> String {
    let words = |all: bool| {
        let mut out = String::new();
        let mut count = 0;
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
            let lower = word.to_ascii_lowercase();
            let says = lower.len() > 2 && !EMPTY.contains(&lower.as_str());
            if lower.is_empty() || !(says || all) || count == 3 {
                continue;
            }
            if out.len() + lower.len() + 1 > WORDS_MAX {
                break;
            }
            if !out.is_empty() {
                out.push('-');
            }
            out.push_str(&lower);
            count += 1;
        }
        out
    };
    let good = words(false);
    let out = if good.is_empty() { words(true) } else { good };
    if out.starts_with(|c: char| c.is_ascii_digit()) { format!("v{out}") } else { out }
}

/// A slug as a name in code that no language keeps for itself.
pub fn safe(slug: &str) -> String {
    let name = slug.replace('-', "_");
    if TAKEN.contains(&name.as_str()) || name.is_empty() { format!("{name}_part") } else { name }
}

/// `some_name` as `SomeName`.
pub fn pascal(snake: &str) -> String {
    snake
        .split('_')
        .map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
                .unwrap_or_default()
        })
        .collect()
}

/// `some_name` as `someName`.
pub fn camel(snake: &str) -> String {
    let mut name = pascal(snake);
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    name
}

/// One of what the last word names many of.
fn one(snake: &str) -> String {
    match snake {
        _ if snake.ends_with("ss") || snake.ends_with("us") || snake.ends_with("is") => {
            snake.into()
        }
        _ if snake.ends_with("ies") => format!("{}y", &snake[..snake.len() - 3]),
        _ if snake.ends_with('s') && snake.len() > 3 => snake[..snake.len() - 1].into(),
        _ if snake.ends_with("ing") => format!("{snake}_entry"),
        _ => snake.into(),
    }
}

fn many(snake: &str) -> String {
    match snake.as_bytes().last() {
        Some(b'y') if !snake.ends_with("ay") && !snake.ends_with("ey") => {
            format!("{}ies", &snake[..snake.len() - 1])
        }
        Some(b's' | b'x' | b'h') => format!("{snake}es"),
        _ => format!("{snake}s"),
    }
}

/// The names that the code of a file uses.
#[derive(Clone, Debug)]
pub struct Names {
    /// `invoice`.
    pub one: String,
    /// `invoices`.
    pub many: String,
    /// `Invoice`.
    pub kind: String,
    /// `invoice`, as people write it.
    pub noun: String,
    pub key: &'static str,
    pub number: &'static str,
    pub time: &'static str,
    pub flag: &'static str,
}

const KEYS: [&str; 4] = ["name", "label", "reference", "title"];
const NUMBERS: [&str; 5] = ["amount_cents", "size_bytes", "score", "quantity", "weight"];
const TIMES: [&str; 4] = ["created_at", "updated_at", "due_at", "seen_at"];
const FLAGS: [&str; 4] = ["active", "confirmed", "enabled", "visible"];

impl Names {
    /// For a file about this; `salt` varies what the subject leaves open.
    pub fn of(slug: &str, salt: u64) -> Names {
        let singular = one(&slug.replace('-', "_"));
        let one = safe(&singular);
        let pick =
            |list: &[&'static str], shift: u32| list[(salt >> shift & 0xff) as usize % list.len()];
        Names {
            many: many(&one),
            kind: pascal(&one),
            noun: one.replace('_', " "),
            key: pick(&KEYS, 0),
            number: pick(&NUMBERS, 8),
            time: pick(&TIMES, 16),
            flag: pick(&FLAGS, 24),
            one,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_names_that_code_can_have() {
        assert_eq!(slug("Add filters to the CSV export!"), "filters-csv-export");
        assert_eq!(slug("2FA for admins"), "v2fa-admins");
        assert_eq!(slug("Ünïcödé ✓"), "n-c-d");
        assert_eq!(slug("✓"), "");
        assert_eq!(safe("import"), "import_part");
        assert_eq!(Names::of("invoices", 0).kind, "Invoice");
        assert_eq!(Names::of("", 0).kind, "Part");
        assert_eq!(camel("total_amount"), "totalAmount");
    }

    #[test]
    fn a_subject_from_outside_is_held_to_plain_words() {
        assert!(Subject::Words("csv-export".into()).sound());
        assert!(!Subject::Words("../etc".into()).sound());
        assert!(Subject::Words(slug(&"Büro: ../x".repeat(20))).sound());
    }
}
