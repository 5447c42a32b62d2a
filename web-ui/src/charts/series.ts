/** What a chart over time is given. */

export interface Series {
  name: string;
  /** The name of a colour token, `--s1` to `--s6`. */
  color: string;
  values: Array<number | null>;
  dashed?: boolean;
  filled?: boolean;
}

export interface TimeAxis {
  kind: 'wall' | 'count';
  /** At a tick of the axis, which is `step` away from the next. */
  text: (x: number, step: number) => string;
  /** In the legend. */
  full: (x: number) => string;
}

/** Up to `rows` places out of `length`, evenly apart, the last one among them. */
export function spread(length: number, rows: number): number[] {
  const step = Math.max(1, Math.ceil(length / rows));
  const places: number[] = [];
  for (let at = length - 1; at >= 0; at -= step) places.unshift(at);
  return places;
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** Seconds since 1970, in the viewer's own time of day, 24 hours. */
export const WALL_AXIS: TimeAxis = {
  kind: 'wall',
  text: (seconds, step) => clock.format(seconds * 1000).slice(0, step < 60 ? 8 : 5),
  full: (seconds) => clock.format(seconds * 1000),
};

/** Working days of the world, from 0; the first is day 1. */
export const DAY_AXIS: TimeAxis = {
  kind: 'count',
  text: (day) => `day ${day + 1}`,
  full: (day) => `Day ${day + 1}`,
};
