/** A company of the fake node: believable people, work, money and talk, which change a little. */
import type {
  ArtifactView,
  Event,
  FinanceDay,
  MeshNode,
  PersonView,
  ProjectDetail,
  ProjectRow,
  ProjectSummary,
  ProjectView,
  Talk,
  TaskState,
  TaskView,
} from '../src/api/types';
import { PHASES } from '../src/parts/phases';
import { fakeBusiness, fakeTalkAnalysis } from './fake-business';
import { fakeChief, fakeEstimate, fakeMetrics, fakePath } from './fake-progress';
import { chance, hex, pick, whole } from './fake-random';
import { fakeWorkshop, fakeWorkstation } from './fake-workshop';

const FIRST = ['Ada', 'Gus', 'Eli', 'Fay', 'Kai', 'Chen', 'Hana', 'Lea', 'Omar', 'Ines', 'Noor', 'Tomás', 'Vera', 'Yuki', 'Zoë', 'Ravi'];
const LAST = ['Okafor', 'Ibarra', 'Novak', 'Moreau', 'Mensah', 'Wei', 'Kim', 'Roth', 'Haddad', 'Silva', 'Lindqvist', 'Bauer', 'Tanaka', 'Rossi'];
const COMPANY = ['Northwind', 'Bluebird', 'Copper', 'Lantern', 'Harbour', 'Juniper', 'Quarry', 'Silver', 'Tidal', 'Walnut', 'Ember', 'Meadow'];
const KIND = ['Labs', 'Health', 'Freight', 'Energy', 'Books', 'Robotics', 'Foods', 'Ledger', 'Maps', 'Studio'];
const INDUSTRY = ['Developer tools', 'Health', 'Logistics', 'Energy', 'Education', 'Robotics', 'Food', 'Finance', 'Travel', 'Media'];
const ROLES: Array<[string, string]> = [
  ['developer', 'Engineering'],
  ['tester', 'Engineering'],
  ['operations', 'Engineering'],
  ['designer', 'Design'],
  ['product manager', 'Product'],
  ['marketer', 'Market'],
  ['sales', 'Market'],
];
const VERB = ['Add', 'Fix', 'Measure', 'Redesign', 'Remove', 'Document', 'Speed up', 'Review', 'Test', 'Plan'];
const THING = ['sign-up', 'the import of orders', 'invoice export', 'search', 'the mobile menu', 'nightly backup', 'pricing page', 'retries in the queue', 'the map view', 'password reset', 'the audit log', 'customer interviews'];
const SAYS = [
  'Can you review my merge before stand-up?',
  'The tests are green on all three targets.',
  'I am stuck on the retry logic, has anybody seen this before?',
  'Customers ask for the export again. Third time this week.',
  'We should cut this from the release; it is not ready.',
  'Nice work on the map view, it feels much faster.',
  'I will take the invoice bug, it blocks two of us.',
  'The numbers of last week are in: sign-ups are up a fifth.',
];
const THINKS = [
  'If retries back off, the tail should drop. I will try jitter before I touch the queue.',
  'Review or the next task? Ines waits for me, so review first.',
  'I am tired. A coffee, then the short one.',
  'This estimate was far too low; better say so now.',
];
const TOPICS = ['release', 'quality', 'customers', 'hiring', 'deadline', 'design', 'money'];
const ACTIVITY = ['working', 'working', 'working', 'review', 'meeting', 'coffee', 'helping', 'away'];
const SKILLS: Array<[string, boolean]> = [
  ['Rust', false],
  ['Distributed systems', false],
  ['Testing', false],
  ['Interface design', false],
  ['Negotiation', true],
  ['Mentoring', true],
  ['Writing', true],
];
const DAY = 480;
const EPOCH = 60;

export class FakeProject {
  readonly id = hex(64);
  readonly runner: MeshNode | null;
  readonly people: PersonView[];
  /** What happened in the last step. */
  newest: Event[] = [];
  private readonly summary: ProjectSummary;
  private readonly tasks: TaskView[];
  private readonly talk: Talk[];
  private readonly finance: FinanceDay[];
  private readonly halted: string | null;
  /** What stands still while the project runs. */
  private readonly background: Pick<ProjectView, 'metrics' | 'estimate' | 'path' | 'chief' | 'business' | 'talk_analysis' | 'workshop'>;

