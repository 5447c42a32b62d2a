/** Every page, in both themes, at three widths: it renders, is accessible, and does nothing it must not. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, watch } from './browser';
import { nodesUnderTest, someProject, type NodesUnderTest } from './nodes';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SHOTS = fileURLToPath(new URL('../shots', import.meta.url));
const WIDTHS = [1440, 1024, 390];
const THEMES = ['dark', 'light'] as const;
const PAGES = ['overview', 'mesh', 'projects', 'project', 'people', 'business', 'lead', 'workshop', 'talk', 'person', 'node'] as const;
type PageName = (typeof PAGES)[number];

/** What must be seen before a page counts as there. */
const READY: Record<PageName, string> = {
  overview: '.table-scroll tbody tr',
  mesh: '.table-scroll tbody tr',
  projects: '.table-scroll tbody tr',
  project: '.task',
  people: 'td.who',
  business: 'section h2',
  lead: 'section h2',
  workshop: 'section h2',
  talk: 'section h2',
  person: 'aside h2',
  node: 'aside h2',
};

let browser: Browser;
let nodes: NodesUnderTest;
let addresses: Record<PageName, string>;

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  nodes = await nodesUnderTest();
  browser = await launch();
  const url = nodes.urls[0]!;
  const project = await someProject(url);
  const view = (await (await fetch(`${url}/api/v1/projects/${project.id}`)).json()) as {
    view: { people: Array<{ id: string }> };
  };
  const mesh = (await (await fetch(`${url}/api/v1/mesh`)).json()) as { nodes: Array<{ id: string; state: string }> };
  const node = mesh.nodes.find(({ state }) => state === 'missing') ?? mesh.nodes[0]!;
  addresses = {
    overview: '/',
    mesh: '/mesh',
    projects: '/projects',
    project: `/project/${project.id}`,
    people: `/project/${project.id}?section=people`,
    business: `/project/${project.id}?section=business`,
    lead: `/project/${project.id}?section=lead`,
    workshop: `/project/${project.id}?section=workshop`,
    talk: `/project/${project.id}?section=talk`,
    person: `/project/${project.id}?person=${encodeURIComponent(view.view.people[0]!.id)}`,
    node: `/mesh?node=${node.id}`,
  };
});

afterAll(async () => {
  await browser?.close();
  await nodes?.close();
});

for (const theme of THEMES) {
  for (const width of WIDTHS) {
    describe(`${theme} at ${width}`, () => {
      for (const name of PAGES) {
        test(`${name} renders and is accessible`, async () => {
          const context = await browser.newContext({
            viewport: { width, height: width === 390 ? 844 : 900 },
            colorScheme: theme,
          });
          await context.addInitScript({ content: AXE });
          const page = await context.newPage();
          const seen = watch(page, nodes.urls[0]!);
          await page.goto(nodes.urls[0]! + addresses[name]);
          await page.locator(READY[name]).first().waitFor();
          await settle(page);
          await page.screenshot({ path: join(SHOTS, `${name}-${theme}-${width}.png`) });
          if (width !== 1024) {
            await page.setViewportSize({ width, height: await contentHeight(page) });
            await settle(page);
            await page.screenshot({ path: join(SHOTS, `${name}-${theme}-${width}-whole.png`) });
          }
          expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
          expect(await overflow(page), 'nothing wider than the window').toBeLessThanOrEqual(0);
          expect(await violations(page)).toEqual([]);
          expect(seen.faults).toEqual([]);
          await context.close();
        });
      }
    });
  }
}

/** Fonts are there and a second message has come, so that charts have their newest values. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(() => new Promise((done) => setTimeout(done, 700)));
}

function contentHeight(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector('main')!;
    return Math.min(4000, innerHeight - main.clientHeight + main.scrollHeight);
  });
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector('main')!;
    return Math.max(main.scrollWidth - main.clientWidth, document.body.scrollWidth - innerWidth);
  });
}

interface AxeResult {
  violations: Array<{ id: string; nodes: Array<{ target: string[]; failureSummary: string }> }>;
}

/** Axe is put in as the page starts: the policy of the pages lets no script be added later. */
async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate((rules) => {
    const { axe } = window as unknown as { axe: { run: (root: Document, options: object) => Promise<AxeResult> } };
    return axe.run(document, { runOnly: { type: 'tag', values: rules } });
  }, RULES);
  return found.violations.flatMap(({ id, nodes: at }) =>
    at.slice(0, 4).map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary.split('\n')[1]?.trim()}`),
  );
}
