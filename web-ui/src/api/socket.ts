/**
 * The one WebSocket of the page.
 *
 * Views subscribe to channels and share them: a channel is asked for when its first listener comes
 * and given up when its last one goes. After a cut the socket comes back by itself, with growing and
 * scattered pauses, and every channel goes on after the last message seen on it. While the tab is
 * hidden (`sleep`) there is no socket at all.
 */
import type { Channel, ClientMessage, ServerMessage } from './types';

export type Connection =
  | { is: 'asleep' }
  | { is: 'connecting' }
  | { is: 'open'; latencyMs: number | null }
  /** Cut off: when the next try is due. */
  | { is: 'waiting'; retryAtMs: number };

export type Listener = (message: ServerMessage) => void;

/** What is used of a browser's WebSocket. */
export type Wire = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'>;

export interface SocketOptions {
  open: () => Wire;
  now?: () => number;
  random?: () => number;
}

/** A round trip is measured this often: the pill shows it. */
const PING_EVERY_MS = 4_000;
/** Three pings without any word: the node is gone, though the connection looks open. */
const SILENCE_MAX_MS = 12_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 15_000;

interface Subscription {
  channel: Channel;
  listeners: Set<Listener>;
  /** The last message seen: where to go on after a cut. */
  seq: number | null;
}

export class LiveSocket {
  private wire: Wire | null = null;
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly watchers = new Set<(connection: Connection) => void>();
  private connection: Connection = { is: 'asleep' };
  private failures = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  private pingNonce = 0;
  private pingSentMs = 0;
  private heardMs = 0;
  private readonly now: () => number;
  private readonly random: () => number;

  constructor(private readonly options: SocketOptions) {
    this.now = options.now ?? (() => performance.now());
    this.random = options.random ?? Math.random;
  }

  /** Follow a channel; the answer ends it. */
  subscribe(channel: Channel, listener: Listener): () => void {
    const key = channelKey(channel);
    let subscription = this.subscriptions.get(key);
    if (!subscription) {
      subscription = { channel, listeners: new Set(), seq: null };
      this.subscriptions.set(key, subscription);
      this.say({ do: 'subscribe', channel, after: null });
    }
    subscription.listeners.add(listener);
    return () => {
      subscription.listeners.delete(listener);
      if (subscription.listeners.size > 0 || this.subscriptions.get(key) !== subscription) return;
      this.subscriptions.delete(key);
      this.say({ do: 'unsubscribe', channel });
    };
  }

  /** Ask once more for a channel that the node has ended. */
  again(channel: Channel): void {
    const subscription = this.subscriptions.get(channelKey(channel));
    if (subscription) this.say({ do: 'subscribe', channel, after: subscription.seq });
  }

  /** Told at once and at every change. */
  watch(watcher: (connection: Connection) => void): () => void {
    this.watchers.add(watcher);
    watcher(this.connection);
    return () => this.watchers.delete(watcher);
  }

  wake(): void {
    if (this.connection.is === 'asleep') this.connect();
  }

  sleep(): void {
    this.drop();
    this.failures = 0;
    this.set({ is: 'asleep' });
  }

  /** Do not wait for the next try. */
  retryNow(): void {
    if (this.connection.is === 'waiting') this.connect();
  }

  private connect(): void {
    this.drop();
    this.set({ is: 'connecting' });
    const wire = this.options.open();
    this.wire = wire;
    wire.onopen = () => this.opened();
    wire.onmessage = (event) => this.received(String(event.data));
    wire.onclose = () => this.lost();
  }

  private opened(): void {
    this.heardMs = this.now();
    this.set({ is: 'open', latencyMs: null });
    for (const { channel, seq } of this.subscriptions.values()) {
      this.say({ do: 'subscribe', channel, after: seq });
    }
    this.ping();
    this.pingTimer = setInterval(() => this.ping(), PING_EVERY_MS);
  }

  private received(text: string): void {
    this.heardMs = this.now();
    // Only a node that speaks is back: one that accepts and hangs up counts as a failure.
    this.failures = 0;
    const message = JSON.parse(text) as ServerMessage;
    if (message.is === 'pong') {
      if (message.nonce === this.pingNonce) {
        this.set({ is: 'open', latencyMs: this.now() - this.pingSentMs });
      }
      return;
    }
    const channel = channelOf(message);
    if (!channel) return;
    const subscription = this.find(channel);
    if (!subscription) return;
    if ('seq' in message) subscription.seq = message.seq;
    for (const listener of subscription.listeners) listener(message);
  }

  /** A project asked for by the beginning of its id is answered by its whole id. */
  private find(channel: Channel): Subscription | undefined {
    const key = channelKey(channel);
    const exact = this.subscriptions.get(key);
    if (exact) return exact;
    for (const [asked, subscription] of this.subscriptions) {
      if (asked.includes(':') && key.startsWith(asked)) return subscription;
    }
    return undefined;
  }

  private ping(): void {
    if (this.now() - this.heardMs > SILENCE_MAX_MS) {
      this.lost();
      return;
    }
    this.pingNonce += 1;
    this.pingSentMs = this.now();
    this.say({ do: 'ping', nonce: this.pingNonce });
  }

  private lost(): void {
    this.drop();
    const longest = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** this.failures);
    // Scattered over the upper half, so that many pages do not come back in one moment.
    const pause = longest * (0.5 + this.random() / 2);
    this.failures += 1;
    this.set({ is: 'waiting', retryAtMs: this.now() + pause });
    this.retryTimer = setTimeout(() => this.connect(), pause);
  }

  /** Forget the wire without a word. */
  private drop(): void {
    clearTimeout(this.retryTimer);
    clearInterval(this.pingTimer);
    const wire = this.wire;
    this.wire = null;
    if (!wire) return;
    wire.onopen = wire.onmessage = wire.onclose = null;
    wire.close();
  }

  private say(message: ClientMessage): void {
    if (this.connection.is === 'open') this.wire?.send(JSON.stringify(message));
  }

  private set(connection: Connection): void {
    this.connection = connection;
    for (const watcher of this.watchers) watcher(connection);
  }
}

export function channelKey(channel: Channel): string {
  switch (channel.name) {
    case 'mesh':
      return 'mesh';
    case 'world':
      return `world:${channel.world}`;
    case 'project':
    case 'talk':
      return `${channel.name}:${channel.project}`;
  }
}

function channelOf(message: ServerMessage): Channel | null {
  switch (message.is) {
    case 'mesh':
      return { name: 'mesh' };
    case 'world':
      return { name: 'world', world: message.world.id };
    case 'project':
    case 'talk':
      return { name: message.is, project: message.project };
    case 'gap':
    case 'error':
      return message.channel;
    case 'pong':
      return null;
  }
}
