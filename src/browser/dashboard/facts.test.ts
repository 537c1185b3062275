import { expect, it } from '@jest/globals';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { PageAnswers } from './ask.js';
import { Facts } from './facts.js';
import type { Loaded } from './loaded.js';

const RANGE = { from: '2026-01-01', to: '2026-11-20' };

/** The first fact: views, and their part of those of the site. */
function views(lists: object, ofPage: Partial<PageAnswers>): string[] {
  const answers = { traffic: { ...RANGE, total: { views: 200, visitors: 50 }, rows: [] }, ...lists };
  const now = { day: '2026-11-20', hour: '12', time: '12:00', siteSince: '2026-01-01' };
  const loaded = { answers, now } as unknown as Loaded;
  const html = renderToString(h(Facts, { loaded, ofPage: ofPage as PageAnswers }));
  return [...html.matchAll(/<dd(?: class="hint")?>(.*?)<\/dd>/g)].slice(0, 2).map(([, text = '']) => text);
}

it('the views of a page are those in the list of pages, else those of its details', () => {
  const content = { ...RANGE, total: { views: 200 } };
  expect(views({ content }, { row: { key: '/', views: 50 } as never })).toEqual(['50', '25% of the site']);
  const pages = { ...RANGE, total: { views: 20, known: 0 } } as never;
  expect(views({ content }, { pages })).toEqual(['20', '10% of the site']);
  expect(views({ content }, {})).toEqual(['0', '0% of the site']);
});

it('the views of a page are a dash where a shared link shows neither the list of pages nor its details', () => {
  expect(views({}, {})).toEqual(['–', '']);
});
