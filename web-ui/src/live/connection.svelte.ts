/** The page's socket, its state for the live pill, and its rest while the tab is hidden. */
import { LiveSocket, type Connection } from '../api/socket';
import { tokenProtocols } from '../api/token';

export const socket = new LiveSocket({
  open: () => new WebSocket(new URL('/api/v1/ws', location.href.replace(/^http/, 'ws')), tokenProtocols()),
});

class ConnectionState {
  now = $state.raw<Connection>({ is: 'asleep' });
  /** Since when (`Date.now()`) there has been no live socket; null while there is one. */
  cutSinceMs = $state<number | null>(null);
  /** Whether there was ever one since the page was loaded. */
  everOpen = $state(false);

  constructor() {
    socket.watch((connection) => {
      this.now = connection;
      if (connection.is === 'open') {
        this.everOpen = true;
        this.cutSinceMs = null;
      } else if (connection.is === 'waiting') {
        this.cutSinceMs ??= Date.now();
      }
    });
  }
}

export const connection = new ConnectionState();

/** Call once at start. */
export function followVisibility(): void {
  const follow = () => (document.hidden ? socket.sleep() : socket.wake());
  document.addEventListener('visibilitychange', follow);
  follow();
}
