/**
 * The shapes of the HTTP API, as the node's Rust types serialise them (`node/src/api/types.rs`,
 * `shared/src/model/view.rs`). Everything else in the dashboard takes its types from here.
 *
 * Levels are basis points (0 to 10,000), money is in cents, `*_ms` on the wall are milliseconds
 * since 1970 by the answering node, ticks are simulated working minutes since the world began.
 */

export type NodeStatus = {
  node: string;
  name: string;
  mesh: string;
  version: string;
  protocol: number;
  uptime_ms: number;
  addresses: Array<string>;
  http: string;
  data: string;
  peers_connected: number;
  worlds: number;
  projects_run: number;
  people_run: number;
  disk_used_bytes: number;
  disk_free_bytes: number;
  memory_bytes: number;
  problems: Array<string>;
};

export type MeshView = {
  me: string;
  mesh: string;
  now_ms: number;
  nodes: Array<MeshNode>;
  links: Array<Link>;
  history: Array<MeshSample>;
};

export type NodeState = 'live' | 'missing';

export type MeshNode = {
  id: string;
  name: string;
  state: NodeState;
  version: string;
  addresses: Array<string>;
  http: string | null;
  cores: number;
  load: number;
  memory_bytes: number;
  projects: number;
  people: number;
  share: number;
  last_heard_ms: number | null;
  rtt_us: number | null;
  transport: string | null;
  attempts: Array<DialAttempt>;
};

export type DialAttempt = {
  address: string;
  at_ms: number;
  error: string | null;
  next_ms: number | null;
};

export type Link = { from: string; to: string; transport: string; rtt_us: number | null };

export type MeshSample = {
  at_ms: number;
  gossip_sent: number;
  gossip_received: number;
  gossip_duplicate: number;
  gossip_rejected: number;
  rtt_p50_us: number | null;
  rtt_p95_us: number | null;
  epochs_settled: number;
  steps: number;
};

export type WorldView = {
  id: string;
  name: string;
  model: string;
  rules: number;
  seed: string;
  epoch: number;
  ticks_per_epoch: number;
  lookahead: number;
  checkpoint_interval: number;
  end: number;
  pace: PaceView;
  projects: number;
  people: number;
  commands: number;
  checkpoint: RootView | null;
  epochs_per_second: number;
  waiting: string | null;
};

export type PaceView = { epoch_ms: number; paused: boolean };

export type RootView = { world: string; epoch: number; root: string; stamps: string };

export type ProjectRow = {
  id: string;
  world: string;
  epoch: number;
  summary: ProjectSummary;
  runner: string | null;
  runner_name: string | null;
  standby: Array<string>;
  halted: string | null;
};

export type Page<T> = { items: Array<T>; total: number; next: string | null };

export type ProjectDetail = {
  row: ProjectRow;
  view: ProjectView | null;
  view_epoch: number | null;
  refused: Array<RefusedView>;
};

export type RefusedView = { command: string; epoch: number; reason: string };

export type ShareRow = {
  project: string;
  name: string;
  runner: string | null;
  runner_name: string | null;
  why: string;
  standby: Array<string>;
  settled: number;
  people: number;
};

export type Accepted = {
  command: string;
  project: string | null;
  world: string;
  epoch: number;
  copies: number;
  state: CommandState;
};

export type CommandState =
  | { is: 'accepted' }
  | { is: 'applied' }
  | { is: 'refused'; reason: string };

export type WorldCreated = {
  world: string;
  name: string;
  created: boolean;
  projects: Array<string>;
};

export type Imported = {
  accepted: Accepted;
  people: number;
  open: number;
  history: number;
  hours_per_weight: number;
  closings_per_week: number;
  warnings: Array<string>;
};

export type JoinRequest = { address: string };

export type Joined = { node: string; address: string; transport: string; took_ms: number };

export type Problem = { type: string; title: string; status: number; detail: string };

export type ClientMessage =
  | { do: 'subscribe'; channel: Channel; after: number | null }
  | { do: 'unsubscribe'; channel: Channel }
  | { do: 'ping'; nonce: number };

export type Channel =
  | { name: 'mesh' }
  | { name: 'world'; world: string }
  | { name: 'project'; project: string }
  | { name: 'talk'; project: string };

