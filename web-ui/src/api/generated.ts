// Made from the node's Rust types. Do not edit: change those, then run
// UPDATE_TYPES=1 cargo test -p node typescript_types_are_up_to_date

/**
 * `GET /api/v1/status`: this node.
 */
export type NodeStatus = { node: string, name: string, mesh: string, version: string, protocol: number, uptime_ms: number, 
/**
 * Full multiaddrs, with `/p2p/…`, that others can join by.
 */
addresses: Array<string>, http: string, data: string, peers_connected: number, worlds: number, projects_run: number, people_run: number, disk_used_bytes: number, disk_free_bytes: number, memory_bytes: number, 
/**
 * What is wrong, in words, with what to do; empty when all is well.
 */
problems: Array<string>, };

/**
 * `GET /api/v1/mesh`: every node this one knows, and the links between them.
 */
export type MeshView = { me: string, mesh: string, now_ms: number, nodes: Array<MeshNode>, links: Array<Link>, 
/**
 * Oldest first, one a second, at most 900: the last 15 minutes.
 */
history: Array<MeshSample>, };

export type NodeState = "live" | "missing";

export type MeshNode = { id: string, name: string, state: NodeState, version: string, addresses: Array<string>, 
/**
 * Its dashboard, if it told one and this node may show it.
 */
http: string | null, cores: number, 
/**
 * Share of its cores in use, in basis points.
 */
load: number, memory_bytes: number, projects: number, people: number, 
/**
 * Share of all people of the mesh, in basis points.
 */
share: number, last_heard_ms: number | null, 
/**
 * Round trip from this node, if connected.
 */
rtt_us: number | null, 
/**
 * `quic` or `tcp`, if connected.
 */
transport: string | null, 
/**
 * Why it is missing: each address tried last, and what came of it.
 */
attempts: Array<DialAttempt>, };

export type DialAttempt = { address: string, at_ms: number, 
/**
 * None if it worked.
 */
error: string | null, 
/**
 * When the next try is due.
 */
next_ms: number | null, };

/**
 * A connection, as its `from` end tells it.
 */
export type Link = { from: string, to: string, transport: string, rtt_us: number | null, };

/**
 * A second of this node's life.
 */
export type MeshSample = { at_ms: number, gossip_sent: number, gossip_received: number, gossip_duplicate: number, gossip_rejected: number, rtt_p50_us: number | null, rtt_p95_us: number | null, epochs_settled: number, steps: number, };

/**
 * `GET /api/v1/worlds` (a list) and `GET /api/v1/worlds/{world}`.
 */
export type WorldView = { id: string, name: string, model: string, rules: number, seed: string, 
/**
 * Every epoch before this one is settled for every project, as far as this node knows.
 */
epoch: number, ticks_per_epoch: number, lookahead: number, checkpoint_interval: number, 
/**
 * 0: no end.
 */
end: number, pace: PaceView, projects: number, people: number, commands: number, 
/**
 * The newest checkpoint that is settled here.
 */
checkpoint: RootView | null, 
/**
 * Epochs settled in the last second.
 */
epochs_per_second: number, 
/**
 * Why it does not move, if it does not.
 */
waiting: string | null, };

export type PaceView = { 
/**
 * Wall time of an epoch; 0: as fast as possible.
 */
epoch_ms: number, paused: boolean, };

/**
 * `GET /api/v1/worlds/{world}/root?epoch=E`.
 */
export type RootView = { world: string, epoch: number, root: string, 
/**
 * Digest of the stamps below the epoch.
 */
stamps: string, };

/**
 * `GET /api/v1/worlds/{world}/projects`: a page of these.
 */
export type ProjectRow = { id: string, world: string, 
/**
 * The epoch after which the summary holds.
 */
epoch: number, summary: ProjectSummary, 
/**
 * The node that runs it.
 */
runner: string | null, runner_name: string | null, 
/**
 * Nodes that stand by, in order of rank.
 */
standby: Array<string>, 
/**
 * Set when the project was halted by a fault in a step.
 */
halted: string | null, };

/**
 * `GET /api/v1/projects/{project}`.
 */
export type ProjectDetail = { row: ProjectRow, 
/**
 * From the runner; none if it does not answer at the moment.
 */
view: ProjectView | null, 
/**
 * How old the view is: the epoch after which it holds.
 */
view_epoch: number | null, refused: Array<RefusedView>, };

/**
 * A command the world refused.
 */
export type RefusedView = { command: string, epoch: number, reason: string, };

/**
 * `GET /api/v1/worlds/{world}/shares`: where every project's state is.
 */
export type ShareRow = { project: string, name: string, runner: string | null, runner_name: string | null, 
/**
 * Why that node runs it, in words.
 */
why: string, standby: Array<string>, settled: number, people: number, };

/**
 * A person and the project they work in.
 */
export type PersonRow = { project: string, project_name: string, person: PersonView, };

/**
 * `GET /api/v1/worlds/{world}/people` and `GET /api/v1/projects/{project}/people`: asked of the
 * nodes that run the projects, page by page.
 */
