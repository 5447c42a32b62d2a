import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LiveSocket, type Connection, type Wire } from './socket';
import type { ClientMessage, MeshView, ServerMessage } from './types';

class FakeWire {
  onopen: Wire['onopen'] = null;
  onmessage: Wire['onmessage'] = null;
  onclose: Wire['onclose'] = null;
  sent: ClientMessage[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.onopen?.call(this as unknown as WebSocket, new Event('open'));
  }

  hear(message: ServerMessage): void {
    const event = new MessageEvent('message', { data: JSON.stringify(message) });
    this.onmessage?.call(this as unknown as WebSocket, event);
  }

  cut(): void {
    this.onclose?.call(this as unknown as WebSocket, new Event('close') as CloseEvent);
  }

  get subscribed(): ClientMessage[] {
    return this.sent.filter((message) => message.do === 'subscribe');
  }
}

const MESH: MeshView = { me: 'a', mesh: 'm', now_ms: 0, nodes: [], links: [], history: [] };
const mesh = (seq: number): ServerMessage => ({ is: 'mesh', seq, mesh: MESH });

let wires: FakeWire[];
let socket: LiveSocket;
let states: Connection[];
const last = () => wires.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  wires = [];
  states = [];
  socket = new LiveSocket({
    open: () => {
      const wire = new FakeWire();
      wires.push(wire);
      return wire as unknown as Wire;
    },
    now: () => Date.now(),
    random: () => 1,
  });
  socket.watch((state) => states.push(state));
});

afterEach(() => {
  socket.sleep();
  vi.useRealTimers();
});

describe('channels', () => {
  test('are asked for once, however many views follow them', () => {
    socket.wake();
    last().open();
    const first = socket.subscribe({ name: 'mesh' }, () => {});
    const second = socket.subscribe({ name: 'mesh' }, () => {});
    expect(last().subscribed).toEqual([{ do: 'subscribe', channel: { name: 'mesh' }, after: null }]);
    first();
    expect(last().sent.at(-1)?.do).not.toBe('unsubscribe');
    second();
    expect(last().sent.at(-1)).toEqual({ do: 'unsubscribe', channel: { name: 'mesh' } });
  });

  test('asked for before the socket is open are asked for when it is', () => {
    socket.subscribe({ name: 'mesh' }, () => {});
    socket.wake();
    expect(last().sent).toEqual([]);
    last().open();
    expect(last().subscribed).toHaveLength(1);
  });

  test('bring their messages to their own listeners only', () => {
    const heard: string[] = [];
    socket.wake();
    last().open();
    socket.subscribe({ name: 'mesh' }, (message) => heard.push(`mesh ${message.is}`));
    socket.subscribe({ name: 'talk', project: 'abc' }, (message) => heard.push(`talk ${message.is}`));
    last().hear(mesh(1));
    last().hear({ is: 'talk', seq: 2, project: 'abcdef', epoch: 1, events: [] });
    last().hear({ is: 'gap', channel: { name: 'talk', project: 'abc' }, seq: 3 });
    last().hear({ is: 'talk', seq: 4, project: 'other', epoch: 1, events: [] });
    expect(heard).toEqual(['mesh mesh', 'talk talk', 'talk gap']);
  });
});

test('a channel that the node has ended can be asked for again', () => {
  socket.wake();
  last().open();
  socket.subscribe({ name: 'mesh' }, () => {});
  last().hear(mesh(3));
  socket.again({ name: 'mesh' });
  expect(last().sent.at(-1)).toEqual({ do: 'subscribe', channel: { name: 'mesh' }, after: 3 });
  socket.again({ name: 'world', world: 'nobody follows it' });
  expect(last().subscribed).toHaveLength(2);
});

describe('after a cut', () => {
  test('each channel goes on after the last message seen on it', () => {
    socket.subscribe({ name: 'mesh' }, () => {});
    socket.subscribe({ name: 'talk', project: 'p' }, () => {});
    socket.wake();
    last().open();
    last().hear(mesh(41));
    last().cut();
    vi.advanceTimersByTime(500);
    last().open();
    expect(wires).toHaveLength(2);
    expect(last().subscribed).toEqual([
      { do: 'subscribe', channel: { name: 'mesh' }, after: 41 },
      { do: 'subscribe', channel: { name: 'talk', project: 'p' }, after: null },
    ]);
  });

  test('the pauses grow up to a limit, and start anew once the node has spoken', () => {
    const pauses: number[] = [];
    socket.wake();
    for (let round = 0; round < 8; round += 1) {
      last().cut();
      const state = states.at(-1)!;
      const pause = state.is === 'waiting' ? state.retryAtMs - Date.now() : 0;
      pauses.push(pause);
      vi.advanceTimersByTime(pause);
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    last().open();
    last().hear(mesh(1));
    last().cut();
    expect(states.at(-1)).toEqual({ is: 'waiting', retryAtMs: Date.now() + 500 });
  });

  test('a wire that only looks open is given up', () => {
    socket.wake();
    last().open();
    vi.advanceTimersByTime(20_000);
    expect(wires[0]!.closed).toBe(true);
    expect(wires.length).toBeGreaterThan(1);
  });

  test('nobody has to wait for the next try', () => {
    socket.wake();
    last().cut();
    socket.retryNow();
    expect(wires).toHaveLength(2);
    vi.advanceTimersByTime(60_000);
    expect(wires).toHaveLength(2);
  });
});

describe('a hidden tab', () => {
  test('holds no socket, and goes on where it was', () => {
    socket.subscribe({ name: 'mesh' }, () => {});
    socket.wake();
    last().open();
    last().hear(mesh(7));
    socket.sleep();
    expect(last().closed).toBe(true);
    vi.advanceTimersByTime(600_000);
    expect(wires).toHaveLength(1);
    socket.wake();
    last().open();
    expect(last().subscribed).toEqual([{ do: 'subscribe', channel: { name: 'mesh' }, after: 7 }]);
  });
});

test('the latency is the round trip of the newest ping', () => {
  socket.wake();
  last().open();
  vi.advanceTimersByTime(24);
  last().hear({ is: 'pong', nonce: 1 });
  expect(states.at(-1)).toEqual({ is: 'open', latencyMs: 24 });
  last().hear({ is: 'pong', nonce: 99 });
  expect(states.at(-1)).toEqual({ is: 'open', latencyMs: 24 });
});
