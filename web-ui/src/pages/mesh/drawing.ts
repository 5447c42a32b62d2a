/** Draws the map of the mesh with Canvas 2D: ring = load, size = share, number = people. */
import type { Link, MeshNode, MeshView } from '../../api/types';
import { flowOf, healthOf, type Health } from './health';
import type { Point } from './layout';

export interface MapColors {
  ground: string;
  disc: string;
  track: string;
  link: string;
  slow: string;
  missing: string;
  load: string;
  text: string;
  text2: string;
  dot: string;
  chosen: string;
}

export function readColors(): MapColors {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ground: token('--bg1'),
    disc: token('--bg2'),
    track: token('--line'),
    link: token('--edge'),
    slow: token('--warn'),
    missing: token('--err'),
    load: token('--s3'),
    text: token('--fg'),
    text2: token('--fg2'),
    dot: token('--accent'),
    chosen: token('--link'),
  };
}

/** A link slower than this is drawn as slow. */
const SLOW_US = 60_000;
const TURN = 2 * Math.PI;

export interface MapScene {
  mesh: MeshView;
  places: Map<string, Point>;
  chosen: string | null;
}

export function radiusOf(node: MeshNode): number {
  // The area says the share, as far as a small node must stay legible.
  return 15 + Math.sqrt(node.share / 10_000) * 22;
}

/** The links as they are drawn: each pair once. */
export function pairsOf(links: Link[]): Link[] {
  const seen = new Map<string, Link>();
  for (const link of links) {
    const key = [link.from, link.to].sort().join(' ');
    const known = seen.get(key);
    if (!known || known.rtt_us === null) seen.set(key, link);
  }
  return [...seen.values()];
}

export function drawMap(context: CanvasRenderingContext2D, scene: MapScene, colors: MapColors, timeMs: number): void {
  const links = pairsOf(scene.mesh.links);
  for (const link of links) drawLink(context, scene, link, colors);
  for (const node of scene.mesh.nodes) drawAttempt(context, scene, node, links, colors);
  drawGossip(context, scene, links, colors, timeMs);
  for (const node of scene.mesh.nodes) drawNode(context, scene, node, colors);
}

function drawLink(context: CanvasRenderingContext2D, { places }: MapScene, link: Link, colors: MapColors): void {
  const slow = (link.rtt_us ?? 0) > SLOW_US;
  line(context, places.get(link.from), places.get(link.to), slow ? colors.slow : colors.link, slow ? [7, 4] : []);
}

/** To a missing node this one keeps dialling there is a dashed line. */
function drawAttempt(
  context: CanvasRenderingContext2D,
  { mesh, places }: MapScene,
  node: MeshNode,
  links: Link[],
  colors: MapColors,
): void {
  if (node.state !== 'missing' || node.attempts.length === 0) return;
  if (links.some(({ from, to }) => from === node.id || to === node.id)) return;
  line(context, places.get(mesh.me), places.get(node.id), colors.missing, [4, 5]);
}

function line(
  context: CanvasRenderingContext2D,
  from: Point | undefined,
  to: Point | undefined,
  color: string,
  dash: number[],
): void {
  if (!from || !to) return;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.setLineDash(dash);
  context.strokeStyle = color;
  context.lineWidth = 1.4;
  context.globalAlpha = 0.75;
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash([]);
}

/** Dots on a link at once, each way: more for more gossip, none for none. */
export function dotsFor(messagesPerSecond: number): number {
  return messagesPerSecond <= 0 ? 0 : Math.min(4, Math.ceil(Math.log10(1 + messagesPerSecond)));
}

/** Only this node's gossip is known, so only its own links carry dots: out what it sent, in what it got. */
export function dotsOf(mesh: MeshView): { out: number; in: number } {
  const flow = flowOf(mesh.history);
  return { out: dotsFor(flow.sent), in: dotsFor(flow.received + flow.duplicate) };
}

function drawGossip(
  context: CanvasRenderingContext2D,
  { mesh, places }: MapScene,
  links: Link[],
  colors: MapColors,
  timeMs: number,
): void {
  const dots = dotsOf(mesh);
  context.fillStyle = colors.dot;
  links.forEach((link, index) => {
    const peer = link.from === mesh.me ? link.to : link.to === mesh.me ? link.from : null;
    const here = places.get(mesh.me);
    const there = peer === null ? undefined : places.get(peer);
    if (!here || !there) return;
    const travelMs = 1800 + Math.min(160, (link.rtt_us ?? 0) / 1000) * 18;
    const start = timeMs / travelMs + index * 0.37;
    for (let dot = 0; dot < dots.out; dot += 1) drawDot(context, here, there, (start + dot / dots.out) % 1);
    for (let dot = 0; dot < dots.in; dot += 1) drawDot(context, there, here, (start + 0.19 + dot / dots.in) % 1);
  });
}

function drawDot(context: CanvasRenderingContext2D, from: Point, to: Point, part: number): void {
  context.beginPath();
  context.arc(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part, 2.3, 0, TURN);
  context.fill();
}

function drawNode(context: CanvasRenderingContext2D, scene: MapScene, node: MeshNode, colors: MapColors): void {
  const place = scene.places.get(node.id);
  if (!place) return;
  const { x, y } = place;
  const radius = radiusOf(node);
  const health = healthOf(node, scene.mesh);
  const tint = tintOf(health, colors);
  if (node.id === scene.chosen) ring(context, x, y, radius + 6, 0, TURN, colors.chosen, 2);
  context.beginPath();
  context.arc(x, y, radius, 0, TURN);
  context.fillStyle = colors.disc;
  context.fill();
  if (health === 'missing') context.setLineDash([4, 4]);
  ring(context, x, y, radius, 0, TURN, health === 'missing' ? tint : colors.track, health === 'missing' ? 2 : 4);
  context.setLineDash([]);
  if (health !== 'missing' && node.load > 0) {
    const top = -Math.PI / 2;
    ring(context, x, y, radius, top, top + (Math.min(10_000, node.load) / 10_000) * TURN, tint, 4);
  }
  context.textAlign = 'center';
  context.fillStyle = health === 'missing' ? colors.text2 : colors.text;
  context.font = "600 12px 'Geist', sans-serif";
  context.fillText(String(node.people), x, y + 4);
  drawName(context, nameOf(node, scene.mesh, health), x, y + radius + 17, health === 'live' ? colors.text2 : tint, colors);
}

function nameOf(node: MeshNode, mesh: MeshView, health: Health): string {
  if (node.id === mesh.me) return `${node.name} · this node`;
  return health === 'live' ? node.name : `${node.name} · ${health}`;
}

function drawName(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  color: string,
  colors: MapColors,
): void {
  context.font = "500 12px 'Geist', sans-serif";
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = colors.ground;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

function ring(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  from: number,
  to: number,
  color: string,
  width: number,
): void {
  context.beginPath();
  context.arc(x, y, radius, from, to);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}

function tintOf(health: Health, colors: MapColors): string {
  switch (health) {
    case 'live':
      return colors.load;
    case 'late':
      return colors.slow;
    case 'missing':
      return colors.missing;
  }
}