export type PeoplePage = { items: Array<PersonRow>, 
/**
 * As the summaries tell it.
 */
total: number, 
/**
 * Give this as `cursor` to get the next page.
 */
next: string | null, 
/**
 * Projects of this page that did not answer: their people are left out.
 */
missing: Array<string>, };

/**
 * The answer to every command given: `POST …`.
 */
export type Accepted = { command: string, 
/**
 * The project the command founds or is for.
 */
project: string | null, world: string, epoch: number, 
/**
 * On how many other nodes it is on disk too. 0 means here only.
 */
copies: number, state: CommandState, };

/**
 * `GET /api/v1/worlds/{world}/commands/{command}` answers with an [`Accepted`] too.
 */
export type CommandState = { "is": "accepted" } | { "is": "applied" } | { "is": "refused", reason: string, };

/**
 * `POST /api/v1/worlds` takes a scenario (TOML text, at most 4 MiB) and answers with this.
 */
export type WorldCreated = { world: string, name: string, 
/**
 * False if the mesh had this very world already.
 */
created: boolean, projects: Array<string>, };

/**
 * `POST /api/v1/worlds/{world}/import?name=…&as_of=YYYY-MM-DD` takes a GitLab CSV export and
 * answers with this.
 */
export type Imported = { accepted: Accepted, people: number, open: number, history: number, 
/**
 * Calibrated pace: median person-hours a unit of weight, and closings a week.
 */
hours_per_weight: number, closings_per_week: number, 
/**
 * What was not understood, with its line.
 */
warnings: Array<string>, };

/**
 * `POST /api/v1/worlds/{world}/pace`; what is left out stays as it is. Answered with a [`PaceView`].
 */
export type PaceRequest = { 
/**
 * Wall time of an epoch; 0: as fast as possible.
 */
epoch_ms: number | null, paused: boolean | null, };

/**
 * `POST /api/v1/peers`: join by address.
 */
export type JoinRequest = { address: string, };

export type Joined = { node: string, address: string, transport: string, took_ms: number, };

/**
 * `POST /api/v1/shutdown`: the node ends itself cleanly after this answer.
 */
export type Stopping = { stopping: boolean, };

/**
 * `GET /healthz` (the process answers) and `GET /readyz` (the node takes part; else 503).
 */
export type Health = { ok: boolean, 
/**
 * Why not, in words; empty when all is well.
 */
reasons: Array<string>, };

/**
 * Every error: RFC 9457, `application/problem+json`.
 */
export type Problem = { 
/**
 * `about:blank` or a name like `unknown-project`.
 */
type: string, title: string, status: number, 
/**
 * What happened, to what, and what to do.
 */
detail: string, 
/**
 * For `ambiguous`: what the name or prefix could mean, as full ids.
 */
candidates?: Array<string>, };

/**
 * What a client says on `GET /api/v1/ws`.
 */
export type ClientMessage = { "do": "subscribe", channel: Channel, after: number | null, } | { "do": "unsubscribe", channel: Channel, } | { "do": "ping", nonce: number, };

export type Channel = { "name": "mesh" } | { "name": "world", world: string, } | { "name": "project", project: string, } | { "name": "talk", project: string, };

/**
 * What the node says on the socket. (It is made, written and dropped: its size costs nothing.)
 */
export type ServerMessage = { "is": "mesh", seq: number, mesh: MeshView, } | { "is": "world", seq: number, world: WorldView, rows: Array<ProjectRow>, complete: boolean, } | { "is": "project", seq: number, project: string, detail: ProjectDetail, } | { "is": "talk", seq: number, project: string, epoch: number, events: Array<Event>, } | { "is": "gap", channel: Channel, seq: number, } | { "is": "error", channel: Channel | null, problem: Problem, } | { "is": "pong", nonce: number, };

/**
 * What every node knows of every project, from receipts. Small: it travels each epoch.
 */
export type Summary = { "project": ProjectSummary } | { "market": MarketSummary };

/**
 * A project at a glance.
 */
export type ProjectSummary = { name: string, industry: string, status: Status, phase: Phase, 
/**
 * Of the present phase, in basis points.
 */
progress: number, people: number, 
/**
 * Mean over people, in basis points.
 */
morale: number, 
/**
 * Mean over people, in basis points.
 */
energy: number, tasks_todo: number, tasks_doing: number, tasks_review: number, tasks_done: number, 
/**
 * Known and not yet fixed.
 */
defects_open: number, cash_cents: number, 
/**
 * Spent less earned, over the last 20 working days; negative when the project earns.
 */
burn_cents_per_month: number, revenue_cents_per_month: number, customers: number, };

/**
 * The market at a glance.
 */
export type MarketSummary = { 
/**
 * Possible customers there are.
 */
size: number, 
/**
 * Those who have bought from somebody.
 */
adopters: number, 
/**
 * Projects that have announced themselves.
 */
projects: number, };

