//! Imports of made exports in GitLab's format.

use super::*;
use crate::engine::genesis::Genesis;
use crate::engine::model::{Founding, Model, Step};
use crate::id::Hash;
use crate::model::companies::{Companies, NAME, RULES, State};
use crate::model::spec::Founding as Body;

const HEADER: &str = "Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,Assignee Username,Confidential,Locked,Due Date,Created At (UTC),Updated At (UTC),Closed At (UTC),Milestone,Weight,Labels,Time Estimate,Time Spent,Epic ID,Epic Title";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn line(id: u32, who: &str, created: &str, closed: &str, weight: &str, labels: &str) -> String {
    format!(
        "Issue {id},,{id},,Closed,author,author,{who},{who},No,No,,{created} 10:00:00,{created} 11:00:00,{closed},m1,{weight},\"{labels}\",0,0,,"
    )
}

/// Two issues are closed and three created in each of 40 weeks, by three people.
fn sample() -> String {
    let start = day("2020-01-06").days();
    let date = |days: i64| Date::from_days(days).to_string();
    let mut text = format!("\u{feff}{HEADER}\r\n");
    for week in 0..40i64 {
        for nth in 0..3i64 {
            let id = (week * 3 + nth + 1) as u32;
            let who = ["ann", "bob; ann", "cleo"][(id % 3) as usize];
            let created = date(start + week * 7 + nth);
            let closed = match nth {
                2 => String::new(),
                _ => format!("{} 09:30:00", date(start + week * 7 + 14 + nth)),
            };
            let weight = ["1", "2", "3", "5"][(id % 4) as usize];
            let labels = if id.is_multiple_of(5) { "bug,priority::1" } else { "type::feature,P3" };
            text.push_str(&line(id, who, &created, &closed, weight, labels));
            text.push_str("\r\n");
        }
    }
    text
}

#[test]
fn an_export_becomes_a_project_of_its_people_and_its_open_work() {
    let imported = import_gitlab(sample().as_bytes(), "sample", day("2020-09-01"), None).unwrap();
    let names: Vec<&str> =
        imported.spec.team.iter().filter_map(|group| group.name.as_deref()).collect();
    assert_eq!(names.len(), 3);
    assert!(names.contains(&"ann") && names.contains(&"bob") && names.contains(&"cleo"));
    let report = &imported.report;
    assert!((1.8..2.2).contains(&report.closings_per_week), "{report:?}");
    assert_eq!(report.open as usize, imported.spec.backlog.len());
    assert!(imported.spec.backlog.iter().all(|task| task.source.is_some()));
    assert_eq!(imported.spec.phase, Phase::Build);
    let again = import_gitlab(sample().as_bytes(), "sample", day("2020-09-01"), None).unwrap();
    assert_eq!(imported, again);
    assert!(imported.warnings.is_empty(), "{:?}", imported.warnings);
}

#[test]
fn the_simulated_people_close_about_as_many_issues_a_week_as_the_real_ones() {
    let imported = import_gitlab(sample().as_bytes(), "sample", day("2020-09-01"), None).unwrap();
    let report = &imported.report;
    let ratio = report.simulated_per_week / report.closings_per_week;
    assert!((0.8..1.25).contains(&ratio), "{report:?}");
    let genesis = Genesis::new("check", NAME, RULES, 77);
    let shard = ShardId(Hash([9; 32]));
    let body = Body::Project(Box::new(imported.spec)).to_body();
    let founding = Founding { genesis: &genesis, rules: RULES, shard, epoch: 0, body: &body };
    let mut state = Companies.found(&founding).unwrap();
    for epoch in 0..12 * 40 {
        let mut step = Step::new(&genesis, RULES, shard, epoch, &[], &[], false);
        Companies.step(&mut state, &mut step).unwrap();
    }
    let State::Project(project) = state else { panic!("a market") };
    let per_week = project.totals.done as f64 / 12.0;
    let ratio = per_week / report_rate(&sample());
    assert!((0.6..1.6).contains(&ratio), "{per_week}");
}

fn report_rate(text: &str) -> f64 {
    import_gitlab(text.as_bytes(), "sample", day("2020-09-01"), None)
        .unwrap()
        .report
        .closings_per_week
}

