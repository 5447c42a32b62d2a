/** The stream beside a project: what is said, thought and done, as lines with a stable key. */
import type { Event, ServerMessage, Talk } from '../api/types';

export type TalkEntry =
  | { is: 'said'; key: string; tick: number; talk: Talk }
  | { is: 'thought'; key: string; tick: number; person: string; name: string; text: string }
  | { is: 'news'; key: string; tick: number; about: 'task' | 'phase' | 'person' | 'refused'; text: string }
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
    case 'activity':
      // Shown where the person is, not as a line.
      return null;
  }
}

function news(
  about: 'task' | 'phase' | 'person' | 'refused',
  tick: number,
  place: string,
  text: string,
): TalkEntry {
  return { is: 'news', key: `${about}-${place}`, tick, about, text };
}