export type Status = "active" | "paused" | "completed" | "failed" | "archived";

export type Phase = "intake" | "validation" | "advisory" | "design" | "build" | "hardening" | "launch" | "growth" | "completed";

/**
 * All of a project that a page shows: answered by the node that runs it.
 */
export type ProjectView = { 
/**
 * The tick up to which this is true.
 */
tick: number, summary: ProjectSummary, description: string, hypothesis: string, target_customers: Array<string>, target_market: string, business_model: string, 
/**
 * The phase after which the project stops by itself.
 */
stop_after: Phase, 
/**
 * What ended it, if it has ended, in words.
 */
end_reason: string | null, policies: Policies, people: Array<PersonView>, tasks: Array<TaskView>, metrics: MetricsView, artifacts: Array<ArtifactView>, 
/**
 * What is left, from the project's own pace.
 */
estimate: EstimateView, 
/**
 * The way from the idea to the customers.
 */
path: PathView, 
/**
 * Goals, acts and answers of whoever leads.
 */
chief: ChiefView, 
/**
 * Newest last: at most the last 90 working days.
 */
finance: Array<FinanceDay>, business: BusinessView, 
/**
 * Newest last: the latest talk that the project still remembers.
 */
talk: Array<Talk>, talk_analysis: TalkAnalysisView, 
/**
 * Repository, pipeline and deployments.
 */
workshop: WorkshopView, };

/**
 * What an owner can turn.
 */
export type Policies = { 
/**
 * How work is planned.
 */
process: Process, 
/**
 * Working days of a sprint: 2 to 30.
 */
sprint_days: number, 
/**
 * Tasks one person may have in hand at a time: 1 to 8.
 */
wip_limit: number, 
/**
 * Share of finished work that is reviewed, in basis points.
 */
review: number, 
/**
 * How closely reviewers look, in basis points: more is found, it takes longer, and it is felt.
 */
review_strictness: number, 
/**
 * Minutes of meetings a week for each person, beside the stand-up: 0 to 1,200.
 */
meeting_minutes_per_week: number, 
/**
 * Hours worked beyond eight a day: 0 to 6.
 */
overtime_hours: number, 
/**
 * Share of people who work from elsewhere, in basis points.
 */
remote: number, 
/**
 * Share of working time given to training, in basis points: 0 to 3,000.
 */
training: number, 
/**
 * Positions the chief may open in a month beyond replacing leavers: 0 to 20.
 */
hires_per_month: number, 
/**
 * Whether somebody who left is replaced.
 */
replace_leavers: boolean, 
/**
 * Monthly price of the product for one customer, in cents.
 */
price_cents: number, };

/**
 * How work is planned.
 */
export type Process = "flow" | "sprint";

/**
 * All of a person that a page shows.
 */
export type PersonView = { 
/**
 * Unique in the world.
 */
id: string, name: string, role: string, department: string, seniority: string, 
/**
 * Openness, conscientiousness, extraversion, agreeableness, neuroticism, in basis points.
 */
personality: [number, number, number, number, number], 
/**
 * Technical and soft skills by name, in basis points.
 */
skills: Array<SkillView>, specialisations: Array<string>, experience_years: number, achievements: Array<string>, 
/**
 * The turns of their working life that are remembered, newest last.
 */
career: Array<CareerView>, salary_cents_per_year: number, 
/**
 * Salary against what the role and seniority usually earn, in percent.
 */
pay_percent: number, 
/**
 * Share of the working day given to the project, in basis points.
 */
share: number, energy: number, morale: number, 
/**
 * What weeks of strain leave behind, in basis points: above 7,000 somebody may break down.
 */
exhaustion: number, 
/**
 * How well they know the project, in basis points.
 */
familiarity: number, productivity: number, 
/**
 * `at_work`, `in_training`, `sick`, `on_leave`, `burned_out`.
 */
status: string, 
/**
 * Working day on which they are back, while they are away.
 */
back_on_day: number | null, 
/**
 * Whether they work from elsewhere.
 */
remote: boolean, 
/**
 * Who shows them around while they are new: id and name.
 */
mentor: string | null, mentor_name: string | null, 
/**
 * Newcomers they show around.
 */
mentees: number, 
/**
 * Working day they joined on.
 */
joined_day: number, 
/**
 * What the person is doing, in a word: `working`, `meeting`, `review`, `coffee`, `away`, …
 */
activity: string, 
/**
 * The task in hand.
 */
task: number | null, 
/**
 * What the person is weighing, with the choice made.
 */
thought: string | null, 
/**
 * The same, taken apart: the aim, the doubt, the options and the choice.
 */
weighing: ThoughtView | null, 
/**
 * Their day so far: where they are, with whom, what is still to come.
 */
day: DayView, 
/**
 * Where they are and where they go, in office cells of 1 m.
 */
location: [number, number], target: [number, number], 
/**
 * What they think of others of the project, strongest first, at most eight.
 */
relations: Array<RelationView>, tasks_done: number, 
/**
 * The machine they work at.
 */
workstation: WorkstationView, };

