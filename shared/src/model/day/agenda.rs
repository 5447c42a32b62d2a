//! Agendas: who meets whom today, when and where, from the policy on meetings. Made in the morning.
//!
//! People meet in teams of at most nine of a department (all together while there are few), so that
//! attendees are real: those of one team, in one room, each with a seat.

use crate::model::day::draw::Draw;
use crate::model::day::today::{Occasion, Slot};
use crate::model::kind::{Department, Seniority};
use crate::model::project::{Project, WEEK_DAYS};

/// A company of this size or less is one team.
const ONE_TEAM: usize = 12;
/// People in a team at most. Our assumption, in the usual range of five to nine.
const TEAM_SIZE: usize = 9;
/// Departments smaller than this meet with the other small ones.
const DEPARTMENT_MIN: usize = 3;
/// Teams there can be.
const TEAMS_MAX: usize = 128;
/// Groups teams are cut from: the departments, and the small ones together.
const GROUPS: usize = 7;
/// A stand-up.
pub const STAND_UP_MINUTES: u8 = 12;
/// The minute of the first team's stand-up; others follow.
const STAND_UP_MINUTE: u16 = 30;
/// Lunch, within the eight hours; our assumption.
const LUNCH_MINUTES: u8 = 30;
/// Lunch begins about this minute (noon, when the day begins at nine).
const LUNCH_MINUTE: u16 = 180;
/// Length of a one-to-one with the own lead, and working days from one to the next. Our assumption.
const ONE_TO_ONE_MINUTES: u8 = 25;
const ONE_TO_ONE_DAYS: u32 = 10;
/// Below this many minutes of meetings a week there are no one-to-ones.
const ONE_TO_ONE_FROM: u16 = 30;
/// Share of sessions that somebody who leads nobody attends, in basis points; our assumption.
const ATTENDANCE: u32 = 8_000;

/// Today's plan for all of a company.
pub struct Plan {
    seed: u64,
    today: u32,
    /// For each group: people in it, the number of its first team, how many teams it has.
    sizes: [usize; GROUPS],
    first: [usize; GROUPS],
    teams: [usize; GROUPS],
    /// For each team its lead: seniority and place, and how many were seated.
    leads: [(Seniority, u32); TEAMS_MAX],
    seated: [u8; TEAMS_MAX],
    placed: [usize; GROUPS],
    one_team: bool,
    /// Who leads the company.
    leader: u32,
    weekly: u8,
    session: u8,
    /// Sessions a day, in basis points.
    sessions: u32,
    /// Minutes in which a sprint is planned today and the last one looked back on.
    planning: u8,
    one_to_one: bool,
}

impl Plan {
    /// The plan for the day that begins now; a sprint is planned for so many minutes.
    pub fn new(project: &Project, now: u64, planning: u64, seed: u64) -> Plan {
        let budget = project.policies.meeting_minutes_per_week;
        let one_to_one = budget >= ONE_TO_ONE_FROM;
        let weekly = if budget < 30 { budget } else { (budget / 2).clamp(15, 75) };
        let rest = budget.saturating_sub(weekly).saturating_sub(if one_to_one {
            u16::from(ONE_TO_ONE_MINUTES) * WEEK_DAYS as u16 / ONE_TO_ONE_DAYS as u16
        } else {
            0
        });
        // Spread over the four other days; never more than four a day.
        let session = match rest {
            0..=200 => 30,
            201..=500 => 45,
            _ => 60.max(rest / 16).min(75),
        };
        let today = Project::day_of(now);
        let mut plan = Plan {
            seed,
            today,
            sizes: [0; GROUPS],
            first: [0; GROUPS],
            teams: [0; GROUPS],
            leads: [(Seniority::Junior, u32::MAX); TEAMS_MAX],
            seated: [0; TEAMS_MAX],
            placed: [0; GROUPS],
            one_team: project.people.len() <= ONE_TEAM,
            leader: u32::MAX,
            weekly: weekly.min(75) as u8,
            session: session.min(75) as u8,
            sessions: u32::from(rest) * 10_000 / (4 * u32::from(session)),
            planning: planning.min(75) as u8,
            one_to_one,
        };
        plan.form_teams(project);
        plan
    }

    fn form_teams(&mut self, project: &Project) {
        let mut leader: Option<(Seniority, u32)> = None;
        for (at, person) in project.people.iter().enumerate() {
            let department = person.role.department();
            self.sizes[department as usize] += 1;
            if department == Department::Leadership
                && leader.is_none_or(|(top, _)| person.seniority > top)
            {
                leader = Some((person.seniority, at as u32));
            }
        }
        self.leader = leader.map_or(u32::MAX, |(_, at)| at);
        if self.one_team {
            self.sizes = [0; GROUPS];
            self.sizes[GROUPS - 1] = project.people.len();
        } else {
            let small: usize =
                self.sizes[..GROUPS - 1].iter().filter(|&&size| size < DEPARTMENT_MIN).sum();
            self.sizes[GROUPS - 1] = small;
        }
        let mut first = 0;
        for group in 0..GROUPS {
            let most = if group == GROUPS - 1 { ONE_TEAM } else { TEAM_SIZE };
            self.first[group] = first;
            self.teams[group] = self.sizes[group].div_ceil(most).max(1);
            first += self.teams[group];
        }
        let mut placed = [0usize; GROUPS];
        for (at, person) in project.people.iter().enumerate() {
            let group = self.group(person.role.department());
            let team = self.team(group, placed[group]);
            placed[group] += 1;
            let lead = &mut self.leads[team];
            if lead.1 == u32::MAX || person.seniority > lead.0 {
                *lead = (person.seniority, at as u32);
            }
        }
    }

