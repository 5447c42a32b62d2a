//! Rows, medians, the table and the JSON.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

/// Median, least and most of several measurements.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Spread {
    /// Of these, in any order; all 0 if there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Spread {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
        let last = values.len().saturating_sub(1);
        Spread { median: (at(last / 2) + at(last.div_ceil(2))) / 2.0, min: at(0), max: at(last) }
    }
}

/// What is aimed at.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    RatioAtLeast(f64),
    ValueAtLeast(f64),
    ValueAtMost(f64),
    /// It is only told.
    None,
}

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub unit: &'static str,
    pub measured: Spread,
    /// What it is measured against, and how fast that was in the same run.
    pub baseline: Option<(String, Spread)>,
    pub ratio: Option<Spread>,
    pub aim: Aim,
    pub met: Option<bool>,
}

#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
    failures: Vec<String>,
}

impl Report {
    /// A row of measurements in pairs: (measured, baseline), one after the other, so that what else
    /// the machine does falls on both alike. The ratio is the median of the pairs' ratios.
    pub fn against(
        &mut self,
        name: &str,
        unit: &'static str,
        baseline: &str,
        pairs: &[(f64, f64)],
        aim: Aim,
    ) {
        let ratio = Spread::of(pairs.iter().map(|(measured, base)| measured / base));
        let base = Spread::of(pairs.iter().map(|(_, base)| *base));
        self.push(Row {
            name: name.to_owned(),
            unit,
            measured: Spread::of(pairs.iter().map(|(measured, _)| *measured)),
            baseline: Some((baseline.to_owned(), base)),
            ratio: Some(ratio),
            aim,
            met: None,
        });
    }

    /// A row that stands by itself.
    pub fn alone(&mut self, name: &str, unit: &'static str, values: &[f64], aim: Aim) {
        let measured = Spread::of(values.iter().copied());
        let (name, baseline, ratio) = (name.to_owned(), None, None);
        self.push(Row { name, unit, measured, baseline, ratio, aim, met: None });
    }

    fn push(&mut self, mut row: Row) {
        row.met = match row.aim {
            Aim::RatioAtLeast(aim) => row.ratio.map(|ratio| ratio.median >= aim),
            Aim::ValueAtLeast(aim) => Some(row.measured.median >= aim),
            Aim::ValueAtMost(aim) => Some(row.measured.median <= aim),
            Aim::None => None,
        };
        self.rows.push(row);
    }

    /// Something could not be measured.
    pub fn failed(&mut self, name: &str, error: &anyhow::Error) {
        eprintln!("  {name} could not be measured: {error:#}");
        self.failures.push(name.to_owned());
    }

    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Shows the rows from this one on, for whoever waits.
    pub fn show_from(&self, first: usize) {
        for row in &self.rows[first..] {
            eprintln!("  {}", line(row).join("  "));
        }
    }

    pub fn table(&self) -> String {
        let head = ["what", "measured", "baseline", "ratio (least to most)", "aim", "met"];
        let mut lines = vec![head.map(str::to_owned)];
        lines.extend(self.rows.iter().map(line));
        let width = |column: usize| {
            lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0)
        };
        let widths: [usize; 6] = std::array::from_fn(width);
        let mut out = String::new();
        for (number, line) in lines.iter().enumerate() {
            for (cell, width) in line.iter().zip(widths) {
                let pad = " ".repeat(width - cell.chars().count());
                let _ = write!(out, "| {cell}{pad} ");
            }
            out.push_str("|\n");
            if number == 0 {
                for width in widths {
                    let _ = write!(out, "| {} ", "-".repeat(width));
                }
                out.push_str("|\n");
            }
        }
        out
    }

    pub fn write_json(&self, file: &Path) -> anyhow::Result<()> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let document = serde_json::json!({
            "machine": {
                "cores": cores,
                "os": std::env::consts::OS,
                "arch": std::env::consts::ARCH,
                "processor": processor(),
            },
            "rows": self.rows,
            "not_measured": self.failures,
        });
        std::fs::write(file, serde_json::to_vec_pretty(&document)?)?;
        Ok(())
    }

    /// An aim that is missed is told, and is no failure; what could not be measured is one.
    pub fn outcome(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.failures.is_empty(), "not measured: {}", self.failures.join(", "));
        Ok(())
    }
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(String::new, |(_, name)| name.trim().to_owned())
}

fn line(row: &Row) -> [String; 6] {
    let aim = match row.aim {
        Aim::RatioAtLeast(aim) => format!("at least {aim:.2}"),
        Aim::ValueAtLeast(aim) => format!("at least {}", number(aim)),
        Aim::ValueAtMost(aim) => format!("at most {}", number(aim)),
        Aim::None => String::new(),
    };
    let ratio = row.ratio.map_or_else(String::new, |ratio| {
        format!("{:.2} ({:.2} to {:.2})", ratio.median, ratio.min, ratio.max)
    });
    let baseline = row.baseline.as_ref();
    let measured = match row.ratio {
        Some(_) => format!("{} {}", number(row.measured.median), row.unit),
        None => {
            let Spread { median, min, max } = row.measured;
            let range = format!(" ({} to {})", number(min), number(max));
            let range = if min == max { String::new() } else { range };
            format!("{} {}{range}", number(median), row.unit)
        }
    };
    [
        row.name.clone(),
        measured,
        baseline
            .map_or_else(String::new, |(what, base)| format!("{what}: {}", number(base.median))),
        ratio,
        aim,
        row.met.map_or("", |met| if met { "yes" } else { "NO" }).to_owned(),
    ]
}

/// Three digits that matter, thousands apart.
fn number(value: f64) -> String {
    if value.abs() < 10.0 {
        return format!("{value:.2}");
    }
    if value.abs() < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::from(if value < 0.0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
