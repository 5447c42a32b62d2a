//! The validation report and the opinion of the advisory board, as Markdown.

use crate::model::phases::board::{Advice, Adviser, BoardAnswer, Verdict};
use crate::model::phases::validate::{PROBLEM_NEEDED, Report, SCORE_NEEDED};
use crate::model::picture::artifact::{Page, money};
use crate::model::picture::phases::{advice_text, risk_text};
use crate::model::spec::CENTS_MAX;

/// The scored report of the validator.
pub fn validation(page: &mut Page<'_>, report: &Report) {
    let score = report.overall() / 100;
    let verdict = if report.passed() { "Go on." } else { "Stop here." };
    page.line(format!(
        "**{score} of 100. {verdict}** Confidence: {} of 100.\n",
        report.confidence / 100
    ));
    page.line("| aspect | score | weight | based on |\n| --- | --- | --- | --- |");
    let names = ["problem", "market", "competition", "feasibility"];
    let based = [problem(report), market(report), competition(report), feasibility(report)];
    for (nth, (name, based)) in names.iter().zip(based).enumerate() {
        let weight = if nth == 0 { 40 } else { 20 };
        page.line(format!("| {name} | {} | {weight} % | {based} |", report.scores[nth] / 100));
    }
    let weakest = (0..4).min_by_key(|&nth| report.scores[nth]).unwrap_or(0);
    let strongest = (0..4).max_by_key(|&nth| report.scores[nth]).unwrap_or(0);
    let (weak, strong) = (names[weakest], names[strongest]);
    page.line("");
    page.vary(&[
        format!("The weakest point is **{weak}**, the strongest **{strong}**."),
        format!("What speaks for it most is **{strong}**; what speaks against it, **{weak}**."),
        format!("If it fails, it will be because of **{weak}**. It could succeed because of **{strong}**."),
    ]);
    if !report.passed() {
        page.line("\n## Why it stops here\n");
        if report.scores[0] < PROBLEM_NEEDED {
            page.line(format!(
                "- Too few people have the problem: {} of the {} interviewed.",
                report.evidence.confirmed, report.evidence.interviews
            ));
        }
        if report.overall() < SCORE_NEEDED {
            let needed = SCORE_NEEDED / 100;
            page.line(format!("- {score} of 100 points; {needed} are needed."));
        }
    }
    if !report.risks.is_empty() {
        page.line("\n## Risks\n");
        for risk in &report.risks {
            let text = risk_text(risk);
            let mut letters = text.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            page.line(format!("- {first}{}", letters.as_str()));
        }
    }
    if let Some(survey) = report.evidence.survey {
        page.line("\n## The market\n");
        page.line(format!(
            "{} possible customers, {} of whom have bought from somebody; {} projects sell there, at {} a month as a rule. Adoption follows Bass with p = {:.3} and q = {:.3} a year: within three years about {} could become ours.",
            survey.size,
            survey.adopters,
            survey.projects,
            money(survey.usual_price_cents),
            f64::from(survey.innovation) / 10_000.0,
            f64::from(survey.imitation) / 10_000.0,
            report.reachable
        ));
    }
}

fn problem(report: &Report) -> String {
    let evidence = &report.evidence;
    match evidence.interviews {
        0 => "no interviews: half of the points, for want of knowledge".into(),
        held => format!(
            "{held} interviews, {} of them have the problem; skill in research {} of 100",
            evidence.confirmed,
            evidence.research / 100
        ),
    }
}

fn market(report: &Report) -> String {
    let evidence = &report.evidence;
    let pay = match evidence.asked {
        0 => "nobody asked to pay".to_string(),
        asked => format!("{} of {asked} would pay", evidence.willing),
    };
    let size = match evidence.survey {
        Some(survey) => format!("a market of {}", survey.size),
        None => "no market, a circle of people one knows".to_string(),
    };
    format!(
        "{size}, {} within reach in three years at {} a month; {pay}",
        report.reachable,
        money(report.price_cents)
    )
}

fn competition(report: &Report) -> String {
    let evidence = &report.evidence;
    let heard = match (evidence.rivals, evidence.looked) {
        (_, false) => "nobody has looked".to_string(),
        (0, true) => "looked, found none".to_string(),
        (1, true) => "1 competitor found".to_string(),
        (count, true) => format!("{count} competitors found"),
    };
    match evidence.survey {
        Some(survey) => format!("{heard}; {} projects on the market", survey.projects),
        None => heard,
    }
}

fn feasibility(report: &Report) -> String {
    format!(
        "{} people who build for {} features, the best at {} of 100; {} working days to the launch for {}, {} in the bank",
        report.builders,
        report.scope,
        report.craft / 100,
        report.launch_days,
        money(report.launch_cents),
        money(report.cash_cents)
    )
}

