/** Numbers that come with their unit, as short text. */
import { money } from './money';

/** Three figures say enough: `0.42`, `7.5`, `128`. */
export function short(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 1 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits }).replace('-', '−');
}

/** `–` while there is nothing to say. */
export function measured(value: number | null, unit: string): string {
  if (value === null) return '–';
  switch (unit) {
    case 'cents':
      return money(value);
    case 'percent':
    case '%':
      return `${short(value)} %`;
    case 'ratio':
      return `${short(value)}×`;
    case 'score':
    case 'count':
    case '':
      return short(value);
    default:
      return `${short(value)} ${value === 1 ? unit.replace(/^(month|day|hour|task)s$/, '$1') : unit}`;
  }
}

/** Beyond this many working days the money of a company does not run out. */
const RUNWAY_DAYS_MAX = 9_999;

/** What a goal or an act of the chief is measured by, in its own unit. */
export function goalMeasure(measure: string, value: number): string {
  switch (measure) {
    case 'runway':
      return value >= RUNWAY_DAYS_MAX ? 'no end' : measured(value, 'days');
    case 'progress':
      return measured(value, '%');
    case 'morale':
      return `${short(value)} of 100`;
    case 'finished work':
      return measured(value, 'hours');
    case 'monthly cost':
      return `${money(value * 100)} a month`;
    default:
      return short(value);
  }
}

/** A part of a whole in basis points; null where there is no whole. */
export function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((part / whole) * 10_000) : null;
}

/** A working day of the world, which the world counts from 0 and people from 1. */
export function dayText(day: number): string {
  return `day ${day + 1}`;
}
