//! How customers come and go: diffusion (Bass 1969), price, quality, word of mouth and churn. The
//! same formulas for a listing on a market and for the circle of a project without one.

use bincode::{Decode, Encode};

use crate::model::project::YEAR_DAYS;

/// Customers lost in a month at the usual quality, price and satisfaction, in basis points (B2B
/// SaaS, about 3.5 %; a weak source).
pub const CHURN_BP: u64 = 350;
/// Quality at which the usual share of customers leaves and the usual share of possible ones is
/// won, in basis points. Our assumption.
pub const USUAL_QUALITY: u16 = 8_000;
/// Satisfaction (CSAT) at which the usual share of customers leaves. Our assumption; surveys of
/// software companies find 75 to 85 %.
pub const USUAL_SATISFACTION: u16 = 8_000;
/// Possible customers of a project that sells on no market: people it knows. Our assumption.
pub const CIRCLE_SIZE: u32 = 2_000;
/// Leads that come by themselves, in basis points of the customers won by diffusion, counted in
/// customers. Our assumption.
const INBOUND_BP: u64 = 10_000;
/// Customers recommended to somebody in a month by a satisfied customer, in basis points. Our
/// assumption.
const REFERRAL_BP: u64 = 150;
/// A person in marketing at full effort brings awareness half of the way in this many basis points
/// of a person. Our assumption.
const MARKETING_HALF: u32 = 15_000;

/// Where a project stands with its possible customers: its offer, and who has come of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Standing {
    pub price_cents: i64,
    /// Of the product, in basis points.
    pub quality: u16,
    /// Of the customers, in basis points.
    pub satisfaction: u16,
    /// Effort put into being known, in basis points of one full person.
    pub marketing: u32,
    /// Possible customers looked for by those who sell, in thousandths a day.
    pub outreach: u32,
    /// Share of the possible customers that have heard of it, in basis points.
    pub awareness: u16,
    /// Those who pay.
    pub customers: u32,
    /// Those who talk with its sales people: neither free nor customers.
    pub prospects: u32,
    /// Parts of customers and prospects who came and went, in millionths.
    pub won_millionths: u64,
    pub lost_millionths: u64,
    pub lead_millionths: [u64; 3],
}

/// Who came and went on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Flow {
    pub won: u32,
    pub lost: u32,
    /// New prospects, counted in customers, by [`super::sales::Source`].
    pub prospects: [u32; 3],
}

impl Flow {
    /// Whether nobody came or went.
    pub fn is_empty(&self) -> bool {
        *self == Flow::default()
    }

    /// New prospects of all sources.
    pub fn new_prospects(&self) -> u32 {
        self.prospects.iter().fold(0, |all, &some| all.saturating_add(some))
    }

    /// Both together.
    pub fn and(self, other: Flow) -> Flow {
        Flow {
            won: self.won.saturating_add(other.won),
            lost: self.lost.saturating_add(other.lost),
            prospects: std::array::from_fn(|at| {
                self.prospects[at].saturating_add(other.prospects[at])
            }),
        }
    }
}

/// New customers of a day by Bass's model, in millionths: (p + q N / M)(M - N) / 260.
pub fn bass_millionths(size: u32, adopters: u32, innovation: u16, imitation: u16) -> u64 {
    let (size, adopters) = (u128::from(size.max(1)), u128::from(adopters.min(size)));
    // Rates in millionths a year: a basis point is 100 of them.
    let rate = u128::from(innovation) * 100 + u128::from(imitation) * 100 * adopters / size;
    (rate * (size - adopters) / u128::from(YEAR_DAYS)) as u64
}

