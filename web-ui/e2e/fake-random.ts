/** Randomness of the fake node: the same in every run, so that pictures can be compared. */

let state = 0x2f6e2b1;

/** Mulberry32: small, and good enough for names and numbers. */
function next(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** A whole number from `low` to `high`, both included. */
export function whole(low: number, high: number): number {
  return low + Math.floor(next() * (high - low + 1));
}

export function chance(part: number): boolean {
  return next() < part;
}

export function pick<T>(from: readonly T[]): T {
  return from[whole(0, from.length - 1)]!;
}

export function hex(digits: number): string {
  return Array.from({ length: digits }, () => whole(0, 15).toString(16)).join('');
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

export function peerId(): string {
  return `12D3KooW${Array.from({ length: 44 }, () => pick([...BASE58])).join('')}`;
}