  constructor(index: number, live: MeshNode[]) {
    this.runner = index === 17 ? null : pick(live);
    this.halted = index === 11 ? 'The step at epoch 322 panicked: attempt to divide by zero in market.rs. Its state before that is kept.' : null;
    const size = whole(3, 26);
    this.people = Array.from({ length: size }, (_, at) => fakePerson(at));
    this.finance = fakeFinance(whole(20, 41));
    this.summary = fakeSummary(index, this.people, this.finance);
    this.tasks = Array.from({ length: whole(20, 90) }, (_, id) => this.fakeTask(id + 1));
    this.giveWork();
    this.count();
    for (const person of this.people) person.relations = this.fakeRelations(person);
    this.talk = Array.from({ length: 24 }, (_, at) => this.say(at, 330 * EPOCH - (24 - at) * 7));
    const launched = PHASES.indexOf(this.summary.phase) >= PHASES.indexOf('launch');
    this.background = {
      metrics: fakeMetrics(launched),
      estimate: fakeEstimate(),
      path: fakePath(this.summary),
      chief: fakeChief(this.people),
      business: fakeBusiness(),
      talk_analysis: fakeTalkAnalysis(this.people),
      workshop: fakeWorkshop(this.people, 330 * EPOCH, launched),
    };
  }

  row(world: string, epoch: number): ProjectRow {
    const { id, runner, halted } = this;
    const runnerName = runner?.name ?? null;
    return { id, world, epoch, summary: this.summary, runner: runner?.id ?? null, runner_name: runnerName, standby: [], halted };
  }

  detail(world: string, epoch: number): ProjectDetail {
    const row = this.row(world, epoch);
    if (!this.runner) return { row, view: null, view_epoch: null, refused: [] };
    return {
      row,
      view_epoch: epoch - 1,
      refused: [{ command: hex(64), epoch: 212, reason: 'Nobody of that name works here any more.' }],
      view: {
        tick: epoch * EPOCH,
        summary: this.summary,
        description: 'Gives small teams one place where orders, stock and invoices agree, without a consultant.',
        hypothesis: 'Shops with two to twenty people pay for never typing an order twice.',
        target_customers: ['small shops', 'workshops', 'market traders'],
        target_market: 'Europe',
        business_model: 'Subscription per seat',
        stop_after: 'growth',
        end_reason: this.summary.status === 'failed' ? 'It ran out of cash on day 38.' : null,
        policies: {
          process: 'flow',
          sprint_days: 10,
          wip_limit: 2,
          review: 7_500,
          review_strictness: 5_000,
          meeting_minutes_per_week: 90,
          overtime_hours: 0,
          remote: 3_000,
          training: 300,
          hires_per_month: 1,
          replace_leavers: true,
          price_cents: 2_900,
        },
        people: this.people,
        tasks: this.tasks,
        artifacts: fakeArtifacts(this.summary),
        finance: this.finance,
        talk: this.talk,
        ...this.background,
      },
    };
  }

  step(epoch: number): void {
    if (this.halted || this.summary.status !== 'active') {
      this.newest = [];
      return;
    }
    const tick = epoch * EPOCH - whole(1, 50);
    for (const person of this.people) live(person);
    this.summary.progress = Math.min(9_900, this.summary.progress + whole(0, 20));
    const talk = this.say((this.talk.at(-1)?.id ?? 0) + 1, tick);
    this.talk.push(talk);
    this.talk.shift();
    const thinker = pick(this.people);
    const task = pick(this.tasks);
    this.newest = [
      { type: 'talk', talk },
      { type: 'thought', tick, person: thinker.id, name: thinker.name, text: pick(THINKS) },
      ...(chance(0.3)
        ? [{ type: 'task', tick, task: task.id, title: task.title, state: task.state, by: task.assignee_name } as const]
        : []),
    ];
  }

