//! Where people are and what is on their minds, as the view shows it.
//!
//! No two people in the office are in one cell: desks belong to people, seats of a room and places
//! in the kitchen and at the board to places in the company, and visitors take a place beside a desk.

use crate::model::day::sentence;
use crate::model::day::thought::Choice;
use crate::model::day::today::Occasion;
use crate::model::kind::Activity;
use crate::model::people::person::Person;
use crate::model::project::Project;
use crate::model::view::{AppointmentView, DayView, OptionView, ThoughtView};

/// Where those are who are not in the office: outside its door.
const OUTSIDE: [u16; 2] = [0, 4];
/// Desks in a row, and their distance in cells.
const ROW: u16 = 8;
const DESK_CELLS: [u16; 2] = [5, 4];
/// The first desk.
const FIRST_DESK: [u16; 2] = [8, 8];
/// Places beside a desk.
const SPOTS: [[i16; 2]; 6] = [[1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1]];
/// The kitchen is this wide, and begins at [1, 1].
const KITCHEN_CELLS: u16 = 6;
/// In front of the board stand rows of this many, from [12, 1], at most six deep.
const BOARD_CELLS: u16 = 30;
const BOARD_ROWS: u16 = 6;
/// The first room, rooms in a column, and the distance of rooms in cells.
const FIRST_ROOM: [u16; 2] = [54, 8];
const ROOMS_IN_COLUMN: u16 = 40;
const ROOM_CELLS: [u16; 2] = [10, 6];

/// A place, by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Away,
    Home,
    Desk,
    Colleague,
    Kitchen,
    Board,
    Room(u16),
}

impl Place {
    pub fn word(self) -> &'static str {
        match self {
            Place::Away => "away",
            Place::Home => "home",
            Place::Desk => "desk",
            Place::Colleague => "colleague",
            Place::Kitchen => "kitchen",
            Place::Board => "board",
            Place::Room(_) => "room",
        }
    }
}

/// Where an activity takes place, in office cells of 1 m.
pub fn place(project: &Project, at: usize, activity: Activity) -> [u16; 2] {
    whereabouts(project, at, activity).1
}

/// Where an activity takes place: what kind of place, and the cell.
pub fn whereabouts(project: &Project, at: usize, activity: Activity) -> (Place, [u16; 2]) {
    let Some(person) = project.people.get(at) else { return (Place::Away, OUTSIDE) };
    if activity == Activity::Away {
        return (Place::Away, OUTSIDE);
    }
    if project.remote(at) {
        return (Place::Home, OUTSIDE);
    }
    let nth = at.min(4_000) as u16;
    let present = activity == person.activity;
    match activity {
        Activity::Coffee | Activity::Break | Activity::Lunch => {
            (Place::Kitchen, [1 + nth % KITCHEN_CELLS, 1 + nth / KITCHEN_CELLS])
        }
        Activity::StandUp if nth / BOARD_CELLS < BOARD_ROWS => {
            (Place::Board, [12 + nth % BOARD_CELLS, 1 + nth / BOARD_CELLS])
        }
        Activity::Meeting if present => {
            let slot = person.day.present();
            let column = slot.room / ROOMS_IN_COLUMN;
            let x = FIRST_ROOM[0] + column * ROOM_CELLS[0];
            let y = FIRST_ROOM[1] + slot.room % ROOMS_IN_COLUMN * ROOM_CELLS[1];
            let seat = u16::from(slot.seat);
            (Place::Room(slot.room), [x + seat % 4 * 2, y + seat / 4])
        }
        _ if present && person.day.spot > 0 => {
            let host = person.partner.and_then(|id| project.person_at(id));
            let spot = SPOTS.get(usize::from(person.day.spot) - 1);
            match (host, spot) {
                (Some(host), Some(spot)) => {
                    let [x, y] = desk(&project.people[host]);
                    let cell = [x.saturating_add_signed(spot[0]), y.saturating_add_signed(spot[1])];
                    (Place::Colleague, cell)
                }
                _ => (Place::Desk, desk(person)),
            }
        }
        _ => (Place::Desk, desk(person)),
    }
}

/// The cell of somebody's desk.
fn desk(person: &Person) -> [u16; 2] {
    // Whoever has just joined has none before the next morning: the last ones, by number.
    let nth = match person.day.desk {
        0 => 1_024 + (person.id % 4_096) as u16,
        desk => desk - 1,
    };
    [FIRST_DESK[0] + nth % ROW * DESK_CELLS[0], FIRST_DESK[1] + nth / ROW * DESK_CELLS[1]]
}

/// What somebody is weighing.
pub fn thought(project: &Project, at: usize) -> Option<ThoughtView> {
    let text = sentence::text(project, at)?;
    let thought = &project.people.get(at)?.thought;
    Some(ThoughtView {
        text,
        kind: sentence::kind(thought).into(),
        goal: sentence::goal(project, at),
        doubt: sentence::doubt(project, at),
        options: thought
            .options
            .iter()
            .enumerate()
            .filter(|(_, option)| option.choice != Choice::None)
            .map(|(nth, option)| OptionView {
                label: option.choice.label().into(),
                weight: option.percent,
                chosen: nth == usize::from(thought.chosen),
            })
            .collect(),
        task: Some(thought.task).filter(|&task| task > 0),
        person: Some(thought.person).filter(|&id| id > 0).map(|id| project.person_ref(id)),
    })
}

/// The day of somebody so far.
pub fn day(project: &Project, at: usize) -> DayView {
    let Some(person) = project.people.get(at) else { return DayView::default() };
    let (place, _) = whereabouts(project, at, person.activity);
    let slot = person.day.present();
    let meets = matches!(person.activity, Activity::Meeting | Activity::StandUp);
    let with = if meets {
        project
            .people
            .iter()
            .filter(|other| {
                let theirs = other.day.present();
                other.id != person.id
                    && other.activity == person.activity
                    && (theirs.occasion, theirs.minute, theirs.room)
                        == (slot.occasion, slot.minute, slot.room)
            })
            .map(|other| project.person_ref(other.id))
            .take(11)
            .collect()
    } else {
        person.partner.into_iter().map(|id| project.person_ref(id)).collect()
    };
    DayView {
        place: place.word().into(),
        room: match place {
            Place::Room(room) => Some(room),
            _ => None,
        },
        with,
        remote: project.remote(at),
        focus_minutes: person.day.focus_minutes,
        interruptions: person.day.interruptions,
        clarity: person.day.clarity,
        agenda: person
            .day
            .agenda
            .iter()
            .filter(|slot| slot.occasion != Occasion::None)
            .map(|slot| AppointmentView {
                occasion: slot.occasion.word().into(),
                minute: slot.minute,
                minutes: slot.minutes,
                room: slot.room,
            })
            .collect(),
    }
}
