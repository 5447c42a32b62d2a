import { expect, test } from 'vitest';
import { dayText, goalMeasure, measured, shareOf, short } from './measure';

test('numbers keep the digits that say something', () => {
  expect([0, 0.417, 7.52, 12, 128.4, -3.25, 12_400].map(short)).toEqual(['0', '0.42', '7.5', '12', '128', '−3.3', '12,400']);
});

test('a number is said in its unit', () => {
  expect(measured(null, 'cents')).toBe('–');
  expect(measured(124_000_000, 'cents')).toBe('€1.24M');
  expect(measured(82.46, 'percent')).toBe('82.5 %');
  expect(measured(3.2, 'ratio')).toBe('3.2×');
  expect(measured(41, 'score')).toBe('41');
  expect(measured(1, 'months')).toBe('1 month');
  expect(measured(2.5, 'a week')).toBe('2.5 a week');
});

test('a goal is said in the unit of its measure', () => {
  expect(goalMeasure('runway', 9_999)).toBe('no end');
  expect(goalMeasure('runway', 120)).toBe('120 days');
  expect(goalMeasure('morale', 68)).toBe('68 of 100');
  expect(goalMeasure('open defects', 4)).toBe('4');
});

test('a share of nothing is none', () => {
  expect(shareOf(9, 12)).toBe(7_500);
  expect(shareOf(0, 0)).toBeNull();
});

test('people count days from 1', () => {
  expect(dayText(0)).toBe('day 1');
});