#[test]
fn what_happens_after_the_day_changes_nothing() {
    let as_of = day("2020-07-01");
    let all = sample();
    let imported = import_gitlab(all.as_bytes(), "sample", as_of, None).unwrap();
    // The same export, as it would have been that evening: later issues not there, later closings open.
    let known: String = all
        .lines()
        .filter_map(|line| {
            if line.contains("Issue ID") {
                return Some(format!("{line}\n"));
            }
            let fields: Vec<&str> = line.split(',').collect();
            let created = Date::from_timestamp(fields[12]).unwrap();
            let closed = Date::from_timestamp(fields[14]).ok();
            match closed {
                _ if created > as_of => None,
                Some(closed) if closed > as_of => {
                    Some(format!("{}\n", line.replace(fields[14], "")))
                }
                _ => Some(format!("{line}\n")),
            }
        })
        .collect();
    let then = import_gitlab(known.as_bytes(), "sample", as_of, None).unwrap();
    assert_eq!(imported.spec, then.spec);
}

#[test]
fn odd_rows_are_left_out_or_mended_and_listed_with_their_line() {
    let mut text = sample();
    text.push_str(&line(900, "", "2020-08-01", "", "2", ""));
    text.push('\n');
    text.push_str(&line(901, "ann", "2020-08-01", "2020-07-01 10:00:00", "many", ""));
    text.push('\n');
    text.push_str(&line(1, "ann", "2020-08-01", "", "2", ""));
    text.push('\n');
    text.push_str(&line(902, "ann", "yesterday", "", "2", ""));
    text.push('\n');
    text.push_str("too,few,fields\n");
    let multi = line(903, "ann", "2020-08-01", "", "2", "")
        .replace("Issue 903,,", "\"Two\nlines, \"\"quoted\"\"\",,");
    text.push_str(&multi);
    text.push('\n');
    text.push_str(&line(904, "dora", "2020-08-02", "", "-3", ""));
    let imported = import_gitlab(text.as_bytes(), "odd", day("2020-09-01"), None).unwrap();
    let found: Vec<(u64, &str)> =
        imported.warnings.iter().map(|warning| (warning.line, warning.message.as_str())).collect();
    let expected = [
        (122, "issue 900 is assigned to nobody"),
        (123, "issue 901 was closed before it was created"),
        (123, "issue 901: the weight `many`"),
        (124, "issue 1 is there twice"),
        (125, "issue 902: the day of creation `yesterday`"),
        (126, "has 3 fields where the first line has 22"),
        (129, "issue 904: the weight `-3`"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((line, message), (at, start)) in found.iter().zip(expected) {
        assert_eq!(*line, at, "{message}");
        assert!(message.starts_with(start), "{message}");
    }
    let titles: Vec<&str> = imported.spec.backlog.iter().map(|task| task.title.as_str()).collect();
    assert!(titles.contains(&"Two lines, \"quoted\""), "{titles:?}");
}

#[test]
fn columns_may_be_missing_or_named_otherwise() {
    let mut text = "iid;title;created_at;closed_at;assignees\n".to_string();
    for id in 0..30 {
        let closed = if id % 2 == 0 { "2021-02-10T12:00:00Z" } else { "" };
        text.push_str(&format!(
            "{id};Some work;2021-01-{:02}T09:00:00Z;{closed};eve\n",
            id % 28 + 1
        ));
    }
    let imported = import_gitlab(text.as_bytes(), "short", day("2021-03-01"), None).unwrap();
    assert_eq!((imported.report.open, imported.report.people), (15, 1));
}

#[test]
fn a_file_that_is_no_export_is_refused_with_what_to_do() {
    let as_of = day("2020-09-01");
    let error =
        |text: &str| import_gitlab(text.as_bytes(), "x", as_of, None).unwrap_err().to_string();
    assert!(error("").starts_with("the file has no rows"));
    assert!(error("a,b,c\n1,2,3\n").contains("there is no column `Issue ID` (found: a, b, c)"));
    assert!(error(HEADER).starts_with("the file has no rows"));
    let few: String = sample().lines().take(4).map(|line| format!("{line}\n")).collect();
    assert!(error(&few).contains("too few to see a pace"));
    let early = import_gitlab(sample().as_bytes(), "x", day("2020-01-20"), None).unwrap_err();
    assert!(early.to_string().contains("choose a later day, 2020-02-0"), "{early}");
    let mut closed = format!("{HEADER}\n");
    for id in 0..8 {
        closed.push_str(&line(id, "ann", "2020-03-01", "2020-03-05 09:00:00", "1", ""));
        closed.push('\n');
    }
    let error = import_gitlab(closed.as_bytes(), "x", as_of, None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no issue was open on 2020-09-01: choose a day between 2020-03-01 and 2020-03-05"
    );
}
