/** What a person does with the dashboard, and what it does when its node goes away. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launch, watch } from './browser';
import { startFakeNode } from './fake-node';
import { nodesUnderTest, someProject, type NodesUnderTest } from './nodes';

const SHOTS = fileURLToPath(new URL('../shots', import.meta.url));

let browser: Browser;
let nodes: NodesUnderTest;
let home: string;
let project: { id: string; name: string };
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  nodes = await nodesUnderTest();
  home = nodes.urls[0]!;
  project = await someProject(home);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await nodes?.close();
});

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  faults = watch(page, home).faults;
});

afterEach(() => context.close());

const shoot = (name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) });
const title = () => page.locator('h1').textContent();

test('a deep link survives a reload, and back goes back', async () => {
  await page.goto(`${home}/projects`);
  await page.locator('input[type=search]').fill(project.name);
  await page.getByRole('link', { name: project.name }).first().click();
  await page.getByRole('heading', { name: project.name, level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/project/${project.id}`);
  await page.reload();
  await page.getByRole('heading', { name: project.name, level: 1 }).waitFor();
  await page.getByRole('link', { name: 'People', exact: true }).click();
  await page.locator('td.who a').first().click();
  await page.locator('aside h2').waitFor();
  await page.reload();
  await page.locator('aside h2').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('aside').waitFor({ state: 'detached' });
  // One step back is the page before the person was opened, two is the first section, three is the list.
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor();
  expect(faults).toEqual([]);
});

test('every section of a project has an address that survives a reload', async () => {
  const sections: Array<[string, string]> = [
    ['Work', 'What is left'],
    ['People', 'People'],
    ['Business', 'Pipeline of leads'],
    ['Lead', 'Goals'],
    ['Workshop', 'Newest commits'],
    ['Talk', 'What the talk comes to'],
  ];
  await page.goto(`${home}/project/${project.id}`);
  const tabs = page.getByRole('navigation', { name: 'Sections of the project' });
  for (const [name, heading] of sections) {
    await tabs.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    expect(await tabs.locator('[aria-current=page]').textContent()).toBe(name);
  }
  expect(faults).toEqual([]);
});

test('an address that leads nowhere says so', async () => {
  await page.goto(`${home}/no/such/page`);
  await page.getByText('There is no page at this address').waitFor();
  await shoot('no-page');
  await page.goto(`${home}/project/${'0'.repeat(64)}`);
  await page.getByRole('alert').waitFor();
  await shoot('no-project');
  expect(faults).toEqual([]);
});

test('every node shows the same mesh', async () => {
  for (const url of nodes.urls) {
    await page.goto(`${url}/mesh`);
    await page.locator('.table-scroll tbody tr').first().waitFor();
    const rows = page.locator('.table-scroll tbody tr');
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBeGreaterThanOrEqual(nodes.urls.length);
  }
});

test('the join form says what is wrong with an address', async () => {
  await page.goto(`${home}/mesh`);
  await page.getByLabel('Address of any node of the mesh').fill('not an address');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.locator('.card [role=alert]').waitFor();
  await shoot('join-error');
  // The browser itself reports an answer of 4xx; that is no fault of the page.
  expect(faults.filter((fault) => !fault.includes('Failed to load resource'))).toEqual([]);
});

test('a cut socket leaves the picture standing, says how old it is, and comes back', async () => {
  const open = new Set<WebSocketRoute>();
  let refuse = false;
  let tried = 0;
  await page.routeWebSocket(/\/api\/v1\/ws/, (socket) => {
    tried += 1;
    if (refuse) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    open.add(socket);
  });
  await page.goto(home);
  await page.locator('.table-scroll tbody tr').first().waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  refuse = true;
  for (const socket of open) await socket.close();
  await page.getByText('The node does not answer.').waitFor();
  await page.getByText(/What you see is \d+ s old/).waitFor();
  expect(await page.locator('main.stale .table-scroll tbody tr').count()).toBeGreaterThan(0);
  await shoot('stale');
  // While it is still refused: else it may come back by itself before the button is pressed.
  const before = tried;
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect.poll(() => tried).toBeGreaterThan(before);
  refuse = false;
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText('The node does not answer.').waitFor({ state: 'detached' });
});

test('keys lead everywhere, and search finds a project', async () => {
  await page.goto(home);
  await page.locator('.table-scroll tbody tr').first().waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.getByRole('heading', { name: 'Mesh', level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await shoot('keys');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Search projects and nodes' }).fill(project.name);
  await page.getByRole('option', { name: project.name }).first().waitFor();
  await shoot('search');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: project.name, level: 1 }).waitFor();
  expect(faults).toEqual([]);
});

test('a command is followed from accepted to applied', async () => {
  await page.goto(`${home}/project/${project.id}`);
  await page.getByRole('button', { name: 'Fund' }).click();
  await page.getByLabel('Money in').fill('1000');
  await page.getByRole('button', { name: 'Give' }).click();
  await page.getByText(/Put in €1,000\. *(Accepted|Applied)/).waitFor();
  await page.getByText(/Put in €1,000\. *Applied/).waitFor({ timeout: 30_000 });
  await shoot('command');
  expect(faults).toEqual([]);
});

test('a file that is no export is refused with a reason', async () => {
  await page.goto(`${home}/projects`);
  const file = { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') };
  await page.getByLabel('Export').setInputFiles(file);
  await page.getByLabel('Name').fill('mlreef');
  await page.getByLabel('As of').fill('2021-01-01');
  await page.getByRole('button', { name: 'Import' }).click();
  await page.locator('.card [role=alert]').waitFor();
});

test('the theme follows the system until it is chosen, and the choice is kept', async () => {
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(`${home}/mesh`);
  await page.locator('.table-scroll tbody tr').first().waitFor();
  expect(await theme()).toBe('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(theme).toBe('dark');
  await page.getByRole('button', { name: 'Light theme' }).click();
  expect(await theme()).toBe('light');
  await page.reload();
  await page.locator('.table-scroll tbody tr').first().waitFor();
  expect(await theme()).toBe('light');
  expect(await title()).toBe('Mesh');
});

test('a hidden tab asks nothing', async () => {
  let sent = 0;
  page.on('websocket', (socket) => socket.on('framesent', () => (sent += 1)));
  await page.goto(`${home}/mesh`);
  await page.locator('.table-scroll tbody tr').first().waitFor();
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.getByText('Resting').waitFor();
  const before = sent;
  await page.evaluate(() => new Promise((done) => setTimeout(done, 5_000)));
  expect(sent).toBe(before);
});

test('a node that asks for a token gets it from the person, once', async () => {
  const locked = await startFakeNode({ token: 'open-sesame' });
  try {
    await page.goto(`${locked.url}/mesh`);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'not the one of this node' }).waitFor();
    await shoot('sign-in');
    await page.getByLabel('Token').fill('open-sesame');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.table-scroll tbody tr').first().waitFor();
    await page.reload();
    await page.locator('.table-scroll tbody tr').first().waitFor();
  } finally {
    await locked.close();
  }
});
