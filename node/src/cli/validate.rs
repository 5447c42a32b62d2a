//! `zeromesh validate`: the model held against what is known of software work, in this process and
//! without a node. What is measured and how is in `shared::model::facts`; here it is spread over
//! threads and shown.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use shared::model::facts::past::read::{FILE_BYTES_MAX, read};
use shared::model::facts::past::simulation::{self, Run, Use};
use shared::model::facts::past::study::{Report, Runs, SCALES, study};
use shared::model::facts::{Evidence, Experiment, FACTS, Fact, Sample, Verdict};

use super::exit::{CliError, Exit};
use super::shown;
use super::table::Table;

/// Seeds or runs beyond this add nothing but time.
const RUNS_MAX: u32 = 10_000;
/// Projects shown one by one; more are in the JSON and in the Markdown only.
const PROJECTS_SHOWN: usize = 80;

#[derive(Debug, Args)]
pub struct Validate {
    #[command(subcommand)]
    pub against: Against,
}

#[derive(Debug, Subcommand)]
pub enum Against {
    /// Hold the model against stylised facts of software work
    Facts(Facts),
    /// Hold the model against past projects: what they took, and what it says
    Effort(Effort),
}

/// How it is run and where it goes.
#[derive(Clone, Debug, Args)]
pub struct How {
    /// Print JSON, on one line
    #[arg(long)]
    json: bool,
    /// Write the tables to this file too, as Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Threads; 0: one for each core
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

#[derive(Debug, Args)]
#[command(after_help = "Exit code 1: at least one fact does not hold.")]
pub struct Facts {
    /// Seeds of each experiment
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    seeds: u32,
    /// These facts only, or all whose name begins so (`--only brooks,task-q50`)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    #[command(flatten)]
    how: How,
}

/// What is used of what is known of a project.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Known {
    /// Its size
    Size,
    /// Its size and what is known of the people
    People,
    /// All: the product and the machine too
    All,
}

#[derive(Debug, Args)]
pub struct Effort {
    /// Past projects, CSV or ARFF: a size (kloc or function points) and an effort (effort_pm or hours)
    file: PathBuf,
    /// Runs of each project at each of three scales of work
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    runs: u32,
    /// Share of the projects to calibrate on, in percent; the rest is reported
    #[arg(long, value_name = "PERCENT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(10..=90))]
    calibrate_share: u32,
    /// Seed of runs and splits
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// What is used of what is known before a project begins
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Known::All)]
    using: Known,
    #[command(flatten)]
    how: How,
}

/// Runs what was asked for.
pub fn run(validate: Validate) -> Result<(), CliError> {
    match validate.against {
        Against::Facts(facts) => run_facts(&facts),
        Against::Effort(effort) => run_effort(&effort),
    }
}

/// Answers of `work` for each number below `count`, in order, made by several threads. Tells how far
/// it is on standard error.
fn spread<T: Send>(
    count: usize,
    threads: usize,
    what: &str,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if threads == 0 { cores() } else { threads }.min(count).clamp(1, 256);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let answers = Mutex::new((0..count).map(|_| None).collect::<Vec<Option<T>>>());
    let progress = Progress::new(count, what);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        return;
                    }
                    let answer = work(at);
                    if let Ok(mut answers) = answers.lock() {
                        answers[at] = Some(answer);
                    }
                    progress.tell(done.fetch_add(1, Ordering::Relaxed) + 1);
                }
            });
        }
    });
    answers.into_inner().unwrap_or_default().into_iter().flatten().collect()
}

/// How far a long run is: a line that is written over on a terminal, a line each tenth elsewhere.
struct Progress<'a> {
    count: usize,
    what: &'a str,
    begun: Instant,
    terminal: bool,
}

impl<'a> Progress<'a> {
    fn new(count: usize, what: &'a str) -> Self {
        Progress { count, what, begun: Instant::now(), terminal: std::io::stderr().is_terminal() }
    }

