//! A file of past projects: CSV with a heading, or ARFF (Weka's format: `@attribute` lines, then
//! `@data`). Columns are known by name; what is not known is not looked at.

use super::{DRIVERS, Mode, PastProject, PastProjects, SizeUnit};

/// Bytes of a file.
pub const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Projects of a file.
pub const PROJECTS_MAX: usize = 5_000;
/// Columns of a file.
const COLUMNS_MAX: usize = 256;
/// Hours of a person-month (Boehm 1981).
pub const PERSON_MONTH_HOURS: f64 = 152.0;

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct BadFile {
    /// From 1.
    pub line: u64,
    pub problem: String,
}

fn bad(line: u64, problem: impl Into<String>) -> BadFile {
    BadFile { line, problem: problem.into() }
}

/// Names of columns of a kind, most telling first.
const KLOC: &[&str] = &["kloc", "loc", "ksloc"];
const POINTS: &[&str] = &["afp", "pointsadjust", "fp", "function_points"];
const PERSON_MONTHS: &[&str] = &["effort_pm", "actual", "person_months"];
const HOURS: &[&str] = &["effort", "effort_hours"];
const MONTHS: &[&str] = &["duration", "length", "months"];

struct Columns {
    names: Vec<String>,
}

impl Columns {
    fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.names.iter().position(|column| column == name))
    }
}

/// The past projects of a file.
pub fn read(text: &str) -> Result<PastProjects, BadFile> {
    if text.len() > FILE_BYTES_MAX {
        let problem = format!("the file has {} bytes, more than {FILE_BYTES_MAX}", text.len());
        return Err(bad(1, problem));
    }
    let (columns, rows) = if is_arff(text) { arff(text)? } else { csv(text)? };
    let size = match (columns.find(KLOC), columns.find(POINTS)) {
        (Some(at), _) => (at, SizeUnit::Kloc),
        (None, Some(at)) => (at, SizeUnit::FunctionPoints),
        (None, None) => {
            let problem = format!("there is no size: a column called {KLOC:?} or {POINTS:?}");
            return Err(bad(1, problem));
        }
    };
    let effort = match (columns.find(PERSON_MONTHS), columns.find(HOURS)) {
        (Some(at), _) => (at, 1.0),
        (None, Some(at)) => (at, PERSON_MONTH_HOURS),
        (None, None) => {
            let problem = format!(
                "there is no effort: a column called {PERSON_MONTHS:?} (person-months) or {HOURS:?}"
            );
            return Err(bad(1, problem));
        }
    };
    let drivers: Vec<usize> = DRIVERS.iter().filter_map(|driver| columns.find(&[driver])).collect();
    let optional = (columns.find(MONTHS), columns.find(&["mode"]), columns.find(&["teamexp"]));
    let mut read = PastProjects { unit: size.1, projects: Vec::new(), left_out: Vec::new() };
    for (line, cells) in rows {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let number = |at: usize| match cell(at) {
            "" | "?" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Some(number)),
                _ => {
                    let text: String = text.chars().take(40).collect();
                    let column = &columns.names[at];
                    Err(bad(line, format!("`{text}` in column {column} is no number")))
                }
            },
        };
        let positive = |value: Option<f64>| value.filter(|value| (1e-3..=1e9).contains(value));
        let (Some(size), Some(taken)) = (positive(number(size.0)?), positive(number(effort.0)?))
        else {
            read.left_out.push((line, "size or effort is missing or not positive".into()));
            continue;
        };
        let mut multipliers = None;
        if drivers.len() == DRIVERS.len() {
            let mut all = [1.0; 15];
            for (value, at) in all.iter_mut().zip(&drivers) {
                *value = number(*at)?.unwrap_or(1.0);
                if !(0.3..=3.0).contains(value) {
                    let column = &columns.names[*at];
                    return Err(bad(line, format!("{value} in column {column} is no multiplier")));
                }
            }
            multipliers = Some(all);
        }
        let mode = match optional.1.map(cell) {
            None | Some("" | "?") => None,
            Some("organic") => Some(Mode::Organic),
            Some("semidetached") => Some(Mode::Semidetached),
            Some("embedded") => Some(Mode::Embedded),
            Some(other) => {
                let other: String = other.chars().take(40).collect();
                let problem = format!("`{other}` is no mode: organic, semidetached or embedded");
                return Err(bad(line, problem));
            }
        };
        let months = optional.0.map(number).transpose()?.flatten();
        let years = optional.2.map(number).transpose()?.flatten();
        read.projects.push(PastProject {
            line,
            size,
            person_months: taken / effort.1,
            months: positive(months),
            mode,
            drivers: multipliers,
            team_years: years.filter(|years| (0.0..=60.0).contains(years)),
        });
        if read.projects.len() > PROJECTS_MAX {
            return Err(bad(line, format!("there are more than {PROJECTS_MAX} projects")));
        }
    }
    if read.projects.len() < 4 {
        let problem = format!("{} projects are too few: at least 4", read.projects.len());
        return Err(bad(1, problem));
    }
    Ok(read)
}