/**
 * How good somebody is at something.
 */
export type SkillView = { name: string, 
/**
 * In basis points.
 */
level: number, soft: boolean, 
/**
 * Weeks since it was last practised, at most 255; what is not practised is forgotten.
 */
idle_weeks: number, };

/**
 * What somebody thinks of a colleague.
 */
export type RelationView = { person: string, name: string, 
/**
 * Liking, from -10,000 to 10,000.
 */
affinity: number, 
/**
 * How far they count on them, from -10,000 to 10,000.
 */
trust: number, };

/**
 * A turn in somebody's working life.
 */
export type CareerView = { 
/**
 * Working day of the world.
 */
day: number, text: string, 
/**
 * The id of a person's former self, for a project they were at before.
 */
former: string | null, };

export type TaskView = { id: number, title: string, 
/**
 * `feature`, `bug`, `research`, `design`, `ops`, …
 */
kind: string, 
/**
 * The part of the product it belongs to.
 */
area: string, state: TaskState, phase: Phase, priority: number, 
/**
 * Person-minutes.
 */
estimate_minutes: number, spent_minutes: number, left_minutes: number, assignee: string | null, assignee_name: string | null, reviewer_name: string | null, depends_on: Array<number>, blocked: boolean, 
/**
 * How often review sent it back.
 */
rework: number, 
/**
 * Whether nobody has looked into what it means yet.
 */
vague: boolean, 
/**
 * Whether it is in the sprint that runs.
 */
committed: boolean, 
/**
 * Runs of the pipeline that failed.
 */
builds_failed: number, created_tick: number, started_tick: number | null, done_tick: number | null, 
/**
 * Where it came from, for imported work: the tracker's own id.
 */
source: string | null, };

export type TaskState = "todo" | "doing" | "review" | "done" | "dropped";

/**
 * What a phase leaves behind.
 */
export type ArtifactView = { phase: Phase, title: string, 
/**
 * Markdown.
 */
text: string, tick: number, };

export type FinanceDay = { 
/**
 * Working day of the world, from 0.
 */
day: number, cash_cents: number, spent_cents: number, earned_cents: number, customers: number, };

/**
 * Something said.
 */
export type Talk = { 
/**
 * Unique in the project, growing.
 */
id: number, tick: number, from: string, from_name: string, 
/**
 * Person ids; empty for all of the project.
 */
to: Array<string>, 
/**
 * `chat`, `stand_up`, `review`, `question`, `help`, `decision`, `escalation`, `mail`,
 * `announcement`, `one_to_one`.
 */
kind: string, thread: number, text: string, 
/**
 * -10,000 to 10,000.
 * Of what it is about and who says it: -10,000 to 10,000.
 */
sentiment: number, 
/**
 * Of the words alone, by a lexicon: -10,000 to 10,000, 0 if they have none.
 */
tone: number, importance: number, urgency: number, 
/**
 * Phase, kind of talk and of work, area of the product.
 */
topics: Array<string>, 
/**
 * Areas and tasks that are named.
 */
keywords: Array<string>, 
/**
 * People who are named, as colleagues call them.
 */
names: Array<string>, task: number | null, };

/**
 * What the talk of a project comes to.
 */
export type TalkAnalysisView = { 
/**
 * Notes ever said.
 */
notes: number, 
/**
 * Notes ever said by kind, most first.
 */
kinds: Array<KindCount>, 
/**
 * Newest last: at most the last 90 working days.
 */
days: Array<ToneDayView>, 
/**
 * Share of urgent notes over those days, in basis points.
 */
urgent_share: number, 
/**
 * What talk was about in the last weeks, most first.
 */
topics: Array<TopicView>, 
/**
 * Who is at the centre, first to last, at most ten.
 */
central: Array<CentralView>, 
/**
 * Names in the talk that is still remembered, most often first, at most ten.
 */
names: Array<KindCount>, };

/**
 * How often something came up.
 */
export type KindCount = { name: string, count: number, };

/**
 * A working day of talk.
 */
export type ToneDayView = { 
/**
 * Working day of the world, from 0.
 */
day: number, notes: number, 
/**
 * Of these, urgent ones.
 */
urgent: number, 
/**
 * Mean sentiment, weighted by importance: -10,000 to 10,000.
 */
sentiment: number, };

/**
 * Something talk was about.
 */
export type TopicView = { 
/**
 * An area of the product or a kind of work.
 */
name: string, 
/**
 * `area` or `kind`.
 */
sort: string, 
/**
 * Notes a week, newest last, at most six weeks; the last week is the present one.
 */
weeks: Array<number>, 
/**
 * Share of talk in the last whole week against the weeks before it, in basis points: 10,000
 * for no change. 0 if it was not talked of, 20,000 for twice as much and for what is new.
 */
trend: number, };

/**
 * Somebody in the web of relations.
 */
