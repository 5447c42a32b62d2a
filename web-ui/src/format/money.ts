/** Money: whole cents in, short text out. The world has one currency; it is named here. */
const SYMBOL = '€';

const STEPS: Array<[number, string, number]> = [
  [1e9, 'bn', 2],
  [1e6, 'M', 2],
  [1e3, 'k', 1],
];

/** `€1.24M`, `−€310.5k`, `€940`. */
export function money(cents: number): string {
  const amount = Math.abs(cents) / 100;
  const sign = cents < 0 && amount >= 0.5 ? '−' : '';
  for (const [size, unit, digits] of STEPS) {
    if (amount >= size * 0.9995) return `${sign}${SYMBOL}${(amount / size).toFixed(digits)}${unit}`;
  }
  return `${sign}${SYMBOL}${Math.round(amount)}`;
}

/** For the ticks of an axis: no digits that say nothing. */
export function moneyTick(cents: number): string {
  return money(cents).replace(/\.0+(?=\D)|(\.\d)0(?=\D)/, '$1');
}

/** In full, for titles and forms: `€1,240,300`. */
export function moneyExact(cents: number): string {
  const sign = cents < 0 ? '−' : '';
  return `${sign}${SYMBOL}${(Math.abs(cents) / 100).toLocaleString('en', { maximumFractionDigits: 2 })}`;
}

export type Runway = { is: 'months'; months: number } | { is: 'earning' } | { is: 'out' };

/** How long the cash lasts at the present burn. */
export function runway(cashCents: number, burnCentsPerMonth: number): Runway {
  if (cashCents <= 0 && burnCentsPerMonth > 0) return { is: 'out' };
  if (burnCentsPerMonth <= 0) return { is: 'earning' };
  return { is: 'months', months: cashCents / burnCentsPerMonth };
}

export function runwayText(value: Runway): string {
  switch (value.is) {
    case 'earning':
      return 'earning';
    case 'out':
      return 'out of cash';
    case 'months':
      return value.months >= 100 ? '99+ mo' : `${value.months.toFixed(value.months < 10 ? 1 : 0)} mo`;
  }
}
