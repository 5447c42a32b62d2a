//! What is said about business: facts that take a few bytes, and the words made from them.

use bincode::{Decode, Encode};

use super::funding::RoundKind;
use super::lead_name::lead_name;
use crate::model::project::Project;

/// What a note about business is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum BusinessTalk {
    /// Founders begin to look for investors.
    RoundBegins { kind: RoundKind, months: u16 },
    /// A round closed: thousands of the currency, share given in basis points.
    RoundCloses { kind: RoundKind, thousands: u32, dilution: u16 },
    /// Nobody invested.
    RoundFails { kind: RoundKind, weeks: u8 },
    /// A named lead signed.
    LeadWon { name: u16, seats: u16 },
    /// A named lead said no, late.
    LeadLost { name: u16, seats: u16 },
    /// Offered to buy from another project, by the first bytes of its id.
    DealOffered { partner: u32, seats: u16, price_cents: u32 },
    /// An offer was accepted by them, or by us.
    DealAgreed { partner: u32, seats: u16, price_cents: u32, buying: bool },
    /// An offer was declined.
    DealDeclined { partner: u32, price_cents: u32, buying: bool },
    /// A deal is over.
    DealEnded { partner: u32, buying: bool },
}

impl BusinessTalk {
    /// The kind of talk, as a place in [`KINDS`](crate::model::words::talk::KINDS): a decision, an
    /// escalation, mail or an announcement.
    pub fn kind_at(self) -> usize {
        match self {
            BusinessTalk::RoundBegins { .. } => 5,
            BusinessTalk::RoundFails { .. } => 6,
            BusinessTalk::RoundCloses { .. }
            | BusinessTalk::LeadWon { .. }
            | BusinessTalk::LeadLost { .. } => 8,
            _ => 7,
        }
    }

    /// Importance and urgency, in basis points.
    pub fn weight(self) -> (u16, u16) {
        match self {
            BusinessTalk::RoundBegins { months, .. } => (8_500, 8_500 - months.min(9) * 600),
            BusinessTalk::RoundCloses { .. } => (9_500, 3_000),
            BusinessTalk::RoundFails { .. } => (9_500, 8_000),
            BusinessTalk::LeadWon { seats, .. } => (4_000 + seats.min(60) * 60, 2_000),
            BusinessTalk::LeadLost { seats, .. } => (3_500 + seats.min(60) * 50, 2_500),
            BusinessTalk::DealAgreed { .. } => (6_000, 3_000),
            BusinessTalk::DealOffered { .. } => (5_000, 5_000),
            BusinessTalk::DealDeclined { .. } => (4_500, 2_500),
            BusinessTalk::DealEnded { .. } => (6_000, 4_500),
        }
    }