export type CentralView = { 
/**
 * Person id.
 */
person: string, name: string, 
/**
 * Colleagues who keep a relation to this person or to whom this person keeps one.
 */
degree: number, 
/**
 * Mean affinity of others to this person: -10,000 to 10,000.
 */
regard: number, };

/**
 * Something that happened in a step: recorded only when somebody looks.
 */
export type Event = { "type": "talk", talk: Talk, } | { "type": "thought", tick: number, person: string, name: string, text: string, } | { "type": "activity", tick: number, person: string, activity: string, target: [number, number], } | { "type": "task", tick: number, task: number, title: string, state: TaskState, by: string | null, } | { "type": "phase", tick: number, phase: Phase, reason: string, } | { "type": "person", tick: number, person: string, name: string, change: string, } | { "type": "refused", tick: number, command: string, reason: string, } | { "type": "commit", tick: number, id: number, person: string, task: number, message: string, } | { "type": "build", tick: number, id: number, task: number, failure: string | null, } | { "type": "deploy", tick: number, version: string, changes: number, failed: boolean, };

/**
 * What somebody is weighing, and what they chose.
 */
export type ThoughtView = { 
/**
 * In words.
 */
text: string, 
/**
 * `problem_solving`, `collaboration`, `learning`, `rest`, `career`, `craft`, `estimate` or `review`.
 */
kind: string, 
/**
 * What they want.
 */
goal: string, 
/**
 * What makes it hard.
 */
doubt: string | null, 
/**
 * At most three; one of them is chosen.
 */
options: Array<OptionView>, 
/**
 * The task it is about.
 */
task: number | null, 
/**
 * Id of the colleague it is about.
 */
person: string | null, };

/**
 * Something that could be done.
 */
export type OptionView = { label: string, 
/**
 * Percent of all that was weighed.
 */
weight: number, 
/**
 * Whether it was chosen.
 */
chosen: boolean, };

/**
 * The day of a person so far, and what is still to come.
 */
export type DayView = { 
/**
 * Where they are: `desk`, `colleague`, `kitchen`, `board`, `room`, `away` or `home`.
 */
place: string, 
/**
 * The number of the meeting room they sit in.
 */
room: number | null, 
/**
 * Ids of those they are with, by what they do together: at most eleven.
 */
with: Array<string>, 
/**
 * Whether they work from elsewhere.
 */
remote: boolean, focus_minutes: number, 
/**
 * How often they were interrupted today.
 */
interruptions: number, 
/**
 * How well they understand what is wanted, in basis points.
 */
clarity: number, 
/**
 * Today's appointments, in order.
 */
agenda: Array<AppointmentView>, };

/**
 * An appointment of today.
 */
export type AppointmentView = { 
/**
 * `stand_up`, `lunch`, `team_meeting`, `working_session`, `one_to_one`, `sprint_planning`
 * or `escalation`.
 */
occasion: string, 
/**
 * Minute of the working day.
 */
minute: number, minutes: number, room: number, };

/**
 * How the work goes, from what really happened.
 */
export type MetricsView = { 
/**
 * The four of DORA, of deployments to customers: nothing before the launch.
 */
dora: Array<MetricView>, 
/**
 * How work flows from asked for to done.
 */
flow: Array<MetricView>, 
/**
 * How the work is done: builds, habits, estimates.
 */
practice: Array<MetricView>, 
/**
 * From asked for to done, in working hours.
 */
lead_hours: QuantilesView | null, 
/**
 * From taken on to done, in working hours.
 */
cycle_hours: QuantilesView | null, 
/**
 * Spent over estimated time of finished tasks.
 */
spent_to_estimate: QuantilesView | null, 
/**
 * In the order in which work passes them.
 */
defects: Array<StageView>, 
/**
 * Newest last: at most the last twelve.
 */
weeks: Array<WorkWeekView>, 
/**
 * The sprint that runs, where work goes in sprints.
 */
sprint: SprintView | null, };

/**
 * A figure.
 */
export type MetricView = { 
/**
 * A word for programs, such as `lead_time_for_changes`.
 */
key: string, name: string, 
/**
 * None while there is nothing to count.
 */
value: number | null, 
/**
 * `a week`, `hours`, `%`, `tasks`, …
 */
unit: string, 
/**
 * What it means, in one sentence.
 */
meaning: string, };

/**
 * A spread: the values that 5, 25, 50, 75 and 95 % of cases stay below.
 */
export type QuantilesView = { p5: number, p25: number, p50: number, p75: number, p95: number, 
/**
 * Cases it is of.
 */
count: number, };

/**
 * A stage that finds defects.
 */
export type StageView = { 
/**
 * `self_test`, `pair`, `build`, `review`, `test`, `customers`.
 */
stage: string, 
/**
 * Defects that were there when it looked.
 */
met: number, found: number, 
/**
 * Found of met, in basis points.
 */
removal: number | null, };

/**
 * A week of work.
 */
