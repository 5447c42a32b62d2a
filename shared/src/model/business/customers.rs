//! Customers: how they come, what they meet, and why they go.

use crate::engine::model::Mail;
use crate::model::business::market;
use crate::model::business::market::MarketMessage;
use crate::model::happen::Happen;
use crate::model::kind::Role;
use crate::model::mail::Message;
use crate::model::people::person::bp;
use crate::model::project::Project;
use crate::model::words::talk::About;

impl Project {
    /// Customers find defects; a project without a market finds and loses customers by itself; one
    /// with a market says what it offers.
    pub(in crate::model) fn meet_customers(&mut self, happen: &mut Happen<'_, '_>) {
        if !self.launched {
            return;
        }
        if self.customers > 0 && self.latent > 0 {
            // The more customers, the sooner a defect is met; our assumption.
            let chance = 4 + (libm::sqrt(f64::from(self.customers)) as u32).min(100);
            let found = (0..self.latent.min(64)).filter(|_| happen.chance(chance)).count() as u32;
            self.latent -= found;
            self.totals.defects_escaped += found;
            for _ in 0..found {
                self.add_bug(0, 5, happen);
            }
        }
        match self.market {
            Some(market) => {
                let offer = MarketMessage::Offer {
                    price_cents: self.policies.price_cents,
                    quality: self.quality(),
                    sales: self.sales_effort(),
                    customers: self.customers,
                };
                happen.step.send(market, Message::Market(offer).to_bytes());
            }
            None => {
                let won = market::circle_won(self.customers);
                let lost = market::churn_millionths(self.customers, self.quality(), 10_000);
                let whole = |carry: &mut u32, more: u64| {
                    let all = u64::from(*carry) + more;
                    *carry = (all % 1_000_000) as u32;
                    (all / 1_000_000).min(u32::MAX.into()) as u32
                };
                let won = whole(&mut self.circle.won_millionths, won);
                let lost = whole(&mut self.circle.lost_millionths, lost);
                self.customers = self.customers.saturating_add(won).saturating_sub(lost);
            }
        }
    }

    /// What the market says: who came and who went.
    pub(in crate::model) fn hear_market(
        &mut self,
        mail: &Mail,
        message: MarketMessage,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        if mail.returned || Some(mail.from) != self.market {
            return;
        }
        if let MarketMessage::Told(survey) = message {
            return self.hear_survey(mail.from, survey);
        }
        let MarketMessage::Answer { won, lost } = message else { return };
        self.customers = self.customers.saturating_sub(lost).saturating_add(won);
        // Word gets round when it is much for the size of the company.
        if !self.people.is_empty() && won.saturating_add(lost) > self.customers / 10 {
            let about = About::Customers { won, lost };
            let mood = if won >= lost { 4_000 } else { -3_000 };
            happen.say(self, self.leader(), None, about, None, mood, now);
        }
    }

    /// How hard the project sells, in basis points of one full person.
    pub fn sales_effort(&self) -> u32 {
        self.people
            .iter()
            .map(|person| {
                let weight = match person.role {
                    Role::Sales | Role::Marketing => 10_000,
                    Role::Founder => 4_000,
                    Role::Support | Role::Product => 1_500,
                    _ => 0,
                };
                bp(
                    bp(weight, person.skill(crate::model::kind::Skill::Commerce) + 4_000),
                    person.share.into(),
                )
            })
            .sum()
    }
}
