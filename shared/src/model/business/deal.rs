//! Deals: what one project buys from another. The market names somebody to buy from; the buyer
//! offers seats and a price, the seller accepts or declines by its price; then the seller invoices
//! and the buyer pays, month by month.
//!
//! Money is never made or lost on the way: it leaves the buyer's books when the payment is sent,
//! enters the seller's when it arrives, and goes back into the buyer's if it comes back.

use bincode::{Decode, Encode};

use super::books::{Cost, Income, add};
use super::market::MarketMessage;
use super::money::MONTH_DAYS;
use super::talk::BusinessTalk;
use crate::engine::model::Mail;
use crate::id::ShardId;
use crate::model::happen::{Happen, Stream};
use crate::model::mail::Message;
use crate::model::project::Project;
use crate::model::spec::{CENTS_MAX, NAME_BYTES_MAX};
use crate::model::view::Phase;
use crate::model::words::talk::About;

/// Deals of a project, of which it buys at most [`BUYS_MAX`].
pub const DEALS_MAX: usize = 8;
pub const BUYS_MAX: usize = 2;
/// Chance in a week that a project that may buy looks for a seller, in basis points. Our assumption.
const SEEKS_BP: u32 = 1_500;
/// Months of money below which nothing is bought. Our assumption.
const BUYS_FROM_MONTHS: u16 = 6;
/// The price below which a seller declines, in basis points of its own price: large orders may have
/// it cheaper. Our assumption.
const FLOOR_BP: i64 = 8_800;
const FLOOR_LARGE_BP: i64 = 7_500;
const LARGE_SEATS: u16 = 20;
/// What a seat of a bought tool saves its user of what talking about the work costs, in basis points
/// of the working time. Our assumption.
const TOOLING_BP: u32 = 70;
/// Possible customers a day that an integration brings, in thousandths. Our assumption.
const INTEGRATION_OUTREACH: u32 = 400;
/// Working days without an invoice or a payment after which a deal is dead: three months.
const SILENT_DAYS: u32 = 3 * MONTH_DAYS as u32;

/// What is bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Purchase {
    /// Seats of a tool that makes work a little faster.
    Tooling,
    /// A connection between two products, which brings possible customers.
    Integration,
}

impl Purchase {
    /// The word people read.
    pub fn word(self) -> &'static str {
        match self {
            Purchase::Tooling => "tooling",
            Purchase::Integration => "integration",
        }
    }
}

/// What two projects say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum DealMessage {
    /// A buyer's offer: for each seat and month.
    Propose { what: Purchase, seats: u16, price_cents: i64, name: String },
    /// The seller takes it.
    Accept { name: String },
    /// The seller does not, at that price; from this one on it would.
    Decline { floor_cents: i64, name: String },
    /// Due for a month.
    Invoice { cents: i64 },
    /// Money.
    Pay { cents: i64 },
    /// No longer.
    Cancel { by_seller: bool },
}

/// A deal with another project, as one of the two sees it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Deal {
    pub partner: ShardId,
    /// What the partner is called.
    pub name: String,
    pub buying: bool,
    pub what: Purchase,
    pub seats: u16,
    /// For each seat and month.
    pub price_cents: i64,
    /// Whether both have agreed; else an offer is on its way.
    pub agreed: bool,
    /// Working day it began on.
    pub since_day: u32,
    /// Working day of the last invoice or payment.
    pub last_day: u32,
    /// Paid, or received, up to now.
    pub total_cents: i64,
}

impl Deal {
    fn monthly_cents(&self) -> i64 {
        i64::from(self.seats) * self.price_cents
    }
}

/// The deals of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Deals {
    pub open: Vec<Deal>,
    /// Ever agreed.
    pub agreed: u32,
}

