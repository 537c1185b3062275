// Links to a list of a report: as CSV for spreadsheets, and the whole report as JSON.
import { useListPage } from './list-page.js';
import { queryOf, type Shown } from './ranges.js';
import { LISTS } from './texts.js';

interface Props {
  readonly report: string;
  /** Its field in the report. */
  readonly list: string;
  /** For people. */
  readonly name: string;
  readonly shown: Shown;
  /** The page that the report is about. */
  readonly page?: string | undefined;
  /** Only rows with this text. */
  readonly search?: string;
}

function Csv(props: Props) {
  const title = LISTS.csvOf(props.name);
  return (
    <a class="csv" href={addressIn(props, { format: 'csv', list: props.list })} download="" title={title} aria-label={title}>
      {LISTS.csv}
    </a>
  );
}

/** The API gives at most this many rows of each list at once. */
const ROWS_AT_ONCE = '1000';

/** `hasRows`: the report has lists whose number of rows can be limited. */
export function Downloads({ hasRows, ...props }: Props & { hasRows: boolean }) {
  const title = LISTS.jsonOf(props.name);
  return (
    <span class="downloads">
      <Csv {...props} />
      <a class="csv" href={addressIn(props, hasRows ? { limit: ROWS_AT_ONCE } : {})} title={title} aria-label={title}>
        {LISTS.json}
      </a>
    </span>
  );
}

function addressIn({ report, shown, page, search = '' }: Props, more: Readonly<Record<string, string>>): string {
  const own = { ...(page !== undefined && { page }), ...(search !== '' && { search }) };
  return useListPage().reportAddress(report, { ...queryOf(shown), ...own, ...more });
}