    fn tell(&self, done: usize) {
        let tenth = |done: usize| done * 10 / self.count.max(1);
        if !self.terminal && tenth(done) == tenth(done - 1) {
            return;
        }
        let seconds = self.begun.elapsed().as_secs();
        let left = seconds as usize * (self.count - done) / done.max(1);
        let line =
            format!("{} of {} {} done, {seconds} s, {left} s left", done, self.count, self.what);
        let mut err = std::io::stderr().lock();
        let _ = match self.terminal {
            true if done == self.count => writeln!(err, "\r{line}\x1b[K"),
            true => write!(err, "\r{line}\x1b[K"),
            false => writeln!(err, "{line}"),
        };
    }
}

fn write_markdown(file: Option<&Path>, text: &str) -> Result<(), CliError> {
    let Some(file) = file else { return Ok(()) };
    std::fs::write(file, text)
        .map_err(|error| CliError::failure(format!("cannot write {}: {error}", file.display())))
}

// Facts.

fn chosen(only: &[String]) -> Result<Vec<&'static Fact>, CliError> {
    for name in only {
        if !FACTS.iter().any(|fact| fact.name.starts_with(name.as_str())) {
            let names: Vec<&str> = FACTS.iter().map(|fact| fact.name).collect();
            let message = format!("there is no fact `{name}`: {}", names.join(", "));
            return Err(CliError::new(Exit::Usage, message));
        }
    }
    let wanted = |fact: &&Fact| {
        only.is_empty() || only.iter().any(|name| fact.name.starts_with(name.as_str()))
    };
    Ok(FACTS.iter().filter(wanted).collect())
}

fn run_facts(facts: &Facts) -> Result<(), CliError> {
    let chosen = chosen(&facts.only)?;
    let mut experiments: Vec<Experiment> = chosen.iter().map(|fact| fact.experiment).collect();
    experiments.sort();
    experiments.dedup();
    let seeds = facts.seeds as usize;
    let samples = spread(experiments.len() * seeds, facts.how.threads, "simulations", |at| {
        experiments[at / seeds].run((at % seeds) as u64 + 1)
    });
    let by_experiment: BTreeMap<Experiment, &[Sample]> =
        experiments.iter().copied().zip(samples.chunks(seeds)).collect();
    let verdicts: Vec<Verdict> =
        chosen.iter().map(|fact| fact.judge(by_experiment[&fact.experiment])).collect();
    write_markdown(facts.how.markdown.as_deref(), &facts_markdown(&verdicts, facts.seeds))?;
    shown(&verdicts, facts_text(&verdicts)).print(facts.how.json)?;
    match verdicts.iter().filter(|verdict| !verdict.holds).count() {
        0 => Ok(()),
        failed => {
            Err(CliError::failure(format!("{failed} of {} facts do not hold", verdicts.len())))
        }
    }
}

/// A number with as many digits as it needs.
fn number(value: f64) -> String {
    match value.abs() {
        _ if !value.is_finite() => "-".into(),
        0.0..0.995 => format!("{value:.2}"),
        0.995..9.95 => format!("{value:.2}"),
        9.95..99.5 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn maybe(value: Option<f64>) -> String {
    number(value.unwrap_or(f64::NAN))
}

fn band(verdict: &Verdict) -> String {
    format!("{} to {}", number(verdict.low), number(verdict.high))
}

fn interval(verdict: &Verdict) -> String {
    format!("{} to {}", maybe(verdict.from), maybe(verdict.to))
}

fn holds(verdict: &Verdict) -> &'static str {
    match (verdict.holds, verdict.median) {
        (true, _) => "yes",
        (false, Some(_)) => "no",
        (false, None) => "not measured",
    }
}

fn facts_text(verdicts: &[Verdict]) -> String {
    let headings = ["fact", ">band", ">simulated", ">90 % interval", "unit", "holds", "source"];
    let mut table = Table::new(&headings, "no facts");
    for verdict in verdicts {
        let weak = if verdict.evidence == Evidence::Weak { " (weak)" } else { "" };
        table.row(vec![
            verdict.name.into(),
            band(verdict),
            maybe(verdict.median),
            interval(verdict),
            verdict.unit.into(),
            holds(verdict).into(),
            format!("{}{weak}", verdict.source),
        ]);
    }
    let held = verdicts.iter().filter(|verdict| verdict.holds).count();
    format!("{table}\n{held} of {} hold.\n", verdicts.len())
}

fn facts_markdown(verdicts: &[Verdict], seeds: u32) -> String {
    let mut text = String::from(
        "| fact | source | band | simulated median | 90 % interval | holds |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for verdict in verdicts {
        let weak = if verdict.evidence == Evidence::Weak { " (weak)" } else { "" };
        let _ = writeln!(
            text,
            "| {} (`{}`) | {}{weak} | {} {} | {} | {} | {} |",
            verdict.statement,
            verdict.name,
            verdict.source,
            band(verdict),
            verdict.unit,
            maybe(verdict.median),
            interval(verdict),
            holds(verdict),
        );
    }
    let held = verdicts.iter().filter(|verdict| verdict.holds).count();
    let _ = writeln!(text, "\n{held} of {} hold, over {seeds} seeds.", verdicts.len());
    let stable: Vec<u32> = verdicts.iter().filter_map(|verdict| verdict.stable_seeds).collect();
    if let Some(most) = stable.iter().max() {
        let _ = writeln!(
            text,
            "The spread over seeds is stable from at most {most} seeds on for {} facts.",
            stable.len()
        );
    }
    text
}

// Effort.

#[derive(Serialize)]
struct EffortJson<'a> {
    file: String,
    using: &'a str,
    runs: u32,
    seed: u64,
    #[serde(flatten)]
    report: &'a Report,
}