export type WorkWeekView = { 
/**
 * Tasks asked for.
 */
asked: number, 
/**
 * Tasks done.
 */
done: number, 
/**
 * Deployments to customers.
 */
deployed: number, 
/**
 * Those of them that failed.
 */
failed: number, };

/**
 * A sprint.
 */
export type SprintView = { 
/**
 * From 1.
 */
number: number, 
/**
 * Working day of the world on which it began.
 */
since_day: number, 
/**
 * Working day on which the next one begins.
 */
until_day: number, 
/**
 * Tasks committed to.
 */
committed: number, 
/**
 * Estimates of them, in person-minutes.
 */
committed_minutes: number, 
/**
 * Estimates of what was done since it began, in person-minutes.
 */
done_minutes: number, 
/**
 * Estimates that the team does in a working day, in person-minutes, as measured.
 */
velocity_minutes_per_day: number, 
/**
 * Tasks carried over from the last one.
 */
carried: number, 
/**
 * Done of what was committed to in the last one, in basis points.
 */
kept: number, };

/**
 * What is left, from the project's own pace so far.
 */
export type EstimateView = { 
/**
 * Working days until the present phase is done: half of all outcomes take less.
 */
phase_days_50: number, 
/**
 * Working days until the present phase is done: 85 % of all outcomes take less.
 */
phase_days_85: number, 
/**
 * Working days until the end of `until`, at 50 %.
 */
days_50: number, 
/**
 * Working days until the end of `until`, at 85 %.
 */
days_85: number, 
/**
 * The last phase that is counted.
 */
until: Phase, 
/**
 * Estimated hours of work left in the present phase.
 */
hours_left: number, 
/**
 * Estimated hours the company finishes in a working day.
 */
hours_per_day: number, 
/**
 * Working days that were estimated for the phase when it began, at 50 % and 85 %.
 */
promised_days: [number, number], 
/**
 * How the numbers come about, in words. Empty when there is nothing to estimate.
 */
explained: string, };

/**
 * The way so far.
 */
export type PathView = { 
/**
 * Phases that were over before the project began here.
 */
skipped: Array<Phase>, 
/**
 * How often the idea was changed after a first validation.
 */
pivots: number, 
/**
 * What has been found out about the idea.
 */
evidence: EvidenceView, 
/**
 * What the advisory board asked for.
 */
conditions: Array<ConditionView>, 
/**
 * When progress went back, and why. Newest last.
 */
setbacks: Array<SetbackView>, };

/**
 * What has been found out about the idea.
 */
export type EvidenceView = { interviews: number, 
/**
 * Of those interviewed, who have the problem.
 */
confirmed: number, asked_to_pay: number, willing_to_pay: number, competitors: number, 
/**
 * Of hypothesis, target customers, market and business model: those nobody has said.
 */
missing: Array<string>, };

/**
 * A condition of the advisory board.
 */
export type ConditionView = { adviser: string, text: string, 
/**
 * Working day of the world.
 */
due_day: number, 
/**
 * `open`, `done` or `missed`.
 */
state: string, done_day: number | null, };

/**
 * A step backwards.
 */
export type SetbackView = { 
/**
 * Working day of the world.
 */
day: number, 
/**
 * Progress of the phase before and after, in basis points.
 */
from: number, to: number, cause: string, };

/**
 * Goals, acts and answers.
 */
export type ChiefView = { 
/**
 * Whoever leads; none in a company of one or two.
 */
chief: string | null, chief_name: string | null, 
/**
 * Whether nobody is looked for, to save money.
 */
hiring_frozen: boolean, 
/**
 * Goals of the whole company have no parent; those of departments follow theirs.
 */
goals: Array<GoalView>, 
/**
 * Goals of earlier months.
 */
goals_met: number, goals_missed: number, 
/**
 * Newest last.
 */
acts: Array<ActView>, 
/**
 * Questions about the business, answered from its state when somebody looks.
 */
answers: Array<AnswerView>, };

/**
 * Something that is wanted within a month.
 */
export type GoalView = { id: number, parent: number | null, 
/**
 * `leadership` for a goal of the whole company.
 */
department: string, owner: string, owner_name: string, 
/**
 * `runway`, `progress`, `open defects`, `customers`, `morale`, `finished work`, …
 */
measure: string, base: number, target: number, value: number, 
/**
 * The goal in words.
 */
text: string, 
/**
 * `on_track`, `at_risk`, `off`, `met` or `missed`.
 */
state: string, 
/**
 * Working days of the world.
 */
set_day: number, due_day: number, };

/**
 * Something the chief has done.
 */
export type ActView = { 
/**
 * Working day of the world.
 */
day: number, by: string, by_name: string, 
/**
 * `raise`, `hire`, `hardening_week`, `cut_scope`, `talk`, `reassign`, `freeze_hiring`,
 * `resume_hiring` or `let_go`.
 */
kind: string, text: string, 
/**
 * Why: the measure and where it stood.
 */
measure: string, before: number, expected: number, 
/**
 * Where the measure stood a month later; none before that.
 */
after: number | null, 
/**
 * `open`, `helped`, `nothing` or `worse`.
 */
outcome: string, };

