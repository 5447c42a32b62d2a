//! Support: tickets come with customers and faults, are answered by whoever has the time, and
//! waiting costs satisfaction.

use bincode::{Decode, Encode};

use crate::model::happen::{Happen, Stream};
use crate::model::kind::{Role, Skill};
use crate::model::project::Project;

/// Tickets of a customer on a working day at the usual quality, in thousandths: one in three
/// months. Our assumption.
const TICKETS: u64 = 16;
/// Tickets that somebody in support answers on a working day at the usual skill, in thousandths:
/// half an hour each. Our assumption.
const ANSWERED_SUPPORT: u64 = 14_000;
/// The same for others, who have other work. Our assumption.
const ANSWERED_LEAD: u64 = 1_200;
const ANSWERED_MAKER: u64 = 500;
/// Satisfaction moves by this part of the way to what customers meet, a working day.
const MOVES: i32 = 25;
/// What new customers expect, in basis points.
const BEGINS: u16 = 7_500;
/// Tickets beyond this are given up, in thousandths for each customer.
const PATIENCE: u64 = 500;

/// The desk that answers customers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Support {
    /// Tickets that wait, in thousandths.
    pub open_thousandths: u64,
    /// Working days a ticket waits, in hundredths.
    pub wait_hundredths: u32,
    /// Satisfaction of the customers (CSAT): share who are content, in basis points.
    pub satisfaction: u16,
    /// Tickets ever answered, in thousandths.
    pub answered_thousandths: u64,
}

impl Default for Support {
    fn default() -> Self {
        Support {
            open_thousandths: 0,
            wait_hundredths: 0,
            satisfaction: BEGINS,
            answered_thousandths: 0,
        }
    }
}

impl Support {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let sound = self.satisfaction <= 10_000
            && self.open_thousandths <= 1 << 50
            && self.answered_thousandths <= 1 << 60
            && self.wait_hundredths <= 1_000_000;
        if sound { Ok(()) } else { Err("the support of the project is out of bounds".into()) }
    }

    /// Net promoter score: promoters less detractors, in percent, -100 to 100. Taken as a line of
    /// satisfaction: 0 at 60 %, 50 at 85 %; our assumption.
    pub fn net_promoters(&self) -> i16 {
        ((i32::from(self.satisfaction) - 6_000) / 50).clamp(-100, 100) as i16
    }
}

impl Project {
    /// Whether customers wait so long that somebody has to be hired for them: two days and more.
    pub fn needs_support(&self) -> bool {
        self.business.support.wait_hundredths >= 200
    }

    /// A day of support: defects that customers meet, tickets, answers, satisfaction.
    pub(in crate::model) fn answer_customers(&mut self, day: u32, happen: &mut Happen<'_, '_>) {
        if !self.launched {
            return;
        }
        if self.customers > 0 && self.latent > 0 {
            // The more customers, the sooner a defect is met; our assumption. So many are expected:
            let chance = 4 + (libm::sqrt(f64::from(self.customers)) as u64).min(100);
            let expected = u64::from(self.latent.min(64)) * chance;
            // the whole of them, and one more with the chance of the rest.
            let more = happen.rng(Stream::Business).chance((expected % 10_000) as u32);
            let found = (expected / 10_000) as u32 + u32::from(more);
            let found = found.min(self.latent);
            self.latent -= found;
            self.totals.defects_escaped += found;
            for _ in 0..found {
                self.add_bug(0, 5, happen);
            }
        }
        let quality = u64::from(self.quality());
        // A product with many faults brings up to four times the questions.
        let faults = 10_000 + 8_000u64.saturating_sub(quality) * 4;
        let arrived = u64::from(self.customers) * TICKETS * faults / 10_000;
        let room = u64::from(self.customers) * PATIENCE;
        let support = &mut self.business.support;
        support.open_thousandths = (support.open_thousandths + arrived).min(room.max(arrived));
        let short = support.wait_hundredths > 100;
        let mut able = 0;
        for person in &self.people {
            if person.away_until > day {
                continue;
            }
            let answers = match person.role {
                Role::Support => {
                    ANSWERED_SUPPORT * (5_000 + u64::from(person.skill(Skill::Communication)))
                        / 10_000
                }
                Role::Founder | Role::Product | Role::Sales | Role::Operations => ANSWERED_LEAD,
                // Others help out when customers wait.
                Role::Engineer | Role::Tester | Role::Designer if short => ANSWERED_MAKER,
                _ => 0,
            };
            able += answers * u64::from(person.share) / 10_000;
        }
        let support = &mut self.business.support;
        let answered = support.open_thousandths.min(able);
        support.open_thousandths -= answered;
        support.answered_thousandths = (support.answered_thousandths + answered).min(1 << 60);
        // The queue over what is answered in a day: Little's law.
        support.wait_hundredths =
            (support.open_thousandths * 100 / able.max(100)).min(4_000) as u32;
        // Half of what customers think is the product, a third the answers they get.
        let served = 3_300 * 200 / (200 + i32::try_from(support.wait_hundredths).unwrap_or(4_000));
        let aim = 1_700 + quality as i32 / 2 + served;
        let now = i32::from(support.satisfaction);
        support.satisfaction = (now + (aim - now) / MOVES).clamp(0, 10_000) as u16;
    }
}
