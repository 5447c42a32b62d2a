/**
 * The simulated clock. Only working time is simulated: a tick is a working minute, eight hours make
 * a working day, five days a week, and every day begins at nine.
 */
export const MINUTES_PER_DAY = 480;
const DAYS_PER_WEEK = 5;
const MINUTES_AT_START = 9 * 60;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'] as const;

export interface SimulatedTime {
  /** The first day is day 1. */
  day: number;
  weekday: string;
  /** `hh:mm` */
  time: string;
}

export function timeOfTick(tick: number): SimulatedTime {
  const day = Math.floor(tick / MINUTES_PER_DAY);
  const minutes = MINUTES_AT_START + (tick % MINUTES_PER_DAY);
  const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return {
    day: day + 1,
    weekday: WEEKDAYS[day % DAYS_PER_WEEK] ?? 'Mon',
    time: `${pad(minutes / 60)}:${pad(minutes % 60)}`,
  };
}

/** `Tue 14:32 · day 12` */
export function clockText(tick: number): string {
  const { weekday, time, day } = timeOfTick(tick);
  return `${weekday} ${time} · day ${day}`;
}

/** A span of working time: `45 min`, `3.5 h`, `2.4 d`. */
export function workText(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  if (minutes < MINUTES_PER_DAY) return `${trim(minutes / 60)} h`;
  return `${trim(minutes / MINUTES_PER_DAY)} d`;
}

function trim(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
