/** The business of a fake company: figures, leads, support, investors, deals, books; and its talk in numbers. */
import type { BusinessView, Figure, PersonView, TalkAnalysisView } from '../src/api/types';
import { hex, pick, whole } from './fake-random';

const figure = (key: string, name: string, value: number | null, unit: string, meaning: string): Figure => ({ key, name, value, unit, meaning });

export function fakeBusiness(): BusinessView {
  return {
    figures: [
      figure('mrr', 'Monthly recurring revenue', 4_820_000, 'cents', 'What customers pay in a month if nothing changes.'),
      figure('growth', 'Growth a month', 8.4, 'percent', 'How much faster revenue is than a month before, over three months.'),
      figure('margin', 'Gross margin', 74.2, 'percent', 'What is left of revenue after running the product; software is usually above 70.'),
      figure('churn', 'Churn a month', 3.1, 'percent', 'Customers lost in a month; about 3.5 is usual when companies buy.'),
      figure('nrr', 'Net revenue retention', null, 'percent', 'Revenue today from the customers of a year ago; above 100 it grows without new ones.'),
      figure('ltv_cac', 'Lifetime value over acquisition cost', 3.4, 'ratio', 'What comes back for what a customer costs; 3 and more is healthy.'),
      figure('payback', 'Payback', 11.2, 'months', 'Months until a customer has paid back its cost; under 12 is good.'),
      figure('runway', 'Runway', 7.6, 'months', 'Months until the money is gone if nothing changes.'),
      figure('nps', 'Net promoter score', 24, 'score', 'Customers who would recommend it less those who would not, from -100 to 100.'),
      figure('wait', 'Waiting for support', 1.4, 'days', 'Working days until a ticket is answered; beyond two it costs customers.'),
    ],
    months: Array.from({ length: 4 }, (_, month) => ({
      month,
      spent: [
        { category: 'salaries', cents: whole(52, 70) * 100_000 },
        { category: 'hosting', cents: whole(3, 8) * 100_000 },
        { category: 'marketing', cents: whole(4, 9) * 100_000 },
        ...(month === 2 ? [{ category: 'recruiting', cents: 640_000 }] : []),
      ],
      earned: [{ category: 'subscriptions', cents: whole(20, 48) * 100_000 }],
      raised_cents: month === 1 ? 75_000_000 : 0,
      opening_mrr_cents: (month + 1) * 900_000,
      new_mrr_cents: whole(4, 9) * 100_000,
      expansion_mrr_cents: whole(0, 2) * 100_000,
      churned_mrr_cents: whole(0, 2) * 100_000,
      customers_won: whole(4, 12),
      customers_lost: whole(0, 3),
    })),
    leads: ['Kettle & Sons', 'Brook Cycles', 'Papeterie Aubin', 'Fjord Ceramics', 'Otto Tools'].map((name, at) => ({
      name,
      segment: pick(['small shops', 'workshops', 'market traders']),
      source: pick(['inbound', 'outbound', 'referral']),
      stage: ['proposal', 'demo', 'qualified', 'new', 'new'][at]!,
      score: 9_100 - at * 1_300,
      fit: whole(3_000, 9_000),
      seats: whole(1, 14),
      value_cents_per_month: whole(3, 40) * 2_900,
      since_day: whole(30, 48),
      due_day: whole(52, 66),
    })),
    closed_leads: ['Lumen Optics', 'Mill Bakery', 'Harp Records'].map((name, at) => ({ name, seats: whole(1, 9), won: at !== 1, day: 44 + at * 2 })),
    sources: [
      { source: 'inbound', came: 41, won: 9, lost: 22 },
      { source: 'outbound', came: 63, won: 4, lost: 51 },
      { source: 'referral', came: 8, won: 0, lost: 0 },
    ],
    support: { open_tickets: 7, answered_tickets: 214, wait_hundredths: 140, satisfaction: 8_150, net_promoters: 24 },
    funding: {
      rounds: [
        { kind: 'pre-seed', day: 2, cents: 25_000_000, pre_money_cents: 180_000_000, dilution: 1_220 },
        { kind: 'seed', day: 34, cents: 75_000_000, pre_money_cents: 420_000_000, dilution: 1_515 },
      ],
      raising_since_day: 50,
      failed_attempts: 1,
      raised_cents: 100_000_000,
      founders_share: 7_450,
      bootstrapped: false,
      attraction: 5_600,
    },
    deals: [
      { partner: hex(64), partner_name: 'Bluebird Energy', buying: true, what: 'tooling', seats: 12, price_cents: 1_900, agreed: true, since_day: 28, total_cents: 45_600 },
      { partner: hex(64), partner_name: 'Quarry Maps', buying: false, what: 'integration', seats: 4, price_cents: 4_900, agreed: false, since_day: 55, total_cents: 0 },
    ],
  };
}

export function fakeTalkAnalysis(people: PersonView[]): TalkAnalysisView {
  return {
    notes: 1_842,
    kinds: [['chat', 803], ['stand_up', 412], ['review', 290], ['question', 181], ['mail', 102], ['decision', 38], ['escalation', 16]].map(
      ([name, count]) => ({ name: String(name), count: Number(count) }),
    ),
    days: Array.from({ length: 40 }, (_, day) => ({ day: day + 2, notes: whole(24, 66), urgent: whole(0, 9), sentiment: whole(-1_500, 4_200) })),
    urgent_share: 930,
    topics: [
      { name: 'import of orders', sort: 'area', weeks: [4, 9, 12, 18, 31, 12], trend: 20_000 },
      { name: 'invoice export', sort: 'area', weeks: [14, 12, 13, 12, 13, 4], trend: 10_000 },
      { name: 'bug', sort: 'kind', weeks: [22, 17, 19, 12, 9, 3], trend: 5_100 },
    ],
    central: people.slice(0, 6).map(({ id, name }, at) => ({ person: id, name, degree: 9 - at, regard: 5_200 - at * 1_300 })),
    names: people.slice(0, 4).map(({ name }, at) => ({ name: name.split(' ')[0]!, count: 21 - at * 4 })),
  };
}