/**
 * A question and what whoever leads says to it.
 */
export type AnswerView = { question: string, answer: string, };

/**
 * The repository, its pipeline and its deployments, without the contents of files.
 */
export type WorkshopView = { 
/**
 * `Rust`, `Python`, `TypeScript`.
 */
language: string, 
/**
 * Commits ever made.
 */
commits_total: number, 
/**
 * `main` first, then the open ones in order of task.
 */
branches: Array<BranchView>, 
/**
 * Newest last: at most 30.
 */
commits: Array<CommitView>, 
/**
 * In order of path.
 */
files: Array<FileView>, 
/**
 * What is being written at this moment.
 */
open_files: Array<OpenFileView>, 
/**
 * Newest last: at most 32.
 */
runs: Array<RunView>, 
/**
 * Newest last: at most 32.
 */
reviews: Array<ReviewView>, 
/**
 * Newest last: at most 32.
 */
deployments: Array<DeploymentView>, 
/**
 * Newest last: at most 16.
 */
scans: Array<ScanView>, };

export type BranchView = { name: string, 
/**
 * The task it is for; none for `main`.
 */
task: number | null, 
/**
 * The number of its newest commit; 0 if that is older than those kept one by one.
 */
head: number, opened_tick: number, 
/**
 * Commits made on it.
 */
commits: number, };

export type CommitView = { 
/**
 * Unique in the project, growing from 1.
 */
id: number, tick: number, 
/**
 * Person id.
 */
author: string, author_name: string, branch: string, task: number, 
/**
 * The first line.
 */
message: string, 
/**
 * Numbers of the commits it follows; 0 is all that came before those kept one by one. Two for a merge.
 */
parents: Array<number>, files_changed: number, 
/**
 * Lines.
 */
added: number, 
/**
 * Lines.
 */
removed: number, };

export type FileView = { path: string, lines: number, bytes: number, };

/**
 * A file that somebody has open and writes in.
 */
export type OpenFileView = { 
/**
 * Person id.
 */
person: string, path: string, branch: string, task: number, 
/**
 * The line that is being written, from 1.
 */
line: number, 
/**
 * Characters of it that are there.
 */
column: number, 
/**
 * How much of the present change is written, in basis points.
 */
progress: number, 
/**
 * The last lines that were added, the one being written last.
 */
written: Array<string>, 
/**
 * What follows, a line each: for a page that shows the typing.
 */
coming: Array<string>, };

/**
 * A run of the pipeline.
 */
export type RunView = { 
/**
 * Unique in the project, growing from 1.
 */
id: number, tick: number, branch: string, task: number, passed: boolean, 
/**
 * `compile`, `test`, `lint`, `scan`, `flaky`.
 */
failure: string | null, seconds: number, stages: Array<RunStageView>, };

export type RunStageView = { name: string, seconds: number, 
/**
 * None if it was not reached.
 */
passed: boolean | null, };

export type ReviewView = { tick: number, task: number, branch: string, 
/**
 * Person id.
 */
reviewer: string, reviewer_name: string, 
/**
 * Defects found.
 */
defects: number, 
/**
 * What the reviewer wrote.
 */
comments: Array<string>, };

export type DeploymentView = { 
/**
 * `v1`, `v2`, …
 */
version: string, tick: number, 
/**
 * The newest commit in it.
 */
commit: number, 
/**
 * Tasks in it.
 */
changes: number, 
/**
 * Whether it had to be put right.
 */
failed: boolean, };

export type ScanView = { tick: number, findings: Array<FindingView>, };

export type FindingView = { rule: string, 
/**
 * `low`, `medium`, `high`.
 */
severity: string, text: string, path: string, };

/**
 * What one commit changed in one file.
 */
export type FileDiff = { path: string, 
/**
 * Whether the file was not there before.
 */
new: boolean, 
/**
 * Lines.
 */
added: number, 
/**
 * Lines.
 */
removed: number, 
/**
 * Unified, without the lines that name the file.
 */
diff: string, };

/**
 * All of a commit.
 */
export type CommitDetail = { commit: CommitView, 
/**
 * The whole message.
 */
message: string, files: Array<FileDiff>, };

/**
 * A file of a branch.
 */
export type FileText = { path: string, branch: string, text: string, };

/**
 * What a run of the pipeline printed.
 */
export type RunLog = { run: RunView, text: string, };

/**
 * The machine a person works at, as it stands.
 */
export type WorkstationView = { 
/**
 * Of all cores together, in basis points.
 */
cpu: number, memory_mb: number, memory_total_mb: number, 
/**
 * Received, in kilobits a second.
 */
received_kbps: number, 
/**
 * Sent, in kilobits a second.
 */
sent_kbps: number, 
/**
 * Paths and addresses.
 */
open_files: Array<string>, 
/**
 * The busiest first.
 */
processes: Array<ProcessView>, };

