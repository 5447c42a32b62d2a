/** The books of the months as a table: a row for each category, the dearest first. */
import type { Amount, BooksMonth } from '../../../api/types';

export interface BookRow {
  category: string;
  /** One for each month, in their order; 0 where there was none. */
  cents: number[];
  total: number;
}

export function bookRows(months: BooksMonth[], side: 'spent' | 'earned'): BookRow[] {
  const rows = new Map<string, number[]>();
  months.forEach((month, at) => {
    for (const { category, cents } of month[side]) {
      const row = rows.get(category) ?? months.map(() => 0);
      row[at] = (row[at] ?? 0) + cents;
      rows.set(category, row);
    }
  });
  return [...rows]
    .map(([category, cents]) => ({ category, cents, total: cents.reduce((sum, one) => sum + one, 0) }))
    .sort((a, b) => b.total - a.total || a.category.localeCompare(b.category));
}

export function sumOf(amounts: Amount[]): number {
  return amounts.reduce((sum, { cents }) => sum + cents, 0);
}
