//! Tables and values as people read them.

/// Rows under headings, in columns as wide as their widest cell. Numbers stand to the right.
pub struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// Shown if there are no rows.
    empty: &'static str,
}

impl Table {
    /// An empty table; a heading that begins with `>` makes a column of numbers.
    pub fn new(headings: &[&'static str], empty: &'static str) -> Self {
        Table { headings: headings.to_vec(), rows: Vec::new(), empty }
    }

    /// Adds a row of as many cells as there are headings.
    pub fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.headings.len());
        self.rows.push(cells.into_iter().map(|cell| printable(&cell)).collect());
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.rows.is_empty() {
            return writeln!(f, "{}", self.empty);
        }
        let width = |at: usize, heading: &str| {
            let cells = self.rows.iter().map(|row| row[at].chars().count()).max();
            heading.trim_start_matches('>').len().max(cells.unwrap_or(0))
        };
        let columns: Vec<(bool, usize)> = self
            .headings
            .iter()
            .enumerate()
            .map(|(at, heading)| (heading.starts_with('>'), width(at, heading)))
            .collect();
        let headings: Vec<String> = self
            .headings
            .iter()
            .map(|heading| heading.trim_start_matches('>').to_owned())
            .collect();
        for row in std::iter::once(&headings).chain(&self.rows) {
            let mut line = String::new();
            for (cell, (right, width)) in row.iter().zip(&columns) {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
                match right {
                    true => line.extend([gap.as_str(), cell]),
                    false => line.extend([cell, gap.as_str()]),
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Lines of a name and a value.
pub fn facts(facts: &[(&str, String)]) -> String {
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    facts.iter().map(|(name, value)| format!("{name:width$}  {}\n", printable(value))).collect()
}

/// What other nodes and companies call themselves must not move the cursor of a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The first digits of an id.
pub fn short(id: &str) -> String {
    // Peer ids all begin alike; their ends differ.
    match id.strip_prefix("12D3KooW") {
        Some(_) => id.chars().skip(id.chars().count().saturating_sub(8)).collect(),
        None => id.chars().take(8).collect(),
    }
}

/// A value or a dash.
pub fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// Cents as whole units with thousands apart.
pub fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}", grouped((cents.unsigned_abs() + 50) / 100))
}

/// A number with thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Basis points as a percentage.
pub fn percent(basis_points: u16) -> String {
    format!("{} %", (u32::from(basis_points) + 50) / 100)
}

/// Bytes in the unit that fits.
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1_024.0),
        1_048_576..1_073_741_824 => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
        _ => format!("{:.1} GiB", bytes as f64 / 1_073_741_824.0),
    }
}

/// A time span in its two largest units.
pub fn span(ms: u64) -> String {
    let seconds = ms / 1_000;
    match seconds {
        0 => format!("{ms} ms"),
        1..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

/// Microseconds as milliseconds.
pub fn milliseconds(us: u64) -> String {
    format!("{}.{} ms", us / 1_000, us % 1_000 / 100)
}

/// A word of the API (`as_of`), or of its enums, as it is written there.
pub fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_needed() {
        let mut table = Table::new(&["name", ">people"], "none");
        assert_eq!(table.to_string(), "none\n");
        table.row(vec!["Ada's".into(), "7".into()]);
        table.row(vec!["B\u{1b}[2J".into(), "1,200".into()]);
        assert_eq!(table.to_string(), "name   people\nAda's       7\nB [2J   1,200\n");
    }

    #[test]
    fn values_are_readable() {
        assert_eq!(money(-123_456_789), "-1,234,568");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(percent(9_950), "100 %");
        assert_eq!(bytes(1_536), "1.5 KiB");
        assert_eq!(span(3_725_000), "1 h 2 min");
        assert_eq!(milliseconds(1_250), "1.2 ms");
        assert_eq!(short("abcdef0123456789"), "abcdef01");
        assert_eq!(short("12D3KooWabcdefghijkl"), "efghijkl");
    }
}
