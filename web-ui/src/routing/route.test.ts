import { expect, test } from 'vitest';
import { addressOf, parseRoute, type Route } from './route';

const parse = (address: string) => parseRoute(new URL(address, 'http://node'));

test('every page has an address that leads back to it', () => {
  const routes: Array<Exclude<Route, { page: 'unknown' }>> = [
    { page: 'overview' },
    { page: 'mesh', node: null },
    { page: 'mesh', node: '12D3KooW' },
    { page: 'projects' },
    { page: 'project', project: 'abc', person: null },
    { page: 'project', project: 'abc', person: 'x y-3' },
    { page: 'project', project: 'abc', person: null, section: 'business' },
    { page: 'project', project: 'abc', person: 'x', section: 'people' },
  ];
  for (const route of routes) expect(parse(addressOf(route))).toEqual(route);
});

test('a section that is not known is the first one', () => {
  expect(parse('/project/abc?section=nonsense')).toEqual({ page: 'project', project: 'abc', person: null });
});

test('what is no page is said to be none', () => {
  expect(parse('/office')).toEqual({ page: 'unknown', path: '/office' });
  expect(parse('/project')).toEqual({ page: 'unknown', path: '/project' });
  expect(parse('/mesh/more')).toEqual({ page: 'unknown', path: '/mesh/more' });
});
