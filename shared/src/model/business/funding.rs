//! Funding: founders look for investors when the money gets short or growth makes it worth it;
//! whether and on which terms a round closes follows from what investors see. An outcome, never a
//! setting. Who pays for itself does not ask.

use bincode::{Decode, Encode};

use super::bounded;
use super::money::MONTH_DAYS;
use super::talk::BusinessTalk;
use crate::model::happen::{Happen, Stream};
use crate::model::people::person::shift;
use crate::model::phases::EndFacts;
use crate::model::project::Project;
use crate::model::view::Phase;
use crate::model::words::talk::About;

/// Rounds a project can raise.
pub const ROUNDS_MAX: usize = 5;
/// Months of money below which founders begin to raise. Our assumption: a round takes about half a
/// year, and nobody wants to ask with empty pockets.
const RUNWAY_MONTHS: u16 = 9;
/// Working days until a first round of talks can lead to money: preparing, meeting, papers. Our
/// assumption.
const FIRST_DAYS: u32 = 30;
/// Working days after which founders give up. Our assumption: half a year.
const GIVE_UP_DAYS: u32 = 130;
/// Working days between a failed attempt and the next one. Our assumption.
const REST_DAYS: u32 = 65;
/// Working days between a round and the next one that is raised out of strength. Our assumption.
const BETWEEN_DAYS: u32 = 260;
/// A round is meant to last so many months. Common advice is 18 to 24.
const MONTHS_RAISED: i64 = 18;
/// Chance in a week that a round closes, in basis points: for whoever shows nothing, and what the
/// cube of the attraction adds. Our assumption, set with the survival of start-ups in view.
const CLOSES_BP: f64 = 30.0;
const CLOSES_MORE_BP: f64 = 1_700.0;
/// Working days in a row of profit after which nobody needs investors.
const BOOTSTRAPPED_DAYS: u32 = 20;
/// Share of a founder's day that raising money takes, in basis points. Our assumption.
pub const FOUNDER_BP: u32 = 4_000;

/// Which round it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum RoundKind {
    PreSeed,
    Seed,
    SeriesA,
    SeriesB,
    SeriesC,
}

impl RoundKind {
    /// The words people read.
    pub fn word(self) -> &'static str {
        match self {
            RoundKind::PreSeed => "pre-seed",
            RoundKind::Seed => "seed",
            RoundKind::SeriesA => "series A",
            RoundKind::SeriesB => "series B",
            RoundKind::SeriesC => "series C",
        }
    }

    fn next(self) -> RoundKind {
        match self {
            RoundKind::PreSeed => RoundKind::Seed,
            RoundKind::Seed => RoundKind::SeriesA,
            RoundKind::SeriesA => RoundKind::SeriesB,
            RoundKind::SeriesB | RoundKind::SeriesC => RoundKind::SeriesC,
        }
    }

    /// The least and the most that is raised, in thousands. Our assumption, in the order of what
    /// European rounds are.
    fn thousands(self) -> (i64, i64) {
        match self {
            RoundKind::PreSeed => (200, 1_000),
            RoundKind::Seed => (600, 3_500),
            RoundKind::SeriesA => (2_500, 14_000),
            RoundKind::SeriesB => (8_000, 40_000),
            RoundKind::SeriesC => (20_000, 100_000),
        }
    }

    /// What is taken off the attraction: later investors want to see more. Our assumption.
    fn bar(self) -> f64 {
        match self {
            RoundKind::PreSeed => 0.0,
            RoundKind::Seed => 0.04,
            RoundKind::SeriesA => 0.12,
            RoundKind::SeriesB => 0.18,
            RoundKind::SeriesC => 0.24,
        }
    }
}

/// A round that closed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Round {
    pub kind: RoundKind,
    /// Working day it closed on.
    pub day: u32,
    pub cents: i64,
    /// What the company was held to be worth before the money, in cents.
    pub pre_money_cents: i64,
    /// Share that went to the investors, in basis points.
    pub dilution: u16,
}

/// Funding of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Funding {
    /// Newest last.
    pub rounds: Vec<Round>,
    /// Working day on which founders began to raise, while they do.
    pub raising_since: Option<u32>,
    /// Working day before which they do not try again.
    pub rest_until: u32,
    /// Attempts that came to nothing.
    pub failed: u16,
}

impl Funding {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let sound = self.rounds.len() <= ROUNDS_MAX
            && self.rounds.iter().all(|round| {
                bounded(&[round.cents, round.pre_money_cents]) && round.dilution <= 10_000
            });
        if sound { Ok(()) } else { Err("the funding rounds are not sound".into()) }
    }

    /// What is left to those who founded it, in basis points.
    pub fn founders_share(&self) -> u16 {
        self.rounds.iter().fold(10_000u32, |share, round| {
            share * (10_000 - u32::from(round.dilution.min(10_000))) / 10_000
        }) as u16
    }

    /// Put in by investors, in cents.
    pub fn raised_cents(&self) -> i64 {
        self.rounds.iter().fold(0, |all, round| super::books::add(all, round.cents))
    }
}

impl Project {
    /// Whether founders are looking for investors, which takes [`FOUNDER_BP`] of their day.
    pub fn raising_money(&self) -> bool {
        self.business.funding.raising_since.is_some()
    }

    /// Whether it lives on what it earns.
    pub fn pays_for_itself(&self) -> bool {
        self.profitable_days >= BOOTSTRAPPED_DAYS
    }

    /// The round that comes next.
    fn next_round(&self) -> RoundKind {
        match self.business.funding.rounds.last() {
            Some(round) => round.kind.next(),
            None if self.launched && self.mrr_cents() > 0 => RoundKind::Seed,
            None => RoundKind::PreSeed,
        }
    }