fn run_effort(effort: &Effort) -> Result<(), CliError> {
    let file = effort.file.display();
    let size = std::fs::metadata(&effort.file).map(|data| data.len());
    if size.as_ref().is_ok_and(|&size| size > FILE_BYTES_MAX as u64) {
        return Err(CliError::refused(format!("{file} has more than {FILE_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(&effort.file)
        .map_err(|error| CliError::failure(format!("cannot read {file}: {error}")))?;
    let past = read(&text).map_err(|error| CliError::refused(format!("{file}, {error}")))?;
    let (using, word) = match effort.using {
        Known::Size => (Use::Size, "size"),
        Known::People => (Use::People, "people"),
        Known::All => (Use::All, "all"),
    };
    let each = SCALES.len();
    let runs: Vec<Vec<Run>> =
        spread(past.projects.len() * each, effort.how.threads, "simulated projects", |at| {
            let project = &past.projects[at / each];
            let plan = simulation::plan(project, past.unit, SCALES[at % each], using);
            let seed = |run: u32| {
                effort.seed.wrapping_mul(1_000_003) ^ (project.line << 20) ^ u64::from(run)
            };
            (0..effort.runs).filter_map(|run| simulation::run(&plan, seed(run))).collect()
        });
    let mut runs = runs.into_iter();
    let by_project: Vec<Runs> = (0..past.projects.len())
        .map(|_| std::array::from_fn(|_| runs.next().unwrap_or_default()))
        .collect();
    let report = study(&past, &by_project, effort.calibrate_share, effort.seed);
    let text = effort_text(&report, word);
    let markdown = effort_markdown(&report, &file.to_string(), word, effort.runs);
    write_markdown(effort.how.markdown.as_deref(), &markdown)?;
    let json = EffortJson {
        file: file.to_string(),
        using: word,
        runs: effort.runs,
        seed: effort.seed,
        report: &report,
    };
    shown(&json, text).print(effort.how.json)
}

/// What the study found beside the accuracies: name and value.
fn findings(report: &Report) -> Vec<(&'static str, String)> {
    let with = report.calibration;
    let both = |simulated: f64, actual: Option<f64>| {
        format!("{} simulated, {} in the file", number(simulated), maybe(actual))
    };
    vec![
        (
            "projects",
            format!(
                "{}; {} rows left out, {} never finished",
                report.projects, report.left_out, report.unfinished
            ),
        ),
        (
            "calibrated",
            format!(
                "work × {} and × size^{}, on {} % of the rows, median of {} splits",
                number(with.scale),
                number(with.exponent - 1.0),
                report.calibrate_percent,
                report.splits
            ),
        ),
        ("effort over size", both(report.effort_exponent, Some(report.effort_exponent_actual))),
        ("left by it, sd of ln", both(report.scatter, Some(report.scatter_actual))),
        (
            "months over person-months",
            both(report.duration_exponent, report.duration_exponent_actual),
        ),
        ("runs of one project, sd of ln", number(report.run_sd)),
        (
            "actual efforts within 90 %",
            format!(
                "{} % of the runs alone; {} % with what the calibration leaves",
                number(report.runs_cover),
                number(report.cover)
            ),
        ),
    ]
}

fn accuracy_cells(row: &shared::model::facts::past::study::Row) -> Vec<String> {
    let a = &row.accuracy;
    let sa = match row.sa_from == row.sa_to {
        true => format!("{:.1}", a.sa),
        false => format!("{:.1} ({:.0} to {:.0})", a.sa, row.sa_from, row.sa_to),
    };
    vec![
        row.method.to_owned(),
        format!("{:.3}", a.mmre),
        format!("{:.3}", a.mdmre),
        format!("{:.1}", a.pred25),
        sa,
        format!("{:.2}", a.ln_sd),
        format!("{:.2}", a.bias),
    ]
}

const ACCURACY: [&str; 7] =
    ["method", ">MMRE", ">MdMRE", ">PRED(25)", ">SA", ">sd of ln", ">actual/said"];

fn effort_text(report: &Report, using: &str) -> String {
    let headings = [">line", ">size", ">actual", ">predicted", ">runs 90 %", ">interval 90 %"];
    let mut projects = Table::new(&headings, "no projects");
    for said in report.predictions.iter().take(PROJECTS_SHOWN) {
        projects.row(vec![
            said.line.to_string(),
            number(said.size),
            number(said.actual),
            number(said.predicted),
            format!("{} to {}", number(said.runs_from), number(said.runs_to)),
            format!("{} to {}", number(said.from), number(said.to)),
        ]);
    }
    let hidden = report.predictions.len().saturating_sub(PROJECTS_SHOWN);
    let more = match hidden {
        0 => String::new(),
        _ => format!("and {hidden} more: see --json or --markdown\n"),
    };
    let mut methods = Table::new(&ACCURACY, "too few projects to split");
    for row in &report.rows {
        methods.row(accuracy_cells(row));
    }
    let mut found = findings(report);
    found.push(("used of the projects", using.to_owned()));
    let found: Vec<(&str, String)> = found;
    format!(
        "Effort in person-months of 152 hours\n\n{projects}{more}\n{methods}\n{}",
        super::table::facts(&found)
    )
}

fn effort_markdown(report: &Report, file: &str, using: &str, runs: u32) -> String {
    let mut text = format!("`{file}`, using {using}, {runs} runs at each scale.\n\n");
    let heading: Vec<&str> = ACCURACY.iter().map(|name| name.trim_start_matches('>')).collect();
    let _ = writeln!(text, "| {} |\n|{}", heading.join(" | "), " --- |".repeat(heading.len()));
    for row in &report.rows {
        let _ = writeln!(text, "| {} |", accuracy_cells(row).join(" | "));
    }
    text += "\n| finding | value |\n| --- | --- |\n";
    for (name, value) in findings(report) {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    text += "\n| line | size | actual | predicted | runs 90 % | interval 90 % |\n";
    text += "| --- | --- | --- | --- | --- | --- |\n";
    for said in &report.predictions {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} to {} | {} to {} |",
            said.line,
            number(said.size),
            number(said.actual),
            number(said.predicted),
            number(said.runs_from),
            number(said.runs_to),
            number(said.from),
            number(said.to),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_spread_over_threads_and_comes_back_in_order() {
        let expected: Vec<usize> = (0..40).map(|at| at * at).collect();
        assert_eq!(spread(40, 3, "squares", |at| at * at), expected);
        assert_eq!(spread(0, 2, "squares", |at| at), Vec::<usize>::new());
    }

    #[test]
    fn a_fact_that_does_not_exist_is_told_with_those_that_do() {
        let error = chosen(&["brooks".into(), "nonsense".into()]).map(|_| ()).unwrap_err();
        assert!(error.message.contains("`nonsense`") && error.message.contains("brooks-late"));
        assert_eq!(chosen(&["brooks".into()]).map(|facts| facts.len()).unwrap(), 3);
        assert_eq!(chosen(&[]).map(|facts| facts.len()).unwrap(), FACTS.len());
    }
}
