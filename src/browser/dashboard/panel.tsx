// What is counted of one page, above the page of its site. It has an address of its own, and closes with Escape.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { addDays } from '../../time/dates.js';
import type { Pages, Traffic } from './answers.js';
import { PAGE_DAYS_MAX, type PageAnswers } from './ask.js';
import { comparedName, comparedOf, isDayOf, type Now } from './change.js';
import { Chart, ChartTable, type Series } from './chart.js';
import { Facts } from './facts.js';
import { axisOf, sourceName } from './format.js';
import { Kept } from './kept.js';
import { Outward, PageLabel } from './labels.js';
import { ListCard } from './list.js';
import type { Loaded } from './loaded.js';
import { type Counted, countedIn, type HeadMeasure, MEASURES } from './measures.js';
import { nothingIn } from './period-names.js';
import { PanelPeriods } from './periods.js';
import { type ChartPoint, hourPoints, periodPoints } from './points.js';
import { daysIn, isSame } from './ranges.js';
import { viewsAndVisitors } from './rows.js';
import { useSite } from './state.js';
import { CHART, LISTS, PANEL } from './texts.js';

export function Panel({ loaded }: { loaded: Loaded | undefined }) {
  const { address, choose } = useSite();
  const { page } = address.value;
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const { current } = dialog;
    if (current === null) return;
    if (page === undefined) return current.close();
    if (!current.open) current.showModal();
    current.scrollTop = 0;
  }, [page]);

  const close = (): void => dialog.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key that closes it is Escape, as in every dialog
    <dialog
      ref={dialog}
      class="panel"
      aria-labelledby="panel-title"
      onClose={() => address.peek().page !== undefined && choose({ page: undefined })}
      onClick={({ target, currentTarget }) => target === currentTarget && close()}
    >
      {page !== undefined && <Contents page={page} loaded={loaded} close={close} />}
    </dialog>
  );
}

function Contents({ page, loaded, close }: { page: string; loaded: Loaded | undefined; close: () => void }) {
  const isOfPage = loaded?.address.page === page;
  const ofPage = isOfPage ? loaded.ofPage : undefined;
  const title = ofPage?.row?.title ?? '';
  return (
    <>
      <div class="panel-head">
        <div class="panel-title">
          <h2 id="panel-title">
            {page === '' ? LISTS.unknownPage : <bdi>{page}</bdi>}
            <Outward path={page} />
          </h2>
          {title !== '' && <p class="hint">{title}</p>}
        </div>
        <PanelPeriods />
        <button type="button" class="quiet" aria-label={PANEL.close} autofocus onClick={close}>
          ✕
        </button>
      </div>
      {loaded && ofPage ? <Answered key={page} loaded={loaded} ofPage={ofPage} /> : <p class="empty">{PANEL.loading}</p>}
    </>
  );
}

function Answered({ loaded, ofPage }: { loaded: Loaded; ofPage: PageAnswers }) {
  const { pages } = ofPage;
  const { address, answers, now } = loaded;
  return (
    <>
      <Facts loaded={loaded} ofPage={ofPage} />
      <Kept answer={answers.content ?? answers.traffic} shown={address.shown} today={now.day} />
      {pages === undefined || pages.total.views === 0 || isGone(pages, now.day) ? (
        <p class="empty">{whyEmpty(loaded, ofPage) ?? nothingIn(address.shown, now.day)}</p>
      ) : (
        <Details loaded={loaded} pages={pages} />
      )}
    </>
  );
}

/** Undefined: it was not viewed. */
function whyEmpty({ answers: { traffic }, now }: Loaded, { pages, row }: PageAnswers): string | undefined {
  if (daysIn(traffic) > PAGE_DAYS_MAX) return PANEL.tooLong;
  if (pages === undefined) return PANEL.notRead;
  if (isGone(pages, now.day)) return PANEL.tooOld;
  return row === undefined ? undefined : PANEL.noDetails;
}

/** Whether no day of it is kept any more. What was imported so much later was never kept by the page. */
function isGone(pages: Pages, today: string): boolean {
  const isOld = pages.to < addDays(today, -PAGE_DAYS_MAX) && pages.total.views === 0;
  return isOld || (pages.expired ?? []).some((range) => isSame(range, pages));
}

/** The chart draws the first; the others are in its tooltip. */
const DRAWN: ReadonlyArray<readonly [name: string, measure: HeadMeasure]> = [
  [CHART.views, MEASURES.views],
  [CHART.visitors, MEASURES.visitors],
  [CHART.readingTime, MEASURES['reading-time']],
];
const SERIES = DRAWN.map(([name, measure]) => ({ name, text: measure.text, axis: axisOf(measure) })) as [Series, ...Series[]];

function pointsOf(pages: Pages, now: Now): { points: ChartPoint[]; compared: string | undefined } {
  const report = countedIn({ traffic: pages as unknown as Traffic }, MEASURES.views) as Counted;
  const compared = comparedOf(report);
  const of = (measure: HeadMeasure): ChartPoint[] =>
    report.from === report.to
      ? hourPoints(report, compared, measure, isDayOf(pages, now) ? now.hour : '24')
      : periodPoints('days', { report, compared, measure, now });
  const all = DRAWN.map(([, measure]) => of(measure));
  const points = (all[0] ?? []).map((point, i) => ({ ...point, values: all.map((one) => one[i]?.values[0] ?? null) }));
  return { points, compared: compared && comparedName(report, compared, now) };
}

function Details({ loaded: { address, now }, pages }: { loaded: Loaded; pages: Pages }) {
  const { shown } = address;
  const isOneDay = pages.from === pages.to;
  const { points, compared } = pointsOf(pages, now);
  const { views } = pages.total;
  const followed = pages.next.reduce((sum, { views }) => sum + views, 0);
  const source = { report: 'pages', shown, page: address.page ?? '' };
  const empty = nothingIn(shown, now.day);
  const sources = viewsAndVisitors({
    name: 'sources',
    rows: pages.sources,
    total: views,
    label: ({ key, title = key }) => <bdi>{sourceName(title)}</bdi>,
  });
  const devices = viewsAndVisitors({
    name: 'devices',
    rows: pages.devices,
    total: views,
    label: ({ key, title = key }) => <bdi>{title}</bdi>,
  });
  const next = viewsAndVisitors({
    name: 'next',
    rows: pages.next,
    total: followed,
    label: ({ key }) => <PageLabel path={key} />,
  });
  return (
    <>
      <Chart points={points} series={SERIES} />
      <ChartTable
        points={points}
        series={SERIES}
        compared={compared}
        caption={CHART.captionOfPage(isOneDay ? CHART.by.hours : CHART.by.days)}
      />
      <Kept answer={pages} shown={shown} today={now.day} />
      <div class="lists">
        <div class="column">
          <ListCard title={PANEL.sources} tabs={{ '': sources }} whenEmpty={empty} source={source} />
          <ListCard title={PANEL.devices} tabs={{ '': devices }} whenEmpty={empty} source={source} />
        </div>
        <div class="column">
          <ListCard title={PANEL.next} tabs={{ '': next }} whenEmpty={PANEL.noNext} source={source} />
        </div>
      </div>
    </>
  );
}