  private fakeTask(id: number): TaskView {
    const state = pick<TaskState>(['todo', 'todo', 'todo', 'doing', 'review', 'done', 'done', 'dropped']);
    const estimate = whole(1, 30) * 60;
    const spent = state === 'todo' ? 0 : state === 'done' ? estimate + whole(-60, 240) : whole(0, estimate + 120);
    return {
      id,
      title: `${pick(VERB)} ${pick(THING)}`,
      kind: pick(['feature', 'feature', 'bug', 'research', 'design', 'ops']),
      area: pick(['orders', 'invoices', 'sign-up']),
      vague: chance(0.1),
      committed: chance(0.3),
      builds_failed: whole(0, 2),
      state,
      phase: this.summary.phase,
      priority: whole(0, 9),
      estimate_minutes: estimate,
      spent_minutes: spent,
      left_minutes: state === 'done' ? 0 : Math.max(30, estimate - spent),
      assignee: null,
      assignee_name: null,
      reviewer_name: null,
      depends_on: state === 'todo' && chance(0.25) ? [whole(1, 20)] : [],
      blocked: false,
      rework: state === 'todo' ? 0 : whole(0, 8) === 0 ? 1 : 0,
      created_tick: whole(0, 4_000),
      started_tick: state === 'todo' ? null : whole(4_000, 9_000),
      done_tick: state === 'done' ? whole(9_000, 19_000) : null,
      source: chance(0.2) ? `!${whole(100, 999)}` : null,
    };
  }

  private giveWork(): void {
    for (const task of this.tasks) {
      task.blocked = task.depends_on.length > 0;
      if (task.state === 'todo') continue;
      const person = pick(this.people);
      task.assignee = person.id;
      task.assignee_name = person.name;
      if (task.state === 'review') task.reviewer_name = pick(this.people).name;
      if (task.state === 'doing') person.task = task.id;
    }
  }

  private count(): void {
    const of = (state: TaskState) => this.tasks.filter((task) => task.state === state).length;
    this.summary.tasks_todo = of('todo');
    this.summary.tasks_doing = of('doing');
    this.summary.tasks_review = of('review');
    this.summary.tasks_done = of('done') + whole(0, 120);
  }

  private fakeRelations(person: PersonView): PersonView['relations'] {
    return this.people
      .filter((other) => other !== person)
      .slice(0, 4)
      .map((other) => ({ person: other.id, name: other.name, affinity: whole(-4_000, 9_000), trust: whole(-2_000, 9_000) }))
      .sort((a, b) => Math.abs(b.affinity) - Math.abs(a.affinity));
  }

  private say(id: number, tick: number): Talk {
    const from = pick(this.people);
    const to = chance(0.4) ? [] : [pick(this.people).id];
    return {
      id,
      tick,
      from: from.id,
      from_name: from.name,
      to,
      kind: pick(['chat', 'stand_up', 'review', 'question', 'help', 'decision', 'mail']),
      thread: id,
      text: pick(SAYS),
      sentiment: whole(-6_000, 9_000),
      tone: whole(-4_000, 6_000),
      keywords: [],
      names: [],
      importance: whole(0, 10_000),
      urgency: whole(0, 10_000),
      topics: [pick(TOPICS)],
      task: chance(0.3) ? whole(1, 40) : null,
    };
  }
}

function fakePerson(at: number): PersonView {
  const [role, department] = ROLES[at % ROLES.length]!;
  return {
    id: hex(16),
    name: `${pick(FIRST)} ${pick(LAST)}`,
    role,
    department,
    seniority: pick(['junior', 'mid', 'senior', 'lead']),
    personality: [whole(1_000, 9_000), whole(1_000, 9_000), whole(1_000, 9_000), whole(1_000, 9_000), whole(1_000, 9_000)],
    skills: SKILLS.map(([name, soft]) => ({ name, soft, level: whole(1_500, 9_500), idle_weeks: whole(0, 9) })),
    specialisations: ['queues', 'payments'],
    experience_years: whole(0, 20),
    achievements: ['First release'],
    career: [
      { day: 4, text: `Joined as ${role}.`, former: null },
      { day: 31, text: 'Rose a step.', former: null },
    ],
    pay_percent: whole(82, 124),
    share: 10_000,
    exhaustion: whole(300, 8_200),
    familiarity: whole(2_000, 9_500),
    status: at === 4 ? 'on_leave' : 'at_work',
    back_on_day: at === 4 ? 58 : null,
    remote: at % 3 === 1,
    mentor: null,
    mentor_name: null,
    mentees: at === 0 ? 1 : 0,
    joined_day: 4,
    weighing: {
      text: 'If retries back off, the tail should drop. I will try jitter before I touch the queue.',
      kind: 'problem_solving',
      goal: 'the tail of the waiting times under a second',
      doubt: 'the queue may be the cause after all',
      options: [
        { label: 'Try jitter', weight: 58, chosen: true },
        { label: 'Ask for help', weight: 27, chosen: false },
        { label: 'Rewrite the queue', weight: 15, chosen: false },
      ],
      task: null,
      person: null,
    },
    day: {
      place: 'desk',
      room: null,
      with: [],
      remote: at % 3 === 1,
      focus_minutes: whole(40, 280),
      interruptions: whole(0, 7),
      clarity: whole(5_000, 9_500),
      agenda: [
        { occasion: 'stand_up', minute: 15, minutes: 15, room: 1 },
        { occasion: 'lunch', minute: 210, minutes: 45, room: 0 },
        { occasion: 'one_to_one', minute: 360, minutes: 30, room: 2 },
      ],
    },
    workstation: fakeWorkstation(),
    salary_cents_per_year: whole(38, 110) * 100_000,
    energy: whole(3_000, 9_800),
    morale: whole(3_500, 9_500),
    productivity: whole(4_000, 9_800),
    activity: pick(ACTIVITY),
    task: null,
    thought: chance(0.8) ? pick(THINKS) : null,
    location: [whole(0, 20), whole(0, 14)],
    target: [whole(0, 20), whole(0, 14)],
    relations: [],
    tasks_done: whole(0, 60),
  };
}