export type ServerMessage =
  | { is: 'mesh'; seq: number; mesh: MeshView }
  | { is: 'world'; seq: number; world: WorldView; rows: Array<ProjectRow>; complete: boolean }
  | { is: 'project'; seq: number; project: string; detail: ProjectDetail }
  | { is: 'talk'; seq: number; project: string; epoch: number; events: Array<Event> }
  | { is: 'gap'; channel: Channel; seq: number }
  | { is: 'error'; channel: Channel | null; problem: Problem }
  | { is: 'pong'; nonce: number };

export type ProjectSummary = {
  name: string;
  industry: string;
  status: Status;
  phase: Phase;
  progress: number;
  people: number;
  morale: number;
  energy: number;
  tasks_todo: number;
  tasks_doing: number;
  tasks_review: number;
  tasks_done: number;
  defects_open: number;
  cash_cents: number;
  burn_cents_per_month: number;
  revenue_cents_per_month: number;
  customers: number;
};

export type Status = 'active' | 'paused' | 'completed' | 'failed' | 'archived';

export type Phase =
  | 'intake'
  | 'validation'
  | 'advisory'
  | 'design'
  | 'build'
  | 'hardening'
  | 'launch'
  | 'growth'
  | 'completed';

export type ProjectView = {
  tick: number;
  summary: ProjectSummary;
  description: string;
  hypothesis: string;
  target_customers: Array<string>;
  target_market: string;
  business_model: string;
  stop_after: Phase;
  end_reason: string | null;
  policies: PoliciesView;
  people: Array<PersonView>;
  tasks: Array<TaskView>;
  artifacts: Array<ArtifactView>;
  finance: Array<FinanceDay>;
  talk: Array<Talk>;
};

export type PoliciesView = {
  review: number;
  wip_limit: number;
  overtime_hours: number;
  price_cents: number;
};

export type PersonView = {
  id: string;
  name: string;
  role: string;
  department: string;
  seniority: string;
  personality: [number, number, number, number, number];
  skills: Array<SkillView>;
  specialisations: Array<string>;
  experience_years: number;
  achievements: Array<string>;
  salary_cents_per_year: number;
  energy: number;
  morale: number;
  productivity: number;
  activity: string;
  task: number | null;
  thought: string | null;
  location: [number, number];
  target: [number, number];
  relations: Array<RelationView>;
  tasks_done: number;
};

export type SkillView = { name: string; level: number; soft: boolean };

export type RelationView = { person: string; name: string; affinity: number };

export type TaskView = {
  id: number;
  title: string;
  kind: string;
  state: TaskState;
  phase: Phase;
  priority: number;
  estimate_minutes: number;
  spent_minutes: number;
  left_minutes: number;
  assignee: string | null;
  assignee_name: string | null;
  reviewer_name: string | null;
  depends_on: Array<number>;
  blocked: boolean;
  rework: number;
  created_tick: number;
  started_tick: number | null;
  done_tick: number | null;
  source: string | null;
};

export type TaskState = 'todo' | 'doing' | 'review' | 'done' | 'dropped';

export type ArtifactView = { phase: Phase; title: string; text: string; tick: number };

export type FinanceDay = {
  day: number;
  cash_cents: number;
  spent_cents: number;
  earned_cents: number;
  customers: number;
};

export type Talk = {
  id: number;
  tick: number;
  from: string;
  from_name: string;
  to: Array<string>;
  kind: string;
  thread: number;
  text: string;
  sentiment: number;
  importance: number;
  urgency: number;
  topics: Array<string>;
  task: number | null;
};

export type Event =
  | { type: 'talk'; talk: Talk }
  | { type: 'thought'; tick: number; person: string; name: string; text: string }
  | { type: 'activity'; tick: number; person: string; activity: string; target: [number, number] }
  | {
      type: 'task';
      tick: number;
      task: number;
      title: string;
      state: TaskState;
      by: string | null;
    }
  | { type: 'phase'; tick: number; phase: Phase; reason: string }
  | { type: 'person'; tick: number; person: string; name: string; change: string }
  | { type: 'refused'; tick: number; command: string; reason: string };
