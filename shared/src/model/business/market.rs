//! The market of a world: possible customers, who come by diffusion (Bass 1969), share themselves
//! out between the projects that offer something, and change from one to another; and what projects
//! and markets say to each other.
//!
//! The market keeps who is whose: a customer or prospect is counted in exactly one listing, or free.

use bincode::{Decode, Encode};

use super::adoption::{Flow, Standing, bass_millionths};
use crate::engine::model::{OutOfFuel, Step};
use crate::id::ShardId;
use crate::model::mail::Message;
use crate::model::people::exchange::Exchange;
use crate::model::phases::evidence::Survey;
use crate::model::project::{DAY, Project};
use crate::model::spec::MarketSpec;
use crate::model::view::MarketSummary;

/// Projects on one market. Further ones are told that it is full.
pub const LISTINGS_MAX: usize = 4_096;
/// Listings that are told their news in one step, so that the outbox never overflows.
const TOLD_PER_STEP: usize = 600;
/// Introductions made in one step.
const INTRODUCED_PER_STEP: usize = 100;
/// Share of those who leave a project that look for another one, in basis points; the others do
/// without for a while. Our assumption.
const SWITCHING_BP: u64 = 5_000;
/// Days differ by so much to either side, in basis points. Our assumption.
const NOISE_BP: u64 = 3_000;
/// No offer draws more than this, in units of a usual one: others do not exist yet. Our assumption.
const PULL_MOST: f64 = 1.5;

/// What a project and a market say to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum MarketMessage {
    /// A project's offer of the day, and what has become of prospects since the last one.
    Offer {
        price_cents: i64,
        quality: u16,
        satisfaction: u16,
        marketing: u32,
        outreach: u32,
        customers: u32,
        signed: u32,
        declined: u32,
    },
    /// A project leaves the market.
    Withdraw,
    /// A project asks what there is to know of the market.
    Ask,
    /// The market's answer to that.
    Told(Survey),
    /// The market's answer: customers who came and went, prospects who are interested.
    Answer(Flow),
    /// There is no room for another project.
    Full,
    /// A project looks for somebody to buy from.
    Seek,
    /// The market names one.
    Introduce { seller: ShardId, price_cents: i64, quality: u16 },
}

/// A market between two steps.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Market {
    pub shard: ShardId,
    pub tick: u64,
    pub spec: MarketSpec,
    /// In order of project.
    pub listings: Vec<Listing>,
    /// People who look for work and positions that look for people.
    pub exchange: Exchange,
    /// Where telling news goes on.
    pub told: u32,
}

/// A project on the market.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Listing {
    pub project: ShardId,
    pub standing: Standing,
    /// Whether there was an offer since the last evening.
    pub fresh: bool,
    /// What the project has not been told yet.
    pub news: Flow,
}

impl Listing {
    /// Its customers and prospects: those who are not free.
    fn taken(&self) -> u64 {
        u64::from(self.standing.customers) + u64::from(self.standing.prospects)
    }
}

impl Market {
    /// A market as described.
    pub fn found(spec: &MarketSpec, shard: ShardId, tick: u64) -> Market {
        Market {
            shard,
            tick,
            spec: spec.clone(),
            listings: Vec::new(),
            exchange: Exchange::default(),
            told: 0,
        }
    }

    /// Whether it could have come from steps.
    pub fn check(&self) -> Result<(), String> {
        self.exchange.check()?;
        self.spec.check().map_err(|error| error.to_string())?;
        if self.listings.len() > LISTINGS_MAX {
            return Err("the market has too many listings".into());
        }
        if !self.listings.windows(2).all(|pair| pair[0].project < pair[1].project) {
            return Err("the listings of the market are not in order".into());
        }
        for listing in &self.listings {
            listing.standing.check()?;
        }
        if self.listings.iter().map(Listing::taken).sum::<u64>() > u64::from(self.spec.size) {
            return Err("the market has more customers than there are".into());
        }
        Ok(())
    }

