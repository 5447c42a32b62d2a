//! Talk analysed as it goes on: how much of what kind, in what mood, about what, how urgent. Counters
//! only, so that it costs nothing to speak of; who is at the centre is worked out when somebody looks.

use bincode::{Decode, Encode};

use crate::model::kind::TaskKind;
use crate::model::people::person::shift;
use crate::model::project::{Project, WEEK_DAYS};
use crate::model::words::talk::{About, KINDS, Note, TALK_KEPT};
use crate::model::words::vocabulary::AREAS;

/// Days of which the mood is kept: those of the books.
pub const TONE_DAYS_KEPT: usize = 90;
/// Weeks of which the topics are kept, the present one included.
pub const TOPIC_WEEKS_KEPT: usize = 6;
/// How many kinds of work there are.
const TASK_KINDS: usize = TaskKind::ALL.len();
/// Points of sentiment that move everybody's morale by one point, when talk is better or worse than
/// it has been. That moods spread in groups: Barsade 2002, Administrative Science Quarterly 47(4);
/// the size is our assumption.
const CONTAGION: i32 = 500;
/// A day of talk moves morale by this much at most. Our assumption.
const CONTAGION_MAX: i32 = 6;
/// Days of talk that must be known before a day can be better or worse than usual. Our assumption.
const CONTAGION_DAYS_MIN: usize = 5;
/// What backing from a lead gives back of the morale an overrun cost. That support of this kind
/// buffers strain: Bakker and Demerouti 2007, Journal of Managerial Psychology 22(3); the size is
/// our assumption.
const BACKING_MORALE: i32 = 40;
/// What a talk with a lead does for the morale of who needs it. As above.
const TALK_MORALE: i32 = 60;
/// People for each talk a lead takes time for in a week. Our assumption.
const PEOPLE_PER_TALK: usize = 10;
/// Answers to escalations in an evening, at most.
const BACKINGS_MAX: usize = 4;

/// A working day of talk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ToneDay {
    pub day: u32,
    pub notes: u32,
    pub urgent: u32,
    /// Mean sentiment, weighted by importance: -10,000 to 10,000.
    pub sentiment: i16,
}

/// What a week of talk was about: notes by area of the product and by kind of work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct TopicWeek {
    pub areas: [u16; AREAS as usize],
    pub kinds: [u16; TASK_KINDS],
}

/// The running analysis of a project's talk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct TalkAnalysis {
    /// Ever said, by [`KINDS`].
    pub counts: [u32; KINDS.len()],
    /// Newest last.
    pub days: Vec<ToneDay>,
    /// Newest last; the last one is the present week.
    pub weeks: Vec<TopicWeek>,
    /// Today so far: notes, urgent ones, importance, and sentiment weighted by it.
    pub today_notes: u32,
    pub today_urgent: u32,
    pub today_importance: u64,
    pub today_sentiment: i64,
    /// Sentiment of usual days, a moving mean.
    pub usual: i16,
}

/// Notes of a day whose sums are far from any limit.
const NOTES_MAX: u32 = 1 << 30;

impl TalkAnalysis {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let sound = self.days.len() <= TONE_DAYS_KEPT
            && self.weeks.len() <= TOPIC_WEEKS_KEPT
            && self.today_notes <= NOTES_MAX
            && self.today_importance <= u64::from(NOTES_MAX) * 10_000
            && self.today_sentiment.unsigned_abs() <= u64::from(NOTES_MAX) * 100_000_000
            && self.days.iter().all(|day| i32::from(day.sentiment).abs() <= 10_000)
            && i32::from(self.usual).abs() <= 10_000;
        if sound { Ok(()) } else { Err("the analysis of talk is not sound".into()) }
    }

    fn count(&mut self, note: &Note, topic: Option<(u8, TaskKind)>) {
        if self.today_notes >= NOTES_MAX {
            return;
        }
        if let Some(count) = self.counts.get_mut(note.about.kind_at()) {
            *count = count.saturating_add(1);
        }
        let (importance, _) = note.about.weight();
        self.today_notes += 1;
        self.today_urgent = self.today_urgent.saturating_add(note.urgent().into());
        self.today_importance += u64::from(importance);
        self.today_sentiment += i64::from(importance) * i64::from(note.sentiment);
        let Some((area, kind)) = topic else { return };
        if self.weeks.is_empty() {
            self.weeks.push(TopicWeek::default());
        }
        if let Some(week) = self.weeks.last_mut() {
            if let Some(count) = week.areas.get_mut(usize::from(area)) {
                *count = count.saturating_add(1);
            }
            let count = &mut week.kinds[kind as usize];
            *count = count.saturating_add(1);
        }
    }

    /// Ends a day. Says by how much it was better or worse than usual.
    fn end_day(&mut self, day: u32) -> i32 {
        let mean = self.today_sentiment / (self.today_importance.max(1) as i64);
        let sentiment = mean.clamp(-10_000, 10_000) as i16;
        if self.days.len() >= TONE_DAYS_KEPT {
            self.days.remove(0);
        }
        let (notes, urgent) = (self.today_notes, self.today_urgent);
        self.days.push(ToneDay { day, notes, urgent, sentiment });
        self.today_notes = 0;
        self.today_urgent = 0;
        self.today_importance = 0;
        self.today_sentiment = 0;
        if (u64::from(day) + 1).is_multiple_of(WEEK_DAYS) {
            if self.weeks.len() >= TOPIC_WEEKS_KEPT {
                self.weeks.remove(0);
            }
            self.weeks.push(TopicWeek::default());
        }
        if notes == 0 {
            return 0;
        }
        let known = self.days.len() > CONTAGION_DAYS_MIN;
        let apart = i32::from(sentiment) - i32::from(self.usual);
        // A mean over about four weeks; the first days are taken as they come.
        let weight = if known { 20 } else { self.days.len() as i32 };
        self.usual = (i32::from(self.usual) + apart / weight).clamp(-10_000, 10_000) as i16;
        if known { apart } else { 0 }
    }
}

