/** The page in the address bar. Links are plain `<a href>`; clicks on them stay in the page. */
import { parseRoute, type Route } from './route';

class Router {
  route = $state.raw<Route>(parseRoute(new URL(location.href)));

  go(address: string, how: 'push' | 'replace' = 'push'): void {
    if (how === 'push') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    this.read();
  }

  read(): void {
    this.route = parseRoute(new URL(location.href));
  }
}

export const router = new Router();

/** Call once at start. */
export function followLinks(): void {
  addEventListener('popstate', () => router.read());
  document.addEventListener('click', (event) => {
    const address = innerAddress(event);
    if (address === null) return;
    event.preventDefault();
    router.go(address);
  });
}

/** Where a plain left click on one of our own links leads; null for any other click. */
function innerAddress(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = (event.target as Element).closest('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return null;
  if (link.pathname.startsWith('/api/')) return null;
  return link.pathname + link.search;
}
