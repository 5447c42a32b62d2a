/** The code of the sections that are not shown first: each is fetched when it is opened. */
export const loadSection = {
  business: () => import('./business/BusinessSection.svelte'),
  lead: () => import('./lead/LeadSection.svelte'),
  workshop: () => import('./workshop/WorkshopSection.svelte'),
  talk: () => import('./talk/TalkSection.svelte'),
};
