//! The facts: what is known, the band, its source, and how it is measured.
//!
//! Bands are what the sources say, widened where the source is one study or another setting
//! (`Evidence::Weak`). They were set before the model was held against them.

use super::measures as m;
use super::{Evidence, Experiment, Fact, Measure};

use Evidence::{Good, Weak};
use Measure::{Each, Pooled};

/// One fact a line: name, statement; source, evidence; band and unit; experiment, measure.
macro_rules! facts {
    ($($name:literal: $statement:literal;
       $source:literal, $evidence:ident;
       $low:literal .. $high:literal $unit:literal;
       $experiment:ident $measure:expr;)+) => {
        /// All of them, in the order in which they are shown.
        pub const FACTS: &[Fact] = &[$(Fact {
            name: $name,
            statement: $statement,
            source: $source,
            evidence: $evidence,
            low: $low,
            high: $high,
            unit: $unit,
            experiment: Experiment::$experiment,
            measure: $measure,
        }),+];
    };
}

facts! {
    "brooks-late": "Half as many people again, at 80 % of a build, do not finish it sooner: days gained";
        "Brooks 1975; Abdel-Hamid and Madnick 1991", Good;
        -40.0 .. 1.0 "% of duration";
        Brooks Each(|sample| m::cell(sample, 0));
    "brooks-early": "The same people at 10 % of the build do: days gained";
        "Abdel-Hamid and Madnick 1991", Good;
        5.0 .. 33.0 "% of duration";
        Brooks Each(|sample| m::cell(sample, 1));
    "brooks-cost": "Late help always costs more: person-days with it against without";
        "Abdel-Hamid and Madnick 1991", Good;
        1.02 .. 1.25 "ratio";
        Brooks Each(|sample| m::cell(sample, 2));
    "communication-paths": "Output a person falls in a straight line with the n(n-1)/2 paths of a team of 2 to 12: R²";
        "Brooks 1975", Weak;
        0.8 .. 1.0 "R²";
        Communication Pooled(m::paths_r2);
    "communication-loss": "What a team of 12 loses against one of 2 to talking about the work";
        "Abdel-Hamid and Madnick 1991: .06 n² %", Weak;
        5.0 .. 20.0 "%";
        Communication Pooled(m::paths_loss);
    "learning-curve": "Time for the same work falls with the power of the amount done: exponent";
        "power law of practice (Newell and Rosenbloom 1981); 80 to 96 % curves", Weak;
        -0.32 .. -0.06 "exponent";
        Learning Each(m::power);
    "spread-typical": "The best tenth of people against the typical one, same work, same seniority";
        "Prechelt 1999", Good;
        1.5 .. 2.5 "ratio";
        Spread Each(|sample| m::spread(sample, 0.9, 0.5));
    "spread-extreme": "The best of twenty people against the worst";
        "Prechelt 1999", Good;
        3.0 .. 7.0 "ratio";
        Spread Each(|sample| m::spread(sample, 1.0, 0.0));
    "conscientiousness": "Conscientiousness goes with output: correlation over people";
        "Wilmot and Ones 2019", Good;
        0.1 .. 0.3 "correlation";
        Spread Pooled(m::conscientious);
    "effort-size": "Effort grows with a power of size: scopes of 6 to 200 features, staffed by plan";
        "public data sets (.67 to 1.08); COCOMO 1.05 to 1.20 (Boehm 1981)", Good;
        0.67 .. 1.1 "exponent";
        Projects Pooled(|rows| m::power_law(rows, 0, 1).slope);
    "effort-scatter": "What a power of size leaves unexplained of effort: sd of ln";
        "public data sets", Good;
        0.5 .. 1.0 "sd of ln";
        Projects Pooled(|rows| m::power_law(rows, 0, 1).residual_sd);
    "duration-exponent": "Months grow with a power of person-months, when staffed by plan";
        "Boehm 1981 (.38, .35, .32); public data sets (.34 to .46)", Good;
        0.3 .. 0.46 "exponent";
        Projects Pooled(|rows| m::power_law(rows, 1, 2).slope);
    "duration-scale": "Months of a project of one person-month, by that law";
        "Boehm 1981 (2.5); public data sets (1.9 to 3.3)", Good;
        1.8 .. 3.4 "months";
        Projects Pooled(|rows| libm::exp(m::power_law(rows, 1, 2).intercept));
    "overrun-share": "Projects that take more effort than planned";
        "Molokken and Jorgensen 2003", Good;
        60.0 .. 80.0 "%";
        Projects Pooled(m::overrun_share);
    "overrun-mean": "Effort beyond the plan, on average";
        "Molokken and Jorgensen 2003 (30 to 40 %)", Good;
        25.0 .. 45.0 "%";
        Projects Pooled(m::overrun_mean);
    "task-q05": "Actual against estimate of tasks, 5 %";
        "SiP data (Jones and Cullum 2019): .20", Good;
        0.14 .. 0.28 "ratio";
        Tasks Pooled(|rows| m::task_quantile(rows, 0.05));
    "task-q25": "Actual against estimate of tasks, 25 %";
        "SiP data: .71", Good;
        0.6 .. 0.82 "ratio";
        Tasks Pooled(|rows| m::task_quantile(rows, 0.25));
    "task-q50": "Actual against estimate of tasks, 50 %";
        "SiP data: 1.0", Good;
        0.9 .. 1.1 "ratio";
        Tasks Pooled(|rows| m::task_quantile(rows, 0.5));
    "task-q75": "Actual against estimate of tasks, 75 %";
        "SiP data: 1.22", Good;
        1.08 .. 1.4 "ratio";
        Tasks Pooled(|rows| m::task_quantile(rows, 0.75));
    "task-q95": "Actual against estimate of tasks, 95 %";
        "SiP data: 3.13", Good;
        2.4 .. 4.0 "ratio";
        Tasks Pooled(|rows| m::task_quantile(rows, 0.95));
    "task-exact": "Tasks that take what was estimated, to a tenth";
        "SiP data: exact in 34 to 37 %, within a tenth 40 % (our count)", Good;
        30.0 .. 45.0 "%";
        Tasks Pooled(m::task_exact);
    "task-size": "Actual grows with the estimate to this power";
        "SiP data: .83 to .86", Weak;
        0.75 .. 0.97 "exponent";
        Tasks Pooled(m::task_power);
    "lead-time-tail": "Time from taking up a task to its end has a long tail: 95 % against 50 %";
        "six public issue trackers: 6 to 22 from creation to closing (our count)", Weak;
        4.0 .. 22.0 "ratio";
        Tasks Pooled(m::lead_tail);
    "little": "Little's law: work under way against throughput × time under way";
        "Little 1961", Good;
        -2.0 .. 2.0 "% apart";
        Tasks Each(m::little);
    "defects-review": "Defects that review finds";
        "Jones: some 30 % a stage, formal inspection up to 85 %", Weak;
        25.0 .. 65.0 "%";
        Defects Each(|sample| 100.0 * m::cell(sample, 0));
    "defects-test": "Defects that one stage of test finds";
        "Jones: 25 to 50 % a stage", Good;
        25.0 .. 50.0 "%";
        Defects Pooled(|rows| 100.0 * m::column_mean(rows, 1));
    "bad-fixes": "Defects that mending a defect makes";
        "Jones: 7 %, up to 25 % without care", Good;
        4.0 .. 12.0 "%";
        Defects Each(|sample| 100.0 * m::cell(sample, 2));
    "defects-removed": "Defects that are found before launch, review and tests together";
        "Jones: 85 % on average, 95 % at the best", Good;
        75.0 .. 96.0 "%";
        Defects Each(|sample| 100.0 * m::cell(sample, 3));
    "review-strictness": "Close review finds more than hasty review";
        "effect of preparation rate on inspections (direction only)", Weak;
        1.15 .. 4.0 "ratio";
        Defects Each(|sample| m::cell(sample, 4));
    "overtime-early": "Three hours of overtime a day: output in the first two weeks against none";
        "Business Roundtable 1980 (building trade)", Weak;
        1.05 .. 1.37 "ratio";
        Overtime Each(|sample| m::cell(sample, 0));
    "overtime-late": "The same in the weeks 13 to 16: the point of no return is after some nine weeks";
        "Business Roundtable 1980 (building trade)", Weak;
        0.6 .. 1.0 "ratio";
        Overtime Each(|sample| m::cell(sample, 1));
    "attrition": "People who leave in a year";
        "LinkedIn 2018: 13.2 % in software, 10.9 % overall", Good;
        10.0 .. 15.0 "%";
        Careers Each(|sample| m::cell(sample, 0));
    "tenure": "Median years with the company, of those who are there after twelve years";
        "US BLS, computer and mathematical occupations 2000 to 2010: 3.1 to 4.8", Good;
        3.0 .. 5.5 "years";
        Careers Each(|sample| m::cell(sample, 1));
    "burnout": "Exhaustion goes with low morale: correlation over people";
        "Halbesleben 2010: burnout and engagement -.3 to -.5", Good;
        -0.65 .. -0.25 "correlation";
        Careers Each(|sample| m::cell(sample, 2));
    "hiring-time": "Working days from opening a position to the first day, on average";
        "Abdel-Hamid and Madnick 1991: 40", Weak;
        30.0 .. 60.0 "days";
        Hiring Pooled(|rows| m::column_mean(rows, 0));
    "newcomer-output": "Output of newcomers in the first month against settled people";
        "Abdel-Hamid and Madnick 1991: half", Weak;
        0.4 .. 0.75 "ratio";
        RampUp Each(|sample| m::cell(sample, 0));
    "ramp-up": "Working days until newcomers give nine tenths";
        "Madachy (20), Abdel-Hamid and Madnick 1991 (80); Zhou and Mockus 2010: 2 to 6 months, 12 in large projects", Good;
        40.0 .. 130.0 "days";
        RampUp Each(|sample| m::cell(sample, 1));
    "focus-hours": "Hours of focus on tasks, of somebody who is there";
        "Abdel-Hamid and Madnick 1991: 60 % of the day", Weak;
        3.5 .. 5.3 "hours a day";
        Days Each(|sample| m::cell(sample, 0));
    "meeting-hours": "Hours of meetings, stand-ups included";
        "time studies of developers: a tenth to a fifth of the day", Weak;
        0.5 .. 1.6 "hours a day";
        Days Each(|sample| m::cell(sample, 1));
    "interruptions": "Hours taken for meetings cost more than themselves, because they break up the rest: output lost against time taken";
        "Mark, Gonzalez and Harris 2005 (direction only)", Weak;
        1.0 .. 2.0 "ratio";
        Meetings Each(|sample| m::cell(sample, 0));
    "distance": "Work items of people who are apart take longer than at one place";
        "Herbsleb and Mockus 2003: 2.5 times across sites", Weak;
        1.1 .. 2.6 "ratio";
        Distance Each(|sample| m::cell(sample, 0));
    "adoption-peak": "New customers come in an S: the year of the steepest rise";
        "Bass 1969; Sultan, Farley and Lehmann 1990: ln(q/p)/(p+q) = 6.2", Good;
        4.0 .. 8.0 "year";
        Adoption Each(|sample| m::cell(sample, 0));
    "adoption-inflection": "Customers there are by then, of the most there ever were";
        "Bass 1969: 46 %", Good;
        30.0 .. 62.0 "%";
        Adoption Each(|sample| m::cell(sample, 1));
    "churn": "Customers a good product loses in a month";
        "business customers: some 3.5 % (industry reports)", Weak;
        1.0 .. 5.0 "%";
        Churn Each(|sample| m::cell(sample, 0));
    "churn-quality": "A product full of faults loses more";
        "direction only", Weak;
        1.3 .. 6.0 "ratio";
        Churn Each(|sample| m::cell(sample, 1));
    "survival-1": "Start-ups that are there after one year";
        "US BLS: 80 %", Good;
        72.0 .. 88.0 "%";
        StartUps Pooled(|rows| m::alive(rows, 260.0));
    "survival-5": "Start-ups that are there after five years";
        "US BLS: 50 %", Good;
        40.0 .. 60.0 "%";
        StartUps Pooled(|rows| m::alive(rows, 1_300.0));
    "payroll": "Pay is this much of all costs of a company that builds";
        "industry reports: two thirds to nine tenths", Weak;
        60.0 .. 92.0 "%";
        Payroll Each(|sample| m::cell(sample, 0));
}
