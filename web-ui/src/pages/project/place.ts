/** Addresses within the project page: opening a person keeps the section that is open. */
import { addressOf } from '../../routing/route';
import { router } from '../../routing/router.svelte';

export function personAddress(project: string, person: string | null): string {
  const { route } = router;
  const section = route.page === 'project' && route.project === project ? route.section : undefined;
  return addressOf({ page: 'project', project, person, ...(section && { section }) });
}
