import { expect, test } from 'vitest';
import type { BooksMonth } from '../../../api/types';
import { bookRows, sumOf } from './books';

const month = (month: number, spent: BooksMonth['spent']): BooksMonth => ({
  month,
  spent,
  earned: [],
  raised_cents: 0,
  opening_mrr_cents: 0,
  new_mrr_cents: 0,
  expansion_mrr_cents: 0,
  churned_mrr_cents: 0,
  customers_won: 0,
  customers_lost: 0,
});

test('a category has an amount in every month, the dearest first', () => {
  const months = [month(0, [{ category: 'hosting', cents: 5 }]), month(1, [{ category: 'salaries', cents: 90 }, { category: 'hosting', cents: 7 }])];
  expect(bookRows(months, 'spent')).toEqual([
    { category: 'salaries', cents: [0, 90], total: 90 },
    { category: 'hosting', cents: [5, 7], total: 12 },
  ]);
  expect(bookRows(months, 'earned')).toEqual([]);
  expect(sumOf(months[1]!.spent)).toBe(97);
});
