/**
 * The token of a node that others can reach. It is kept as long as the tab is open: whoever has it
 * operates the node.
 */
const KEY = 'zeromesh.token';
/** The node's own protocol on the socket; a browser brings the token as a second one. */
const PROTOCOL = 'zeromesh';
const TOKEN_PROTOCOL = 'bearer.';

export function readToken(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

/** For `fetch`. */
export function tokenHeaders(): Record<string, string> {
  const token = readToken();
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** For a WebSocket, which cannot have headers. */
export function tokenProtocols(): string[] {
  const token = readToken();
  return token === null ? [] : [PROTOCOL, TOKEN_PROTOCOL + token];
}
