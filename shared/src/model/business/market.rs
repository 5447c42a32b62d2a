//! The market of a world: possible customers, who come by diffusion (Bass 1969) and share themselves
//! out between the projects that offer something; and what projects and markets say to each other.

use bincode::{Decode, Encode};

use crate::engine::model::Step;
use crate::id::ShardId;
use crate::model::mail::Message;
use crate::model::phases::evidence::Survey;
use crate::model::project::{DAY, YEAR_DAYS};
use crate::model::spec::MarketSpec;
use crate::model::view::MarketSummary;

/// Projects on one market. Further ones are not heard.
pub const LISTINGS_MAX: usize = 4_096;
/// Customers lost in a month at the usual quality and price, in basis points (B2B SaaS, about 3.5 %).
pub const CHURN_BP: u64 = 350;
/// Possible customers of a project that sells on no market: people it knows. Our assumption.
pub const CIRCLE_SIZE: u32 = 2_000;

/// What a project and a market say to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum MarketMessage {
    /// A project's offer of the day.
    Offer { price_cents: i64, quality: u16, sales: u32, customers: u32 },
    /// A project leaves the market.
    Withdraw,
    /// A project asks what there is to know of the market.
    Ask,
    /// The market's answer to that.
    Told(Survey),
    /// The market's answer: customers who came and went.
    Answer { won: u32, lost: u32 },
}

/// A market between two steps.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Market {
    pub shard: ShardId,
    pub tick: u64,
    pub spec: MarketSpec,
    /// In order of project.
    pub listings: Vec<Listing>,
}

/// A project on the market.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Listing {
    pub project: ShardId,
    pub price_cents: i64,
    pub quality: u16,
    pub sales: u32,
    pub customers: u32,
    /// Whether there was an offer since the last evening.
    pub fresh: bool,
    /// Parts of customers who came and went, in millionths.
    pub won_millionths: u64,
    pub lost_millionths: u64,
}

/// New customers of a day by Bass's model, in millionths: (p + q N / M)(M - N) / 260.
pub fn bass_millionths(size: u32, adopters: u32, innovation: u16, imitation: u16) -> u64 {
    let (size, adopters) = (u128::from(size.max(1)), u128::from(adopters.min(size)));
    // Rates in millionths a year: a basis point is 100 of them.
    let rate = u128::from(innovation) * 100 + u128::from(imitation) * 100 * adopters / size;
    (rate * (size - adopters) / u128::from(YEAR_DAYS)) as u64
}

/// Customers of the own circle won in a day, in millionths.
pub fn circle_won(customers: u32) -> u64 {
    bass_millionths(CIRCLE_SIZE, customers, 300, 3_800)
}

/// Customers lost in a day, in millionths. `price` is in basis points of the usual one.
pub fn churn_millionths(customers: u32, quality: u16, price: u64) -> u64 {
    // At a quality of 8,000 the usual churn; a bad product loses several times as many.
    let quality = u64::from(quality.min(10_000));
    let factor = (2_000 + (10_000 - quality) * 4) * (5_000 + price.min(60_000) / 2) / 10_000;
    // Basis points a month of 20 working days, in millionths a day: times 100 / 20.
    u64::from(customers) * CHURN_BP * 5 * factor / 10_000
}

impl Market {
    /// A market as described.
    pub fn found(spec: &MarketSpec, shard: ShardId, tick: u64) -> Market {
        Market { shard, tick, spec: spec.clone(), listings: Vec::new() }
    }

    /// Whether it could have come from steps.
    pub fn check(&self) -> Result<(), String> {
        self.spec.check().map_err(|error| error.to_string())?;
        if self.listings.len() > LISTINGS_MAX {
            return Err("the market has too many listings".into());
        }
        if !self.listings.windows(2).all(|pair| pair[0].project < pair[1].project) {
            return Err("the listings of the market are not in order".into());
        }
        let limit = 1 << 50;
        if self.listings.iter().any(|l| l.won_millionths > limit || l.lost_millionths > limit) {
            return Err("a listing of the market is out of bounds".into());
        }
        Ok(())
    }

    /// Those who have bought from somebody.
    pub fn adopters(&self) -> u32 {
        let all: u64 = self.listings.iter().map(|listing| u64::from(listing.customers)).sum();
        all.min(u64::from(self.spec.size)) as u32
    }

    /// What anybody can find out about it.
    pub fn survey(&self) -> Survey {
        Survey {
            size: self.spec.size,
            adopters: self.adopters(),
            projects: self.listings.len() as u32,
            innovation: self.spec.innovation,
            imitation: self.spec.imitation,
            usual_price_cents: self.spec.usual_price_cents,
        }
    }

    /// At a glance.
    pub fn summary(&self) -> MarketSummary {
        MarketSummary {
            size: self.spec.size,
            adopters: self.adopters(),
            projects: self.listings.len() as u32,
        }
    }

