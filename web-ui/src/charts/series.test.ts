import { expect, test } from 'vitest';
import { DAY_AXIS, spread } from './series';

test('a chart is told in a few rows, evenly apart, with the newest', () => {
  expect(spread(900, 10)).toHaveLength(10);
  expect(spread(900, 10).at(-1)).toBe(899);
  expect(spread(3, 10)).toEqual([0, 1, 2]);
  expect(spread(0, 10)).toEqual([]);
});

test('the first working day is day 1', () => {
  expect(DAY_AXIS.text(0)).toBe('day 1');
});
