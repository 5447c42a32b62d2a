//! The picture of a project's business.

use crate::model::business::books::{Cost, Income, Month};
use crate::model::business::lead_name::lead_name;
use crate::model::business::sales::{Lead, Source};
use crate::model::project::Project;
use crate::model::view::business::{
    Amount, BooksMonth, BusinessView, ClosedLeadView, DealView, Figure, FundingView, LeadSource,
    LeadView, RoundView, SupportView,
};

/// The business, as it stands.
pub fn business(project: &Project) -> BusinessView {
    let business = &project.business;
    let pipeline = &business.pipeline;
    let mut leads: Vec<&Lead> = pipeline.leads.iter().collect();
    leads.sort_by_key(|lead| (std::cmp::Reverse(lead.score()), lead.name));
    BusinessView {
        figures: figures(project),
        months: business.books.months.iter().map(month).collect(),
        leads: leads.into_iter().map(|lead| lead_view(project, lead)).collect(),
        closed_leads: pipeline
            .closed
            .iter()
            .map(|closed| ClosedLeadView {
                name: lead_name(closed.name),
                seats: closed.seats,
                won: closed.won,
                day: closed.day,
            })
            .collect(),
        sources: Source::ALL
            .iter()
            .map(|&source| LeadSource {
                source: source.word().into(),
                came: pipeline.came[source as usize],
                won: pipeline.won[source as usize],
                lost: pipeline.lost[source as usize],
            })
            .collect(),
        support: SupportView {
            open_tickets: business.support.open_thousandths.div_ceil(1_000),
            answered_tickets: business.support.answered_thousandths / 1_000,
            wait_hundredths: business.support.wait_hundredths,
            satisfaction: business.support.satisfaction,
            net_promoters: business.support.net_promoters(),
        },
        funding: funding(project),
        deals: business
            .deals
            .open
            .iter()
            .map(|deal| DealView {
                partner: deal.partner.to_string(),
                partner_name: deal.name.clone(),
                buying: deal.buying,
                what: deal.what.word().into(),
                seats: deal.seats,
                price_cents: deal.price_cents,
                agreed: deal.agreed,
                since_day: deal.since_day,
                total_cents: deal.total_cents,
            })
            .collect(),
    }
}

fn lead_view(project: &Project, lead: &Lead) -> LeadView {
    let segments = &project.profile.target_customers;
    LeadView {
        name: lead_name(lead.name),
        segment: segments.get(usize::from(lead.segment)).cloned().unwrap_or_default(),
        source: lead.source.word().into(),
        stage: lead.stage.word().into(),
        score: lead.score(),
        fit: lead.fit,
        seats: lead.seats,
        value_cents_per_month: i64::from(lead.seats).saturating_mul(project.policies.price_cents),
        since_day: lead.since_day,
        due_day: lead.due_day,
    }
}

fn funding(project: &Project) -> FundingView {
    let funding = &project.business.funding;
    FundingView {
        rounds: funding
            .rounds
            .iter()
            .map(|round| RoundView {
                kind: round.kind.word().into(),
                day: round.day,
                cents: round.cents,
                pre_money_cents: round.pre_money_cents,
                dilution: round.dilution,
            })
            .collect(),
        raising_since_day: funding.raising_since,
        failed_attempts: funding.failed,
        raised_cents: funding.raised_cents(),
        founders_share: funding.founders_share(),
        bootstrapped: funding.rounds.is_empty() && project.pays_for_itself(),
        attraction: (project.attraction() * 10_000.0).clamp(0.0, 10_000.0) as u16,
    }
}

fn month(month: &Month) -> BooksMonth {
    BooksMonth {
        month: month.month,
        spent: Cost::ALL
            .iter()
            .map(|&cost| Amount { category: cost.word().into(), cents: month.spent[cost as usize] })
            .collect(),
        earned: Income::ALL
            .iter()
            .map(|&income| Amount {
                category: income.word().into(),
                cents: month.earned[income as usize],
            })
            .collect(),
        raised_cents: month.raised,
        opening_mrr_cents: month.opening_mrr,
        new_mrr_cents: month.new_mrr,
        expansion_mrr_cents: month.expansion_mrr,
        churned_mrr_cents: month.churned_mrr,
        customers_won: month.won,
        customers_lost: month.lost,
    }
}

fn figures(project: &Project) -> Vec<Figure> {
    let f = project.figures();
    let support = &project.business.support;
    let open: i64 = project.business.pipeline.leads.iter().map(|lead| i64::from(lead.seats)).sum();
    let some = |cents: i64| Some(cents as f64);
    [
        ("mrr", "Monthly recurring revenue", some(f.mrr_cents), "cents",
         "What customers pay in a month if nothing changes."),
        ("growth", "Growth a month", f.growth_percent, "percent",
         "How much faster revenue is than a month before, over three months; investors look for 10 and more."),
        ("arpu", "Revenue per customer", f.arpu_cents, "cents",
         "Monthly revenue over customers: it grows when they take larger plans."),
        ("margin", "Gross margin", f.margin_percent, "percent",
         "What is left of revenue after running the product; software is usually above 70."),
        ("churn", "Churn a month", f.churn_percent, "percent",
         "Customers lost in a month; about 3.5 is usual when companies buy, quality and support bring it down."),
        ("nrr", "Net revenue retention", f.net_retention_percent, "percent",
         "Revenue today from the customers of a year ago; above 100 it grows without new ones."),
        ("ltv", "Lifetime value", f.lifetime_value_cents, "cents",
         "What a customer brings before leaving: revenue times margin over churn."),
        ("cac", "Acquisition cost", f.acquisition_cost_cents, "cents",
         "Sales and marketing of a month over the customers it won."),
        ("ltv_cac", "Lifetime value over acquisition cost", f.value_over_cost, "ratio",
         "What comes back for what a customer costs; 3 and more is healthy."),
        ("payback", "Payback", f.payback_months, "months",
         "Months until a customer has paid back its cost; under 12 is good, over 24 is bad."),
        ("gross_burn", "Gross burn", some(f.gross_burn_cents), "cents",
         "What a month costs."),
        ("net_burn", "Net burn", some(f.net_burn_cents), "cents",
         "What a month costs beyond what it brings; 0 when it pays for itself."),
        ("runway", "Runway", f.runway_months, "months",
         "Months until the money is gone if nothing changes; nothing when it does not run out."),
        ("satisfaction", "Customer satisfaction", Some(f64::from(support.satisfaction) / 100.0), "percent",
         "Share of customers who are content with product and support (CSAT); about 80 is usual."),
        ("nps", "Net promoter score", Some(f64::from(support.net_promoters())), "score",
         "Customers who would recommend it less those who would not, from -100 to 100."),
        ("wait", "Waiting for support", Some(f64::from(support.wait_hundredths) / 100.0), "days",
         "Working days until a ticket is answered; beyond two it costs customers."),
        ("win_rate", "Leads won", f.win_percent, "percent",
         "Share of decided leads that signed."),
        ("pipeline", "Open pipeline", some(open.saturating_mul(project.policies.price_cents)), "cents",
         "What all open leads would pay in a month if every one of them signed."),
    ]
    .into_iter()
    .map(|(key, name, value, unit, meaning)| Figure {
        key: key.into(),
        name: name.into(),
        value: value.filter(|value| value.is_finite()),
        unit: unit.into(),
        meaning: meaning.into(),
    })
    .collect()
}
