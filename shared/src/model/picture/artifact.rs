//! Artifacts: what each phase leaves behind, as Markdown, from the facts kept at its end.

use crate::model::phases::evidence::{Brief, Said};
use crate::model::phases::{EndFacts, PhaseEnd};
use crate::model::picture::{phases as path, report};
use crate::model::project::{DAY, Project};
use crate::model::view::{ArtifactView, Phase};
use crate::model::words::title::title_of;

/// What a phase leaves behind.
pub fn artifact(project: &Project, end: &PhaseEnd) -> ArtifactView {
    let name = &project.profile.name;
    let title = match end.phase {
        Phase::Intake => "Idea brief",
        Phase::Validation => "Validation report",
        Phase::Advisory => "Advisory opinion",
        Phase::Design => "Design summary",
        Phase::Build => "Build report",
        Phase::Hardening => "Readiness report",
        Phase::Launch => "Launch report",
        Phase::Growth | Phase::Completed => "Closing report",
    };
    let mut page = Page::new(project, end);
    page.text = format!("# {title}: {name}\n\n");
    match &end.facts {
        EndFacts::Brief(said) => brief(&mut page, said),
        EndFacts::Report(facts) => report::validation(&mut page, facts),
        EndFacts::Board(answer) => report::advisory(&mut page, answer),
        EndFacts::Plan { days_50, days_85 } => design(&mut page, *days_50, *days_85),
        EndFacts::Plain => match end.phase {
            Phase::Build => build(&mut page),
            Phase::Hardening => hardening(&mut page),
            Phase::Launch => launch(&mut page),
            _ => closing(&mut page),
        },
    }
    page.what_it_took();
    ArtifactView { phase: end.phase, title: title.into(), text: page.text, tick: end.tick }
}

/// A page being written.
pub struct Page<'a> {
    pub project: &'a Project,
    pub end: &'a PhaseEnd,
    pub text: String,
    turn: u64,
}

impl<'a> Page<'a> {
    fn new(project: &'a Project, end: &'a PhaseEnd) -> Page<'a> {
        // Varies the words from project to project and from phase to phase, always the same way.
        let turn = u64::from(project.shard.0.0[0]) + end.tick / DAY + end.phase as u64;
        Page { project, end, text: String::new(), turn }
    }

    pub fn line(&mut self, words: impl AsRef<str>) {
        self.text.push_str(words.as_ref());
        self.text.push('\n');
    }

    /// One of several ways to say it.
    pub fn vary(&mut self, ways: &[String]) {
        let way = ways.get((self.turn % ways.len().max(1) as u64) as usize).cloned();
        self.turn = self.turn.wrapping_mul(7).wrapping_add(3);
        self.line(way.unwrap_or_default());
    }

    pub fn name(&self, id: u32) -> String {
        self.project.name_of(id)
    }

    fn what_it_took(&mut self) {
        let end = self.end;
        let work = &end.work;
        self.line("\n## What it took\n");
        self.line(format!(
            "- {} tasks in {} working days, by {} people",
            work.tasks, end.days, end.people
        ));
        let estimated = hours(work.estimate_minutes);
        let percent = work.spent_minutes.saturating_mul(100) / work.estimate_minutes.max(1);
        self.line(format!(
            "- {} hours spent, {estimated} estimated ({percent} %)",
            hours(work.spent_minutes)
        ));
        if end.promised.1 > 0 {
            let word = match end.days {
                days if days > end.promised.1 => "later than thought possible",
                days if days > end.promised.0 => "a little later than hoped",
                _ => "in time",
            };
            self.line(format!(
                "- Planned: {} working days, {} at the outside; it was {word}",
                end.promised.0, end.promised.1
            ));
        }
        self.line(format!("- {} in the bank at the end", money(end.cash_cents)));
        let mut by = work.by.clone();
        by.sort_by_key(|&(id, count)| (std::cmp::Reverse(count), id));
        let most: Vec<String> =
            by.iter().take(4).map(|&(id, count)| format!("{} ({count})", self.name(id))).collect();
        if !most.is_empty() {
            self.line(format!("- Most tasks finished: {}", most.join(", ")));
        }
        if !end.tasks.is_empty() {
            self.line("\n| longest tasks | estimated | spent | by |\n| --- | --- | --- | --- |");
            let project = self.project;
            for task in &end.tasks {
                let title = title_of(project, &task.title, task.kind, task.area);
                let (estimate, spent) = (hours(task.estimate.into()), hours(task.spent.into()));
                let by = self.name(task.by);
                self.line(format!("| #{} {title} | {estimate} h | {spent} h | {by} |", task.id));
            }
        }
        let from = (end.tick / DAY).saturating_sub(end.days.into());
        let signed = self.name(end.by);
        self.line(format!(
            "\n*Signed by {signed}. Based on the work, people and books of the project from working day {from} to {}.*",
            end.tick / DAY
        ));
    }
}

