/**
 * A stand-in for a node: the API's exact shapes over HTTP and WebSocket, with a small mesh that moves.
 * For work on the dashboard and for its tests when no real node is at hand.
 */
import { readFileSync, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer, type WebSocket } from 'ws';
import { channelKey } from '../src/api/socket';
import type { Accepted, Channel, ClientMessage, Problem, ServerMessage } from '../src/api/types';
import { FakeMesh } from './fake-mesh';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DIST = join(HERE, '../dist');
const POLICY = readFileSync(join(HERE, '../embed/content-security-policy.txt'), 'utf8').trim();
const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const TICK_MS = 1_000;

export interface FakeNode {
  url: string;
  close: () => Promise<void>;
}

/** With a token it asks for it, as a node does that others can reach. */
export async function startFakeNode({ port = 0, token = null as string | null } = {}): Promise<FakeNode> {
  const mesh = new FakeMesh();
  const server = createServer((request, response) => void answer(mesh, token, request, response));
  const sockets = new WebSocketServer({
    server,
    path: '/api/v1/ws',
    verifyClient: ({ req }: { req: IncomingMessage }) =>
      token === null || (req.headers['sec-websocket-protocol'] ?? '').includes(`bearer.${token}`),
  });
  const viewers = new Set<Viewer>();
  sockets.on('connection', (socket) => {
    const viewer = new Viewer(mesh, socket);
    viewers.add(viewer);
    socket.on('close', () => viewers.delete(viewer));
  });
  const timer = setInterval(() => {
    mesh.tick();
    for (const viewer of viewers) viewer.tick();
  }, TICK_MS);
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => stop(server, sockets, timer),
  };
}

async function stop(server: Server, sockets: WebSocketServer, timer: NodeJS.Timeout): Promise<void> {
  clearInterval(timer);
  for (const socket of sockets.clients) socket.terminate();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}

/** One open socket with the channels it follows. */
class Viewer {
  private readonly channels = new Map<string, Channel>();
  private seq = 0;

  constructor(
    private readonly mesh: FakeMesh,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => this.hear(JSON.parse(String(data)) as ClientMessage));
  }

  tick(): void {
    for (const channel of this.channels.values()) this.show(channel, false);
  }

  private hear(message: ClientMessage): void {
    if (message.do === 'ping') {
      this.say({ is: 'pong', nonce: message.nonce });
    } else if (message.do === 'unsubscribe') {
      this.channels.delete(channelKey(message.channel));
    } else {
      this.channels.set(channelKey(message.channel), message.channel);
      this.show(message.channel, true);
    }
  }

  private show(channel: Channel, first: boolean): void {
    const seq = ++this.seq;
    const { mesh } = this;
    switch (channel.name) {
      case 'mesh':
        return this.say({ is: 'mesh', seq, mesh: mesh.view(first) });
      case 'world': {
        const world = mesh.world(channel.world);
        if (!world) return this.refuse(channel, `No world ${channel.world} is known here.`);
        return this.say({ is: 'world', seq, world: world.view(), rows: world.rows(), complete: first });
      }
      case 'project': {
        const detail = mesh.detail(channel.project);
        if (!detail) return this.refuse(channel, `No project ${channel.project} is known here.`);
        return this.say({ is: 'project', seq, project: detail.row.id, detail });
      }
      case 'talk': {
        const news = mesh.events(channel.project);
        if (!news) return this.refuse(channel, `No project ${channel.project} is known here.`);
        if (news.events.length > 0) this.say({ is: 'talk', seq, project: channel.project, ...news });
      }
    }
  }

  private refuse(channel: Channel, detail: string): void {
    this.channels.delete(channelKey(channel));
    this.say({ is: 'error', channel, problem: problem(404, 'unknown', 'Unknown', detail) });
  }

  private say(message: ServerMessage): void {
    this.socket.send(JSON.stringify(message));
  }
}

