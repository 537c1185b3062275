// A link that downloads a list of a report for spreadsheets.
import { siteAddress } from './fetch.js';
import { queryOf, type Shown } from './ranges.js';
import { useSite } from './state.js';
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
}

export function Csv({ report, list, name, shown, page }: Props) {
  const { site } = useSite().settings;
  const query = new URLSearchParams({ ...queryOf(shown), ...(page !== undefined && { page }), format: 'csv', list });
  const title = LISTS.csvOf(name);
  return (
    <a class="csv" href={`${siteAddress(site)}/${report}?${query}`} download="" title={title} aria-label={title}>
      {LISTS.csv}
    </a>
  );
}
