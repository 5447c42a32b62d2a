/** Addresses of the dashboard's pages: text to route and back. */

/** Parts of the project page. The first needs no word in the address. */
export const PROJECT_SECTIONS = ['work', 'people', 'business', 'lead', 'workshop', 'talk'] as const;
export type ProjectSection = (typeof PROJECT_SECTIONS)[number];

export type Route =
  | { page: 'overview' }
  | { page: 'mesh'; node: string | null }
  | { page: 'projects' }
  | { page: 'project'; project: string; person: string | null; section?: ProjectSection }
  | { page: 'unknown'; path: string };

export function parseRoute(url: URL): Route {
  const [first, second, ...rest] = url.pathname.split('/').filter((part) => part !== '');
  if (first === undefined) return { page: 'overview' };
  if (first === 'mesh' && second === undefined) return { page: 'mesh', node: url.searchParams.get('node') };
  if (first === 'projects' && second === undefined) return { page: 'projects' };
  if (first === 'project' && second !== undefined && rest.length === 0) {
    const section = PROJECT_SECTIONS.find((one) => one === url.searchParams.get('section'));
    return { page: 'project', project: second, person: url.searchParams.get('person'), ...(section && { section }) };
  }
  return { page: 'unknown', path: url.pathname };
}

export function addressOf(route: Exclude<Route, { page: 'unknown' }>): string {
  switch (route.page) {
    case 'overview':
      return '/';
    case 'mesh':
      return route.node ? `/mesh?node=${encodeURIComponent(route.node)}` : '/mesh';
    case 'projects':
      return '/projects';
    case 'project': {
      const asked = new URLSearchParams();
      if (route.section && route.section !== PROJECT_SECTIONS[0]) asked.set('section', route.section);
      if (route.person) asked.set('person', route.person);
      const query = asked.size > 0 ? `?${asked}` : '';
      return `/project/${encodeURIComponent(route.project)}${query}`;
    }
  }
}
