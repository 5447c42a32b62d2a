//! What the day holds for one person, and what it has come to so far. One per person, made anew in
//! the morning but for what lasts (understanding, the desk).

use bincode::{Decode, Encode};

use crate::model::project::DAY;

/// Appointments of one day: stand-up, lunch and four meetings.
pub const AGENDA_MAX: usize = 6;
/// Seats of a meeting room, and so people in a team.
pub const SEATS: u8 = 12;
/// Longest appointment, in minutes.
pub const MEETING_MAX: u8 = 75;
/// Desks of an office; one for each person there can be.
pub const DESKS_MAX: u16 = 1_024;
/// Meeting rooms of an office.
pub const ROOMS_MAX: u16 = 2_048;

/// What people come together for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Occasion {
    #[default]
    None,
    StandUp,
    Lunch,
    /// The weekly meeting of a team.
    Team,
    /// A meeting about work at hand.
    Session,
    OneToOne,
    /// A sprint is planned, the last one looked back on.
    Planning,
    /// Called because of a task that runs away.
    Escalation,
}

impl Occasion {
    /// The word people read.
    pub fn word(self) -> &'static str {
        match self {
            Occasion::None => "nothing",
            Occasion::StandUp => "stand_up",
            Occasion::Lunch => "lunch",
            Occasion::Team => "team_meeting",
            Occasion::Session => "working_session",
            Occasion::OneToOne => "one_to_one",
            Occasion::Planning => "sprint_planning",
            Occasion::Escalation => "escalation",
        }
    }
}

/// An appointment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Slot {
    pub occasion: Occasion,
    /// Of the day.
    pub minute: u16,
    pub minutes: u8,
    /// The number of the team; for a one-to-one the other person, for an escalation the task.
    pub with: u32,
    pub room: u16,
    pub seat: u8,
}

/// What must be weighed before anything else is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum After {
    #[default]
    None,
    /// The work on this task seems done.
    Finished(u32),
    /// This task has gone beyond what was said.
    Over(u32),
    /// There is no way forward with this task.
    Stuck(u32),
}

/// The day of a person.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Today {
    /// In order of minute, unused ones last.
    pub agenda: [Slot; AGENDA_MAX],
    /// The next one of the agenda.
    pub next: u8,
    /// The number of their team.
    pub team: u8,
    /// How well they understand what is wanted, in basis points.
    pub clarity: u16,
    /// Minutes of focus today.
    pub focus_minutes: u16,
    /// Interruptions today.
    pub interruptions: u8,
    /// Minutes the present block loses to finding the way back in and to interruptions.
    pub lost: u8,
    /// Whether somebody was asked for help.
    pub asked: bool,
    /// The task they cannot go on with, while they cannot.
    pub stuck_on: u32,
    pub after: After,
    /// The task worked on last; 0 for none.
    pub last: u32,
    /// The task whose result was held against what was meant.
    pub checked: u32,
    /// How hard they look at the review at hand, against the usual 10,000.
    pub stance: u16,
    /// Which desk is theirs, from 1; 0 while they have none.
    pub desk: u16,
    /// Places beside the desk that visitors have taken, a bit each.
    pub visitors: u8,
    /// The place taken beside the partner's desk, from 1; 0 for none.
    pub spot: u8,
}

impl Default for Today {
    fn default() -> Today {
        Today {
            agenda: [Slot::default(); AGENDA_MAX],
            next: 0,
            team: 0,
            clarity: 6_000,
            focus_minutes: 0,
            interruptions: 0,
            lost: 0,
            asked: false,
            stuck_on: 0,
            after: After::None,
            last: 0,
            checked: 0,
            stance: 10_000,
            desk: 0,
            visitors: 0,
            spot: 0,
        }
    }
}