fn is_arff(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('%'))
        .is_some_and(|line| line.to_ascii_lowercase().starts_with("@relation"))
}

fn named(names: Vec<String>, line: u64) -> Result<Columns, BadFile> {
    if names.len() > COLUMNS_MAX {
        return Err(bad(line, format!("there are more than {COLUMNS_MAX} columns")));
    }
    let names = names.iter().map(|name| name.trim().trim_matches(['\'', '"']).to_ascii_lowercase());
    Ok(Columns { names: names.collect() })
}

type Rows = Vec<(u64, Vec<String>)>;

fn arff(text: &str) -> Result<(Columns, Rows), BadFile> {
    let (mut names, mut rows, mut data) = (Vec::new(), Rows::new(), false);
    for (at, line) in text.lines().enumerate() {
        let number = at as u64 + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('%') {
            continue;
        }
        if data {
            let cells: Vec<String> =
                line.split(',').map(|cell| cell.trim().trim_matches(['\'', '"']).into()).collect();
            if cells.len() != names.len() {
                let problem = format!("has {} values, not {}", cells.len(), names.len());
                return Err(bad(number, problem));
            }
            rows.push((number, cells));
            continue;
        }
        let mut words = line.split_whitespace();
        match words.next().map(str::to_ascii_lowercase).as_deref() {
            Some("@relation") => {}
            Some("@attribute") => match words.next() {
                Some(name) => names.push(name.to_owned()),
                None => return Err(bad(number, "an attribute without a name")),
            },
            Some("@data") => data = true,
            _ => return Err(bad(number, "neither @relation, @attribute nor @data")),
        }
        if names.len() > COLUMNS_MAX {
            return Err(bad(number, format!("there are more than {COLUMNS_MAX} columns")));
        }
    }
    Ok((named(names, 1)?, rows))
}

fn csv(text: &str) -> Result<(Columns, Rows), BadFile> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let heading = reader.headers().map_err(|error| bad(1, error.to_string()))?;
    let columns = named(heading.iter().map(str::to_owned).collect(), 1)?;
    let mut rows = Rows::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            bad(line, error.to_string())
        })?;
        let line = record.position().map_or(1, csv::Position::line);
        rows.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok((columns, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARFF: &str = "% about\n@relation x\n@attribute ID numeric\n@attribute AFP numeric\n\
        @attribute Duration numeric\n@attribute Effort numeric\n@data\n1,100,4,1520\n\
        2,200,5,3040\n3,?,5,3040\n4,50,1,152\n5,60,2,304\n";

    #[test]
    fn an_arff_file_is_read_and_rows_without_a_size_are_left_out() {
        let read = read(ARFF).unwrap();
        assert_eq!(read.unit, SizeUnit::FunctionPoints);
        assert_eq!(read.projects.len(), 4);
        assert_eq!(read.projects[1].person_months, 20.0);
        assert_eq!(read.projects[1].months, Some(5.0));
        assert_eq!(read.left_out.len(), 1);
        assert_eq!(read.left_out[0].0, 10);
    }

    #[test]
    fn a_csv_file_is_read_with_its_ratings() {
        let drivers = DRIVERS.join(",");
        let ones = ["1"; 15].join(",");
        let mut text = format!("id,mode,{drivers},kloc,effort_pm\n");
        for row in 1..=4 {
            text += &format!("{row},organic,{ones},{row}0,{row}5\n");
        }
        let read = read(&text).unwrap();
        assert_eq!(read.unit, SizeUnit::Kloc);
        assert_eq!(read.projects[0].drivers, Some([1.0; 15]));
        assert_eq!(read.projects[3].mode, Some(Mode::Organic));
        assert_eq!(read.projects[3].line, 5);
    }

    #[test]
    fn what_makes_no_sense_is_told_with_its_line() {
        let line = |text: &str| read(text).unwrap_err();
        assert_eq!(line(&ARFF.replace("2,200", "2,two")).line, 9);
        assert_eq!(line(&ARFF.replace("2,200,5", "2,200")).line, 9);
        assert!(line(&ARFF.replace("AFP", "APF")).problem.contains("no size"));
        assert!(line("kloc,effort_pm\n1,2\n").problem.contains("too few"));
        assert_eq!(line("@relation x\nnonsense\n").line, 2);
        assert!(line("").problem.contains("no size"));
    }
}
