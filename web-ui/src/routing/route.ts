/** Addresses of the dashboard's pages: text to route and back. */

export type Route =
  | { page: 'overview' }
  | { page: 'mesh'; node: string | null }
  | { page: 'projects' }
  | { page: 'project'; project: string; person: string | null }
  | { page: 'unknown'; path: string };

export function parseRoute(url: URL): Route {
  const [first, second, ...rest] = url.pathname.split('/').filter((part) => part !== '');
  if (first === undefined) return { page: 'overview' };
  if (first === 'mesh' && second === undefined) return { page: 'mesh', node: url.searchParams.get('node') };
  if (first === 'projects' && second === undefined) return { page: 'projects' };
  if (first === 'project' && second !== undefined && rest.length === 0) {
    return { page: 'project', project: second, person: url.searchParams.get('person') };
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
      const person = route.person ? `?person=${encodeURIComponent(route.person)}` : '';
      return `/project/${encodeURIComponent(route.project)}${person}`;
    }
  }
}
