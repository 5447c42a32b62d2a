/** The nodes under test: real ones from `ZEROMESH_UIS` (comma separated), else one fake node. */
import { startFakeNode, type FakeNode } from './fake-node';

export interface NodesUnderTest {
  urls: string[];
  real: boolean;
  close: () => Promise<void>;
}

export async function nodesUnderTest(): Promise<NodesUnderTest> {
  const given = (process.env.ZEROMESH_UIS ?? '').split(',').map((url) => url.trim().replace(/\/$/, ''));
  const urls = given.filter((url) => url !== '');
  if (urls.length > 0) return { urls, real: true, close: async () => {} };
  const fake: FakeNode = await startFakeNode();
  return { urls: [fake.url], real: false, close: fake.close };
}

/** Some project of the first world: pages about one are tested with it. */
export async function someProject(url: string): Promise<{ id: string; name: string }> {
  const worlds = await ask<Array<{ id: string }>>(`${url}/api/v1/worlds`);
  const page = await ask<{ items: Array<{ id: string; halted: string | null; runner: string | null; summary: { name: string; people: number } }> }>(
    `${url}/api/v1/worlds/${worlds[0]!.id}/projects?limit=50`,
  );
  const busy = page.items
    .filter((row) => row.runner !== null && row.halted === null)
    .sort((a, b) => b.summary.people - a.summary.people)[0]!;
  return { id: busy.id, name: busy.summary.name };
}

async function ask<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}
