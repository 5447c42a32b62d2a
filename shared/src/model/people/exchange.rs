//! The labour exchange of a world, kept by its market: people who left one project may join another.
//!
//! Projects tell it of open positions and send it who leaves; it matches the two. A person is at any
//! time in exactly one place: in a project, in a message, in the pool of the exchange, or gone.

use bincode::{Decode, Encode};

use crate::engine::model::Step;
use crate::id::ShardId;
use crate::model::kind::{Role, Seniority};
use crate::model::mail::Message;
use crate::model::people::dossier::Dossier;

/// People who may look for work at a time. When one more comes, whoever has looked longest leaves
/// the world.
pub const POOL_MAX: usize = 1_024;
/// Open positions the exchange knows. Further ones are not heard, and filled from outside.
pub const POSITIONS_MAX: usize = 4_096;
/// Positions of one project: as many as it may have open.
const POSITIONS_EACH_MAX: usize = crate::model::project::VACANCIES_MAX;
/// Working days that both a position and a person have been open before they are matched:
/// advertising, interviews, notice. Half of the fixed part of hiring; our assumption.
const SEARCH_DAYS: u32 = 10;
/// Working days after which somebody gives up and leaves the world: half a year. Our assumption.
const PATIENCE_DAYS: u32 = 130;
/// Working days after which a position is forgotten, should its project not say it is filled.
const POSITION_DAYS: u32 = 260;
/// People placed on an evening, so that the messages of a step stay within its bounds: they are at
/// most [`DOSSIER_BYTES_MAX`](super::dossier::DOSSIER_BYTES_MAX) long. The others wait for the next.
const PLACED_MAX: usize = 24;

/// What projects and the exchange say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ExchangeMessage {
    /// A project introduces itself, or the exchange answers that it is there.
    Hello,
    /// A project looks for somebody.
    Open { vacancy: u32, role: Role, seniority: Seniority, pay_cents: i64 },
    /// A position is filled, or given up.
    Filled { vacancy: u32 },
    /// A project has ended: it looks for nobody any more.
    Closed,
    /// Somebody left a project and looks for work.
    Leaver(Box<Dossier>),
    /// The exchange sends somebody for a position.
    Candidate { vacancy: u32, pay_cents: i64, dossier: Box<Dossier> },
    /// A project that has no room any more gives them back.
    Back(Box<Dossier>),
}

/// The exchange between two steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Exchange {
    /// In order of coming.
    pub pool: Vec<Seeker>,
    /// In order of project and number.
    pub positions: Vec<Position>,
    /// People ever sent to a project.
    pub placed: u64,
    /// People who found nothing and left the world.
    pub gone: u64,
}

/// Somebody who looks for work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Seeker {
    pub dossier: Dossier,
    /// Working day on which they came.
    pub since_day: u32,
    /// The project they come from, to which they do not go back.
    pub from: ShardId,
}

/// A position a project wants to fill.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Position {
    pub project: ShardId,
    pub vacancy: u32,
    pub role: Role,
    pub seniority: Seniority,
    pub pay_cents: i64,
    /// Working day on which the exchange heard of it.
    pub since_day: u32,
}

impl Position {
    /// How well somebody would do there; none if it is nothing for them.
    fn suits(&self, seeker: &Seeker, today: u32) -> Option<u32> {
        let dossier = &seeker.dossier;
        let waited = today.saturating_sub(seeker.since_day);
        let fits = dossier.role == self.role
            && (dossier.seniority as i32 - self.seniority as i32).abs() <= 1
            && seeker.from != self.project
            && waited >= SEARCH_DAYS
            && dossier.asks(waited) <= self.pay_cents;
        fits.then(|| u32::from(dossier.skills[dossier.role.skills().0 as usize]))
    }
}

impl Exchange {
    /// Whether it could have come from steps.
    pub fn check(&self) -> Result<(), String> {
        let key = |position: &Position| (position.project, position.vacancy);
        let sound = self.pool.len() <= POOL_MAX
            && self.positions.len() <= POSITIONS_MAX
            && self.pool.iter().all(|seeker| seeker.dossier.sound())
            && self.positions.windows(2).all(|pair| key(&pair[0]) < key(&pair[1]))
            && self.placed <= 1 << 60
            && self.gone <= 1 << 60;
        if sound { Ok(()) } else { Err("the labour exchange is out of bounds".into()) }
    }