impl Project {
    /// Counts something said.
    pub(in crate::model) fn count_note(&mut self, note: &Note) {
        let topic = note.task.and_then(|id| self.task(id)).map(|task| (task.area, task.kind));
        self.words.analysis.count(note, topic);
    }

    /// The evening of talk: leads answer those who told of an overrun and take time for people who
    /// are not well, and the mood of the day's talk, against what is usual, rubs off on everybody.
    pub(in crate::model) fn words_evening(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut crate::model::happen::Happen<'_, '_>,
    ) {
        if !self.only_backlog && !self.people.is_empty() {
            self.answer_escalations(now, happen);
            if (u64::from(day) + 1).is_multiple_of(WEEK_DAYS) {
                self.talk_one_to_one(now, happen);
            }
        }
        let apart = self.words.analysis.end_day(day);
        let moved = (apart / CONTAGION).clamp(-CONTAGION_MAX, CONTAGION_MAX);
        if moved != 0 {
            for person in &mut self.people {
                shift(&mut person.morale, moved);
            }
        }
    }

    fn answer_escalations(&mut self, now: u64, happen: &mut crate::model::happen::Happen<'_, '_>) {
        let mut open: [Option<(usize, u32, u32, u16)>; BACKINGS_MAX] = [None; BACKINGS_MAX];
        let mut found = 0;
        for note in self.talk.iter().take(TALK_KEPT) {
            let About::Escalation { percent } = note.about else { continue };
            let answered = self.talk.iter().any(|other| {
                other.thread == note.thread && matches!(other.about, About::Backing { .. })
            });
            let (Some(task), Some(lead)) = (note.task, note.to.first()) else { continue };
            if answered || found >= BACKINGS_MAX {
                continue;
            }
            if let Some(lead) = self.person_at(lead) {
                open[found] = Some((lead, note.from, task, percent));
                found += 1;
            }
        }
        for (lead, to, task, percent) in open.into_iter().flatten() {
            let Some(at) = self.person_at(to) else { continue };
            shift(&mut self.people[at].morale, BACKING_MORALE);
            let about = About::Backing { percent };
            happen.say(self, lead, Some(to), about, Some(task), 3_000, now);
        }
    }

    /// Once a week a lead takes time for those who need it most.
    fn talk_one_to_one(&mut self, now: u64, happen: &mut crate::model::happen::Happen<'_, '_>) {
        if self.people.len() < 3 {
            return;
        }
        let leader = self.leader();
        let mut need: Vec<(i32, usize)> = (0..self.people.len())
            .filter(|&at| at != leader)
            .map(|at| {
                let person = &self.people[at];
                (i32::from(person.morale) - i32::from(person.exhaustion), at)
            })
            .collect();
        need.sort();
        for (_, at) in need.into_iter().take(self.people.len() / PEOPLE_PER_TALK + 1) {
            let lead = self.lead_for(at).and_then(|id| self.person_at(id)).unwrap_or(leader);
            if lead == at {
                continue;
            }
            let person = &mut self.people[at];
            let about = About::OneToOne { morale: person.morale, exhaustion: person.exhaustion };
            shift(&mut person.morale, TALK_MORALE);
            let (to, task) = (person.id, person.hand.first().copied());
            let lead_id = self.people[lead].id;
            self.people[at].relate(lead_id, 60);
            happen.say(self, lead, Some(to), about, task, 1_000, now);
        }
    }
}
