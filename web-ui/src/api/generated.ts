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
end_reason: string | null, policies: Policies, people: Array<PersonView>, tasks: Array<TaskView>, artifacts: Array<ArtifactView>, 
/**
 * Newest last: at most the last 90 working days.
 */
finance: Array<FinanceDay>, 
/**
 * Newest last: the latest talk that the project still remembers.
 */
talk: Array<Talk>, };

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
skills: Array<SkillView>, specialisations: Array<string>, experience_years: number, achievements: Array<string>, salary_cents_per_year: number, energy: number, morale: number, productivity: number, 
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
 * Where they are and where they go, in office cells of 1 m.
 */
location: [number, number], target: [number, number], 
/**
 * Affinity to others of the project, strongest first, at most eight.
 */
relations: Array<RelationView>, tasks_done: number, };

export type SkillView = { name: string, level: number, soft: boolean, };

export type RelationView = { person: string, name: string, 
/**
 * -10,000 to 10,000.
 */
affinity: number, };

export type TaskView = { id: number, title: string, 
/**
 * `feature`, `bug`, `research`, `design`, `ops`, …
 */
kind: string, state: TaskState, phase: Phase, priority: number, 
/**
 * Person-minutes.
 */
estimate_minutes: number, spent_minutes: number, left_minutes: number, assignee: string | null, assignee_name: string | null, reviewer_name: string | null, depends_on: Array<number>, blocked: boolean, 
/**
 * How often review sent it back.
 */
rework: number, created_tick: number, started_tick: number | null, done_tick: number | null, 
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
 * `chat`, `stand_up`, `review`, `question`, `help`, `decision`, `escalation`, `mail`.
 */
kind: string, thread: number, text: string, 
/**
 * -10,000 to 10,000.
 */
sentiment: number, importance: number, urgency: number, topics: Array<string>, task: number | null, };

/**
 * Something that happened in a step: recorded only when somebody looks.
 */
export type Event = { "type": "talk", talk: Talk, } | { "type": "thought", tick: number, person: string, name: string, text: string, } | { "type": "activity", tick: number, person: string, activity: string, target: [number, number], } | { "type": "task", tick: number, task: number, title: string, state: TaskState, by: string | null, } | { "type": "phase", tick: number, phase: Phase, reason: string, } | { "type": "person", tick: number, person: string, name: string, change: string, } | { "type": "refused", tick: number, command: string, reason: string, };

export type Page<T> = { items: Array<T>, total: number, 
/**
 * Give this as `cursor` to get the next page.
 */
next: string | null, };
