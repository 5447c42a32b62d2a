/** How a node stands, seen from here, and the five figures of the mesh. */
import type { MeshNode, MeshSample, MeshView } from '../../api/types';
import { compact, count, percent, roundTrip, span } from '../../format/quantity';
import type { FigureView } from '../../parts/figure';

export type Health = 'live' | 'late' | 'missing';

/** Heartbeats come each second; a node is late when several did not. */
const LATE_AFTER_MS = 5_000;
/** Figures of flow are means over this long, so that they can be read. */
const WINDOW = 5;

export function healthOf(node: MeshNode, mesh: MeshView): Health {
  if (node.state === 'missing') return 'missing';
  if (node.id === mesh.me || node.last_heard_ms === null) return 'live';
  return mesh.now_ms - node.last_heard_ms > LATE_AFTER_MS ? 'late' : 'live';
}

export const HEALTH_COLORS: Record<Health, string> = { live: '--ok', late: '--warn', missing: '--err' };

export function healthText(node: MeshNode, mesh: MeshView): string {
  const health = healthOf(node, mesh);
  if (health === 'live') return 'Live';
  const since = node.last_heard_ms === null ? '' : ` ${span(mesh.now_ms - node.last_heard_ms)}`;
  return health === 'late' ? `Late${since}` : `Missing${since}`;
}

export interface Flow {
  sent: number;
  received: number;
  duplicate: number;
  steps: number;
  epochs: number;
}

/** Per second, over the last few samples. */
export function flowOf(history: MeshSample[]): Flow {
  const recent = history.slice(-WINDOW);
  const mean = (value: (sample: MeshSample) => number) =>
    recent.length === 0 ? 0 : recent.reduce((sum, sample) => sum + value(sample), 0) / recent.length;
  return {
    sent: mean((sample) => sample.gossip_sent),
    received: mean((sample) => sample.gossip_received),
    duplicate: mean((sample) => sample.gossip_duplicate),
    steps: mean((sample) => sample.steps),
    epochs: mean((sample) => sample.epochs_settled),
  };
}

export function meshFigures(mesh: MeshView): FigureView[] {
  const flow = flowOf(mesh.history);
  return [nodesFigure(mesh), roundTripFigure(mesh), gossipFigure(flow), peopleFigure(mesh), stepsFigure(flow)];
}

function nodesFigure(mesh: MeshView): FigureView {
  const missing = mesh.nodes.filter((node) => node.state === 'missing').length;
  return {
    name: 'Nodes',
    value: missing === 0 ? count(mesh.nodes.length) : `${mesh.nodes.length - missing} / ${mesh.nodes.length}`,
    note: missing === 0 ? 'all live' : `${missing} missing`,
    ...(missing === 0 ? {} : { tone: 'err' as const }),
  };
}

function roundTripFigure(mesh: MeshView): FigureView {
  const name = 'Round trip';
  const newest = mesh.history.findLast((sample) => sample.rtt_p50_us !== null);
  if (!newest || newest.rtt_p50_us === null) return { name, value: '–', note: 'no peer is connected' };
  const note = newest.rtt_p95_us === null ? 'median' : `median · p95 ${roundTrip(newest.rtt_p95_us)}`;
  return { name, value: roundTrip(newest.rtt_p50_us), note };
}

function gossipFigure({ sent, received, duplicate }: Flow): FigureView {
  const heard = received + duplicate;
  const share = heard === 0 ? 0 : (duplicate / heard) * 10_000;
  return { name: 'Gossip', value: `${compact(sent + received)} msg/s`, note: `${percent(share, 1)} duplicate` };
}

function peopleFigure({ nodes }: MeshView): FigureView {
  const people = nodes.reduce((sum, node) => sum + node.people, 0);
  const hosts = nodes.filter((node) => node.people > 0).length;
  const note = hosts === 0 ? 'nobody runs here yet' : `${count(people / hosts)} per node`;
  return { name: 'People', value: count(people), note };
}

function stepsFigure({ steps, epochs }: Flow): FigureView {
  return { name: 'Steps here', value: `${compact(steps)} /s`, note: `${compact(epochs)} epochs/s settled` };
}