impl Deals {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let sound = self.open.len() <= DEALS_MAX
            && self.open.iter().all(|deal| {
                deal.name.len() <= NAME_BYTES_MAX
                    && (0..=CENTS_MAX / 1_000).contains(&deal.price_cents)
                    && super::bounded(&[deal.total_cents])
            });
        if sound { Ok(()) } else { Err("the deals with other projects are not sound".into()) }
    }

    fn find(&self, partner: ShardId, buying: bool) -> Option<usize> {
        self.open.iter().position(|deal| deal.partner == partner && deal.buying == buying)
    }

    /// Seats of a kind in use.
    fn seats(&self, what: Purchase) -> u32 {
        self.open
            .iter()
            .filter(|deal| deal.buying && deal.agreed && deal.what == what)
            .map(|deal| u32::from(deal.seats))
            .sum()
    }

    /// What a partner is called, by the first bytes of its id.
    pub fn partner_name(&self, partner: u32) -> String {
        let found = self.open.iter().find(|deal| short(deal.partner) == partner);
        match found.map(|deal| deal.name.as_str()) {
            Some(name) if !name.is_empty() => name.to_string(),
            _ => format!("the company {partner:08x}"),
        }
    }
}

/// The first bytes of an id, as in its short form.
fn short(shard: ShardId) -> u32 {
    let [a, b, c, d, ..] = shard.0.0;
    u32::from_be_bytes([a, b, c, d])
}

fn cut(name: String) -> String {
    if name.len() <= NAME_BYTES_MAX { name } else { String::new() }
}

impl Project {
    /// What bought tools save of the cost of talking about the work, in basis points of working
    /// time: see [`Project::communication`].
    pub fn tooling_saves(&self) -> u32 {
        if self.business.deals.open.is_empty() {
            return 0;
        }
        let people = self.people.len().max(1) as u32;
        let seats = self.business.deals.seats(Purchase::Tooling).min(2 * people);
        TOOLING_BP * seats / people
    }

    /// Possible customers a day that partners bring, in thousandths.
    pub(super) fn partner_outreach(&self) -> u32 {
        let seats = self.business.deals.seats(Purchase::Integration);
        if seats > 0 { INTEGRATION_OUTREACH } else { 0 }
    }

    fn tell_deal(&self, to: ShardId, message: DealMessage, happen: &mut Happen<'_, '_>) {
        happen.step.send(to, Message::Deal(message).to_bytes());
    }

    fn say_deal(&mut self, talk: BusinessTalk, mood: i16, now: u64, happen: &mut Happen<'_, '_>) {
        if !self.people.is_empty() {
            let lead = self.leader();
            happen.say(self, lead, None, About::Business(talk), None, mood, now);
        }
    }

    /// Once a week: invoices, deals nobody keeps any more, and whether to look for a seller.
    pub(in crate::model) fn consider_deals(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let mut at = 0;
        while at < self.business.deals.open.len() {
            let deal = &mut self.business.deals.open[at];
            if day.saturating_sub(deal.last_day) > SILENT_DAYS {
                let (partner, buying) = (deal.partner, deal.buying);
                self.tell_deal(partner, DealMessage::Cancel { by_seller: !buying }, happen);
                self.end_deal(at, now, happen);
                continue;
            }
            let month = MONTH_DAYS as u32;
            let due = deal.agreed
                && !deal.buying
                && day.saturating_sub(deal.since_day) / month
                    != day.saturating_sub(deal.since_day).saturating_sub(5) / month;
            if due {
                let (partner, cents) = (deal.partner, deal.monthly_cents());
                self.tell_deal(partner, DealMessage::Invoice { cents }, happen);
            }
            at += 1;
        }
        let Some(market) = self.market else { return };
        let buys = self.business.deals.open.iter().filter(|deal| deal.buying).count();
        let may = buys < BUYS_MAX
            && self.business.deals.open.len() < DEALS_MAX
            && self.phase >= Phase::Design
            && self.people.len() > 1
            && self.months_of_money() >= BUYS_FROM_MONTHS;
        if may && Self::business_chance(happen, SEEKS_BP) {
            happen.step.send(market, Message::Market(MarketMessage::Seek).to_bytes());
        }
    }

