/** The stream beside a project: what is said, thought and done, as lines with a stable key. */
import type { Event, ServerMessage, Talk } from '../api/types';

export type NewsAbout = 'task' | 'phase' | 'person' | 'refused' | 'commit' | 'build' | 'deploy';

export type TalkEntry =
  | { is: 'said'; key: string; tick: number; talk: Talk }
  | { is: 'thought'; key: string; tick: number; person: string; name: string; text: string }
  | { is: 'news'; key: string; tick: number; about: NewsAbout; text: string }
  /** This page was too slow: lines are missing here. */
  | { is: 'gap'; key: string };

export function saidOf(talk: Talk): TalkEntry {
  return { is: 'said', key: `said-${talk.id}`, tick: talk.tick, talk };
}

export function entriesOf(message: ServerMessage & { is: 'talk' }): TalkEntry[] {
  return message.events.flatMap((event, index) => {
    const entry = entryOf(event, `${message.epoch}-${index}`);
    return entry ? [entry] : [];
  });
}

function entryOf(event: Event, place: string): TalkEntry | null {
  switch (event.type) {
    case 'talk':
      return saidOf(event.talk);
    case 'thought': {
      const { tick, person, name, text } = event;
      return { is: 'thought', key: `thought-${place}`, tick, person, name, text };
    }
    case 'task': {
      const by = event.by ? `, ${event.by}` : '';
      return news('task', event.tick, place, `#${event.task} ${event.title}: ${event.state}${by}`);
    }
    case 'phase':
      return news('phase', event.tick, place, `Now in ${event.phase}. ${event.reason}`);
    case 'person':
      return news('person', event.tick, place, `${event.name} ${event.change}`);
    case 'refused':
      return news('refused', event.tick, place, `A command was refused: ${event.reason}`);
    case 'commit':
      return news('commit', event.tick, place, `Commit ${event.id} for #${event.task}: ${event.message}`);
    case 'build': {
      const outcome = event.failure ? `failed: ${event.failure}` : 'passed';
      return news('build', event.tick, place, `Run ${event.id} for #${event.task} ${outcome}`);
    }
    case 'deploy': {
      const outcome = event.failed ? 'went out and had to be put right' : 'went out to customers';
      return news('deploy', event.tick, place, `${event.version} ${outcome}`);
    }
    case 'activity':
      // Shown where the person is, not as a line.
      return null;
  }
}

function news(
  about: NewsAbout,
  tick: number,
  place: string,
  text: string,
): TalkEntry {
  return { is: 'news', key: `${about}-${place}`, tick, about, text };
}
