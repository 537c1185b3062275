// Asks for a part of a list, and for the same list of the parts of periods that are compared.
import type { ListAddress } from '../address.js';
import type { Answered, Range } from '../answers.js';
import { isWhole, type ListsBefore } from '../ask.js';
import type { PartOver } from '../change.js';
import { fetchJson, type Query, unlessSignedOut } from '../fetch.js';
import type { ListPage } from '../list-page.js';
import type { ListAnswer } from '../list-view.js';
import { queryOf, type Shown } from '../ranges.js';

/** How many rows are shown at once. */
export const ROWS_AT_ONCE = 50;
/** The API gives at most this many. */
const ROWS_COMPARED = '1000';

export interface Wanted {
  readonly list: ListAddress;
  readonly shown: Shown;
  /** The page that the report is about. */
  readonly page: string | undefined;
  /** What the list is compared with. */
  readonly part: Pick<ListsBefore, 'here' | 'there' | 'today'> | undefined;
}

export interface Part {
  readonly answer: ListAnswer;
  readonly before: ListsBefore | undefined;
}

/** Returns a function that asks; it keeps what is over, since that changes little. Throws as `fetchReport` does. */
export function createAskForPart(reportAddress: ListPage['reportAddress']): (wanted: Wanted) => Promise<Part> {
  let [known, compared]: [string, Promise<ListsBefore | undefined>] = ['', Promise.resolve(undefined)];
  const comparedOf = (part: NonNullable<Wanted['part']>, report: string, search: string) => {
    const key = JSON.stringify([part.here, part.there, report, search]);
    if (key === known) return compared;
    known = key;
    compared = askForCompared(reportAddress, part, report, search);
    compared.catch(() => {
      known = ''; // asks again
    });
    return compared;
  };
  return async ({ list: { report, search, offset }, shown, page, part }) => {
    const found: Query = { ...(page !== undefined && { page }), ...(search !== '' && { search }) };
    const rows = { limit: String(ROWS_AT_ONCE), ...(offset > 0 && { offset: String(offset) }) };
    const [answer, before] = await Promise.all([
      fetchJson<ListAnswer>(reportAddress(report, { ...queryOf(shown), ...found, ...rows })),
      part && comparedOf(part, report, search).catch(unlessSignedOut),
    ]);
    return { answer, before };
  };
}

async function askForCompared(
  reportAddress: ListPage['reportAddress'],
  { here, there, today }: NonNullable<Wanted['part']>,
  report: string,
  search: string,
): Promise<ListsBefore | undefined> {
  const listOf = ({ from, to }: PartOver['here']) =>
    fetchJson<Answered<Range>>(reportAddress(report, { from, to, ...(search !== '' && { search }), limit: ROWS_COMPARED }));
  const [now, before] = await Promise.all([listOf(here), listOf(there)]);
  if (!isWhole(now, here) || !isWhole(before, there)) return undefined;
  return { here, there, today, isNamedByLists: true, nowLists: { [report]: now }, beforeLists: { [report]: before } };
}
