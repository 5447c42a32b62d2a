/** The mesh of the fake node: nodes, two worlds with companies, and what changes each second. */
import type { ProjectCommand } from '../src/api/commands';
import type {
  Accepted,
  Event,
  Link,
  MeshNode,
  MeshSample,
  MeshView,
  ProjectDetail,
  ProjectRow,
  WorldView,
} from '../src/api/types';
import { FakeProject } from './fake-project';
import { chance, hex, peerId, whole } from './fake-random';

const NAMES = ['falcon', 'heron', 'osprey', 'kestrel', 'merlin', 'harrier', 'kite', 'condor'];
/** It is known, but away. */
const MISSING = 'condor';
const HISTORY = 900;

export class FakeWorld {
  readonly id = hex(64);
  epoch: number;
  pace = { epoch_ms: 1_000, paused: false };

  constructor(
    readonly name: string,
    readonly projects: FakeProject[],
    epoch: number,
  ) {
    this.epoch = epoch;
  }

  view(): WorldView {
    return {
      id: this.id,
      name: this.name,
      model: 'company',
      rules: 1,
      seed: hex(16),
      epoch: this.epoch,
      ticks_per_epoch: 60,
      lookahead: 8,
      checkpoint_interval: 8,
      end: 0,
      pace: this.pace,
      projects: this.projects.length,
      people: this.projects.reduce((sum, project) => sum + project.people.length, 0),
      commands: this.projects.length + 3,
      checkpoint: { world: this.id, epoch: this.epoch - (this.epoch % 8), root: ROOT, stamps: ROOT },
      epochs_per_second: this.pace.paused ? 0 : this.pace.epoch_ms === 0 ? 84 : Math.round(1_000 / this.pace.epoch_ms),
      waiting: null,
    };
  }

  rows(): ProjectRow[] {
    return this.projects.map((project) => project.row(this.id, this.epoch));
  }
}

const ROOT = hex(64);

export class FakeMesh {
  readonly nodes: MeshNode[];
  readonly worlds: FakeWorld[];
  private readonly links: Link[];
  private readonly history: MeshSample[];
  private readonly commands = new Map<string, Accepted>();

  constructor() {
    this.nodes = NAMES.map((name, index) => fakeNode(name, index));
    const live = this.nodes.filter(({ state }) => state === 'live');
    this.links = fakeLinks(live);
    this.worlds = [
      new FakeWorld('startups', makeProjects(24, live), 331),
      new FakeWorld('large', makeProjects(230, live), 44),
    ];
    this.share();
    const start = Date.now() - HISTORY * 1_000;
    this.history = Array.from({ length: HISTORY }, (_, second) => fakeSample(start + second * 1_000));
  }

  world(id: string): FakeWorld | undefined {
    return this.worlds.find((world) => world.id.startsWith(id));
  }

  view(withHistory: boolean): MeshView {
    const now = Date.now();
    const history = withHistory ? this.history : this.history.slice(-1);
    return { me: this.nodes[0]!.id, mesh: 'fake', now_ms: now, nodes: this.nodes, links: this.links, history };
  }

  detail(id: string): ProjectDetail | null {
    const found = this.find(id);
    if (!found) return null;
    const { world, project } = found;
    return project.detail(world.id, world.epoch);
  }

  events(id: string): { epoch: number; events: Event[] } | null {
    const found = this.find(id);
    return found ? { epoch: found.world.epoch, events: found.project.newest } : null;
  }

  give(id: string, command: ProjectCommand): Accepted {
    const world = this.find(id)?.world ?? this.worlds[0]!;
    const accepted = this.accept(world.id, id);
    const tooDear = command.type === 'hire' && command.seniority === 'principal';
    setTimeout(() => {
      accepted.state = tooDear ? { is: 'refused', reason: 'The cash does not last for a principal.' } : { is: 'applied' };
    }, 1_500);
    return accepted;
  }

  accept(worldId: string, project: string): Accepted {
    const world = this.world(worldId)!;
    const accepted: Accepted = {
      command: hex(64),
      project,
      world: worldId,
      epoch: world.epoch + 2,
      copies: 1,
      state: { is: 'accepted' },
    };
    this.commands.set(accepted.command, accepted);
    return accepted;
  }

