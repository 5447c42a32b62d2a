/** Dark or light: as the person chose, else as their system prefers, also when that changes. */
export type ThemeName = 'dark' | 'light';

const KEY = 'zeromesh.theme';
const system = matchMedia('(prefers-color-scheme: light)');

class Theme {
  private chosen = $state<ThemeName | null>(stored());
  private preferred = $state<ThemeName>(system.matches ? 'light' : 'dark');
  readonly name = $derived<ThemeName>(this.chosen ?? this.preferred);

  constructor() {
    system.addEventListener('change', () => {
      this.preferred = system.matches ? 'light' : 'dark';
      this.show();
    });
    this.show();
  }

  toggle(): void {
    this.chosen = this.name === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem(KEY, this.chosen);
    } catch {
      // Storage may be forbidden: the choice then lasts as long as the page.
    }
    this.show();
  }

  /** At once, not in an effect: charts read the colours while they are drawn anew. */
  private show(): void {
    document.documentElement.dataset.theme = this.name;
  }
}

function stored(): ThemeName | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return null;
  }
}

export const theme = new Theme();
