import { describe, expect, it } from '@jest/globals';
import { exampleSite } from '../../store/contracts/accounts.js';
import { html } from './html.js';
import { keptCard } from './kept.js';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const collections = [
  { name: 'traffic', reports: [{ name: 'traffic' }], keep: { day: { years: 3 }, month: 'always' } },
  { name: 'minutes', reports: [{ name: 'minutes' }], keep: { day: { months: 2 } } },
] as const;

const cells = (madeOn: string, keep = {}) =>
  [
    ...keptCard(
      { ...exampleSite, keep, createdAtMs: Date.parse(`${madeOn}T12:00:00Z`) },
      collections,
      NOW_MS,
      html`Ask an owner.`,
    )
      .in('en')
      .matchAll(/<td>([^<]*)/g),
  ].map(([, text]) => text);

describe('the card about retention', () => {
  it('names the oldest day that is kept, for a site that is older', () => {
    expect(cells('2020-01-01')).toEqual([
      '36 months; the oldest is now 20 Nov 2023',
      'always',
      'always',
      '2 months; the oldest is now 20 Sept 2026',
      'none',
      'none',
    ]);
  });

  it('names the first day of a younger site, and when it is removed', () => {
    expect(cells('2026-09-01', { month: 24 })).toEqual([
      '24 months; 1 Sept 2026 is removed after 1 Sept 2028',
      '24 months; September 2026 is removed after 30 Sept 2028',
      'always',
      '2 months; the oldest is now 20 Sept 2026',
      'none',
      'none',
    ]);
    expect(cells('2026-11-20')[3]).toBe('2 months; 20 Nov 2026 is removed after 20 Jan 2027');
  });

  it('has one row for reports that are kept for the same time', () => {
    const kinds = [...collections, { ...collections[0], name: 'visits', reports: [{ name: 'visits' }] }];
    const card = keptCard({ ...exampleSite, keep: {} }, kinds, NOW_MS, html``).in('en');
    expect([...card.matchAll(/<th scope="row">(.*?)<\/th>/g)].map(([, names]) => names?.split('<br>').length)).toEqual([2, 1]);
  });
});