/// What the board answered.
pub fn advisory(page: &mut Page<'_>, answer: &BoardAnswer) {
    let verdict = answer.verdict.word();
    let months = answer.months;
    page.vary(&[
        format!("**Verdict: {verdict}.** The money lasts {months} months at the cost of today."),
        format!(
            "The board has met. Its verdict: **{verdict}**. There is money for {months} months."
        ),
        format!("**{}**, says the board, with {months} months of money in view.", capital(verdict)),
    ]);
    page.line("\n## What each of them said\n");
    for opinion in &answer.opinions {
        let name = opinion.adviser.name(page.project);
        let view = view_of(opinion.adviser, opinion.verdict, answer);
        page.line(format!("- **{name}** ({}): {view}", opinion.adviser.word()));
    }
    if !answer.advice.is_empty() {
        let title = match answer.verdict {
            Verdict::Stop | Verdict::Pivot => "What they would do otherwise",
            _ => "Conditions and recommendations",
        };
        page.line(format!("\n## {title}\n"));
        for (adviser, advice) in &answer.advice {
            let name = adviser.name(page.project);
            page.line(format!(
                "- {} ({name}): {}",
                capital(&advice_text(advice)),
                why(advice, answer)
            ));
        }
    }
    match answer.verdict {
        Verdict::Pivot => page.line("\nThe idea is changed once and validated again. What has been learnt about the market stays."),
        Verdict::Stop => page.line("\nIt ends here, with the money that is left."),
        _ => {}
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn view_of(adviser: Adviser, verdict: Verdict, answer: &BoardAnswer) -> String {
    let report = &answer.report;
    let evidence = &report.evidence;
    match (adviser, verdict) {
        (Adviser::Customer, Verdict::Pivot | Verdict::Stop) => format!(
            "“{} of {} have the problem. I would not build this; I would ask what they do have.”",
            evidence.confirmed, evidence.interviews
        ),
        (Adviser::Customer, Verdict::Conditions) => format!(
            "“{} interviews are an impression, not a finding. Talk to more of them while you design.”",
            evidence.interviews
        ),
        (Adviser::Customer, Verdict::Go) => format!(
            "“{} of {} have the problem. Show it to them before it is finished.”",
            evidence.confirmed, evidence.interviews
        ),
        (Adviser::Money, Verdict::Stop) => format!(
            "“{} working days to the launch and money for {}. That does not add up.”",
            report.launch_days, answer.money_days
        ),
        (Adviser::Money, Verdict::Go) => format!(
            "“{} working days to the launch, money for {}. Keep it that way.”",
            report.launch_days,
            match answer.money_days {
                9_999.. => "as long as you like".to_string(),
                days => days.to_string(),
            }
        ),
        (Adviser::Money, _) => format!(
            "“About {} to the launch, {} in the bank. Leave some room for what you do not know.”",
            money(report.launch_cents),
            money(report.cash_cents)
        ),
        (Adviser::Engineering, Verdict::Go) => format!(
            "“{} people for {} features: that can be done. The best of them is at {} of 100.”",
            report.builders,
            report.scope,
            report.craft / 100
        ),
        (Adviser::Engineering, _) => match report.builders {
            0 => "“Nobody here builds for a living. Who is going to do it?”".into(),
            builders => format!(
                "“{} features for each who builds. I have seen that go wrong.”",
                report.scope / u32::from(builders)
            ),
        },
        (Adviser::Market, Verdict::Stop) => format!(
            "“{} customers within reach in three years do not feed this company.”",
            report.reachable
        ),
        (Adviser::Market, Verdict::Go) => format!(
            "“{} within reach in three years, competition at {} of 100. Go and get them.”",
            report.reachable,
            report.scores[2] / 100
        ),
        (Adviser::Market, _) => {
            format!("“{} within reach, but they will not come by themselves.”", report.reachable)
        }
    }
}

fn why(advice: &Advice, answer: &BoardAnswer) -> String {
    let report = &answer.report;
    match advice {
        Advice::MoreInterviews(_) => format!("{} so far", report.evidence.interviews),
        Advice::CutScope { .. } => format!(
            "{} working days of work against {} of money",
            report.launch_days, answer.money_days
        ),
        Advice::Hire(_) => format!("{} people build today", report.builders),
        Advice::Price { from, to } => format!(
            "{} a customer and month are given away",
            money(to.saturating_sub(*from).clamp(0, CENTS_MAX))
        ),
        Advice::TryRiskiest => format!("feasibility is at {} of 100", report.scores[3] / 100),
        Advice::OneGroup => format!("{} competitors were found", report.evidence.rivals),
        Advice::Fund(_) => format!("the money lasts {} months", answer.months),
    }
}
