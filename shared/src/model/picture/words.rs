//! The picture of a project's talk: counts and moods from the running analysis, and who is at the
//! centre, by degree within the relations that people keep (Freeman 1978).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::kind::TaskKind;
use crate::model::project::Project;
use crate::model::view::words::{CentralView, KindCount, TalkAnalysisView, ToneDayView, TopicView};
use crate::model::words::analysis::TalkAnalysis;
use crate::model::words::talk::KINDS;
use crate::model::words::vocabulary::AREAS;

/// People and names that are shown.
const SHOWN_MAX: usize = 10;

/// What the talk of a project comes to.
pub fn analysis(project: &Project) -> TalkAnalysisView {
    let known = &project.words.analysis;
    let mut kinds: Vec<KindCount> = KINDS
        .iter()
        .zip(known.counts)
        .filter(|&(_, count)| count > 0)
        .map(|(name, count)| KindCount { name: name.to_string(), count })
        .collect();
    kinds.sort_by_key(|kind| Reverse(kind.count));
    let days: Vec<ToneDayView> = known
        .days
        .iter()
        .map(|day| ToneDayView {
            day: day.day,
            notes: day.notes,
            urgent: day.urgent,
            sentiment: day.sentiment,
        })
        .collect();
    let notes: u64 = days.iter().map(|day| u64::from(day.notes)).sum();
    let urgent: u64 = days.iter().map(|day| u64::from(day.urgent)).sum();
    TalkAnalysisView {
        notes: known.counts.iter().map(|&count| u64::from(count)).sum(),
        kinds,
        urgent_share: (urgent * 10_000 / notes.max(1)).min(10_000) as u16,
        days,
        topics: topics(project, known),
        central: central(project),
        names: names(project),
    }
}

fn topics(project: &Project, known: &TalkAnalysis) -> Vec<TopicView> {
    let mut topics = Vec::new();
    let mut add = |name: String, sort: &str, weeks: Vec<u32>, all: &[u32]| {
        if weeks.iter().any(|&count| count > 0) {
            topics.push(TopicView { name, sort: sort.into(), trend: trend(&weeks, all), weeks });
        }
    };
    let all: Vec<u32> = known
        .weeks
        .iter()
        .map(|week| week.areas.iter().map(|&count| u32::from(count)).sum())
        .collect();
    for area in 0..AREAS {
        let weeks = known.weeks.iter().map(|week| week.areas[usize::from(area)].into()).collect();
        add(project.area_name(area).into(), "area", weeks, &all);
    }
    for &kind in TaskKind::ALL {
        let weeks = known.weeks.iter().map(|week| week.kinds[kind as usize].into()).collect();
        add(kind.word().into(), "kind", weeks, &all);
    }
    topics.sort_by_key(|topic: &TopicView| Reverse(topic.weeks.iter().sum::<u32>()));
    topics
}

/// The share of a topic in the last whole week against that of the weeks before, in basis points.
fn trend(weeks: &[u32], all: &[u32]) -> u32 {
    const SAME: u64 = 10_000;
    const MOST: u64 = 20_000;
    // The last week is not over.
    let Some(last) = weeks.len().checked_sub(2) else { return SAME as u32 };
    let sum = |of: &[u32]| of.iter().map(|&count| u64::from(count)).sum::<u64>();
    let (before, before_all) = (sum(&weeks[..last]), sum(&all[..last]));
    let (now, now_all) = (u64::from(weeks[last]), u64::from(all[last]));
    if before_all == 0 || now_all == 0 {
        return SAME as u32;
    }
    if before == 0 {
        return if now == 0 { SAME as u32 } else { MOST as u32 };
    }
    (now * before_all * SAME / (before * now_all)).min(MOST) as u32
}

fn central(project: &Project) -> Vec<CentralView> {
    let mut web: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut regard: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
    for person in &project.people {
        for relation in &person.relations {
            if project.person_at(relation.person).is_none() || relation.person == person.id {
                continue;
            }
            web.entry(person.id).or_default().insert(relation.person);
            web.entry(relation.person).or_default().insert(person.id);
            let (sum, count) = regard.entry(relation.person).or_default();
            *sum += i64::from(relation.affinity);
            *count += 1;
        }
    }
    let mut ranked: Vec<(u32, usize, i16)> = web
        .into_iter()
        .map(|(id, others)| {
            let (sum, count) = regard.get(&id).copied().unwrap_or((0, 0));
            (id, others.len(), (sum / count.max(1)) as i16)
        })
        .collect();
    ranked.sort_by_key(|&(id, degree, regard)| (Reverse(degree), Reverse(regard), id));
    ranked
        .into_iter()
        .take(SHOWN_MAX)
        .map(|(id, degree, regard)| CentralView {
            person: project.person_ref(id),
            name: project.name_of(id),
            degree: degree as u32,
            regard,
        })
        .collect()
}

fn names(project: &Project) -> Vec<KindCount> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for id in project.talk.iter().filter_map(|note| note.to.first()) {
        *counts.entry(id).or_default() += 1;
    }
    let mut ranked: Vec<(u32, u32)> = counts.into_iter().collect();
    ranked.sort_by_key(|&(id, count)| (Reverse(count), id));
    ranked
        .into_iter()
        .take(SHOWN_MAX)
        .map(|(id, count)| KindCount { name: project.name_of(id), count })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_compares_shares_of_whole_weeks() {
        // Twice the talk, but also twice of everything else.
        assert_eq!(trend(&[10, 20, 1], &[100, 200, 5]), 10_000);
        assert_eq!(trend(&[10, 10, 0], &[100, 200, 0]), 5_000);
        assert_eq!(trend(&[0, 3, 0], &[50, 60, 0]), 20_000);
        assert_eq!(trend(&[7], &[7]), 10_000);
        assert_eq!(trend(&[], &[]), 10_000);
    }
}