    /// The market has named somebody to buy from: make an offer if it is worth it.
    pub(super) fn meet_seller(
        &mut self,
        seller: ShardId,
        price_cents: i64,
        quality: u16,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let deals = &self.business.deals;
        let people = self.people.len().min(usize::from(u16::MAX)) as u16;
        let price_cents = price_cents.clamp(0, CENTS_MAX / 1_000);
        // A bad product costs more time than it saves.
        if seller == self.shard
            || deals.open.len() >= DEALS_MAX
            || deals.find(seller, true).is_some()
            || quality < 6_000
            || people == 0
            || price_cents == 0
        {
            return;
        }
        let rng = happen.rng(Stream::Business);
        let what = if self.launched && rng.chance(4_000) {
            Purchase::Integration
        } else {
            Purchase::Tooling
        };
        let seats = if what == Purchase::Tooling { people } else { 1 + people / 4 };
        let offer = price_cents / 100 * rng.between(75, 100);
        // No more than a fiftieth of what a month costs.
        let most = self.daily_cost_cents() * MONTH_DAYS as i64 / 50;
        if offer * i64::from(seats) > most || offer == 0 {
            return;
        }
        self.offer_deal(seller, what, seats, offer, now, happen);
        let talk = BusinessTalk::DealOffered {
            partner: short(seller),
            seats,
            price_cents: offer.min(u32::MAX.into()) as u32,
        };
        self.say_deal(talk, 1_000, now, happen);
    }

    fn offer_deal(
        &mut self,
        partner: ShardId,
        what: Purchase,
        seats: u16,
        price_cents: i64,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let day = Project::day_of(now);
        let name = self.profile.name.clone();
        self.tell_deal(partner, DealMessage::Propose { what, seats, price_cents, name }, happen);
        self.business.deals.open.push(Deal {
            partner,
            name: String::new(),
            buying: true,
            what,
            seats,
            price_cents,
            agreed: false,
            since_day: day,
            last_day: day,
            total_cents: 0,
        });
    }

    /// A deal is no more.
    fn end_deal(&mut self, at: usize, now: u64, happen: &mut Happen<'_, '_>) {
        let deal = &self.business.deals.open[at];
        let (partner, buying, agreed) = (deal.partner, deal.buying, deal.agreed);
        if agreed {
            // Said while the name of the partner is still known.
            let talk = BusinessTalk::DealEnded { partner: short(partner), buying };
            self.say_deal(talk, -2_000, now, happen);
        }
        self.business.deals.open.remove(at);
    }

    pub(in crate::model) fn hear_deal(
        &mut self,
        mail: &Mail,
        message: DealMessage,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        if mail.returned {
            return self.hear_returned_deal(mail.from, message, now, happen);
        }
        let (from, day) = (mail.from, Project::day_of(now));
        match message {
            DealMessage::Propose { what, seats, price_cents, name } => {
                self.hear_offer(from, what, seats, price_cents, cut(name), now, happen);
            }
            DealMessage::Accept { name } => {
                let Some(at) = self.business.deals.find(from, true) else {
                    return self.tell_deal(from, DealMessage::Cancel { by_seller: false }, happen);
                };
                let deal = &mut self.business.deals.open[at];
                deal.agreed = true;
                deal.name = cut(name);
                deal.since_day = day;
                deal.last_day = day;
                let talk = agreed(deal);
                self.business.deals.agreed = self.business.deals.agreed.saturating_add(1);
                self.say_deal(talk, 3_000, now, happen);
            }
            DealMessage::Decline { floor_cents, name } => {
                let Some(at) = self.business.deals.find(from, true) else { return };
                if self.business.deals.open[at].agreed {
                    return;
                }
                let mut deal = self.business.deals.open.remove(at);
                deal.name = cut(name);
                // A little more than was offered is still worth it, once.
                let floor = floor_cents.clamp(0, CENTS_MAX / 1_000);
                if floor > deal.price_cents && floor <= deal.price_cents / 10 * 12 {
                    return self.offer_deal(from, deal.what, deal.seats, floor, now, happen);
                }
                let partner = short(from);
                let price_cents = deal.price_cents.min(u32::MAX.into()) as u32;
                self.business.deals.open.push(deal);
                let talk = BusinessTalk::DealDeclined { partner, price_cents, buying: true };
                self.say_deal(talk, -1_000, now, happen);
                self.business.deals.open.pop();
            }
            DealMessage::Invoice { cents } => self.hear_invoice(from, cents, now, happen),
            DealMessage::Pay { cents } => {
                let cents = cents.clamp(0, CENTS_MAX);
                self.earn(Income::Deals, cents);
                let books = &mut self.business.books;
                books.earned_inside_cents = add(books.earned_inside_cents, cents);
                if let Some(at) = self.business.deals.find(from, false) {
                    let deal = &mut self.business.deals.open[at];
                    deal.total_cents = add(deal.total_cents, cents);
                    deal.last_day = day;
                }
            }
            DealMessage::Cancel { by_seller } => {
                if let Some(at) = self.business.deals.find(from, by_seller) {
                    self.end_deal(at, now, happen);
                }
            }
        }
    }

