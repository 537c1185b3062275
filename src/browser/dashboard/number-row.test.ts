import { describe, expect, it } from '@jest/globals';
import { signal } from '@preact/signals';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { readAddress } from './address.js';
import { PageContext } from './list-page.js';
import type { Loaded } from './loaded.js';
import { NumberRow } from './number-row.js';
import { Steps } from './periods.js';
import { SiteContext, type SiteState } from './state.js';

const TODAY = '2026-11-20';

interface Shown {
  /** What the address asks for; `loaded` may still be what it asked for before. */
  readonly hash: string;
  readonly loadedHash?: string;
  readonly from: string;
  readonly compared?: object;
  readonly firstDay?: string;
}

function shown(what: typeof NumberRow | typeof Steps, { hash, loadedHash = hash, from, compared, firstDay }: Shown): string {
  const total = { views: 0, visitors: 0 };
  const traffic = { from, to: TODAY, resolution: 'day', total, rows: [], ...(compared && { compared }) };
  const now = { day: TODAY, hour: '12', time: '12:00', siteSince: '2026-03-12' };
  const loaded = { address: readAddress(loadedHash), answers: { traffic }, now, before: undefined } as unknown as Loaded;
  const state = {
    settings: { site: 'garden', shows: (name: string) => name === 'traffic', ...(firstDay && { firstDay }) },
    address: signal(readAddress(hash)),
    today: signal(TODAY),
    loaded: signal(loaded),
    traffic: signal(traffic),
  } as unknown as SiteState;
  const children = h(SiteContext.Provider, { value: state, children: h(what, { loaded }) });
  return renderToString(h(PageContext.Provider, { value: state as never, children }));
}

describe('a comparison for which there are no numbers', () => {
  const compared = {
    from: '2025-01-01',
    to: '2025-12-31',
    resolution: 'day',
    total: {},
    rows: [{ key: '2025-01-01', views: 0 }],
  };
  const year = { hash: '#year', from: '2026-01-01', compared };

  it('says when the numbers of the site begin', () => {
    const sentence = 'Nothing to compare with: there are no numbers before 12 Mar.';
    expect(shown(NumberRow, year)).toContain(`<p id="compared" class="hint">${sentence}</p>`);
    expect(shown(NumberRow, { ...year, firstDay: '2025-12-01' })).toContain('before 1 Dec 2025.');
  });

  it('says so if imported numbers have gaps', () => {
    expect(shown(NumberRow, { ...year, firstDay: '2019-05-01' })).toContain('the numbers of 2025 are not complete.');
  });

  it('says nothing if nothing is to be compared', () => {
    const { compared: _, ...alone } = year;
    expect(shown(NumberRow, alone)).toContain('<p id="compared" class="hint" hidden></p>');
  });
});

describe('the name of all time', () => {
  it('begins with the first month once it is known, and is not that of what was shown before', () => {
    const month = { hash: '#all', loadedHash: '#month', from: '2026-11-01' };
    expect(shown(Steps, month)).toContain('>All time</span>');
    expect(shown(Steps, { ...month, loadedHash: '#all', from: '2026-08-01' })).toContain('>1 August – 20 November</span>');
  });
});
