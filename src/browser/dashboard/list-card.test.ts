import { describe, expect, it } from '@jest/globals';
import { signal } from '@preact/signals';
import { h, options } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { type Address, readAddress } from './address.js';
import { CardBoundary } from './card-boundary.js';
import { createClock } from './format.js';
import { Badge } from './icons.js';
import { listCard } from './list-card.js';
import type { Loaded } from './loaded.js';
import { ShowAll } from './show-all/show-all.js';
import { addressesOf, SiteContext, type SiteState } from './state.js';

interface Campaigns {
  readonly total: { readonly views: number };
  readonly names: ReadonlyArray<{ readonly key: string; readonly views: number }>;
  readonly media: ReadonlyArray<{ readonly key: string; readonly views: number }>;
}

/** A card as a later version may add it: it declares its report, its place, its texts and its lists, and nothing else. */
const card = listCard<Campaigns>({
  report: 'campaigns',
  place: 'left',
  order: 15,
  isCompared: true,
  title: 'Campaigns',
  tabs: ({ total }, { list }) => ({
    Names: list({
      name: 'names',
      rows: ({ names }) => names,
      total: total.views,
      label: ({ key }) => key,
      icon: ({ key }) => h(Badge, { name: key }),
      onRow: ({ key }) => ({ page: `/${key}` }),
    }),
    Media: list({ name: 'media', rows: ({ media }) => media, total: total.views, label: ({ key }) => key }),
  }),
});

const NAMES = Array.from({ length: 12 }, (_, i) => ({ key: `campaign-${i}`, views: 20 - i }));
const ANSWER = {
  from: '2026-11-20',
  to: '2026-11-20',
  resolution: 'day',
  asOf: '2026-11-20T11:00:00Z',
  total: { views: 200 },
  names: NAMES,
  media: [{ key: 'mail', views: 200 }],
  totalRows: { names: 12, media: 1 },
};

/** What the page shows of the card at an address. `laterMs`: by how much the rest of the page is newer. */
function shown(
  hash: string,
  campaigns: Readonly<Record<string, unknown>> = { campaigns: ANSWER },
  laterMs = 0,
  before?: object,
): string {
  const address: Address = readAddress(hash);
  const asOf = new Date(Date.parse(ANSWER.asOf) + laterMs).toISOString();
  const answers = { traffic: { asOf }, ...campaigns };
  const now = { day: '2026-11-20', hour: '12', time: '12:00', siteSince: '2026-01-01' };
  const loaded = { address, answers, now, before, ofPage: undefined } as unknown as Loaded;
  const state = {
    settings: { site: 'garden', host: '', shows: () => true },
    clock: createClock('Europe/Berlin'),
    address: signal(address),
    ...addressesOf('garden', signal(address)),
    today: signal('2026-11-20'),
    loaded: signal(loaded),
  } as unknown as SiteState;
  Object.assign(globalThis, { document: { body: { dataset: {} } } });
  try {
    const page = [h(CardBoundary, { card, loaded }), h(ShowAll, { name: 'list', cards: [card], loaded })];
    return renderToString(h(SiteContext.Provider, { value: state, children: page })).replaceAll('&amp;', '&');
  } finally {
    Reflect.deleteProperty(globalThis, 'document');
  }
}

describe('a card that only declares its lists', () => {
  it('has an icon before each name, which readers of screens are not told', () => {
    const icons = [...shown('').matchAll(/<svg class="icon"[^>]* aria-hidden="true">.*?<\/svg>(?=<a class="name")/g)].map(String);
    expect(icons).toHaveLength(10);
    expect(icons[0]).toContain('>C</text>');
    expect(new Set(icons).size).toBe(10);
    expect(shown('#tab-campaigns=media')).not.toContain('class="icon"');
  });

  it('has tabs, the first rows, and the rest of the total', () => {
    const card = shown('');
    expect([...card.matchAll(/aria-pressed="(\w+)"[^>]*>(\w+)</g)].map(([, isChosen, tab]) => [tab, isChosen])).toEqual([
      ['Names', 'true'],
      ['Media', 'false'],
    ]);
    expect(card.match(/campaign-\d+/g)?.filter((name, i, all) => all.indexOf(name) === i)).toHaveLength(10);
    const sum = NAMES.slice(0, 10).reduce((all, { views }) => all + views, 0);
    expect(card).toMatch(new RegExp(`Everything else.*>${200 - sum}<`));
    expect(shown('#tab-campaigns=media')).toMatch(/aria-pressed="true"[^>]*>Media</);
  });

  it('links its list as CSV and JSON, all of its rows, and what a row does', () => {
    const card = shown('#7d');
    expect(card).toContain('href="/api/v1/sites/garden/campaigns?period=7d&format=csv&list=names"');
    expect(card).toContain('href="/api/v1/sites/garden/campaigns?period=7d&limit=1000"');
    expect(card).toContain('href="#7d&list=campaigns.names"');
    expect(card).toContain('href="#7d&page=/campaign-3"');
  });

  it('has an address at which all rows are shown and searched', () => {
    const dialog = shown('#list=campaigns.names&search=spring').split('<dialog')[1] ?? '';
    expect(dialog).toContain('>Campaigns, Names</h2>');
    expect(dialog).toContain('aria-label="Search in Campaigns, Names"');
    expect(dialog).toContain('campaigns?period=today&search=spring&format=csv&list=names');
    expect(shown('#list=campaigns.other')).toContain('There is no such list.');
  });

  it('says as of when its numbers are, if the rest of the page is newer', () => {
    expect(shown('')).not.toContain('as of');
    expect(shown('', { campaigns: ANSWER }, 120_000)).toContain('title="From the counters of the site">as of 12:00<');
  });

  it('has changes, and says which days they compare where the head of the page names others', () => {
    const part = {
      here: { from: '2026-01-01', to: '2026-10-31' },
      there: { from: '2025-01-01', to: '2025-10-31' },
      today: '2026-11-20',
    };
    const lists = { nowLists: { campaigns: ANSWER }, beforeLists: { campaigns: ANSWER } };
    const compared = shown('', { campaigns: ANSWER }, 0, { ...part, ...lists });
    expect(compared).toContain('January–October: 20; January–October 2025: 20');
    expect(compared).not.toContain('Change: ');
    const cut = shown('', { campaigns: ANSWER }, 0, { ...part, ...lists, isNamedByLists: true });
    expect(cut).toContain('Change: January–October, compared with January–October 2025.');
  });

  it('says why it has no changes where days are no longer kept', () => {
    const before = {
      here: { from: '2026-11-01', to: '2026-11-19' },
      there: { from: '2026-03-01', to: '2026-03-19' },
      today: '2026-11-20',
      nowLists: {},
      beforeLists: {},
    };
    expect(shown('', { campaigns: ANSWER }, 0, before)).toContain(
      'No changes here: the lists of single days are kept for three months.',
    );
  });

  it('says so if its report could not be loaded, or if it cannot be shown', () => {
    expect(shown('', {})).toContain('This could not be loaded.');
    Object.assign(options, { errorBoundaries: true });
    const real = console.error;
    console.error = () => {};
    try {
      expect(shown('', { campaigns: { ...ANSWER, total: undefined } })).toContain('This card cannot be shown.');
    } finally {
      console.error = real;
    }
  });
});