    /// Somebody wants to buy: yes at our price, less for a large order.
    #[expect(clippy::too_many_arguments, reason = "an offer has that many sides")]
    fn hear_offer(
        &mut self,
        from: ShardId,
        what: Purchase,
        seats: u16,
        price_cents: i64,
        name: String,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let own = cut(self.profile.name.clone());
        let floor_bp = if seats >= LARGE_SEATS { FLOOR_LARGE_BP } else { FLOOR_BP };
        let floor_cents = self.policies.price_cents / 10_000 * floor_bp
            + self.policies.price_cents % 10_000 * floor_bp / 10_000;
        let deals = &mut self.business.deals;
        let room = deals.open.len() < DEALS_MAX && deals.find(from, false).is_none();
        let price_cents = price_cents.clamp(0, CENTS_MAX / 1_000);
        let fair = price_cents >= floor_cents && seats > 0 && self.launched;
        let day = Project::day_of(now);
        if room {
            deals.open.push(Deal {
                partner: from,
                name,
                buying: false,
                what,
                seats,
                price_cents,
                agreed: fair,
                since_day: day,
                last_day: day,
                total_cents: 0,
            });
        }
        if room && fair {
            let talk = deals.open.last().map(agreed);
            deals.agreed = deals.agreed.saturating_add(1);
            self.tell_deal(from, DealMessage::Accept { name: own }, happen);
            if let Some(talk) = talk {
                self.say_deal(talk, 4_000, now, happen);
            }
            return;
        }
        if room {
            let talk = BusinessTalk::DealDeclined {
                partner: short(from),
                price_cents: price_cents.min(u32::MAX.into()) as u32,
                buying: false,
            };
            self.say_deal(talk, -500, now, happen);
            self.business.deals.open.pop();
        }
        // Whoever cannot take another deal names a price nobody pays.
        let floor_cents = if room { floor_cents } else { CENTS_MAX };
        self.tell_deal(from, DealMessage::Decline { floor_cents, name: own }, happen);
    }

    /// A month is due: pay it, or say that it is over.
    fn hear_invoice(&mut self, from: ShardId, cents: i64, now: u64, happen: &mut Happen<'_, '_>) {
        let Some(at) = self.business.deals.find(from, true) else {
            return self.tell_deal(from, DealMessage::Cancel { by_seller: false }, happen);
        };
        let deal = &self.business.deals.open[at];
        // What was agreed, and nothing that takes the money for next week's pay.
        let owed = deal.agreed && cents == deal.monthly_cents() && cents >= 0;
        let able = self.cash_cents.saturating_sub(cents) > self.daily_cost_cents() * 5;
        if !owed || !able {
            self.tell_deal(from, DealMessage::Cancel { by_seller: false }, happen);
            return self.end_deal(at, now, happen);
        }
        let deal = &mut self.business.deals.open[at];
        deal.total_cents = add(deal.total_cents, cents);
        deal.last_day = Project::day_of(now);
        self.spend(Cost::Purchases, cents);
        let books = &mut self.business.books;
        books.spent_inside_cents = add(books.spent_inside_cents, cents);
        self.tell_deal(from, DealMessage::Pay { cents }, happen);
    }

    /// A letter to a partner came back: it is no more.
    fn hear_returned_deal(
        &mut self,
        from: ShardId,
        message: DealMessage,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        if let DealMessage::Pay { cents } = message {
            let cents = cents.clamp(0, CENTS_MAX);
            self.spend(Cost::Purchases, -cents);
            let books = &mut self.business.books;
            books.spent_inside_cents = add(books.spent_inside_cents, -cents);
        }
        let deals = &mut self.business.deals;
        if let Some(at) = deals.find(from, true).or_else(|| deals.find(from, false)) {
            self.end_deal(at, now, happen);
        }
    }
}

fn agreed(deal: &Deal) -> BusinessTalk {
    BusinessTalk::DealAgreed {
        partner: short(deal.partner),
        seats: deal.seats,
        price_cents: deal.price_cents.min(u32::MAX.into()) as u32,
        buying: deal.buying,
    }
}
