// Asks for the reports of several sites together.
import type { Address } from '../address.js';
import type { Answered, Range } from '../answers.js';
import { type Answers, comparedWith, createAskForBefore, type Lists } from '../ask.js';
import { comparedParts, type Now } from '../change.js';
import { basePath, fetchJson, type Query, unlessSignedOut } from '../fetch.js';
import { createClock } from '../format.js';
import type { Loaded } from '../loaded.js';
import { createNow } from '../now.js';
import { byOf, queryOf } from '../ranges.js';
import type { Site } from './rows.js';

/** By days, with what they are compared with. */
const NUMBERS = ['traffic', 'visits'];
const LISTS = ['content', 'referrers'];

export interface Question {
  /** The sites, with commas between them; empty for all that the reader may see. */
  readonly ids: string;
  readonly sites: readonly Site[];
  readonly address: Address;
}

export function rollupAddress(ids: string, report: string, query: Query): string {
  return `${basePath()}/api/v1/rollup/${report}?${new URLSearchParams({ ...(ids !== '' && { sites: ids }), ...query })}`;
}

/**
 * Calls `show` with the numbers, and once more when it is known what the lists are compared with: the server takes as long for
 * that again. Throws as `fetchReport` does.
 */
export async function askForRollup(
  { ids, sites, address }: Question,
  signal: AbortSignal,
  show: (loaded: Loaded) => void,
): Promise<void> {
  const ask = (report: string, query: Query) => fetchJson<Answered<Range>>(rollupAddress(ids, report, query), signal);
  const askForAll = async (reports: readonly string[], queryOf: (report: string) => Query): Promise<Lists> =>
    Object.fromEntries(await Promise.all(reports.map(async (report) => [report, await ask(report, queryOf(report))])));

  const shown = queryOf(address.shown);
  const whole = { from: createdAt(sites).slice(0, 10), to: todayOf(sites) };
  const byDays = { ...shown, by: byOf(address.shown, whole), ...comparedWith(address) };
  // each answer has what its report answers
  const answers = (await askForAll([...NUMBERS, ...LISTS], (report) =>
    NUMBERS.includes(report) ? byDays : shown,
  )) as unknown as Answers;
  const now = nowOf(answers, sites);
  const loaded = { address, answers, now, before: undefined, ofPage: undefined };
  show(loaded);
  const part = comparedParts(answers.traffic, now);
  if (part === undefined) return;
  const askForBefore = createAskForBefore(
    (reports, { by: _, ...query }) => askForAll(reports, (report) => (report === 'traffic' ? { ...query, by: 'month' } : query)),
    ['traffic', ...LISTS],
  );
  // lists are shown without changes where this cannot be read
  const before = await askForBefore(part, now.day, answers).catch(unlessSignedOut);
  show({ ...loaded, before });
}

/** The day that is counted now in the zone that is furthest behind: the days before it are over everywhere. */
export function todayOf(sites: readonly Site[]): string {
  return sites.map(({ day }) => day).sort()[0] ?? '';
}

/** When the oldest of them was created. */
export function createdAt(sites: readonly Site[]): string {
  return sites.map(({ createdAt }) => createdAt).sort()[0] ?? '';
}

/** What is over by then is over in all time zones. */
function nowOf({ traffic }: Answers, sites: readonly Site[]): Now {
  const since = createdAt(sites);
  const zones = [...new Set(sites.map(({ timezone }) => timezone))];
  const nows = zones.map((timezone) => createNow(createClock(timezone), since)(traffic));
  const textOf = ({ day, time }: Now): string => `${day} ${time}`;
  return nows.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))[0] as Now;
}
