//! Sales: leads with a score, from first contact to yes or no, moved by the time of those who sell.

use bincode::{Decode, Encode};

use super::talk::BusinessTalk;
use crate::model::happen::{Happen, Stream};
use crate::model::kind::{Role, Skill};
use crate::model::project::Project;
use crate::model::words::talk::About;
use crate::rng::Rng;

/// Leads a project works on at a time; whoever finds no room here goes elsewhere.
pub const LEADS_MAX: usize = 32;
/// Outcomes that are remembered.
pub const CLOSED_KEPT: usize = 8;
/// Customers (seats) of one lead at most.
pub const SEATS_MAX: u32 = 60;
/// Mean seats of a lead beyond the first. Our assumption.
const SEATS_MEAN: f64 = 3.0;
/// Minutes a day that somebody has for selling: the rest is meetings, records and breaks. Our
/// assumption; surveys of sales people find a third to a half of their time.
const MINUTES_SALES: u32 = 240;
const MINUTES_MARKETING: u32 = 60;
const MINUTES_FOUNDER: u32 = 90;
/// Minutes of selling to find a possible customer who answers. Our assumption.
const MINUTES_PER_CONTACT: u32 = 240;
/// Working days after which nobody waits for an answer any more. Our assumption: two months.
const PATIENCE_DAYS: u32 = 40;

/// Where a lead came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Source {
    /// They asked.
    Inbound,
    /// They were asked.
    Outbound,
    /// A customer or partner told them.
    Referral,
}

impl Source {
    pub const ALL: [Source; 3] = [Source::Inbound, Source::Outbound, Source::Referral];

    /// The word people read.
    pub fn word(self) -> &'static str {
        match self {
            Source::Inbound => "inbound",
            Source::Outbound => "outbound",
            Source::Referral => "referral",
        }
    }

    /// How likely each step is against an inbound lead, in basis points. Our assumption; that
    /// recommended customers are the likeliest is common experience.
    fn warmth(self) -> u32 {
        match self {
            Source::Inbound => 10_000,
            Source::Outbound => 8_000,
            Source::Referral => 12_500,
        }
    }
}

/// How far a lead has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Stage {
    New,
    Qualified,
    Demo,
    Proposal,
}

impl Stage {
    pub const ALL: [Stage; 4] = [Stage::New, Stage::Qualified, Stage::Demo, Stage::Proposal];

    /// The word people read.
    pub fn word(self) -> &'static str {
        match self {
            Stage::New => "new",
            Stage::Qualified => "qualified",
            Stage::Demo => "demo",
            Stage::Proposal => "proposal",
        }
    }

    /// Minutes of selling it takes to get to the next, for one seat. Our assumption.
    fn minutes(self) -> u32 {
        match self {
            Stage::New => 30,
            Stage::Qualified => 60,
            Stage::Demo => 120,
            Stage::Proposal => 120,
        }
    }

    /// Share that gets to the next at the usual fit, quality and price, in basis points. Our
    /// assumption: 7 % of leads in all, in the range that software companies report.
    fn passes(self) -> u32 {
        match self {
            Stage::New => 5_500,
            Stage::Qualified => 6_000,
            Stage::Demo => 5_500,
            Stage::Proposal => 4_000,
        }
    }
}

/// A possible customer with a name.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Lead {
    /// See [`super::lead_name::lead_name`].
    pub name: u16,
    /// Which of the project's target customers it is one of.
    pub segment: u8,
    pub source: Source,
    pub stage: Stage,
    /// How well the product suits it, in basis points.
    pub fit: u16,
    /// Customers it would bring.
    pub seats: u16,
    /// Minutes of selling left in this stage.
    pub minutes: u16,
    /// Working day on which it answers.
    pub due_day: u32,
    /// Working day it came on.
    pub since_day: u32,
}

impl Lead {
    /// How much it is worth working on, in basis points: fit for six tenths, size for a quarter,
    /// source for the rest. Our assumption.
    pub fn score(&self) -> u16 {
        let size = 10_000 * u32::from(self.seats) / (u32::from(self.seats) + 5);
        let source = self.source.warmth().saturating_sub(8_000) * 2;
        ((u32::from(self.fit) * 60 + size * 25 + source.min(10_000) * 15) / 100) as u16
    }
}

/// How a lead ended.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Closed {
    pub name: u16,
    pub seats: u16,
    pub won: bool,
    pub day: u32,
}