    /// Those who have bought from somebody.
    pub fn adopters(&self) -> u32 {
        let all: u64 =
            self.listings.iter().map(|listing| u64::from(listing.standing.customers)).sum();
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

    /// Those who are neither customers nor prospects of anybody.
    pub fn free(&self) -> u32 {
        let taken: u64 = self.listings.iter().map(Listing::taken).sum();
        self.spec.size - taken.min(u64::from(self.spec.size)) as u32
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
    pub fn step(&mut self, step: &mut Step<'_>) -> Result<(), OutOfFuel> {
        let inbox = step.inbox;
        let today = Project::day_of(self.tick);
        let mut introduced = 0;
        for mail in inbox {
            step.burn(1)?;
            let message = Message::from_bytes(&mail.body);
            let found = self.listings.binary_search_by_key(&mail.from, |listing| listing.project);
            if mail.returned {
                // The project is no more: its customers are free again.
                if let Ok(at) = found {
                    self.listings.remove(at);
                }
                if let Some(Message::Exchange(message)) = message {
                    self.exchange.came_back(mail.from, message, today);
                }
                continue;
            }
            let message = match message {
                Some(Message::Market(message)) => message,
                Some(Message::Exchange(message)) => {
                    self.exchange.hear(mail.from, message, today, step);
                    continue;
                }
                _ => continue,
            };
            match message {
                MarketMessage::Offer { .. } => self.hear_offer(mail.from, message, found, step),
                MarketMessage::Withdraw => {
                    if let Ok(at) = found {
                        self.listings.remove(at);
                    }
                }
                MarketMessage::Ask => {
                    let told = MarketMessage::Told(self.survey());
                    step.send(mail.from, Message::Market(told).to_bytes());
                }
                MarketMessage::Seek if introduced < INTRODUCED_PER_STEP => {
                    introduced += 1;
                    self.introduce(mail.from, step);
                }
                _ => {}
            }
        }
        let ticks = u64::from(step.genesis.ticks_per_epoch);
        let end = self.tick.saturating_add(ticks);
        let mut evening = self.tick / DAY * DAY + DAY;
        while evening <= end {
            self.exchange.evening(Project::day_of(evening - 1), step);
            self.evening(step)?;
            evening += DAY;
        }
        self.tell(step);
        self.tick = end;
        Ok(())
    }

    fn hear_offer(
        &mut self,
        from: ShardId,
        offer: MarketMessage,
        found: Result<usize, usize>,
        step: &mut Step<'_>,
    ) {
        let MarketMessage::Offer {
            price_cents,
            quality,
            satisfaction,
            marketing,
            outreach,
            customers,
            signed,
            declined,
        } = offer
        else {
            return;
        };
        let at = match found {
            Ok(at) => at,
            Err(_) if self.listings.len() >= LISTINGS_MAX => {
                return step.send(from, Message::Market(MarketMessage::Full).to_bytes());
            }
            Err(at) => {
                // Only those who are still free can be brought along; the project hears that the
                // others are somebody else's.
                let brought = customers.min(self.free());
                let standing = Standing { customers: brought, ..Standing::default() };
                let news = Flow { lost: customers - brought, ..Flow::default() };
                let listing = Listing { project: from, standing, fresh: false, news };
                self.listings.insert(at, listing);
                at
            }
        };
        let listing = &mut self.listings[at];
        listing.standing.price_cents = price_cents.clamp(0, 1_000_000_000);
        listing.standing.quality = quality.min(10_000);
        listing.standing.satisfaction = satisfaction.min(10_000);
        listing.standing.marketing = marketing.min(10_000_000);
        listing.standing.outreach = outreach.min(10_000_000);
        listing.standing.settle(signed, declined);
        listing.fresh = true;
    }

    /// Names a project to buy from: any of the others, each as likely.
    fn introduce(&self, buyer: ShardId, step: &mut Step<'_>) {
        let count = self.listings.len() as u64;
        let drawn = step.rng().below(count.max(1)) as usize;
        let Some(listing) = self.listings.get(drawn).filter(|one| one.project != buyer) else {
            return;
        };
        let (seller, standing) = (listing.project, &listing.standing);
        let (price_cents, quality) = (standing.price_cents, standing.quality);
        let message = MarketMessage::Introduce { seller, price_cents, quality };
        step.send(buyer, Message::Market(message).to_bytes());
    }

    /// Shares out the customers of the day.
    fn evening(&mut self, step: &mut Step<'_>) -> Result<(), OutOfFuel> {
        step.burn(self.listings.len() as u64)?;
        let (size, usual) = (self.spec.size, self.spec.usual_price_cents.max(1));
        // Days differ.
        let noise = 10_000 - NOISE_BP + step.rng().below(2 * NOISE_BP + 1);
        let mut pulls = Vec::with_capacity(self.listings.len());
        let mut all = 0.0;
        for listing in &mut self.listings {
            let pull = if listing.fresh {
                listing.standing.get_known(size);
                listing.standing.pull(usual)
            } else {
                0.0
            };
            pulls.push(pull);
            all += pull;
        }
        if all <= 0.0 {
            return Ok(());
        }
        let adopters = self.adopters();
        let new = bass_millionths(size, adopters, self.spec.innovation, self.spec.imitation) as f64;
        let new = new * noise as f64 / 10_000.0;
        // Whoever changes from i goes to j with the share of j's pull among the others. The sum
        // over i of s_i / (all - pull_i) lets each listing take its part without looking at pairs.
        let switching: Vec<f64> = self
            .listings
            .iter()
            .zip(&pulls)
            .map(|(listing, pull)| {
                let others = all - pull;
                if !listing.fresh || others < all * 1e-6 {
                    return 0.0;
                }
                (listing.standing.leaving(usual) / 10_000 * SWITCHING_BP) as f64 / others
            })
            .collect();
        let changing: f64 = switching.iter().sum();
        let mut free = self.free();
        for (at, listing) in self.listings.iter_mut().enumerate() {
            if !listing.fresh {
                continue;
            }
            listing.fresh = false;
            let pull = pulls[at];
            let own = (new * pull / all * pull.min(PULL_MOST)) as u64;
            let come = (pull * (changing - switching[at]).max(0.0)) as u64;
            let flow = listing.standing.day(own, come, &mut free, size, usual);
            listing.news = listing.news.and(flow);
        }
        Ok(())
    }

    /// Tells projects what they do not know yet, some in each step.
    fn tell(&mut self, step: &mut Step<'_>) {
        let count = self.listings.len();
        let (mut told, mut seen) = (0, 0);
        let mut at = if (self.told as usize) < count { self.told as usize } else { 0 };
        while seen < count && told < TOLD_PER_STEP {
            let listing = &mut self.listings[at];
            if !listing.news.is_empty() {
                let news = std::mem::take(&mut listing.news);
                step.send(listing.project, Message::Market(MarketMessage::Answer(news)).to_bytes());
                told += 1;
            }
            seen += 1;
            at = (at + 1) % count;
        }
        self.told = at as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Hash;

    /// A market of two offers that differ in one thing, after some years.
    fn two(change: impl Fn(&mut Standing)) -> (u32, u32) {
        let genesis = crate::engine::genesis::Genesis::new("test", "companies", 2, 1);
        let spec = MarketSpec { size: 10_000, ..MarketSpec::default() };
        let mut market = Market::found(&spec, ShardId(Hash([9; 32])), 0);
        let standing = Standing {
            price_cents: 4_900,
            quality: 8_000,
            satisfaction: 8_000,
            marketing: 5_000,
            ..Standing::default()
        };
        let mut other = standing.clone();
        change(&mut other);
        for (nth, standing) in [standing, other].into_iter().enumerate() {
            let project = ShardId(Hash([nth as u8 + 1; 32]));
            market.listings.push(Listing { project, standing, fresh: true, news: Flow::default() });
        }
        for day in 0..1_000 {
            for listing in &mut market.listings {
                listing.fresh = true;
            }
            let mut step = Step::new(&genesis, 2, market.shard, day, &[], &[], false);
            market.evening(&mut step).unwrap();
            assert!(market.check().is_ok());
        }
        (market.listings[0].standing.customers, market.listings[1].standing.customers)
    }

    #[test]
    fn the_better_the_cheaper_and_the_louder_offer_wins() {
        let (one, other) = two(|_| {});
        assert!(one.abs_diff(other) <= 2, "{one} {other}");
        for (one, better) in [
            two(|standing| standing.quality = 9_500),
            two(|standing| standing.price_cents = 3_500),
            two(|standing| standing.marketing = 30_000),
            two(|standing| standing.satisfaction = 9_500),
        ] {
            assert!(better * 10 > one * 11, "{one} {better}");
        }
    }

    #[test]
    fn who_leaves_a_bad_product_goes_to_a_good_one() {
        let (good, _) = two(|standing| standing.quality = 2_000);
        let (alone, _) = two(|standing| standing.marketing = 0);
        assert!(good > alone / 2, "{good} {alone}");
    }
}
