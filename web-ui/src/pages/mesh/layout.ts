/**
 * Where the nodes of the map are. The same mesh always gives the same picture, and a node that joins
 * moves the others little: they start from where they were.
 */
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force';

export interface Point {
  x: number;
  y: number;
}

export interface LayoutLink {
  from: string;
  to: string;
  rttUs: number | null;
}

interface Body extends SimulationNodeDatum {
  id: string;
}

const ROUNDS = 220;
/** A newcomer needs fewer rounds: the rest is where it should be. */
const ROUNDS_AFTER = 80;

export function layOut(ids: string[], links: LayoutLink[], before: Map<string, Point>): Map<string, Point> {
  const known = ids.some((id) => before.has(id));
  const bodies: Body[] = [...ids].sort().map((id) => ({ id, ...before.get(id) }));
  const present = new Set(ids);
  const bonds = links
    .filter(({ from, to }) => present.has(from) && present.has(to) && from !== to)
    .map(({ from, to, rttUs }): SimulationLinkDatum<Body> & { rttUs: number | null } => ({
      source: from,
      target: to,
      rttUs,
    }));
  forceSimulation(bodies)
    .force('link', forceLink<Body, (typeof bonds)[number]>(bonds).id(({ id }) => id).distance(bondLength))
    .force('apart', forceManyBody().strength(-520))
    .force('room', forceCollide(40))
    .force('x', forceX(0).strength(0.03))
    // The card is wider than high.
    .force('y', forceY(0).strength(0.08))
    .stop()
    .tick(known ? ROUNDS_AFTER : ROUNDS);
  return new Map(bodies.map(({ id, x, y }) => [id, { x: x ?? 0, y: y ?? 0 }]));
}

/** Nodes with a short round trip are near. */
function bondLength({ rttUs }: { rttUs: number | null }): number {
  const ms = rttUs === null ? 30 : Math.min(160, rttUs / 1000);
  return 60 + ms * 0.5;
}

/** Room for a node with its name under it. */
const MARGIN = { x: 64, top: 44, bottom: 58 };
/** A mesh of two or three must not be blown up over all of the card. */
const ZOOM_MAX = 1.7;
/** A picture may be stretched so much along one side to fill its card. */
const STRETCH_MAX = 1.7;

/** From layout space to pixels of a canvas of this size. */
export function fit(places: Map<string, Point>, width: number, height: number): Map<string, Point> {
  const all = [...places.values()];
  const [left, right] = extent(all.map(({ x }) => x));
  const [top, bottom] = extent(all.map(({ y }) => y));
  const roomX = Math.min(ZOOM_MAX, (width - 2 * MARGIN.x) / Math.max(1, right - left));
  const roomY = Math.min(ZOOM_MAX, (height - MARGIN.top - MARGIN.bottom) / Math.max(1, bottom - top));
  const zoomX = Math.min(roomX, roomY * STRETCH_MAX);
  const zoomY = Math.min(roomY, roomX * STRETCH_MAX);
  const middle = { x: width / 2, y: (height + MARGIN.top - MARGIN.bottom) / 2 };
  return new Map(
    [...places].map(([id, { x, y }]) => [
      id,
      { x: middle.x + (x - (left + right) / 2) * zoomX, y: middle.y + (y - (top + bottom) / 2) * zoomY },
    ]),
  );
}

function extent(values: number[]): [number, number] {
  return values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
}