    /// One epoch of the market.
    pub fn step(&mut self, step: &mut Step<'_>) -> Result<(), crate::engine::model::OutOfFuel> {
        let inbox = step.inbox;
        for mail in inbox {
            step.burn(1)?;
            let found = self.listings.binary_search_by_key(&mail.from, |listing| listing.project);
            if mail.returned {
                // The project is no more: its customers are free again.
                if let Ok(at) = found {
                    self.listings.remove(at);
                }
                continue;
            }
            let Some(Message::Market(message)) = Message::from_bytes(&mail.body) else { continue };
            match (message, found) {
                (MarketMessage::Offer { price_cents, quality, sales, customers }, found) => {
                    let at = match found {
                        Ok(at) => at,
                        Err(_) if self.listings.len() >= LISTINGS_MAX => continue,
                        Err(at) => {
                            // Only those who are still free can be brought along.
                            let free = self.spec.size - self.adopters();
                            self.listings.insert(
                                at,
                                Listing {
                                    project: mail.from,
                                    price_cents: 0,
                                    quality: 0,
                                    sales: 0,
                                    customers: customers.min(free),
                                    fresh: false,
                                    won_millionths: 0,
                                    lost_millionths: 0,
                                },
                            );
                            at
                        }
                    };
                    let listing = &mut self.listings[at];
                    listing.price_cents = price_cents.clamp(0, 1_000_000_000);
                    listing.quality = quality.min(10_000);
                    listing.sales = sales.min(10_000_000);
                    listing.fresh = true;
                }
                (MarketMessage::Ask, _) => {
                    step.send(
                        mail.from,
                        Message::Market(MarketMessage::Told(self.survey())).to_bytes(),
                    );
                }
                (MarketMessage::Withdraw, Ok(at)) => {
                    self.listings.remove(at);
                }
                _ => {}
            }
        }
        let ticks = u64::from(step.genesis.ticks_per_epoch);
        let end = self.tick.saturating_add(ticks);
        let mut evening = self.tick / DAY * DAY + DAY;
        while evening <= end {
            self.evening(step)?;
            evening += DAY;
        }
        self.tick = end;
        Ok(())
    }

    /// Shares out the customers of the day.
    fn evening(&mut self, step: &mut Step<'_>) -> Result<(), crate::engine::model::OutOfFuel> {
        let usual = self.spec.usual_price_cents.max(1);
        // Quality counts twice; half the usual price is worth a third more; selling has
        // diminishing returns. All our assumption.
        let pull = |listing: &Listing| -> u64 {
            let quality = u64::from(listing.quality) * u64::from(listing.quality) / 10_000;
            let price = (2 * usual * 10_000 / (usual + listing.price_cents).max(1)) as u64;
            let sales = 2_000 + (libm::sqrt(f64::from(listing.sales)) * 100.0) as u64;
            quality * price / 10_000 * sales / 10_000 + 1
        };
        let total: u64 = self.listings.iter().filter(|l| l.fresh).map(pull).sum();
        if total == 0 {
            return Ok(());
        }
        let (innovation, imitation) = (self.spec.innovation, self.spec.imitation);
        let new = bass_millionths(self.spec.size, self.adopters(), innovation, imitation);
        // Days differ.
        let new = u128::from(new) * (7_000 + u128::from(step.rng().below(6_001))) / 10_000;
        let mut free = self.spec.size - self.adopters();
        for at in 0..self.listings.len() {
            step.burn(1)?;
            let listing = &mut self.listings[at];
            if !listing.fresh {
                continue;
            }
            listing.fresh = false;
            listing.won_millionths += (new * u128::from(pull(listing)) / u128::from(total)) as u64;
            let price = (listing.price_cents * 10_000 / usual) as u64;
            listing.lost_millionths += churn_millionths(listing.customers, listing.quality, price);
            let won = ((listing.won_millionths / 1_000_000).min(u64::from(free))) as u32;
            let lost =
                (listing.lost_millionths / 1_000_000).min(u64::from(listing.customers)) as u32;
            listing.won_millionths %= 1_000_000;
            listing.lost_millionths %= 1_000_000;
            listing.customers = listing.customers - lost + won;
            free -= won;
            if won > 0 || lost > 0 {
                step.send(
                    listing.project,
                    Message::Market(MarketMessage::Answer { won, lost }).to_bytes(),
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adoption_follows_the_s_of_bass() {
        let (size, mut adopters, mut carry) = (100_000u32, 0u32, 0u64);
        let mut years = Vec::new();
        for day in 0..YEAR_DAYS * 15 {
            carry += bass_millionths(size, adopters, 300, 3_800);
            adopters += (carry / 1_000_000) as u32;
            carry %= 1_000_000;
            if day % YEAR_DAYS == YEAR_DAYS - 1 {
                years.push(adopters);
            }
        }
        let gains: Vec<u32> = years.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let peak = gains.iter().enumerate().max_by_key(|(_, gain)| **gain).map(|(at, _)| at + 2);
        // The peak is at ln(q/p) / (p + q) = 6.2 years.
        assert!(matches!(peak, Some(5..=8)), "{gains:?}");
        assert!(years[14] > 90_000);
    }

    #[test]
    fn a_better_product_loses_fewer_customers() {
        let good = churn_millionths(1_000, 9_000, 10_000);
        let usual = churn_millionths(1_000, 8_000, 10_000);
        let bad = churn_millionths(1_000, 3_000, 10_000);
        assert!(good < usual && usual < bad);
        assert_eq!(usual * 20 / 1_000_000, 35);
    }
}
