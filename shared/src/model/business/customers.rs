//! Customers: what the market is offered, who comes and who goes.

use super::adoption::{CIRCLE_SIZE, Flow, Standing, bass_millionths};
use super::books::add;
use super::market::MarketMessage;
use crate::engine::model::Mail;
use crate::model::happen::Happen;
use crate::model::kind::{Role, Skill};
use crate::model::mail::Message;
use crate::model::people::person::bp;
use crate::model::project::Project;
use crate::model::spec::MarketSpec;
use crate::model::words::talk::About;

/// Money a day that does as much for being known as one full person in marketing. Our assumption.
const MARKETING_CENTS_PER_EFFORT: i64 = 30_000;
/// Larger plans that content customers take in a month, in basis points of what they pay, at full
/// satisfaction. Our assumption, so that net revenue retention is near 100 % for a good product.
const EXPANSION_BP: u64 = 250;
/// Satisfaction below which nobody takes more.
const EXPANSION_FROM: u16 = 6_500;

impl Project {
    /// What the project offers, at the end of a day.
    fn todays_offer(&self, outreach: u32) -> Standing {
        Standing {
            price_cents: self.policies.price_cents,
            quality: self.quality(),
            satisfaction: self.business.support.satisfaction,
            marketing: self.marketing_effort(),
            outreach,
            customers: self.customers,
            ..Standing::default()
        }
    }

    /// A project on a market says what it offers; one without a market sells to those it knows.
    pub(in crate::model) fn meet_customers(&mut self, happen: &mut Happen<'_, '_>) {
        if !self.launched {
            return;
        }
        let pipeline = &mut self.business.pipeline;
        let outreach = pipeline.outreach;
        let signed = std::mem::take(&mut pipeline.signed);
        let declined = std::mem::take(&mut pipeline.declined);
        let offer = self.todays_offer(outreach);
        if let Some(market) = self.market {
            let message = MarketMessage::Offer {
                price_cents: offer.price_cents,
                quality: offer.quality,
                satisfaction: offer.satisfaction,
                marketing: offer.marketing,
                outreach,
                customers: self.customers,
                signed,
                declined,
            };
            happen.step.send(market, Message::Market(message).to_bytes());
            return;
        }
        let circle = &mut self.business.circle;
        *circle = Standing {
            awareness: circle.awareness,
            prospects: circle.prospects,
            won_millionths: circle.won_millionths,
            lost_millionths: circle.lost_millionths,
            lead_millionths: circle.lead_millionths,
            ..offer
        };
        // Whoever signed is a customer already.
        circle.prospects = circle.prospects.saturating_sub(signed.saturating_add(declined));
        circle.get_known(CIRCLE_SIZE);
        let usual = MarketSpec::default();
        let known = circle.customers.saturating_add(circle.prospects).min(CIRCLE_SIZE);
        let mut free = CIRCLE_SIZE - known;
        let new = bass_millionths(CIRCLE_SIZE, known, usual.innovation, usual.imitation);
        let pull = circle.pull(usual.usual_price_cents).min(1.5);
        let new = (new as f64 * pull) as u64;
        let flow = circle.day(new, 0, &mut free, CIRCLE_SIZE, usual.usual_price_cents);
        self.take_in(flow);
    }

    /// Who came and who went.
    fn take_in(&mut self, flow: Flow) {
        let price = self.policies.price_cents;
        if flow.lost > 0 {
            // Those who leave take their part of the larger plans along.
            let lost = flow.lost.min(self.customers);
            let before = self.mrr_cents();
            let uplift = &mut self.business.uplift_thousandths;
            let part = u128::from(*uplift) * u128::from(lost) / u128::from(self.customers.max(1));
            *uplift = uplift.saturating_sub(part as u64);
            self.customers -= lost;
            if self.customers == 0 {
                self.business.uplift_thousandths = 0;
            }
            let gone = before - self.mrr_cents();
            let month = self.business.books.month();
            month.lost = month.lost.saturating_add(lost);
            month.churned_mrr = add(month.churned_mrr, gone);
        }
        self.gain_customers(flow.won, price);
        self.take_leads(flow.prospects);
    }

    /// New customers, each with the smallest plan.
    pub(super) fn gain_customers(&mut self, won: u32, price_cents: i64) {
        self.customers = self.customers.saturating_add(won).min(1 << 30);
        let month = self.business.books.month();
        month.won = month.won.saturating_add(won);
        month.new_mrr = add(month.new_mrr, i64::from(won).saturating_mul(price_cents));
    }

    /// Content customers take more.
    pub(in crate::model) fn expand_plans(&mut self) {
        let content = u64::from(self.business.support.satisfaction.saturating_sub(EXPANSION_FROM))
            * 10_000
            / u64::from(10_000 - EXPANSION_FROM);
        // In thousandths of a customer a day, at most as much again as the first plans.
        let room = (u64::from(self.customers) * 1_000)
            .saturating_sub(self.business.uplift_thousandths)
            .min(u64::from(self.customers) * 1_000);
        let more = room * EXPANSION_BP / 10_000 * content / 10_000 / 20;
        if more > 0 {
            let before = self.mrr_cents();
            self.business.uplift_thousandths += more;
            let gained = self.mrr_cents() - before;
            let month = self.business.books.month();
            month.expansion_mrr = add(month.expansion_mrr, gained);
        }
    }

    /// What the market says: who came and who went, and who might be worth knowing.
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
        let flow = match message {
            MarketMessage::Answer(flow) => flow,
            MarketMessage::Told(survey) => return self.hear_survey(mail.from, survey),
            MarketMessage::Introduce { seller, price_cents, quality } => {
                return self.meet_seller(seller, price_cents, quality, now, happen);
            }
            MarketMessage::Full => {
                self.market = None;
                return;
            }
            _ => return,
        };
        let before = self.customers;
        self.take_in(flow);
        // Word gets round when it is much for the size of the company.
        if !self.people.is_empty() && flow.won.saturating_add(flow.lost) > before / 10 {
            let about = About::Customers { won: flow.won, lost: flow.lost };
            let mood = if flow.won >= flow.lost { 4_000 } else { -3_000 };
            happen.say(self, self.leader(), None, about, None, mood, now);
        }
    }

    /// Effort put into being known, in basis points of one full person: people and money.
    pub fn marketing_effort(&self) -> u32 {
        let people: u32 = self
            .people
            .iter()
            .map(|person| {
                let weight = match person.role {
                    Role::Marketing => 10_000,
                    Role::Founder => 2_000,
                    Role::Sales | Role::Product => 1_500,
                    _ => return 0,
                };
                let able = person.skill(Skill::Commerce) + 4_000;
                bp(bp(weight, able), person.share.into())
            })
            .sum();
        let spent = self.marketing_today();
        let bought =
            spent.clamp(0, MARKETING_CENTS_PER_EFFORT * 100) * 10_000 / MARKETING_CENTS_PER_EFFORT;
        people.saturating_add(bought as u32)
    }
}
