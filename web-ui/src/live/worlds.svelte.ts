/** Which worlds the mesh runs, and which one the person looks at. */
import { asProblem, getWorlds } from '../api/rest';
import type { Problem, WorldView } from '../api/types';

/** Worlds come and go seldom; each one's own channel carries what moves. */
const REFRESH_MS = 10_000;

class Worlds {
  list = $state.raw<WorldView[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  private chosen = $state<string | null>(null);

  /** The chosen world while it exists, else the first. */
  readonly current = $derived.by(
    () => this.list?.find((world) => world.id === this.chosen) ?? this.list?.[0] ?? null,
  );

  choose(world: string): void {
    this.chosen = world;
  }

  async refresh(): Promise<void> {
    try {
      this.list = await getWorlds();
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Keep the list fresh until the answer is called; a hidden tab asks nothing. */
  follow(): () => void {
    void this.refresh();
    const timer = setInterval(() => {
      if (!document.hidden) void this.refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }
}

export const worlds = new Worlds();