impl Today {
    /// Begins the day: nothing planned, nothing done.
    pub fn dawn(&mut self) {
        self.agenda = [Slot::default(); AGENDA_MAX];
        self.next = 0;
        self.focus_minutes = 0;
        self.interruptions = 0;
        self.visitors = 0;
        self.spot = 0;
    }

    fn used(&self) -> usize {
        self.agenda.iter().take_while(|slot| slot.occasion != Occasion::None).count()
    }

    /// Whether these minutes are free and there is room on the agenda.
    pub fn free(&self, minute: u16, minutes: u8) -> bool {
        let used = self.used();
        let end = minute + u16::from(minutes);
        used < AGENDA_MAX
            && u64::from(end) <= DAY
            && self.agenda[..used]
                .iter()
                .all(|slot| end <= slot.minute || slot.minute + u16::from(slot.minutes) <= minute)
    }

    /// Puts an appointment on the agenda, if it fits.
    pub fn plan(&mut self, slot: Slot) -> bool {
        if !self.free(slot.minute, slot.minutes) {
            return false;
        }
        let used = self.used();
        let place = self.agenda[..used].partition_point(|other| other.minute < slot.minute);
        // What is over cannot be put off.
        if place < usize::from(self.next) {
            return false;
        }
        self.agenda.copy_within(place..used, place + 1);
        self.agenda[place] = slot;
        true
    }

    /// The appointment that is due, taken off what is still to come.
    pub fn due(&mut self, minute: u16) -> Option<Slot> {
        while let Some(slot) = self.agenda.get(usize::from(self.next)).copied() {
            if slot.occasion == Occasion::None || slot.minute > minute {
                return None;
            }
            self.next += 1;
            let end = slot.minute + u16::from(slot.minutes);
            if slot.occasion == Occasion::Lunch || end > minute + 2 {
                return Some(slot);
            }
        }
        None
    }

    /// Minutes of this day until the next appointment, or the end of the day.
    pub fn gap(&self, minute: u16) -> u16 {
        let end = match self.agenda.get(usize::from(self.next)) {
            Some(slot) if slot.occasion != Occasion::None => slot.minute,
            _ => DAY as u16,
        };
        end.saturating_sub(minute)
    }

    /// The appointment they are at, or were at last.
    pub fn present(&self) -> Slot {
        let at = usize::from(self.next).wrapping_sub(1);
        self.agenda.get(at).copied().unwrap_or_default()
    }

    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let sound = self.agenda.iter().all(|slot| {
            u64::from(slot.minute) < DAY
                && slot.minutes <= MEETING_MAX
                && slot.seat < SEATS
                && slot.room < ROOMS_MAX
        }) && usize::from(self.next) <= AGENDA_MAX
            && self.clarity <= 10_000
            && (5_000..=20_000).contains(&self.stance)
            && self.desk <= DESKS_MAX
            && self.focus_minutes <= DAY as u16
            && self.spot <= 6;
        if sound { Ok(()) } else { Err("the state of the project is not sound: a day".into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(minute: u16, minutes: u8) -> Slot {
        Slot { occasion: Occasion::Session, minute, minutes, ..Slot::default() }
    }

    #[test]
    fn appointments_come_in_order_do_not_overlap_and_a_missed_one_is_missed() {
        let mut day = Today::default();
        assert!(day.plan(slot(100, 30)));
        assert!(day.plan(slot(60, 30)));
        assert!(!day.plan(slot(80, 30)));
        assert!(day.plan(slot(90, 10)));
        assert!(!day.plan(slot(470, 30)));
        assert_eq!(day.gap(10), 50);
        assert_eq!(day.due(59), None);
        assert_eq!(day.due(62), Some(slot(60, 30)));
        assert_eq!(day.present(), slot(60, 30));
        assert_eq!(day.due(125), Some(slot(100, 30)));
        assert!(!day.plan(slot(10, 10)), "that time is over");
        assert_eq!(day.due(400), None);
        assert_eq!(day.gap(400), 80);
        assert_eq!(day.check(), Ok(()));
    }
}