function live(person: PersonView): void {
  person.energy = Math.max(500, Math.min(10_000, person.energy + whole(-120, 100)));
  person.morale = Math.max(500, Math.min(10_000, person.morale + whole(-60, 60)));
  if (chance(0.1)) person.activity = pick(ACTIVITY);
  if (chance(0.1)) person.thought = pick(THINKS);
}

function fakeFinance(days: number): FinanceDay[] {
  let cash = whole(40, 190) * 1_000_000;
  let customers = 0;
  return Array.from({ length: days }, (_, at) => {
    const spent = whole(280_000, 420_000);
    customers += at > days / 3 ? whole(0, 3) : 0;
    const earned = Math.round((customers * 2_900) / 20 + (at > days / 2 ? whole(0, 160_000) : 0));
    cash += earned - spent;
    return { day: 41 - days + at, cash_cents: cash, spent_cents: spent, earned_cents: earned, customers };
  });
}

function fakeSummary(index: number, people: PersonView[], finance: FinanceDay[]): ProjectSummary {
  const failed = index === 7;
  const done = index === 5;
  const last = finance.at(-1)!;
  const month = finance.slice(-20);
  const spent = month.reduce((sum, day) => sum + day.spent_cents, 0);
  const earned = month.reduce((sum, day) => sum + day.earned_cents, 0);
  const mean = (value: (person: PersonView) => number) =>
    Math.round(people.reduce((sum, person) => sum + value(person), 0) / people.length);
  return {
    name: `${COMPANY[index % COMPANY.length]} ${KIND[(index * 3 + Math.floor(index / 10)) % KIND.length]}`,
    industry: INDUSTRY[index % INDUSTRY.length]!,
    status: failed ? 'failed' : done ? 'completed' : index === 9 ? 'paused' : 'active',
    phase: done ? 'completed' : pick(PHASES.slice(0, 8)),
    progress: whole(300, 9_800),
    people: people.length,
    morale: mean((person) => person.morale),
    energy: mean((person) => person.energy),
    tasks_todo: 0,
    tasks_doing: 0,
    tasks_review: 0,
    tasks_done: 0,
    defects_open: whole(0, 14),
    cash_cents: failed ? -1_240_000 : last.cash_cents,
    burn_cents_per_month: spent - earned,
    revenue_cents_per_month: earned,
    customers: last.customers,
  };
}

function fakeArtifacts({ phase }: ProjectSummary): ArtifactView[] {
  const behind = PHASES.slice(0, Math.max(1, PHASES.indexOf(phase)));
  return behind.map((each, at) => ({
    phase: each,
    title: `${each.charAt(0).toUpperCase()}${each.slice(1)} report`,
    tick: (at + 1) * DAY * 3,
    text: [
      `# ${each} report`,
      'Twelve interviews, **nine of them** with shops of fewer than five people. The text below is `as written`.',
      '## What we learned',
      '- Orders are typed twice, often three times',
      '- Nobody trusts the stock figures on a Monday',
      '- The price of a seat matters less than the first day',
      '## Decision',
      '1. Go on to the next phase',
      '2. Drop the mobile application until launch',
      '<script>alert("not markup")</script>',
    ].join('\n'),
  }));
}