/// The leads of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Pipeline {
    pub leads: Vec<Lead>,
    /// Newest last.
    pub closed: Vec<Closed>,
    /// Seats the market has not been told of: signed, and lost again.
    pub signed: u32,
    pub declined: u32,
    /// Possible customers looked for, in thousandths a day.
    pub outreach: u32,
    /// Ever, by [`Source`].
    pub came: [u32; 3],
    pub won: [u32; 3],
    pub lost: [u32; 3],
}

impl Pipeline {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let sound = self.leads.len() <= LEADS_MAX
            && self.closed.len() <= CLOSED_KEPT
            && self.leads.iter().all(|lead| {
                lead.fit <= 10_000 && u32::from(lead.seats) <= SEATS_MAX && lead.minutes <= 10_000
            })
            && self.signed <= 1 << 30
            && self.declined <= 1 << 30
            && self.outreach <= 1 << 30;
        if sound { Ok(()) } else { Err("the sales pipeline is not sound".into()) }
    }

    /// Seats of all that are neither won nor lost, and of those the market has not heard of.
    pub fn seats(&self) -> u64 {
        let open: u64 = self.leads.iter().map(|lead| u64::from(lead.seats)).sum();
        open + u64::from(self.signed) + u64::from(self.declined)
    }

    /// Leads ever won and lost.
    pub fn decided(&self) -> (u64, u64) {
        let all = |counts: &[u32; 3]| counts.iter().map(|&count| u64::from(count)).sum();
        (all(&self.won), all(&self.lost))
    }

    fn close(&mut self, at: usize, won: bool, day: u32) -> Lead {
        let lead = self.leads.remove(at);
        let counts = if won { &mut self.won } else { &mut self.lost };
        let count = &mut counts[lead.source as usize];
        *count = count.saturating_add(1);
        if won {
            self.signed = self.signed.saturating_add(lead.seats.into());
        } else {
            self.declined = self.declined.saturating_add(lead.seats.into());
        }
        if self.closed.len() >= CLOSED_KEPT {
            self.closed.remove(0);
        }
        self.closed.push(Closed { name: lead.name, seats: lead.seats, won, day });
        lead
    }
}

impl Project {
    /// Interested people become leads as far as there is room; the others are told no.
    pub(super) fn take_leads(&mut self, prospects: [u32; 3]) {
        let day = Project::day_of(self.tick);
        let segments = self.profile.target_customers.len().clamp(1, 12) as u64;
        for (at, source) in Source::ALL.into_iter().enumerate() {
            let mut left = prospects[at];
            // Drawn from who they are, not from the chance of the day: the mail of a morning and
            // the evening before it share no generator.
            while left > 0 && self.business.pipeline.leads.len() < LEADS_MAX {
                let pipeline = &mut self.business.pipeline;
                let nth = pipeline.came.iter().fold(0u64, |all, &n| all + u64::from(n));
                let seed = crate::id::Hasher::new("zeromesh/lead")
                    .fixed(&self.shard.0.0)
                    .number(nth)
                    .number(day.into())
                    .finish();
                let mut rng = Rng::from_seed(seed.0);
                let seats = 1 + rng.exponential(SEATS_MEAN) as u32;
                let seats = seats.min(SEATS_MAX).min(left);
                left -= seats;
                // Whoever knows for whom the product is finds those it suits; our assumption.
                let aimed = 250 * self.profile.target_customers.len().min(4) as i64;
                let fit = 4_500 + aimed + (rng.normal() * 1_800.0) as i64;
                pipeline.came[at] = pipeline.came[at].saturating_add(1);
                pipeline.leads.push(Lead {
                    name: rng.below(1 << 16) as u16,
                    segment: rng.below(segments) as u8,
                    source,
                    stage: Stage::New,
                    fit: fit.clamp(300, 9_800) as u16,
                    seats: seats as u16,
                    minutes: Stage::New.minutes() as u16,
                    due_day: day,
                    since_day: day,
                });
            }
            let pipeline = &mut self.business.pipeline;
            pipeline.declined = pipeline.declined.saturating_add(left).min(1 << 30);
        }
    }

