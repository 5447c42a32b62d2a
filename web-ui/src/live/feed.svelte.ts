/** A channel of the socket as reactive state: the picture so far, or why there is none. */
import type { Channel, Problem, ServerMessage } from '../api/types';
import { socket } from './connection.svelte';

export class Feed<T> {
  /** The newest picture; it stays when the socket is cut or the view is left. */
  data = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);

  constructor(
    private readonly channel: Channel,
    private readonly reduce: (before: T | null, message: ServerMessage) => T | null,
  ) {}

  /** The node has ended the channel: ask for it once more. */
  retry(): void {
    this.problem = null;
    socket.again(this.channel);
  }

  /** Follow the channel until the answer is called: `$effect(() => feed.follow())`. */
  follow(): () => void {
    return socket.subscribe(this.channel, (message) => {
      if (message.is === 'error') {
        this.problem = message.problem;
        return;
      }
      this.problem = null;
      this.data = this.reduce(this.data, message);
    });
  }
}
