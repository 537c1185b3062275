// What several sites have together: their numbers, pages and sources in a period.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Content, Row, Traffic, Visits } from '../answers.js';
import { Bar } from '../bar.js';
import { basePath, fetchJson } from '../fetch.js';
import { number, rate, share, sourceName } from '../format.js';
import { LISTS, PANEL, PERIODS } from '../texts.js';
import { ROLLUP_PERIODS, type RollupPeriod } from './address.js';
import type { Site } from './rows.js';
import type { SitesState } from './state.js';
import { ROLLUP, SITES } from './texts.js';

const ROWS_MAX = 10;

interface Props {
  readonly state: SitesState;
  readonly sites: readonly Site[];
  /** They are all sites, so that the address need not name them. */
  readonly isAll: boolean;
}

export function Rollup({ state, sites, isAll }: Props) {
  const period = state.address.value.rollup;
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = period !== undefined && sites.length > 0;
  useLayoutEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);
  const { page } = state.address.value;
  const change = (rollup: RollupPeriod | undefined): void => state.choose({ page, rollup }, rollup === undefined);
  return (
    <dialog
      ref={dialog}
      class="panel"
      aria-labelledby="rollup-title"
      onClose={() => state.address.peek().rollup !== undefined && change(undefined)}
    >
      {period !== undefined && (
        <>
          <div class="panel-head">
            <div class="panel-title">
              <h2 id="rollup-title">{SITES.all(sites.length, number(sites.length))}</h2>
            </div>
            <label class="compare">
              {ROLLUP.period}{' '}
              <select value={period} onChange={({ currentTarget }) => change(currentTarget.value as RollupPeriod)}>
                {ROLLUP_PERIODS.map((name) => (
                  <option key={name} value={name}>
                    {PERIODS[name]}
                  </option>
                ))}
              </select>
            </label>
            <button type="button" class="quiet" aria-label={ROLLUP.close} onClick={() => dialog.current?.close()}>
              ✕
            </button>
          </div>
          <Contents ids={isAll ? '' : sites.map(({ site }) => site).join()} period={period} />
        </>
      )}
    </dialog>
  );
}

interface Answers {
  readonly traffic: Traffic;
  readonly visits: Visits;
  readonly content: Content;
  readonly referrers: { readonly sources: readonly Row[] };
}

const REPORTS = ['traffic', 'visits', 'content', 'referrers'] as const;

/** `ids`: empty for all sites. */
function Contents({ ids, period }: { ids: string; period: RollupPeriod }) {
  const answers = useSignal<Answers | string | undefined>(undefined);
  const addressOf = (report: string, more: Readonly<Record<string, string>>): string =>
    `${basePath()}/api/v1/rollup/${report}?${new URLSearchParams({ ...(ids !== '' && { sites: ids }), period, ...more })}`;
  useEffect(() => {
    // each takes the server long, and few may be asked for at the same time
    const left = new AbortController();
    answers.value = undefined;
    const ask = (report: string) => {
      const more = report === 'traffic' || report === 'visits' ? {} : { limit: String(ROWS_MAX) };
      return fetchJson<object>(addressOf(report, more), left.signal);
    };
    Promise.all(REPORTS.map(async (name) => [name, await ask(name)])).then(
      (found) => {
        if (!left.signal.aborted) answers.value = Object.fromEntries(found);
      },
      () => {
        if (!left.signal.aborted) answers.value = ROLLUP.failed;
      },
    );
    return () => left.abort();
  }, [ids, period]);
  const found = answers.value;
  if (found === undefined) return <p class="empty">{PANEL.loading}</p>;
  if (typeof found === 'string') return <p class="problem">{found}</p>;
  const { traffic, visits, content, referrers } = found;
  const { views } = traffic.total;
  const facts = [
    [ROLLUP.views, number(views)],
    [ROLLUP.visitors, number(traffic.total.visitors), traffic.total.error ? `± ${number(traffic.total.error)}` : ''],
    [ROLLUP.visits, number(visits.total.visits)],
    [ROLLUP.bounceRate, rate(visits.total.bounceRate)],
  ] as const;
  return (
    <>
      <dl class="facts">
        {facts.map(([name, value, error = '']) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            {error !== '' && <dd class="hint">{error}</dd>}
          </div>
        ))}
      </dl>
      <div class="lists">
        <div class="column">
          <List title={ROLLUP.pages} rows={content.rows} total={views} csv={addressOf('content', { format: 'csv' })} />
          <p class="hint">{ROLLUP.pagesHint}</p>
        </div>
        <div class="column">
          <List
            title={ROLLUP.sources}
            rows={referrers.sources}
            total={views}
            csv={addressOf('referrers', { format: 'csv', list: 'sources' })}
            nameOf={({ key, title = key }) => sourceName(title)}
          />
        </div>
      </div>
    </>
  );
}

interface ListProps {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly total: number;
  readonly csv: string;
  readonly nameOf?: (row: Row) => string;
}

function List({ title, rows, total, csv, nameOf = ({ key }) => key || LISTS.unknownPage }: ListProps) {
  const largest = Math.max(1, ...rows.map(({ views }) => views));
  return (
    <section class="card">
      <div class="rollup-head">
        <h3>{title}</h3>
        <a class="csv" href={csv} download="" aria-label={LISTS.csvOf(title)}>
          {ROLLUP.csv}
        </a>
      </div>
      {rows.length === 0 && <p class="empty">{ROLLUP.nothing}</p>}
      <ol class="rows columns-2">
        {rows.map((row) => (
          <li key={row.key}>
            <span class="key">
              <Bar part={row.views / largest} />
              <bdi class="name">{nameOf(row)}</bdi>
            </span>
            <span class="cell">{number(row.views)}</span>
            <span class="share">{share(row.views, total)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
