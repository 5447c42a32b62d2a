/** Keeps the 15 minutes of the mesh's charts whole where the socket brings the picture without them. */
import { getMesh } from '../api/rest';
import type { MeshView } from '../api/types';
import type { Feed } from './feed.svelte';
import { mergeHistory } from './reducers';

const LOOK_EVERY_MS = 5_000;
/** A sample is due each second; after this the newest is too old to be the newest. */
const BEHIND_MS = 4_000;

export function keepHistoryFresh(feed: Feed<MeshView>): () => void {
  const timer = setInterval(async () => {
    if (document.hidden || !isBehind(feed.data)) return;
    const fresh = await getMesh().catch(() => null);
    if (fresh && feed.data) feed.data = { ...feed.data, history: mergeHistory(feed.data.history, fresh.history) };
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

function isBehind(mesh: MeshView | null): boolean {
  if (!mesh) return false;
  const newest = mesh.history.at(-1);
  return !newest || mesh.now_ms - newest.at_ms > BEHIND_MS;
}