async function answer(
  mesh: FakeMesh,
  token: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  if (!url.pathname.startsWith('/api/')) return file(url.pathname, response);
  const path = url.pathname.replace('/api/v1/', '').split('/');
  const body = request.method === 'POST' ? await read(request) : '';
  const allowed = token === null || request.headers.authorization === `Bearer ${token}`;
  const result = allowed ? route(mesh, request.method ?? 'GET', path, url, body) : unauthorized();
  const failed = result && typeof result === 'object' && 'detail' in result && 'status' in result;
  response.statusCode = failed ? (result as Problem).status : 200;
  response.setHeader('content-type', failed ? 'application/problem+json' : 'application/json');
  response.end(JSON.stringify(result));
}

function route(mesh: FakeMesh, method: string, path: string[], url: URL, body: string): unknown {
  const [first, id = '', third, fourth = ''] = path;
  const world = first === 'worlds' ? mesh.world(id) : null;
  if (method === 'GET') {
    if (first === 'mesh') return mesh.view(true);
    if (first === 'worlds' && id === '') return mesh.worlds.map((one) => one.view());
    if (world && third === undefined) return world.view();
    if (world && third === 'projects') {
      const items = world.rows();
      return { items, total: items.length, next: null };
    }
    if (world && third === 'commands') return mesh.command(fourth) ?? unknown();
    if (first === 'projects') return mesh.detail(id) ?? unknown();
    return unknown();
  }
  if (first === 'peers') return joinAnswer(mesh, (JSON.parse(body) as { address: string }).address);
  if (world && third === 'pace') {
    world.pace = JSON.parse(body);
    return world.pace;
  }
  if (world && third === 'import') return importAnswer(mesh, world.id, url.searchParams.get('name') ?? '', body);
  if (first === 'projects' && third === 'commands') return mesh.give(id, JSON.parse(body));
  return unknown();
}

function joinAnswer(mesh: FakeMesh, address: string): unknown {
  if (!address.startsWith('/')) {
    const detail = `“${address}” is not a multiaddr. It looks like /ip4/192.0.2.7/udp/4001/quic-v1/p2p/12D3…`;
    return problem(422, 'bad-address', 'Not an address', detail);
  }
  if (!address.includes('/p2p/')) {
    return problem(422, 'bad-address', 'The address names no node', 'Add /p2p/ and the peer id of the node.');
  }
  const node = address.split('/p2p/')[1]!;
  if (mesh.nodes.some((known) => known.id === node)) {
    return { node, address, transport: address.includes('quic') ? 'quic' : 'tcp', took_ms: 42 };
  }
  return problem(502, 'no-answer', 'Nobody answered', `Nothing answered at ${address} within 5 s. Is that node up?`);
}

function importAnswer(mesh: FakeMesh, world: string, name: string, csv: string): unknown {
  const lines = csv.split('\n').length - 1;
  if (!csv.startsWith('Title')) {
    return problem(422, 'bad-csv', 'Not a GitLab export', 'Line 1 has no column “Title”. Export the issues as CSV.');
  }
  const accepted: Accepted = mesh.accept(world, mesh.worlds[0]!.rows()[0]!.id);
  return {
    accepted,
    people: 7,
    open: Math.ceil(lines / 3),
    history: lines,
    hours_per_weight: 3.4,
    closings_per_week: 11.2,
    warnings: [`Line 3 of ${name}: the due date “soon” is not a date; left out.`],
  };
}

function unauthorized(): Problem {
  return problem(401, 'unauthorized', 'Unauthorized', 'The token is not the one of this node.');
}

function unknown(): Problem {
  return problem(404, 'unknown', 'Unknown', 'There is nothing at this address.');
}

function problem(status: number, type: string, title: string, detail: string): Problem {
  return { type, title, status, detail };
}

function file(path: string, response: ServerResponse): void {
  const name = join(DIST, path);
  const found = path !== '/' && existsSync(name);
  if (!found && path.startsWith('/assets/')) {
    response.statusCode = 404;
    response.end();
    return;
  }
  const served = found ? name : join(DIST, 'index.html');
  response.setHeader('content-type', MIME[extname(served)] ?? 'application/octet-stream');
  if (served.endsWith('.html')) response.setHeader('content-security-policy', POLICY);
  response.end(readFileSync(served));
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