/// Hours, rounded up.
pub fn hours(minutes: u64) -> u64 {
    minutes.div_ceil(60)
}

fn brief(page: &mut Page<'_>, said: &Brief) {
    let profile = page.project.profile.clone();
    let trade = match profile.industry.trim() {
        "" => "this trade".to_string(),
        trade => trade.to_string(),
    };
    let worked =
        |page: &Page<'_>, nth: usize, given: &str, made: String, none: &str| match said[nth] {
            Said::Owner => given.to_string(),
            Said::Team(id) => format!("{made} (worked out by {})", page.name(id)),
            Said::Missing => format!("*{none}*"),
        };
    let customers = match profile.target_customers.as_slice() {
        [] => format!("those who work in {trade}"),
        some => some.join(", "),
    };
    let parts = [
        (
            "Hypothesis",
            worked(
                page,
                0,
                &profile.hypothesis,
                format!(
                    "{} would rather pay for {} than go on as they do today",
                    capital(&customers),
                    profile.name
                ),
                "Nobody could put it so that it can be proved wrong.",
            ),
        ),
        (
            "For whom",
            worked(
                page,
                1,
                &profile.target_customers.join(", "),
                format!("Small companies in {trade}, the person who keeps the books first"),
                "Not said, and not found out.",
            ),
        ),
        (
            "Market",
            worked(
                page,
                2,
                &profile.target_market,
                format!("Companies in {trade} that do this by hand today"),
                "Not said.",
            ),
        ),
        (
            "Earning money",
            worked(
                page,
                3,
                &profile.business_model,
                format!("A subscription of {} a month", money(page.project.policies.price_cents)),
                "Not said. Somebody has to find out before it is built.",
            ),
        ),
    ];
    for (title, text) in parts {
        page.line(format!("**{title}.** {text}\n"));
    }
    let missing = path::missing(said);
    match missing.as_slice() {
        [] => page.vary(&[
            "All four parts are there; validation can put them to the test.".into(),
            "Nothing is missing. What is written here can be proved wrong, which is the point."
                .into(),
            "The brief is whole. Now it has to meet people.".into(),
        ]),
        missing => {
            let missing = missing.join(", ");
            page.vary(&[
                format!("**Missing: {missing}.** Validation starts with less than it should."),
                format!("**What nobody could say: {missing}.**"),
                format!("**Open: {missing}.** This will show in the report."),
            ]);
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn design(page: &mut Page<'_>, days_50: u32, days_85: u32) {
    let scope = page.end.scope;
    let before = page.end.planned_scope;
    page.vary(&[
        format!("The product is cut into **{scope} features**."),
        format!("**{scope} features** make the first version."),
        format!("What will be built: **{scope} features**, drawn, ordered and estimated."),
    ]);
    if before > scope {
        page.line(format!("\nIt was {before} before the board had its say."));
    }
    let people = page.end.people;
    page.line(format!(
        "\nWith {people} people at the pace so far, building them takes about **{days_50} working days**, and with 85 % likelihood no more than **{days_85}**."
    ));
    conditions(page);
}

/// What the board asked for, and what became of it.
fn conditions(page: &mut Page<'_>) {
    use crate::model::phases::condition::Kept;
    let list = page.project.path.conditions.clone();
    if list.is_empty() {
        return;
    }
    page.line("\n## What the board asked for\n");
    for condition in &list {
        let what = path::condition_text(condition);
        let state = match condition.kept {
            Kept::Open => format!("open, due on day {}", condition.due_day),
            Kept::Done(day) => format!("done on day {day}"),
            Kept::Missed => "not done".into(),
        };
        page.line(format!("- {}: {state}", capital(&what)));
    }
}

fn build(page: &mut Page<'_>) {
    let end = page.end;
    let (scope, before, work) = (end.scope, end.planned_scope, &end.work);
    let (caught, bugs, tasks) = (work.caught, end.bugs, work.tasks);
    page.vary(&[
        format!("**{scope} features** are built."),
        format!("The product stands: **{scope} features**, {tasks} tasks."),
        format!("Build is over. {tasks} tasks made **{scope} features**."),
    ]);
    match i64::from(scope) - i64::from(before) {
        0 => {}
        less @ ..0 => page.line(format!(
            "\n{} of the {before} planned were left out on the way.",
            less.unsigned_abs()
        )),
        more => page.line(format!("\n{more} more than the {before} that were planned.")),
    }
    page.line(format!(
        "\nReview and test caught {caught} defects on the way; {bugs} known ones are open."
    ));
    setbacks(page);
    conditions(page);
}

fn setbacks(page: &mut Page<'_>) {
    let first = (page.end.tick / DAY).saturating_sub(page.end.days.into());
    let last = page.end.tick / DAY;
    let list: Vec<_> = page
        .project
        .path
        .setbacks
        .iter()
        .filter(|setback| (first..=last).contains(&u64::from(setback.day)))
        .copied()
        .collect();
    for setback in list {
        let why = match setback.cause {
            crate::model::phases::SetbackCause::Bugs => "defects had been found",
            _ => "work had been added",
        };
        page.line(format!(
            "\nOn day {} progress went back from {} to {} %: {why}.",
            setback.day,
            setback.from / 100,
            setback.to / 100
        ));
    }
}

fn hardening(page: &mut Page<'_>) {
    let end = page.end;
    let (caught, bugs) = (end.work.caught, end.bugs);
    page.vary(&[
        format!("Testing found **{caught} defects**; {bugs} known ones are open."),
        format!("**{caught} defects** were found before customers could; {bugs} are open."),
        format!("What hardening brought to light: **{caught} defects**, {bugs} still open."),
    ]);
    let verdict = match (caught, end.scope) {
        (0, _) => "Nothing was found, which says as much of the search as of the product.",
        (found, scope) if found > scope => {
            "More than one for each feature: more will turn up at customers."
        }
        _ => "That is what one finds in a product of this size.",
    };
    page.line(format!("\n{verdict} The product counts as **ready**."));
    setbacks(page);
}

fn launch(page: &mut Page<'_>) {
    let price = money(page.project.policies.price_cents);
    let days = page.end.tick / DAY;
    page.vary(&[
        format!("It is out, on working day {days}, at {price} a month."),
        format!("Switched on: working day {days}. The price is {price} a month."),
        format!("From working day {days} anybody can buy it, for {price} a month."),
    ]);
    let months = page.end.runway_months;
    page.line(format!(
        "\n**{} customers** on the first day. The money lasts {months} months without further ones.",
        page.end.customers
    ));
    conditions(page);
}

fn closing(page: &mut Page<'_>) {
    let end = page.end;
    let totals = page.project.totals.clone();
    page.line(format!("**{} customers**, quality {} of 100.", end.customers, end.quality / 100));
    page.line(format!(
        "\nSo far {} was earned and {} spent. {} people joined on the way and {} left.",
        money(totals.earned_cents),
        money(totals.spent_cents),
        totals.hired,
        totals.left
    ));
}

/// Cents as a readable amount.
pub fn money(cents: i64) -> String {
    let whole = (cents / 100).unsigned_abs().to_string();
    let mut grouped = String::new();
    for (nth, digit) in whole.chars().enumerate() {
        if nth > 0 && (whole.len() - nth).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{}{grouped}", if cents < 0 { "-" } else { "" })
}