    /// Minutes of the day for selling.
    fn selling_minutes(&self, day: u32) -> u32 {
        let raising = self.raising_money();
        let minutes: u32 = self
            .people
            .iter()
            .map(|person| {
                let minutes = match person.role {
                    Role::Sales => MINUTES_SALES,
                    Role::Marketing => MINUTES_MARKETING,
                    // Whoever talks to investors does not talk to customers.
                    Role::Founder if raising => MINUTES_FOUNDER / 3,
                    Role::Founder => MINUTES_FOUNDER,
                    _ => return 0,
                };
                if person.away_until > day {
                    return 0;
                }
                let able = 4_600 + person.skill(Skill::Commerce);
                (u64::from(minutes) * u64::from(able) * u64::from(person.share) / 100_000_000)
                    as u32
            })
            .sum();
        minutes.min(1_000_000)
    }

    /// A day of selling: the best leads first, and what is left of the time for finding new ones.
    pub(in crate::model) fn work_leads(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
        if !self.launched {
            return;
        }
        let mut minutes = self.selling_minutes(day);
        if minutes == 0 && self.business.pipeline.leads.is_empty() {
            self.business.pipeline.outreach = 0;
            return;
        }
        self.forget_cold_leads(day);
        let quality = u32::from(self.quality());
        let mut talk = None;
        while minutes > 0 {
            let leads = &mut self.business.pipeline.leads;
            let best = (0..leads.len())
                .filter(|&at| leads[at].due_day <= day)
                .max_by_key(|&at| (leads[at].score(), leads[at].seats, leads[at].name));
            let Some(at) = best else { break };
            let lead = &mut leads[at];
            let spent = minutes.min(lead.minutes.into());
            lead.minutes -= spent as u16;
            minutes -= spent;
            if lead.minutes > 0 {
                break;
            }
            talk = self.lead_answers(at, day, quality, happen).or(talk);
        }
        self.business.pipeline.outreach = (u64::from(minutes) * 4_000
            / u64::from(MINUTES_PER_CONTACT)) as u32
            + self.partner_outreach();
        if let Some(about) = talk
            && !self.people.is_empty()
        {
            let seller = self.seller();
            let mood = if matches!(about, BusinessTalk::LeadWon { .. }) { 5_000 } else { -2_500 };
            happen.say(self, seller, None, About::Business(about), None, mood, now);
        }
    }

    /// Whoever sells: a sales person, or whoever leads.
    fn seller(&self) -> usize {
        let found = self.people.iter().position(|person| person.role == Role::Sales);
        found.unwrap_or_else(|| self.leader())
    }

    /// A lead's stage is worked through: it goes on, or ends. What is worth telling is returned.
    fn lead_answers(
        &mut self,
        at: usize,
        day: u32,
        quality: u32,
        happen: &mut Happen<'_, '_>,
    ) -> Option<BusinessTalk> {
        let price = self.policies.price_cents;
        let pipeline = &mut self.business.pipeline;
        let lead = &mut pipeline.leads[at];
        let mut chance = lead.stage.passes() * (5_000 + u32::from(lead.fit)) / 10_000;
        chance = chance * lead.source.warmth() / 10_000;
        if lead.stage >= Stage::Demo {
            // They see the product: at a quality of 8,000 nothing changes.
            chance = chance * (2_000 + quality) / 10_000;
        }
        let rng = happen.rng(Stream::Business);
        if rng.chance(chance.min(9_500)) {
            let next = match lead.stage {
                Stage::New => Stage::Qualified,
                Stage::Qualified => Stage::Demo,
                Stage::Demo => Stage::Proposal,
                Stage::Proposal => {
                    let lead = pipeline.close(at, true, day);
                    self.gain_customers(lead.seats.into(), price);
                    let (name, seats) = (lead.name, lead.seats);
                    return Some(BusinessTalk::LeadWon { name, seats });
                }
            };
            lead.stage = next;
            // More seats, more people to convince.
            let more = 10 + u32::from(lead.seats).min(60);
            lead.minutes = (next.minutes() * more / 11) as u16;
            // They take their time: one to two weeks between two steps.
            lead.due_day = day.saturating_add(rng.between(2, 9) as u32);
            return None;
        }
        let late = lead.stage >= Stage::Proposal;
        let lead = pipeline.close(at, false, day);
        late.then_some(BusinessTalk::LeadLost { name: lead.name, seats: lead.seats })
    }

    /// Whoever waited too long has decided for themselves.
    fn forget_cold_leads(&mut self, day: u32) {
        let pipeline = &mut self.business.pipeline;
        let mut at = 0;
        while at < pipeline.leads.len() {
            if pipeline.leads[at].due_day.saturating_add(PATIENCE_DAYS) < day {
                pipeline.close(at, false, day);
            } else {
                at += 1;
            }
        }
    }
}