/// Customers lost in a day, in millionths. `price` is in basis points of the usual one.
pub fn churn_millionths(customers: u32, quality: u16, price: u64, satisfaction: u16) -> u64 {
    // At a quality of 8,000 the usual churn; a bad product loses several times as many.
    let quality = 4_000 + (10_000 - u64::from(quality.min(10_000))) * 3;
    let price = 5_000 + price.min(60_000) / 2;
    // The unhappy leave up to three times as often, the delighted two thirds as often.
    let short = u64::from(USUAL_SATISFACTION.saturating_sub(satisfaction)) * 5 / 2;
    let over = u64::from(satisfaction.min(10_000).saturating_sub(USUAL_SATISFACTION)) * 5 / 3;
    let factor = quality * price / 10_000 * (10_000 + short - over) / 10_000;
    // Basis points a month of 20 working days, in millionths a day: times 100 / 20.
    u64::from(customers) * CHURN_BP * 5 * factor / 10_000
}

/// How a price moves demand: 1 at the usual price, with an elasticity of -1 there, less below and
/// more above it: 2 / (1 + (p / u)^2). Our assumption; brands of consumer goods are near -2 and
/// more, what a company works with every day is less elastic.
pub fn price_pull(price_cents: i64, usual_cents: i64) -> f64 {
    let ratio = (price_cents.max(0) as f64 / usual_cents.max(1) as f64).min(1_000.0);
    2.0 / (1.0 + ratio * ratio)
}

/// Whole ones out of what has added up.
fn whole(carry: &mut u64, more: u64, most: u32) -> u32 {
    *carry = carry.saturating_add(more).min(1 << 50);
    let count = (*carry / 1_000_000).min(most.into()) as u32;
    *carry -= u64::from(count) * 1_000_000;
    // Whoever finds nobody left does not find them later either.
    *carry %= 1_000_000;
    count
}

