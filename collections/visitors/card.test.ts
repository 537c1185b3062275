import { expect, it } from '@jest/globals';
import type { CardLists } from '../../src/browser/dashboard/card.js';
import type { Loaded } from '../../src/browser/dashboard/loaded.js';
import { card } from './card.js';

const loaded = {
  address: { shown: 'today' },
  answers: { traffic: { from: '2026-11-20', to: '2026-11-20' } },
  now: { day: '2026-11-20' },
} as unknown as Loaded;

/** What the card says of visitors without a record, where there are others and where there are none. */
function sentences(unknown: number): ReadonlyArray<string | undefined> {
  return [0, 3].map((known) => {
    const answer = { total: { new: known, returning: 0, unknown }, loyalty: [], recency: [], asOf: '' };
    const [tab] = Object.values((card.lists as CardLists).of(answer, loaded, undefined));
    return known === 0 ? tab?.whenEmpty : tab?.note;
  });
}

it('says the same of one visitor and of several', () => {
  const sentence = 'Visitors without a record in their browser, who cannot be told apart as new or returning: 1.';
  expect(sentences(1)).toEqual([sentence, expect.stringMatching(new RegExp(`within it\\. ${sentence}$`))]);
  expect(sentences(2)[0]).toBe(sentence.replace('1', '2'));
  expect(sentences(0)).toEqual(['Nothing yet today.', expect.stringMatching(/within it\.$/)]);
});
