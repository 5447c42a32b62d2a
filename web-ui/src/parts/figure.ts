/** One figure: what it is, the number, and a word on it. */
export interface FigureView {
  name: string;
  value: string;
  note: string;
  /** Colours the note when something needs a look. */
  tone?: 'ok' | 'warn' | 'err';
}