    fn group(&self, department: Department) -> usize {
        let own = department as usize;
        if self.one_team || self.sizes[own] < DEPARTMENT_MIN { GROUPS - 1 } else { own }
    }

    /// The team of the nth of a group: teams of a group are equally large.
    fn team(&self, group: usize, nth: usize) -> usize {
        let within = nth * self.teams[group] / self.sizes[group].max(1);
        (self.first[group] + within).min(TEAMS_MAX - 1)
    }

    /// Chance for one person this morning.
    pub fn draw(&self, at: usize) -> Draw {
        Draw::new(self.seed ^ (at as u64 + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    /// Chance that all of a team share.
    fn team_draw(&self, team: usize) -> Draw {
        Draw::new(!self.seed ^ (team as u64 + 1).wrapping_mul(0xA076_1D64_78BD_642F))
    }

    /// What is on somebody's agenda today, but for one-to-ones.
    pub fn person(&mut self, project: &mut Project, at: usize, draw: &mut Draw) {
        let department = project.people[at].role.department();
        let group = self.group(department);
        let team = self.team(group, self.placed[group]);
        self.placed[group] += 1;
        let seat = self.seated[team];
        self.seated[team] = (seat + 1).min(super::today::SEATS - 1);
        let company = self.sizes[group] > 1;
        let leads = self.leads[team].1 == at as u32 || at as u32 == self.leader;
        let day = &mut project.people[at].day;
        day.team = team as u8;
        let with = team as u32;
        let mut shared = self.team_draw(team);
        let mut meet = |occasion: Occasion, minute: u16, minutes: u8| {
            let room = team as u16;
            day.plan(Slot { occasion, minute, minutes, with, room, seat })
        };
        let lunch = LUNCH_MINUTE + 10 * (team % 4) as u16 + shared.below(15) as u16;
        meet(Occasion::Lunch, lunch + draw.below(12) as u16, LUNCH_MINUTES);
        if !company {
            return;
        }
        meet(Occasion::StandUp, STAND_UP_MINUTE + 15 * (team % 4) as u16, STAND_UP_MINUTES);
        if self.planning > 0 {
            meet(Occasion::Planning, 95, self.planning);
        }
        if self.today % WEEK_DAYS as u32 == with % WEEK_DAYS as u32 {
            let minute = [90, 100, 260, 280][shared.below(4) as usize];
            if self.weekly > 0 {
                meet(Occasion::Team, minute, self.weekly);
            }
            return;
        }
        let whole = self.sessions / 10_000;
        let sessions = whole + u32::from(shared.chance(self.sessions % 10_000));
        // The first in the afternoon, further ones where most people still have time.
        let starts = [255, 100, 340, 410];
        let turn = shared.below(3) as usize;
        for nth in 0..sessions.min(4) as usize {
            let minute = starts[(nth + turn) % 4] + 5 * shared.below(3) as u16;
            // Whoever leads is at all of them; others leave out what is not theirs.
            if leads || draw.chance(ATTENDANCE) {
                meet(Occasion::Session, minute, self.session);
            }
        }
    }

    /// One-to-ones: everybody with the lead of the team, team leads with who leads the company.
    pub fn one_to_ones(&self, project: &mut Project) {
        if !self.one_to_one {
            return;
        }
        let mut room = self.first[GROUPS - 1] + self.teams[GROUPS - 1];
        for at in 0..project.people.len() {
            let person = &project.people[at];
            if !person.id.wrapping_add(self.today).is_multiple_of(ONE_TO_ONE_DAYS) {
                continue;
            }
            let team = usize::from(person.day.team).min(TEAMS_MAX - 1);
            let mut lead = self.leads[team].1 as usize;
            if lead == at {
                lead = self.leader as usize;
            }
            if lead != at {
                meet_two(project, at, lead, room as u16, self.draw(at).below(300) as u16);
                room += 1;
            }
        }
    }
}

/// Two people find half an hour for each other.
fn meet_two(project: &mut Project, at: usize, lead: usize, room: u16, from: u16) {
    let Some(other) = project.people.get(lead) else { return };
    let (one, two) = (project.people[at].id, other.id);
    // Whoever is away, or elsewhere in mind, is so all day.
    let evening = project.tick + crate::model::project::DAY;
    let away = |at: usize| project.people[at].until >= evening;
    if away(at) || away(lead) || room >= super::today::ROOMS_MAX {
        return;
    }
    for nth in 0..6 {
        let minute = 60 + (from + nth * 55) % 360;
        let both = [at, lead];
        if both.iter().all(|&at| project.people[at].day.free(minute, ONE_TO_ONE_MINUTES)) {
            for (place, with) in [(at, two), (lead, one)] {
                let seat = u8::from(place == lead);
                project.people[place].day.plan(Slot {
                    occasion: Occasion::OneToOne,
                    minute,
                    minutes: ONE_TO_ONE_MINUTES,
                    with,
                    room,
                    seat,
                });
            }
            return;
        }
    }
}