export type ProcessView = { name: string, 
/**
 * Of all cores together, in basis points.
 */
cpu: number, memory_mb: number, };

/**
 * Money, customers, sales, funding and deals.
 */
export type BusinessView = { 
/**
 * What the business is run by, each with its unit and what it means.
 */
figures: Array<Figure>, 
/**
 * Newest last: at most 36 months of 20 working days, the present one included.
 */
months: Array<BooksMonth>, 
/**
 * Open leads, the best first.
 */
leads: Array<LeadView>, 
/**
 * The latest outcomes, newest last.
 */
closed_leads: Array<ClosedLeadView>, 
/**
 * Leads ever, by source.
 */
sources: Array<LeadSource>, support: SupportView, funding: FundingView, deals: Array<DealView>, };

/**
 * A number with its unit and its meaning.
 */
export type Figure = { 
/**
 * A word to find it by, such as `mrr` or `runway`.
 */
key: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * None while it cannot be said.
 */
value: number | null, 
/**
 * `cents`, `percent`, `months`, `days`, `ratio`, `score` or `count`.
 */
unit: string, 
/**
 * A sentence on what it means and what is good.
 */
meaning: string, };

/**
 * An amount of a category.
 */
export type Amount = { 
/**
 * `salaries`, `hosting`, `subscriptions`, …
 */
category: string, cents: number, };

/**
 * The books of a month.
 */
export type BooksMonth = { 
/**
 * Month of the world, of 20 working days, from 0.
 */
month: number, spent: Array<Amount>, earned: Array<Amount>, 
/**
 * Put in by owners and investors.
 */
raised_cents: number, 
/**
 * Monthly recurring revenue at its start.
 */
opening_mrr_cents: number, 
/**
 * Of new customers.
 */
new_mrr_cents: number, 
/**
 * Of customers who took more.
 */
expansion_mrr_cents: number, 
/**
 * Of customers who left.
 */
churned_mrr_cents: number, customers_won: number, customers_lost: number, };

/**
 * A possible customer with a name.
 */
export type LeadView = { name: string, 
/**
 * Which of the target customers it is one of.
 */
segment: string, 
/**
 * `inbound`, `outbound` or `referral`.
 */
source: string, 
/**
 * `new`, `qualified`, `demo` or `proposal`.
 */
stage: string, 
/**
 * How much it is worth working on, in basis points: fit, size and source.
 */
score: number, 
/**
 * How well the product suits it, in basis points.
 */
fit: number, 
/**
 * Customers it would bring.
 */
seats: number, 
/**
 * What it would pay a month.
 */
value_cents_per_month: number, 
/**
 * Working day it came on.
 */
since_day: number, 
/**
 * Working day on which it answers.
 */
due_day: number, };

/**
 * How a lead ended.
 */
export type ClosedLeadView = { name: string, seats: number, won: boolean, 
/**
 * Working day.
 */
day: number, };

/**
 * Leads of a source.
 */
export type LeadSource = { source: string, came: number, won: number, lost: number, };

/**
 * The desk that answers customers.
 */
export type SupportView = { open_tickets: number, answered_tickets: number, 
/**
 * Working days a ticket waits, in hundredths.
 */
wait_hundredths: number, 
/**
 * Share of customers who are content (CSAT), in basis points.
 */
satisfaction: number, 
/**
 * Net promoter score, -100 to 100.
 */
net_promoters: number, };

/**
 * Who owns it and who put money in.
 */
export type FundingView = { 
/**
 * Oldest first.
 */
rounds: Array<RoundView>, 
/**
 * Working day since which founders look for investors, while they do.
 */
raising_since_day: number | null, failed_attempts: number, raised_cents: number, 
/**
 * Share left to those who founded it, in basis points.
 */
founders_share: number, 
/**
 * Whether it lives on what it earns and never took an investor's money.
 */
bootstrapped: boolean, 
/**
 * What investors make of it now, in basis points.
 */
attraction: number, };

/**
 * A round that closed.
 */
export type RoundView = { 
/**
 * `pre-seed`, `seed`, `series A`, …
 */
kind: string, 
/**
 * Working day it closed on.
 */
day: number, cents: number, 
/**
 * What the company was held to be worth before the money.
 */
pre_money_cents: number, 
/**
 * Share that went to the investors, in basis points.
 */
dilution: number, };

/**
 * A deal with another project of the world.
 */
export type DealView = { 
/**
 * Id of the other project.
 */
partner: string, partner_name: string, 
/**
 * Whether this project buys; else it sells.
 */
buying: boolean, 
/**
 * `tooling` or `integration`.
 */
what: string, seats: number, 
/**
 * For each seat and month.
 */
price_cents: number, 
/**
 * Whether both have agreed; else an offer is on its way.
 */
agreed: boolean, since_day: number, 
/**
 * Paid, or received, up to now.
 */
total_cents: number, };

export type Page<T> = { items: Array<T>, total: number, 
/**
 * Give this as `cursor` to get the next page.
 */
next: string | null, };