  command(id: string): Accepted | undefined {
    return this.commands.get(id);
  }

  tick(): void {
    for (const node of this.nodes) stir(node);
    this.history.push(fakeSample(Date.now()));
    this.history.shift();
    for (const world of this.worlds) {
      if (world.pace.paused) continue;
      world.epoch += Math.max(1, world.view().epochs_per_second);
      for (const project of world.projects) project.step(world.epoch);
    }
  }

  private find(id: string): { world: FakeWorld; project: FakeProject } | null {
    for (const world of this.worlds) {
      const project = world.projects.find((one) => one.id.startsWith(id));
      if (project) return { world, project };
    }
    return null;
  }

  private share(): void {
    const projects = this.worlds.flatMap((world) => world.projects);
    const all = projects.reduce((sum, project) => sum + project.people.length, 0);
    for (const node of this.nodes) {
      const own = projects.filter((project) => project.runner?.id === node.id);
      node.projects = own.length;
      node.people = own.reduce((sum, project) => sum + project.people.length, 0);
      node.share = Math.round((node.people / all) * 10_000);
    }
  }
}

function fakeNode(name: string, index: number): MeshNode {
  const away = name === MISSING;
  const id = peerId();
  const address = `/ip4/10.0.0.${index + 11}/udp/7410/quic-v1/p2p/${id}`;
  const now = Date.now();
  return {
    id,
    name,
    state: away ? 'missing' : 'live',
    version: '0.1.0',
    addresses: [address, address.replace('udp/7410/quic-v1', 'tcp/7410')],
    http: `http://10.0.0.${index + 11}:8080`,
    cores: [2, 4, 8][index % 3]!,
    load: away ? 0 : whole(1_500, 8_500),
    memory_bytes: whole(60, 340) * 1e6,
    projects: 0,
    people: 0,
    share: 0,
    last_heard_ms: away ? now - 184_000 : now,
    rtt_us: index === 0 || away ? null : whole(400, 90_000),
    transport: index === 0 || away ? null : chance(0.7) ? 'quic' : 'tcp',
    attempts: away
      ? [
          { address, at_ms: now - 12_000, error: 'Timed out after 5 s', next_ms: now + 48_000 },
          {
            address: address.replace('udp/7410/quic-v1', 'tcp/7410'),
            at_ms: now - 9_000,
            error: 'Connection refused: nothing listens on that port',
            next_ms: now + 51_000,
          },
        ]
      : [],
  };
}

function fakeLinks(live: MeshNode[]): Link[] {
  return live.flatMap((from, at) =>
    [1, 2].map((step) => {
      const to = live[(at + step) % live.length]!;
      return { from: from.id, to: to.id, transport: 'quic', rtt_us: whole(400, 90_000) };
    }),
  );
}

function makeProjects(count: number, live: MeshNode[]): FakeProject[] {
  return Array.from({ length: count }, (_, index) => new FakeProject(index, live));
}

function stir(node: MeshNode): void {
  if (node.state === 'missing') return;
  node.load = Math.max(300, Math.min(9_800, node.load + whole(-500, 500)));
  node.last_heard_ms = Date.now();
}

function fakeSample(at: number): MeshSample {
  const wave = Math.sin(at / 60_000) + Math.sin(at / 17_000) / 2;
  const spike = Math.floor(at / 1000) % 420 < 20 ? 380 : 0;
  const sent = Math.round(260 + wave * 40 + spike + whole(-25, 25));
  return {
    at_ms: at,
    gossip_sent: sent,
    gossip_received: Math.round(sent * 0.84 + whole(-20, 20)),
    gossip_duplicate: Math.round(46 + wave * 8 + spike / 6 + whole(-10, 10)),
    gossip_rejected: 0,
    rtt_p50_us: Math.round(14_000 + wave * 1_500 + spike * 20 + whole(-600, 600)),
    rtt_p95_us: Math.round(48_000 + wave * 6_000 + spike * 80 + whole(-4_000, 4_000)),
    epochs_settled: 2,
    steps: whole(60, 80),
  };
}
