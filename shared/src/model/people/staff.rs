//! The staff of a project as a whole: what happens to it each evening, and the count of who came
//! and went.

use bincode::{Decode, Encode};

use crate::model::happen::Happen;
use crate::model::project::Project;

/// What a project knows of its staff beside the people themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Staff {
    /// The number of the next open position.
    pub next_vacancy: u32,
    pub link: Link,
    pub flows: Flows,
}

/// Whether a project is known at the labour exchange of its world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Link {
    #[default]
    None,
    /// It has introduced itself and waits for an answer.
    Greeted,
    /// People can be sent there.
    Open,
}

/// Who came and went, so that nobody is lost between projects: at any time the people of a project
/// that goes on are `founded + drawn + came - went - gone`. When a project ends all of its people
/// are counted as `went` or `gone`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Flows {
    /// There on the first day.
    pub founded: u32,
    /// Hired from outside the world.
    pub drawn: u32,
    /// Came from another project by way of the exchange.
    pub came: u32,
    /// Went to the exchange.
    pub went: u32,
    /// Left the world.
    pub gone: u32,
    /// Came back from an exchange that is no more, and left the world: not of this project.
    pub strayed: u32,
}

impl Staff {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let flows = &self.flows;
        let counts =
            [flows.founded, flows.drawn, flows.came, flows.went, flows.gone, flows.strayed];
        match counts.iter().chain([&self.next_vacancy]).all(|&count| count <= u32::MAX / 2) {
            true => Ok(()),
            false => Err("the state of the project is not sound: the flows of people".into()),
        }
    }
}

impl Project {
    /// The evening of the people: once a week what they learned and forgot, how they changed, who
    /// breaks down, who leaves; each evening who joins, and how fast everybody will be tomorrow.
    pub(in crate::model) fn people_evening(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        self.greet_exchange(happen);
        if Project::is_week_end(day) {
            for person in &mut self.people {
                person.week_of_temper();
                person.week_of_skills(day);
                person.fade_relations();
            }
            self.breakdowns(day, now, happen);
            self.let_people_go(day, now, happen);
        }
        self.welcome_people(day, now, happen);
        self.show_around(day);
        for person in &mut self.people {
            person.settle_pace();
        }
    }
}
