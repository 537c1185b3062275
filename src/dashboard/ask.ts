// Which reports the page is made of. Ten at the most for each refresh; the retention card reads its own.
import type { Address } from './address.js';
import { type PageRow, type Pages, type ReadingRow, type Reports, SignedOut, fetchReport } from './answers.js';

export type Answers = Omit<Reports, 'retention' | 'pages'>;

/** What the numbers at the head are from, and lists of what there is without end. */
const COMPARED = ['traffic', 'visits', 'engagement', 'content', 'referrers', 'technology'] as const;
const ALONE = ['visitors', 'refusals'] as const;

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

/** No view this year or the last one. */
export async function isNew(site: string): Promise<boolean> {
  for (const period of ['year', 'last-year']) {
    const { total } = await fetchReport(site, 'traffic', { period });
    if (total.views > 0) return false;
  }
  return true;
}
