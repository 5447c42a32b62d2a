import { describe, expect, test } from 'vitest';
import { clockText, timeOfTick, workText } from './clock';
import { money, moneyTick, runway, runwayText } from './money';
import { bytes, compact, percent, roundTrip, shortNode, span } from './quantity';

describe('money', () => {
  test('is short, in whole cents, with a sign', () => {
    expect(money(0)).toBe('€0');
    expect(money(94_000)).toBe('€940');
    expect(money(124_030_000)).toBe('€1.24M');
    expect(money(-31_050_000)).toBe('−€310.5k');
    expect(money(-20)).toBe('€0');
    expect(money(250_000_000_000)).toBe('€2.50bn');
  });

  test('rounds into the next unit instead of showing a thousand of one', () => {
    expect(money(99_999_900)).toBe('€1.00M');
  });

  test('on an axis shows no empty digits', () => {
    expect(moneyTick(60_000_000)).toBe('€600k');
    expect(moneyTick(150_000_000)).toBe('€1.5M');
    expect(moneyTick(125_000_000)).toBe('€1.25M');
    expect(moneyTick(200_000_000)).toBe('€2M');
  });

  test('lasts as long as cash over burn', () => {
    expect(runwayText(runway(1_000_000, 100_000))).toBe('10 mo');
    expect(runwayText(runway(150_000, 100_000))).toBe('1.5 mo');
    expect(runwayText(runway(-5, 100_000))).toBe('out of cash');
    expect(runwayText(runway(500, -10))).toBe('earning');
  });
});

describe('the simulated clock', () => {
  test('begins on a Monday at nine, on day 1', () => {
    expect(timeOfTick(0)).toEqual({ day: 1, weekday: 'Mon', time: '09:00' });
  });

  test('ends a day at 17:00 and leaves out nights and weekends', () => {
    expect(clockText(479)).toBe('Mon 16:59 · day 1');
    expect(clockText(480)).toBe('Tue 09:00 · day 2');
    expect(clockText(5 * 480)).toBe('Mon 09:00 · day 6');
  });

  test('tells spans of work in minutes, hours and working days', () => {
    expect(workText(45)).toBe('45 min');
    expect(workText(90)).toBe('1.5 h');
    expect(workText(960)).toBe('2 d');
  });
});

describe('quantities', () => {
  test('keep the digits that say something', () => {
    expect(compact(868)).toBe('868');
    expect(compact(1_620)).toBe('1.6k');
    expect(compact(0.4)).toBe('0.4');
    expect(percent(7_812)).toBe('78 %');
    expect(percent(941, 1)).toBe('9.4 %');
    expect(roundTrip(420)).toBe('0.42 ms');
    expect(roundTrip(14_200)).toBe('14 ms');
    expect(bytes(151_000_000)).toBe('151 MB');
    expect(span(184_000)).toBe('3 min');
  });

  test('nodes are told apart by the end of their id', () => {
    expect(shortNode('12D3KooWABCDEFGHijklmnop')).toBe('…ijklmnop');
  });
});
