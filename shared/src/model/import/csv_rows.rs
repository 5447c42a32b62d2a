//! The rows of a CSV export: RFC 4180, with a byte order mark, line breaks inside quotes, and the
//! column names GitLab has used over the years.

use std::collections::BTreeSet;

use super::{CSV_BYTES_MAX, Date, ImportError, ROWS_MAX, Warnings};
use crate::model::spec::{NAME_BYTES_MAX, TITLE_BYTES_MAX};

/// Weights above this are typing errors.
const WEIGHT_MAX: u32 = 1_000;

/// An issue.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where it begins, from 1.
    pub line: u64,
    pub id: String,
    pub title: String,
    pub created: Date,
    pub closed: Option<Date>,
    pub weight: Option<u32>,
    pub assignees: Vec<String>,
    pub labels: Vec<String>,
}

struct Columns {
    id: usize,
    created: usize,
    closed: usize,
    title: Option<usize>,
    weight: Option<usize>,
    assignee: Option<usize>,
    labels: Option<usize>,
}

/// `Created At (UTC)`, `created_at` and `Created at` are the same column.
fn plain(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace("(utc)", "").replace(['_', '-'], " ");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Columns {
    fn find(header: &[String]) -> Result<Columns, ImportError> {
        let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
        let find = |known: &[&str]| {
            known.iter().find_map(|known| names.iter().position(|name| name == known))
        };
        let need = |known: &[&str], column| {
            find(known).ok_or_else(|| {
                let found: String = header.join(", ").chars().take(300).collect();
                ImportError::Column { column, found }
            })
        };
        Ok(Columns {
            id: need(&["issue id", "iid", "id", "issue iid"], "Issue ID")?,
            created: need(&["created at", "created"], "Created At (UTC)")?,
            closed: need(&["closed at", "closed"], "Closed At (UTC)")?,
            title: find(&["title", "summary"]),
            weight: find(&["weight", "story points"]),
            assignee: find(&[
                "assignee",
                "assignees",
                "assignee(s)",
                "assignee username",
                "assignee usernames",
            ]),
            labels: find(&["labels", "label"]),
        })
    }
}

/// The issues of an export, in order of line.
pub fn read(bytes: &[u8], warnings: &mut Warnings) -> Result<Vec<Row>, ImportError> {
    if bytes.len() > CSV_BYTES_MAX {
        return Err(ImportError::TooLarge(bytes.len()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportError::Empty);
    }
    // Spreadsheets of some countries save with semicolons.
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter| first.iter().filter(|&&byte| byte == delimiter).count();
    let delimiter =
        [b',', b';', b'\t'].into_iter().max_by_key(|&d| (count(d), d == b',')).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let text = |field: &[u8]| String::from_utf8_lossy(field).trim().to_string();
    let mut columns: Option<(Columns, usize)> = None;
    let mut rows: Vec<Row> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut lines = Lines { bytes, seen: 0, line: 1 };
    loop {
        let more = reader.read_byte_record(&mut record).map_err(|error| ImportError::Row {
            line: error.position().map_or(0, csv::Position::line),
            problem: format!("this is no CSV: {error}"),
        })?;
        if !more {
            break;
        }
        let line = lines.at(record.position().map_or(0, csv::Position::byte) as usize);
        let fields: Vec<String> = record.iter().map(text).collect();
        let Some((columns, width)) = &columns else {
            columns = Some((Columns::find(&fields)?, fields.len()));
            continue;
        };
        if fields.iter().all(String::is_empty) {
            continue;
        }
        if rows.len() >= ROWS_MAX {
            return Err(ImportError::TooMany(line));
        }
        if fields.len() != *width {
            let message =
                format!("has {} fields where the first line has {width}: left out", fields.len());
            warnings.add(line, message);
            continue;
        }
        if let Some(row) = row(line, &fields, columns, warnings) {
            if ids.insert(row.id.clone()) {
                rows.push(row);
            } else {
                warnings
                    .add(line, format!("issue {} is there twice: only the first is taken", row.id));
            }
        }
    }
    if rows.is_empty() {
        return Err(ImportError::Empty);
    }
    Ok(rows)
}

/// Counts lines as people do. The reader's own count is one short behind CRLF and blank lines.
struct Lines<'a> {
    bytes: &'a [u8],
    seen: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the record at this place or next behind it begins.
    fn at(&mut self, mut place: usize) -> u64 {
        while matches!(self.bytes.get(place), Some(b'\r' | b'\n')) {
            place += 1;
        }
        let passed = self.bytes.get(self.seen..place).unwrap_or_default();
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.seen = place.max(self.seen);
        self.line
    }
}

fn row(line: u64, fields: &[String], columns: &Columns, warnings: &mut Warnings) -> Option<Row> {
    let get = |at: usize| fields.get(at).map(String::as_str).unwrap_or_default();
    let optional = |at: Option<usize>| at.map(get).unwrap_or_default();
    let id = clean(get(columns.id), NAME_BYTES_MAX);
    if id.is_empty() {
        warnings.add(line, "has no issue id: left out");
        return None;
    }
    let created = match Date::from_timestamp(get(columns.created)) {
        Ok(created) => created,
        Err(error) => {
            warnings.add(line, format!("issue {id}: the day of creation {error}: left out"));
            return None;
        }
    };
    let closed = match get(columns.closed) {
        "" => None,
        text => match Date::from_timestamp(text) {
            Ok(closed) if closed < created => {
                warnings.add(
                    line,
                    format!("issue {id} was closed before it was created: taken as closed at once"),
                );
                Some(created)
            }
            Ok(closed) => Some(closed),
            Err(error) => {
                warnings.add(line, format!("issue {id}: the day of closing {error}: left out"));
                return None;
            }
        },
    };
    let weight = match optional(columns.weight) {
        "" => None,
        text => match text.parse::<u32>() {
            Ok(weight) if weight <= WEIGHT_MAX => Some(weight),
            _ => {
                let shown: String = text.chars().take(20).collect();
                warnings.add(line, format!("issue {id}: the weight `{shown}` is no number from 0 to {WEIGHT_MAX}: the usual one is taken"));
                None
            }
        },
    };
    let assignees: Vec<String> = optional(columns.assignee)
        .split([';', '|'])
        .map(|name| clean(name, NAME_BYTES_MAX))
        .filter(|name| !name.is_empty())
        .collect();
    if assignees.is_empty() {
        warnings
            .add(line, format!("issue {id} is assigned to nobody: it counts, but for no person"));
    }
    let title = match clean(optional(columns.title), TITLE_BYTES_MAX) {
        title if title.is_empty() => format!("Issue {id}"),
        title => title,
    };
    let labels = optional(columns.labels)
        .split(',')
        .map(|label| label.trim().to_string())
        .filter(|label| !label.is_empty())
        .take(64)
        .collect();
    Some(Row { line, id, title, created, closed, weight, assignees, labels })
}

/// Text on one line, cut to a bound.
fn clean(text: &str, most: usize) -> String {
    let mut text: String =
        text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    while text.len() > most {
        text.pop();
    }
    text.trim_end().to_string()
}