    /// A message of a project.
    pub fn hear(
        &mut self,
        from: ShardId,
        message: ExchangeMessage,
        today: u32,
        step: &mut Step<'_>,
    ) {
        match message {
            ExchangeMessage::Hello => {
                step.send(from, Message::Exchange(ExchangeMessage::Hello).to_bytes());
            }
            ExchangeMessage::Open { vacancy, role, seniority, pay_cents } => {
                let of_project = self.of_project(from);
                let Err(at) = self.find(from, vacancy) else { return };
                if self.positions.len() < POSITIONS_MAX && of_project.len() < POSITIONS_EACH_MAX {
                    let since_day = today;
                    let project = from;
                    self.positions.insert(
                        at,
                        Position { project, vacancy, role, seniority, pay_cents, since_day },
                    );
                }
            }
            ExchangeMessage::Filled { vacancy } => {
                if let Ok(at) = self.find(from, vacancy) {
                    self.positions.remove(at);
                }
            }
            ExchangeMessage::Closed => self.forget(from),
            ExchangeMessage::Leaver(dossier) | ExchangeMessage::Back(dossier) => {
                self.take_in(*dossier, from, today);
            }
            // Only the exchange sends candidates.
            ExchangeMessage::Candidate { .. } => {}
        }
    }

    /// A message of the exchange that found nobody: the project has ended.
    pub fn came_back(&mut self, project: ShardId, message: ExchangeMessage, today: u32) {
        self.forget(project);
        if let ExchangeMessage::Candidate { dossier, .. } = message {
            self.take_in(*dossier, project, today);
        }
    }

    /// Each evening: who gives up, and who is sent where.
    pub fn evening(&mut self, today: u32, step: &mut Step<'_>) {
        let before = self.pool.len();
        self.pool.retain(|seeker| today.saturating_sub(seeker.since_day) < PATIENCE_DAYS);
        self.gone += (before - self.pool.len()) as u64;
        self.positions.retain(|position| today.saturating_sub(position.since_day) < POSITION_DAYS);
        if self.pool.is_empty() {
            return;
        }
        let mut placed = 0;
        let mut at = 0;
        while at < self.positions.len() && placed < PLACED_MAX {
            let position = &self.positions[at];
            if today.saturating_sub(position.since_day) < SEARCH_DAYS {
                at += 1;
                continue;
            }
            // The ablest; of equals the one who has looked longest.
            let best = (0..self.pool.len())
                .filter_map(|place| Some((position.suits(&self.pool[place], today)?, place)))
                .max_by_key(|&(skill, place)| (skill, std::cmp::Reverse(place)));
            let Some((_, place)) = best else {
                at += 1;
                continue;
            };
            let position = self.positions.remove(at);
            let seeker = self.pool.remove(place);
            let mut dossier = seeker.dossier;
            dossier.out_of_work(today.saturating_sub(seeker.since_day));
            let Position { project, vacancy, pay_cents, .. } = position;
            let dossier = Box::new(dossier);
            let candidate = ExchangeMessage::Candidate { vacancy, pay_cents, dossier };
            step.send(project, Message::Exchange(candidate).to_bytes());
            self.placed += 1;
            placed += 1;
        }
    }

    fn take_in(&mut self, dossier: Dossier, from: ShardId, today: u32) {
        if !dossier.sound() {
            self.gone += 1;
            return;
        }
        if self.pool.len() >= POOL_MAX {
            self.pool.remove(0);
            self.gone += 1;
        }
        self.pool.push(Seeker { dossier, since_day: today, from });
    }

    fn forget(&mut self, project: ShardId) {
        let of_project = self.of_project(project);
        self.positions.drain(of_project);
    }

    fn of_project(&self, project: ShardId) -> std::ops::Range<usize> {
        let start = self.positions.partition_point(|position| position.project < project);
        let end = self.positions.partition_point(|position| position.project <= project);
        start..end
    }

    fn find(&self, project: ShardId, vacancy: u32) -> Result<usize, usize> {
        self.positions.binary_search_by_key(&(project, vacancy), |position| {
            (position.project, position.vacancy)
        })
    }
}
