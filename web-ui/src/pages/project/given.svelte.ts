/** Commands given from this page, and what became of each. */
import type { ProjectCommand } from '../../api/commands';
import { asProblem, getCommand, giveCommand } from '../../api/rest';
import type { Accepted, Problem } from '../../api/types';

export interface Given {
  key: number;
  text: string;
  answer: Accepted | null;
  problem: Problem | null;
}

const KEPT_MAX = 6;
const ASK_EVERY_MS = 1_000;
/** A command takes effect within an epoch or two; a paused world is asked for no longer than this. */
const ASKS_MAX = 120;

export class GivenCommands {
  list = $state.raw<Given[]>([]);
  private nextKey = 1;
  private closed = false;

  async give(project: string, command: ProjectCommand, text: string): Promise<void> {
    const key = this.nextKey++;
    this.list = [{ key, text, answer: null, problem: null }, ...this.list].slice(0, KEPT_MAX);
    try {
      const answer = await giveCommand(project, command);
      this.change(key, { answer });
      await this.follow(key, answer);
    } catch (error) {
      this.change(key, { problem: asProblem(error) });
    }
  }

  close(): void {
    this.closed = true;
  }

  private async follow(key: number, first: Accepted): Promise<void> {
    let answer = first;
    for (let asked = 0; asked < ASKS_MAX && answer.state.is === 'accepted' && !this.closed; asked += 1) {
      await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
      if (document.hidden) continue;
      answer = await getCommand(answer.world, answer.command);
      this.change(key, { answer });
    }
  }

  private change(key: number, news: Partial<Given>): void {
    this.list = this.list.map((given) => (given.key === key ? { ...given, ...news } : given));
  }
}

/** In words, with the colour of it. */
export function stateOf({ answer, problem }: Given): { text: string; color: string } {
  if (problem) return { text: `Not taken: ${problem.detail || problem.title}`, color: 'var(--err)' };
  if (!answer) return { text: 'Sending…', color: 'var(--fg3)' };
  switch (answer.state.is) {
    case 'accepted': {
      const kept = answer.copies === 0 ? 'on disk here only' : `on disk here and on ${answer.copies} more`;
      return { text: `Accepted for epoch ${answer.epoch}, ${kept}`, color: 'var(--warn)' };
    }
    case 'applied':
      return { text: `Applied in epoch ${answer.epoch}`, color: 'var(--ok)' };
    case 'refused':
      return { text: `Refused by the world: ${answer.state.reason}`, color: 'var(--err)' };
  }
}
