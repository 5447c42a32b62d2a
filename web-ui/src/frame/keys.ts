/** Keys that work everywhere but in a field: `g` and a letter, `/` and `?`. */
import { router } from '../routing/router.svelte';
import { PAGES } from './pages';

/** After `g` the letter must come within this time. */
const CHORD_MS = 1_200;

export interface KeyActions {
  search: () => void;
  help: () => void;
}

export function listenForKeys(actions: KeyActions): () => void {
  let chordUntil = 0;
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    if (performance.now() < chordUntil) {
      chordUntil = 0;
      const entry = PAGES.find((page) => page.key === event.key);
      if (!entry) return;
      event.preventDefault();
      router.go(entry.address);
    } else if (event.key === 'g') {
      chordUntil = performance.now() + CHORD_MS;
    } else if (event.key === '/') {
      event.preventDefault();
      actions.search();
    } else if (event.key === '?') {
      actions.help();
    }
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, textarea, [contenteditable]') !== null;
}
