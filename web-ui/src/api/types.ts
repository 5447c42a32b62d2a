/**
 * The shapes of the HTTP API. Everything else in the dashboard takes its types from here.
 *
 * They are made from the node's Rust types, and a test of the node keeps them the same. Levels are basis
 * points (0 to 10,000), money is in cents, `*_ms` on the wall are milliseconds since 1970 by the
 * answering node, ticks are simulated working minutes since the world began.
 */
export type * from './generated';
