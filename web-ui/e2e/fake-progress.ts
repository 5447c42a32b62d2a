/** How the work of a fake company goes: figures, what is left, the way so far, and whoever leads. */
import type { ChiefView, EstimateView, MetricsView, MetricView, PathView, PersonView, ProjectSummary } from '../src/api/types';
import { PHASES } from '../src/parts/phases';
import { pick, whole } from './fake-random';

const metric = (name: string, value: number | null, unit: string, meaning: string): MetricView => ({
  key: name.toLowerCase().replaceAll(' ', '_'),
  name,
  value,
  unit,
  meaning,
});

export function fakeMetrics(launched: boolean): MetricsView {
  return {
    dora: launched
      ? [
          metric('Deployment frequency', 3.5, 'a week', 'How often changes reach customers; more often means smaller steps.'),
          metric('Lead time for changes', 9.25, 'hours', 'From the first commit until customers have it, half take less.'),
          metric('Change failure rate', 12.4, '%', 'Deployments that had to be put right; under 15 is good.'),
          metric('Time to restore', 2.6, 'hours', 'Until a failed deployment is put right, half take less.'),
        ]
      : [],
    flow: [
      metric('Throughput', 14, 'tasks', 'Tasks finished in a week, over the last four.'),
      metric('Work in progress', 9, 'tasks', 'Tasks begun and not done; few at a time are done sooner.'),
      metric('Flow efficiency', 38.2, '%', 'Time worked on a task over the time it was open.'),
      metric('Age of the oldest', 6.5, 'days', 'How long the oldest task in hand is open.'),
      metric('Rework', 11, '%', 'Finished work that review sent back.'),
    ],
    practice: [
      metric('Builds that pass', 87.5, '%', 'Runs of the pipeline that were green at the first try.'),
      metric('Time of a build', 6.2, 'minutes', 'How long somebody waits for the pipeline.'),
      metric('Review wait', null, 'hours', 'Until somebody looks at finished work.'),
    ],
    lead_hours: { p5: 4, p25: 14.5, p50: 31, p75: 66, p95: 148, count: 212 },
    cycle_hours: { p5: 1.5, p25: 5.2, p50: 9.8, p75: 18.4, p95: 46, count: 212 },
    spent_to_estimate: { p5: 0.42, p25: 0.8, p50: 1.12, p75: 1.7, p95: 3.4, count: 212 },
    defects: [
      { stage: 'self_test', met: 480, found: 142, removal: 2_958 },
      { stage: 'build', met: 338, found: 51, removal: 1_508 },
      { stage: 'review', met: 287, found: 118, removal: 4_111 },
      { stage: 'test', met: 169, found: 77, removal: 4_556 },
      { stage: 'customers', met: 92, found: 0, removal: null },
    ],
    weeks: Array.from({ length: 12 }, () => ({ asked: whole(8, 22), done: whole(7, 20), deployed: launched ? whole(1, 5) : 0, failed: launched ? whole(0, 1) : 0 })),
    sprint: {
      number: 6,
      since_day: 51,
      until_day: 61,
      committed: 18,
      committed_minutes: 7_200,
      done_minutes: 3_060,
      velocity_minutes_per_day: 690,
      carried: 3,
      kept: 8_300,
    },
  };
}

export function fakeEstimate(): EstimateView {
  return {
    phase_days_50: 9,
    phase_days_85: 14,
    days_50: 46,
    days_85: 71,
    until: 'growth',
    hours_left: 412,
    hours_per_day: 47.5,
    promised_days: [22, 31],
    explained: 'The last 20 working days were drawn again 1,000 times, with what is still likely to come up.',
  };
}

export function fakePath({ phase }: ProjectSummary): PathView {
  return {
    skipped: PHASES.indexOf(phase) > 1 ? ['intake'] : [],
    pivots: 1,
    evidence: { interviews: 24, confirmed: 17, asked_to_pay: 17, willing_to_pay: 6, competitors: 4, missing: ['business model'] },
    conditions: [
      { adviser: 'Marta Quist, operations', text: 'Name two shops that pay before the design begins.', due_day: 24, state: 'done', done_day: 21 },
      { adviser: 'Jon Abara, finance', text: 'Keep six months of money at any time.', due_day: 70, state: 'open', done_day: null },
      { adviser: 'Iris Vogel, law', text: 'A contract for data of customers.', due_day: 40, state: 'missed', done_day: null },
    ],
    setbacks: [
      { day: 33, from: 6_200, to: 5_400, cause: 'The import of orders was built for the wrong tax rules.' },
      { day: 47, from: 7_100, to: 6_800, cause: 'A key developer left.' },
    ],
  };
}

export function fakeChief(people: PersonView[]): ChiefView {
  const chief = people[0]!;
  const owner = () => pick(people);
  const goal = (id: number, department: string, measure: string, base: number, target: number, value: number, text: string, state: string) => {
    const { id: person, name } = owner();
    return { id, parent: department === 'leadership' ? null : 1, department, owner: person, owner_name: name, measure, base, target, value, text, state, set_day: 41, due_day: 61 };
  };
  const act = (day: number, kind: string, text: string, measure: string, before: number, expected: number, after: number | null, outcome: string) => ({
    day, by: chief.id, by_name: chief.name, kind, text, measure, before, expected, after, outcome,
  });
  return {
    chief: chief.id,
    chief_name: chief.name,
    hiring_frozen: true,
    goals: [
      goal(1, 'leadership', 'runway', 120, 150, 131, 'at least 150 working days of money by day 61', 'at_risk'),
      goal(2, 'leadership', 'progress', 20, 70, 58, 'at least 70 % of the phase by day 61', 'on_track'),
      goal(3, 'engineering', 'open defects', 14, 6, 13, 'at most 6 open defects by day 61', 'off'),
      goal(4, 'engineering', 'finished work', 0, 620, 410, 'at least 620 hours of finished work by day 61', 'on_track'),
      goal(5, 'market', 'customers', 31, 40, 41, 'at least 40 customers by day 61', 'met'),
    ],
    goals_met: 7,
    goals_missed: 3,
    acts: [
      act(22, 'talk', `Talked with ${owner().name} because of a morale of 38 of 100.`, 'morale', 38, 55, 61, 'helped'),
      act(30, 'hire', 'Opened a position for a tester because of 22 open defects.', 'open defects', 22, 12, 21, 'nothing'),
      act(44, 'cut_scope', 'Dropped six tasks of low priority because of 34 % of the phase.', 'progress', 34, 60, null, 'open'),
      act(49, 'freeze_hiring', 'Froze hiring with 120 working days of money.', 'runway', 120, 150, null, 'open'),
    ],
    answers: [
      { question: 'How long does the money last?', answer: 'At the cost and income of today for 131 working days.' },
      { question: 'When is the phase done?', answer: 'In 9 working days at even odds, and in 14 almost surely.' },
      { question: 'What worries you most?', answer: 'Open defects: they did not become fewer this month.' },
    ],
  };
}