    /// In words. `turn` varies them.
    pub fn words(self, project: &Project, turn: u8) -> String {
        let one_of = |ways: &[String]| -> String {
            ways.get(usize::from(turn) % ways.len().max(1)).cloned().unwrap_or_default()
        };
        let them = |partner: u32| project.business.deals.partner_name(partner);
        let money = |cents: u32| format!("{}.{:02}", cents / 100, cents % 100);
        match self {
            BusinessTalk::RoundBegins { kind, months } => {
                let left = match months {
                    0 => "less than a month".to_string(),
                    1 => "one month".to_string(),
                    999 => "no end of money".to_string(),
                    _ => format!("{months} months"),
                };
                let kind = kind.word();
                one_of(&[
                    format!(
                        "We have {left} left, so from this week I am out raising a {kind} round. Expect me in fewer meetings."
                    ),
                    format!(
                        "Decision: we raise a {kind} round. There is {left} in the bank, and it may take half a year."
                    ),
                    format!(
                        "I start talking to investors about {kind}. What I need from you: numbers that hold, and {left} of calm."
                    ),
                    format!(
                        "The {kind} deck goes out on Monday. With {left} left I would rather ask early than late."
                    ),
                ])
            }
            BusinessTalk::RoundCloses { kind, thousands, dilution } => {
                let (kind, share) = (kind.word(), f64::from(dilution) / 100.0);
                one_of(&[
                    format!(
                        "Signed: {thousands} thousand in a {kind} round, for {share:.1} % of the company. Now we have to deserve it."
                    ),
                    format!(
                        "The {kind} round is closed. {thousands} thousand are on the account, {share:.1} % are theirs."
                    ),
                    format!(
                        "We got our {kind}: {thousands} thousand for {share:.1} %. Thank you all, the demo did it."
                    ),
                ])
            }
            BusinessTalk::RoundFails { kind, weeks } => {
                let kind = kind.word();
                one_of(&[
                    format!(
                        "{weeks} weeks of talks and no {kind} round. We go on with what we earn, and spend less."
                    ),
                    format!(
                        "The last investor said no. After {weeks} weeks I stop raising the {kind} and go back to customers."
                    ),
                    format!(
                        "No {kind} round, then. They want more growth than we can show after {weeks} weeks of asking."
                    ),
                ])
            }
            BusinessTalk::LeadWon { name, seats } => {
                let name = lead_name(name);
                let seats = plural(seats);
                one_of(&[
                    format!("{name} signed: {seats}."),
                    format!("We won {name} with {seats}. They liked how fast we answered."),
                    format!("{seats} more: {name} said yes this afternoon."),
                    format!("Good news from the pipeline. {name}, {seats}, starting Monday."),
                ])
            }
            BusinessTalk::LeadLost { name, seats } => {
                let name = lead_name(name);
                let seats = plural(seats);
                one_of(&[
                    format!("{name} went with somebody else. That was {seats}."),
                    format!("No from {name}, after the proposal. {seats} we had counted on."),
                    format!("Lost {name} ({seats}). I will ask them why next week."),
                    format!("{name} stays with their spreadsheet. {seats} fewer for this month."),
                ])
            }
            BusinessTalk::DealOffered { partner, seats, price_cents } => {
                let (them, seats, price) = (them(partner), plural(seats), money(price_cents));
                one_of(&[
                    format!("I offered {them} {price} a month for each of {seats}. Let us see."),
                    format!(
                        "Wrote to {them}: {seats} at {price}. It would save us building it ourselves."
                    ),
                    format!("We could use what {them} makes. Our offer is {price} for {seats}."),
                ])
            }
            BusinessTalk::DealAgreed { partner, seats, price_cents, buying } => {
                let (them, seats, price) = (them(partner), plural(seats), money(price_cents));
                if buying {
                    one_of(&[
                        format!(
                            "{them} accepted: {seats} at {price} a month. Invitations are in your inbox."
                        ),
                        format!("From now on we work with {them}. {seats}, {price} each."),
                        format!("Deal with {them} is on, {price} a month for each of {seats}."),
                    ])
                } else {
                    one_of(&[
                        format!("{them} buys from us: {seats} at {price} a month."),
                        format!("We agreed with {them}. {seats}, {price} each, invoiced monthly."),
                        format!(
                            "Another company of our world is a customer now: {them}, {seats}, {price}."
                        ),
                    ])
                }
            }
            BusinessTalk::DealDeclined { partner, price_cents, buying } => {
                let (them, price) = (them(partner), money(price_cents));
                if buying {
                    one_of(&[
                        format!("{them} wants more than {price}. We do without."),
                        format!("No deal with {them}: {price} was not enough for them."),
                        format!("{them} declined our {price}. I leave it at that."),
                    ])
                } else {
                    one_of(&[
                        format!("I declined {them}: {price} is below what we can sell at."),
                        format!(
                            "{them} offered {price}. That does not pay for the support, so no."
                        ),
                        format!(
                            "Said no to {them}. At {price} everybody else would ask for it too."
                        ),
                    ])
                }
            }
            BusinessTalk::DealEnded { partner, buying } => {
                let them = them(partner);
                if buying {
                    one_of(&[
                        format!("We no longer use what {them} sells."),
                        format!(
                            "The contract with {them} has ended. Please take it out of your setups."
                        ),
                        format!("No more invoices from {them}."),
                    ])
                } else {
                    one_of(&[
                        format!("{them} has cancelled. One partner fewer."),
                        format!("We lost {them} as a buyer."),
                        format!("Nothing comes from {them} any more; I took them off the list."),
                    ])
                }
            }
        }
    }
}

fn plural(seats: u16) -> String {
    if seats == 1 { "one seat".into() } else { format!("{seats} seats") }
}
