/** Counts, shares, spans and sizes as short text. */

export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** `1 command`, `2 commands`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `868`, `1.6k`: for axes and figures where the last digits say nothing. */
export function compact(value: number): string {
  if (Math.abs(value) < 1000) return String(Math.round(value * 10) / 10).replace(/^(\d{2,})\.\d$/, '$1');
  return value < 999_500 ? `${(value / 1000).toFixed(1)}k` : `${(value / 1e6).toFixed(1)}M`;
}

/** Basis points as `78 %`. */
export function percent(basisPoints: number, digits = 0): string {
  return `${(basisPoints / 100).toFixed(digits)} %`;
}

/** `0.42 ms`, `14 ms`, `1.2 s`. */
export function roundTrip(us: number): string {
  if (us < 950) return `${(us / 1000).toFixed(2)} ms`;
  if (us < 9_950) return `${(us / 1000).toFixed(1)} ms`;
  if (us < 999_500) return `${Math.round(us / 1000)} ms`;
  return `${(us / 1e6).toFixed(1)} s`;
}

/** `4 s`, `3 min`, `2 h`, `5 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 9.95 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/** The end of a long id tells nodes apart; the beginning of a peer id is the same for all. */
export function shortNode(id: string): string {
  return id.length > 12 ? `…${id.slice(-8)}` : id;
}

export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** `stand_up` as `Stand up`. */
export function label(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
