// Which reports the page is made of. Ten at the most for each refresh; the retention card reads its own.
import type { Address } from './address.js';
import { fetchReport, type PageRow, type Pages, type ReadingRow, type Reports, SignedOut } from './answers.js';
import type { PartOver } from './change.js';

export type Answers = Omit<Reports, 'retention' | 'pages'>;

/** What the numbers at the head are from. */
const COMPARED = ['traffic', 'visits', 'engagement'] as const;
const LISTS = ['content', 'referrers', 'technology'] as const;
const ALONE = [...LISTS, 'visitors', 'refusals'] as const;

export type Lists = Pick<Reports, (typeof LISTS)[number]>;

/** The lists of what is over of a period, and of the same part of another one. */
export interface ListsBefore extends PartOver {
  readonly now: Lists;
  readonly before: Lists;
}

/** Characters that the API takes; a page's path may have more. */
const SEARCH_MAX = 200;

export interface PageAnswers {
  /** Undefined where it is kept no longer, or cannot be read. */
  readonly pages: Pages | undefined;
  /** Its rows of the lists of pages, if it is in them. */
  readonly row: PageRow | undefined;
  readonly reading: ReadingRow | undefined;
}

export async function askForAll(site: string, { shown, comparison }: Address): Promise<Answers> {
  const period = { period: shown };
  const compared = { ...period, ...comparedWith(comparison) };
  const answers = await Promise.all([
    ...COMPARED.map(async (name) => [name, await fetchReport(site, name, compared)] as const),
    ...ALONE.map(async (name) => [name, await fetchReport(site, name, period)] as const),
    // it holds today's five minutes as well as who is here now
    fetchReport(site, 'minutes', { period: 'now' }).then((minutes) => ['minutes', minutes] as const),
  ]);
  return Object.fromEntries(answers) as unknown as Answers;
}

/** Asks once for each part: what is over changes little. Gives undefined where the other part is not kept so finely. */
export function createAskForBefore(site: string): (part: PartOver) => Promise<ListsBefore | undefined> {
  let [known, answer]: [string, Promise<ListsBefore | undefined>] = ['', Promise.resolve(undefined)];
  const listsOf = async (range: PartOver['here']): Promise<Lists> => {
    const answers = await Promise.all(LISTS.map(async (name) => [name, await fetchReport(site, name, { ...range })] as const));
    return Object.fromEntries(answers) as unknown as Lists;
  };
  const ask = async (part: PartOver): Promise<ListsBefore | undefined> => {
    const [now, before] = await Promise.all([listsOf(part.here), listsOf(part.there)]);
    const isWhole = (lists: Lists, { from, to }: PartOver['here']) =>
      Object.values(lists).every((list) => list.from === from && list.to === to && (list.expired ?? []).length === 0);
    return isWhole(now, part.here) && isWhole(before, part.there) ? { ...part, now, before } : undefined;
  };
  return (part) => {
    const key = JSON.stringify(part);
    if (key !== known) {
      [known, answer] = [key, ask(part)];
      answer.catch(() => {
        known = ''; // the next refresh asks again
      });
    }
    return answer;
  };
}

/** Of a page. A year of it is not kept by the day. */
export async function askForPage(
  site: string,
  page: string,
  { shown, comparison }: Address,
  { content, engagement }: Answers,
): Promise<PageAnswers> {
  const isPage = ({ key }: { readonly key: string }): boolean => key === page;
  const search = [...page].slice(0, SEARCH_MAX).join('');
  /** Further down in a list than what was asked for. */
  const rowIn = async <Name extends 'content' | 'engagement'>(name: Name): Promise<Reports[Name]['rows'][number] | undefined> => {
    const { rows } = await fetchReport(site, name, { period: shown, search, limit: '1000' });
    return rows.find(isPage);
  };
  const [pages, row, reading] = await Promise.all([
    shown === 'year'
      ? undefined
      : fetchReport(site, 'pages', { period: shown, page, ...comparedWith(comparison) }).catch(unlessSignedOut),
    [content.rows, content.entries, content.exits].flat().find(isPage) ?? rowIn('content').catch(unlessSignedOut),
    engagement.rows.find(isPage) ?? rowIn('engagement').catch(unlessSignedOut),
  ]);
  return { pages, row, reading };
}

function comparedWith(comparison: Address['comparison']) {
  return comparison === 'nothing' ? {} : { compare: comparison };
}

function unlessSignedOut(error: unknown): undefined {
  if (error instanceof SignedOut) throw error;
}

/** The API reads so many years at once; no log is older. */
const YEARS_AT_ONCE = 10;
const FIRST_YEAR = 1990;

/** Nothing has ever been viewed, as far as anything is kept. */
export async function isNew(site: string): Promise<boolean> {
  for (const period of ['year', 'last-year']) {
    const { total } = await fetchReport(site, 'traffic', { period });
    if (total.views > 0) return false;
  }
  // an old log may have been imported
  for (let year = new Date().getUTCFullYear() + 1; year >= FIRST_YEAR; year -= YEARS_AT_ONCE) {
    const from = `${Math.max(FIRST_YEAR, year - YEARS_AT_ONCE + 1)}-01-01`;
    const { total } = await fetchReport(site, 'content', { from, to: `${year}-12-31`, limit: '1' });
    if (total.views > 0) return false;
  }
  return true;
}
