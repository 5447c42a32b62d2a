//! The picture of a person.

use crate::model::day::sentence;
use crate::model::kind::Skill;
use crate::model::people::absence::Absence;
use crate::model::people::career::{CareerEvent, CareerStep};
use crate::model::people::hiring::usual_pay;
use crate::model::people::person::{AchievementKind, Person};
use crate::model::picture::day;
use crate::model::picture::place;
use crate::model::project::Project;
use crate::model::view::{CareerView, PersonView, RelationView, SkillView};
use crate::model::workshop::text::Context;
use crate::model::workshop::workstation;

/// All of a person, as they stand.
pub(super) fn person(context: &Context<'_>, at: usize) -> PersonView {
    let project = context.project;
    let person = &project.people[at];
    let mut relations: Vec<_> = person.relations.iter().collect();
    relations.sort_by_key(|r| (std::cmp::Reverse(i32::from(r.affinity).abs()), r.person));
    // The walk takes a minute; whoever has just begun is still on the way.
    let target = place(project, at, person.activity);
    let walking = project.tick.saturating_sub(person.since) < 2;
    let usual = usual_pay(person.role, person.seniority).max(1);
    let today = Project::day_of(project.tick);
    // In the night before they come back they are still on the list of the day before.
    let back = person.away_until <= today && person.absence != Absence::Course;
    let status = if back { Absence::None } else { person.absence };
    PersonView {
        id: project.person_ref(person.id),
        name: person.name.full(),
        role: person.role.word().into(),
        department: person.role.department().word().into(),
        seniority: person.seniority.word().into(),
        personality: person.personality,
        skills: Skill::ALL
            .iter()
            .map(|&skill| SkillView {
                name: skill.word().into(),
                level: person.skills[skill as usize],
                soft: skill.soft(),
                idle_weeks: person.idle_weeks[skill as usize],
            })
            .collect(),
        specialisations: specialisations(person),
        experience_years: person.experience_months / 12,
        achievements: achievements(project, person),
        career: person.career.iter().map(|step| career(project, person, step)).collect(),
        salary_cents_per_year: person.salary_cents,
        pay_percent: (person.salary_cents.saturating_mul(100) / usual).clamp(0, 60_000) as u16,
        share: person.share,
        energy: person.energy,
        morale: person.morale,
        exhaustion: person.exhaustion,
        familiarity: person.familiarity,
        productivity: person.productivity(project.communication()),
        status: status.word().into(),
        back_on_day: (person.away_until > today).then_some(person.away_until),
        remote: person.remote(&project.policies),
        mentor: person.mentor.map(|id| project.person_ref(id)),
        mentor_name: person.mentor.map(|id| project.name_of(id)),
        mentees: person.mentees,
        joined_day: person.joined_day,
        activity: person.activity.word().into(),
        task: person.task,
        thought: sentence::text(project, at),
        weighing: day::thought(project, at),
        day: day::day(project, at),
        location: if walking { place(project, at, person.was) } else { target },
        target,
        relations: relations
            .into_iter()
            .map(|relation| RelationView {
                person: project.person_ref(relation.person),
                name: project.name_of(relation.person),
                affinity: relation.affinity,
                trust: relation.trust,
            })
            .collect(),
        tasks_done: person.tasks_done,
        workstation: workstation::view(context, at).unwrap_or_default(),
    }
}

fn achievements(project: &Project, person: &Person) -> Vec<String> {
    let line = |achievement: &crate::model::people::person::Achievement| {
        let what = match achievement.kind {
            AchievementKind::Tasks(count) => format!("{count} tasks done"),
            AchievementKind::Mastery(skill) => format!("Mastered {}", skill.word()),
            AchievementKind::Launch => launched(project, person, achievement.day),
            AchievementKind::Promoted(to) => format!("Promoted to {}", to.word()),
        };
        format!("{what} (day {})", achievement.day)
    };
    person.achievements.iter().map(line).collect()
}

/// A launch was this project's if they were there already.
fn launched(project: &Project, person: &Person, day: u32) -> String {
    if day >= person.joined_day {
        return format!("Launched {}", project.profile.name);
    }
    let employer = person.career.iter().find_map(|step| match &step.event {
        CareerEvent::Worked(employer) if employer.since_day <= day && day <= step.day => {
            Some(employer.name.as_str())
        }
        _ => None,
    });
    match employer {
        Some(name) => format!("Launched {name}"),
        None => "Launched a product elsewhere".into(),
    }
}

fn career(project: &Project, person: &Person, step: &CareerStep) -> CareerView {
    let here = &project.profile.name;
    let moved = person.career.iter().any(|step| matches!(step.event, CareerEvent::Worked(_)));
    let text = match &step.event {
        CareerEvent::Founded => format!("There when {here} began"),
        CareerEvent::Joined if moved => format!("Moved to {here}"),
        CareerEvent::Joined => format!("Joined {here}"),
        CareerEvent::Worked(employer) => format!(
            "Worked at {} as number {}, from day {}",
            employer.name, employer.person, employer.since_day
        ),
        CareerEvent::Promoted(to) => format!("Promoted to {}", to.word()),
        CareerEvent::Mastered(skill) => format!("Mastered {}", skill.word()),
        CareerEvent::Launched => launched(project, person, step.day),
        CareerEvent::BurnedOut => "Away for weeks, worn out".into(),
        CareerEvent::Taught(1) => "Showed a newcomer around".into(),
        CareerEvent::Taught(count) => format!("Showed {count} newcomers around"),
    };
    let former = match &step.event {
        CareerEvent::Worked(employer) => {
            Some(format!("{}-{}", hex::encode(employer.project), employer.person))
        }
        _ => None,
    };
    CareerView { day: step.day, text, former }
}

/// What somebody is known for: crafts well above the average of the trade.
fn specialisations(person: &Person) -> Vec<String> {
    let mut best: Vec<(u16, Skill)> = Skill::ALL
        .iter()
        .map(|&skill| (person.skills[skill as usize], skill))
        .filter(|&(level, skill)| level >= 6_000 && !skill.soft())
        .collect();
    best.sort_by_key(|&(level, skill)| (std::cmp::Reverse(level), skill));
    best.into_iter().take(3).map(|(_, skill)| skill.word().to_string()).collect()
}
