/** The pages of the rail, with their keys. A page that does not exist yet is not listed. */
import type { IconName } from '../parts/icons';
import type { Route } from '../routing/route';

export interface PageEntry {
  page: Route['page'];
  title: string;
  address: string;
  icon: IconName;
  /** Pressed after `g`. */
  key: string;
}

export const PAGES: PageEntry[] = [
  { page: 'overview', title: 'Overview', address: '/', icon: 'overview', key: 'o' },
  { page: 'mesh', title: 'Mesh', address: '/mesh', icon: 'mesh', key: 'm' },
  { page: 'projects', title: 'Projects', address: '/projects', icon: 'projects', key: 'p' },
];