impl Standing {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let carries = [self.won_millionths, self.lost_millionths];
        let sound = self.quality <= 10_000
            && self.satisfaction <= 10_000
            && self.awareness <= 10_000
            && self.customers <= 1 << 30
            && self.prospects <= 1 << 30
            && carries.iter().chain(&self.lead_millionths).all(|&carry| carry <= 1 << 50);
        if sound { Ok(()) } else { Err("the standing of an offer is out of bounds".into()) }
    }

    /// How much possible customers are drawn to it, in units of a usual offer that all know.
    /// Quality counts twice, as in an experience good that is tried before it is bought; our
    /// assumption.
    pub fn pull(&self, usual_cents: i64) -> f64 {
        let quality = f64::from(self.quality) / f64::from(USUAL_QUALITY);
        let known = 0.5 + 0.5 * f64::from(self.awareness) / 10_000.0;
        quality * quality * price_pull(self.price_cents, usual_cents) * known + 1e-6
    }

    /// Word gets round by marketing and by customers, and is forgotten. Our assumption: a full
    /// person in marketing makes it known to half of the market in about a quarter.
    pub fn get_known(&mut self, size: u32) {
        let room = 10_000 - u32::from(self.awareness.min(10_000));
        let effort = self.marketing.min(10_000_000);
        let told = room * (effort * 100 / (effort + MARKETING_HALF)).min(100) / 100 / 50;
        let mouths = u64::from(self.customers) * 20_000 / u64::from(size.max(1));
        let mouth = room * mouths.min(10_000) as u32 / 10_000 / 50;
        // A tenth is forgotten in a month.
        let forgotten = u32::from(self.awareness).div_ceil(200);
        let next = u32::from(self.awareness) + told + mouth;
        self.awareness = next.saturating_sub(forgotten).min(10_000) as u16;
    }

    /// Customers who leave today, in millionths, as a rate.
    pub fn leaving(&self, usual_cents: i64) -> u64 {
        let price = self.price_cents.clamp(0, 1_000_000_000_000) * 10_000 / usual_cents.max(1);
        churn_millionths(self.customers, self.quality, price.max(0) as u64, self.satisfaction)
    }

    /// A day: so many come by diffusion and from competitors (in millionths); some become leads;
    /// some leave. Whoever comes is taken from those who are free, whoever leaves is free again.
    pub fn day(&mut self, new: u64, switched: u64, free: &mut u32, size: u32, usual: i64) -> Flow {
        let leaving = self.leaving(usual);
        let lost = whole(&mut self.lost_millionths, leaving, self.customers);
        self.customers -= lost;
        *free += lost;
        let won = whole(&mut self.won_millionths, new.saturating_add(switched), *free);
        self.customers += won;
        *free -= won;
        // The fewer are free, the harder they are to find.
        let found = |rate: u64| {
            (u128::from(rate) * u128::from(*free) / u128::from(size.max(1))).min(1 << 50) as u64
        };
        let happy = u64::from(self.satisfaction.saturating_sub(5_000)) * 2;
        let referred = u64::from(self.customers) * REFERRAL_BP * 5 * happy / 10_000;
        let asked = [
            // Who sells nothing in person is not asked for a meeting either.
            if self.outreach > 0 { new / 10_000 * INBOUND_BP } else { 0 },
            found(u64::from(self.outreach) * 1_000),
            if self.outreach > 0 { found(referred) } else { 0 },
        ];
        let mut prospects = [0; 3];
        for (at, rate) in asked.into_iter().enumerate() {
            prospects[at] = whole(&mut self.lead_millionths[at], rate, *free);
            *free -= prospects[at];
            self.prospects += prospects[at];
        }
        Flow { won, lost, prospects }
    }

    /// Prospects who have signed, and others who have not.
    pub fn settle(&mut self, signed: u32, declined: u32) {
        let signed = signed.min(self.prospects);
        self.prospects -= signed;
        self.customers += signed;
        self.prospects -= declined.min(self.prospects);
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
    fn a_better_product_and_happier_customers_mean_less_churn() {
        let churn = |quality, csat| churn_millionths(1_000, quality, 10_000, csat);
        assert!(churn(9_000, 8_000) < churn(8_000, 8_000));
        assert!(churn(8_000, 8_000) < churn(3_000, 8_000));
        assert!(churn(8_000, 9_000) < churn(8_000, 8_000));
        assert!(churn(8_000, 8_000) < churn(8_000, 4_000));
        assert_eq!(churn(8_000, 8_000) * 20 / 1_000_000, 35);
        assert!(churn(10_000, u16::MAX) > 0);
    }

    #[test]
    fn demand_falls_with_the_price_and_revenue_is_best_near_the_usual_one() {
        let revenue = |price: i64| price_pull(price, 5_000) * price as f64;
        assert!(price_pull(4_000, 5_000) > price_pull(6_000, 5_000));
        assert!((price_pull(5_000, 5_000) - 1.0).abs() < 1e-9);
        assert!(revenue(5_000) > revenue(2_000) && revenue(5_000) > revenue(15_000));
        assert!(price_pull(i64::MAX, 0) >= 0.0);
    }

    #[test]
    fn marketing_makes_known_and_the_unknown_is_forgotten() {
        let mut loud = Standing { marketing: 15_000, ..Standing::default() };
        let mut silent = Standing { awareness: 5_000, ..Standing::default() };
        for _ in 0..120 {
            loud.get_known(10_000);
            silent.get_known(10_000);
        }
        assert!(loud.awareness > 5_000, "{}", loud.awareness);
        assert!(silent.awareness < 3_500, "{}", silent.awareness);
    }

    #[test]
    fn nobody_is_made_or_lost_in_a_day() {
        let mut standing =
            Standing { customers: 100, quality: 3_000, outreach: 9_000, ..Standing::default() };
        let (size, mut free) = (1_000, 900);
        for _ in 0..500 {
            standing.day(2_300_000, 100_000, &mut free, size, 4_900);
            standing.settle(1, 2);
            free = size - standing.customers - standing.prospects;
        }
        assert!(standing.customers > 100 && standing.check().is_ok());
    }
}
