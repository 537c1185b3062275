// How operators change the limits of people.
import type { Request } from 'express';
import { inNumbers } from '../../language/formats.js';
import { personChanges } from '../../operations/audit/changes.js';
import { HITS_MAX, isHitsMax, isSitesMax, type Person, SITES_MAX } from '../../people/person.js';
import type { Caller } from '../callers.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import { textField } from './form.js';

export const SITES_PROBLEM = {
  en: `Enter a number of sites from 0 to ${inNumbers(SITES_MAX)('en')}.`,
  de: `Geben Sie eine Anzahl von Websites von 0 bis ${inNumbers(SITES_MAX)('de')} ein.`,
};
export const HITS_PROBLEM = {
  en: `Enter a number of hits from 1 to ${inNumbers(HITS_MAX)('en')}, or nothing for no limit.`,
  de: `Geben Sie eine Anzahl von Zugriffen von 1 bis ${inNumbers(HITS_MAX)('de')} ein, oder nichts für keine Grenze.`,
};

/** Undefined: no limit. Check the text first: see `isHitsMax`. */
export function hitsMaxOf(text: string): number | undefined {
  return text === '' ? undefined : Number(text);
}

/** Sets the limits that the form contains. */
export async function changeLimits(
  req: Request,
  { people: { directory }, audit }: Pick<AppParts, 'people' | 'audit'>,
  { who }: Caller,
  { id }: Person,
): Promise<void> {
  const [sitesMax, hitsMax] = [textField(req, 'sitesMax').trim(), textField(req, 'hitsMax').trim()];
  if (!isSitesMax(sitesMax)) throw new WebError('bad-request', SITES_PROBLEM);
  if (hitsMax !== '' && !isHitsMax(hitsMax)) throw new WebError('bad-request', HITS_PROBLEM);
  const limits = { sitesMax: Number(sitesMax), hitsMax: hitsMaxOf(hitsMax) };
  let before: Person | undefined;
  await directory.change(id, (person) => {
    before = person;
    return { ...person, ...limits };
  });
  if (before === undefined) return;
  for (const change of personChanges(before, { ...before, ...limits })) await audit.record(who, change);
}