    /// Growth of recurring revenue a month, over the last three whole months: 0.1 is 10 %.
    pub fn monthly_growth(&self) -> f64 {
        let months = self.business.books.whole(3);
        let Some(first) = months.first().filter(|month| month.opening_mrr > 0) else { return 0.0 };
        let ratio = self.mrr_cents() as f64 / first.opening_mrr as f64;
        libm::pow(ratio.clamp(0.01, 100.0), 1.0 / months.len() as f64) - 1.0
    }

    /// What investors make of it, from 0 to 1: growth, revenue against cost, quality, idea and
    /// team; before the launch idea, team and how far it has come. The weights are our assumption;
    /// that growth and team count most is what investors say.
    pub fn attraction(&self) -> f64 {
        let count = self.people.len().max(1) as f64;
        let craft = |sum: u32, p: &crate::model::people::person::Person| {
            sum + p.skill(p.role.skills().0).min(10_000)
        };
        let team = f64::from(self.people.iter().fold(0, craft)) / count / 10_000.0;
        let report = self.ends.iter().rev().find_map(|end| match &end.facts {
            EndFacts::Report(report) => Some(report.overall()),
            _ => None,
        });
        let idea = report.map_or(0.5, |score| f64::from(score) / 10_000.0);
        if !self.launched {
            let far = f64::from(self.phase as u8) / f64::from(Phase::Growth as u8);
            return 0.35 * team + 0.4 * idea + 0.25 * far;
        }
        let growth = (self.monthly_growth() / 0.15).clamp(0.0, 1.0);
        let cost = (self.daily_cost_cents() * MONTH_DAYS as i64).max(1);
        let covers = (self.mrr_cents() as f64 / cost as f64).min(1.0);
        let quality = f64::from(self.quality()) / 10_000.0;
        0.4 * growth + 0.2 * covers + 0.15 * quality + 0.1 * idea + 0.15 * team
    }

    /// Once a week: begin to raise, close, or give up.
    pub(in crate::model) fn consider_raising(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        // An owner who only wants to know whether an idea is worth it does not sell shares.
        if self.stop_after < Phase::Growth || self.phase < Phase::Validation {
            return;
        }
        let Some(since) = self.business.funding.raising_since else {
            if self.wants_money(day) {
                self.business.funding.raising_since = Some(day);
                let kind = self.next_round();
                let months = self.months_of_money();
                self.tell_funding(BusinessTalk::RoundBegins { kind, months }, -500, now, happen);
            }
            return;
        };
        let spent = day.saturating_sub(since);
        if spent < FIRST_DAYS {
            return;
        }
        let kind = self.next_round();
        let seen = (self.attraction() - kind.bar()).max(0.0);
        let chance = CLOSES_BP + CLOSES_MORE_BP * seen * seen * seen;
        let drawn = happen.rng(Stream::Business).chance(chance as u32);
        if drawn {
            self.close_round(kind, seen, day, now, happen);
        } else if spent >= GIVE_UP_DAYS {
            let funding = &mut self.business.funding;
            funding.raising_since = None;
            funding.rest_until = day.saturating_add(REST_DAYS);
            funding.failed = funding.failed.saturating_add(1);
            for person in &mut self.people {
                shift(&mut person.morale, -250);
            }
            let weeks = (spent / 5).min(255) as u8;
            self.tell_funding(BusinessTalk::RoundFails { kind, weeks }, -5_000, now, happen);
        }
    }

    fn wants_money(&self, day: u32) -> bool {
        let funding = &self.business.funding;
        if day < funding.rest_until
            || funding.rounds.len() >= ROUNDS_MAX
            || self.people.is_empty()
            || self.pays_for_itself()
        {
            return false;
        }
        let rested =
            funding.rounds.last().is_none_or(|last| day >= last.day.saturating_add(BETWEEN_DAYS));
        self.months_of_money() < RUNWAY_MONTHS
            || (rested && self.launched && self.attraction() > 0.7)
    }

    /// The money comes in, on terms that follow from what was seen.
    fn close_round(
        &mut self,
        kind: RoundKind,
        seen: f64,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let (least, most) = kind.thousands();
        let wanted = self.daily_cost_cents().saturating_mul(MONTH_DAYS as i64 * MONTHS_RAISED);
        let cents = wanted.clamp(least * 100_000, most * 100_000) / 1_000_000 * 1_000_000;
        // The less there is to see, the larger the share: 30 % to 12 %. Our assumption; a fifth is
        // what most rounds give away.
        let noise = happen.rng(Stream::Business).between(-200, 200);
        let dilution = (3_000 - (seen * 1_800.0) as i64 + noise).clamp(800, 3_500);
        let pre_money_cents =
            (i128::from(cents) * i128::from(10_000 - dilution) / i128::from(dilution)) as i64;
        self.fund(cents);
        let funding = &mut self.business.funding;
        funding.raising_since = None;
        funding.rest_until = day.saturating_add(REST_DAYS);
        funding.rounds.push(Round { kind, day, cents, pre_money_cents, dilution: dilution as u16 });
        for person in &mut self.people {
            shift(&mut person.morale, 400);
        }
        let thousands = (cents / 100_000) as u32;
        let talk = BusinessTalk::RoundCloses { kind, thousands, dilution: dilution as u16 };
        self.tell_funding(talk, 7_000, now, happen);
    }

    fn tell_funding(
        &mut self,
        talk: BusinessTalk,
        mood: i16,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        if !self.people.is_empty() {
            let lead = self.leader();
            happen.say(self, lead, None, About::Business(talk), None, mood, now);
        }
    }
}
