//! Careers: a short list of the turns in somebody's working life, which goes with them from
//! project to project.

use bincode::{Decode, Encode};

use crate::model::kind::{Seniority, Skill};
use crate::model::people::person::{AchievementKind, Person};

/// Steps of a career that are remembered.
pub const CAREER_MAX: usize = 8;
/// Bytes of the name of a project that are remembered.
pub const EMPLOYER_BYTES_MAX: usize = 40;

/// A turn in somebody's working life.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CareerStep {
    /// Working day of the world.
    pub day: u32,
    pub event: CareerEvent,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum CareerEvent {
    /// There from the first day of the present project.
    Founded,
    /// Joined the present project.
    Joined,
    /// Worked elsewhere until that day.
    Worked(Box<Employer>),
    Promoted(Seniority),
    Mastered(Skill),
    /// Part of a launch.
    Launched,
    /// Away for weeks, worn out.
    BurnedOut,
    /// Showed a newcomer around until they stood on their own feet.
    Taught(u32),
}

/// A project somebody was at before.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Employer {
    /// The first bytes of the project's id.
    pub project: [u8; 4],
    /// The number they had there.
    pub person: u32,
    pub name: String,
    /// Working day on which they had joined it.
    pub since_day: u32,
}

impl Employer {
    /// The name of a project, cut to what is remembered.
    pub fn short_name(name: &str) -> String {
        let mut end = name.len().min(EMPLOYER_BYTES_MAX);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        name[..end].to_string()
    }
}

impl CareerEvent {
    /// Whether it is about a project that will be somebody's former one when they leave.
    fn of_the_present(&self) -> bool {
        matches!(self, CareerEvent::Founded | CareerEvent::Joined | CareerEvent::Taught(_))
    }
}

impl Person {
    /// Notes a turn; the oldest one gives way, former employers last.
    pub fn turn_in_career(&mut self, event: CareerEvent, day: u32) {
        if self.career.len() >= CAREER_MAX {
            let oldest = self
                .career
                .iter()
                .position(|step| !matches!(step.event, CareerEvent::Worked(_)))
                .unwrap_or(0);
            self.career.remove(oldest);
        }
        self.career.push(CareerStep { day, event });
    }

    /// Notes somebody's time at a project they leave.
    pub fn leave_employer(&mut self, employer: Employer, day: u32) {
        self.career.retain(|step| !step.event.of_the_present());
        self.turn_in_career(CareerEvent::Worked(Box::new(employer)), day);
    }

    /// Something to be proud of, which may be a turn in a career too.
    pub fn achieve(&mut self, kind: AchievementKind, day: u32) {
        if self.achievements.len() >= super::person::ACHIEVEMENTS_MAX {
            self.achievements.remove(0);
        }
        self.achievements.push(super::person::Achievement { kind, day });
        let event = match kind {
            AchievementKind::Tasks(_) => return,
            AchievementKind::Mastery(skill) => CareerEvent::Mastered(skill),
            AchievementKind::Launch => CareerEvent::Launched,
            AchievementKind::Promoted(to) => CareerEvent::Promoted(to),
        };
        self.turn_in_career(event, day);
    }
}

/// Whether a career is within its bounds.
pub fn sound(career: &[CareerStep]) -> bool {
    career.len() <= CAREER_MAX
        && career.iter().all(|step| match &step.event {
            CareerEvent::Worked(employer) => employer.name.len() <= EMPLOYER_BYTES_MAX,
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::people::person::tests::person;

    #[test]
    fn a_career_is_short_and_keeps_former_employers_longest() {
        let mut person = person(1);
        person.turn_in_career(CareerEvent::Joined, 1);
        let employer =
            Employer { project: [1; 4], person: 7, name: "Harbour".into(), since_day: 1 };
        person.leave_employer(employer, 90);
        assert!(person.career.iter().all(|step| step.event != CareerEvent::Joined));
        for day in 100..120 {
            person.achieve(AchievementKind::Launch, day);
        }
        assert_eq!(person.career.len(), CAREER_MAX);
        assert!(matches!(person.career[0].event, CareerEvent::Worked(_)));
        assert!(sound(&person.career));
    }

    #[test]
    fn the_name_of_a_project_is_cut_between_letters() {
        let name = Employer::short_name(&"é".repeat(30));
        assert_eq!(name.chars().count(), 20);
        assert_eq!(Employer::short_name("Quay"), "Quay");
    }
}
