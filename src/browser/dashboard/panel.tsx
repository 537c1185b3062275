// What is counted of one page, above the page of its site. It has an address of its own, and closes with Escape.
import { addDays } from '../../time/dates.js';
import type { Pages, Traffic } from './answers.js';
import { PAGE_DAYS_MAX, type PageAnswers } from './ask.js';
import { comparedName, comparedOf, isDayOf, type Now } from './change.js';
import { Chart, ChartTable, Legend, type Series } from './chart.js';
import { Facts } from './facts.js';
import { axisOf, rangeName } from './format.js';
import { Kept } from './kept.js';
import { Outward } from './labels.js';
import { ListCard } from './list.js';
import type { ListView } from './list-view.js';
import type { Loaded } from './loaded.js';
import { type Counted, countedIn, type HeadMeasure, MEASURES } from './measures.js';
import { CloseButton, Overlay } from './overlay.js';
import { PAGE_LISTS } from './page-lists.js';
import { nothingIn } from './period-names.js';
import { PanelPeriods } from './periods.js';
import { type ChartPoint, hourPoints, periodPoints } from './points.js';
import { isSame, type Shown } from './ranges.js';
import { useSite } from './state.js';
import { PANEL } from './texts/dialogs.js';
import { CHART, DIALOGS, LISTS } from './texts.js';

export function Panel({ loaded }: { loaded: Loaded | undefined }) {
  const { page } = useSite().address.value;
  return (
    <Overlay
      name="page"
      look="panel"
      titleId="panel-title"
      title={page === '' ? LISTS.unknownPage : (page ?? '')}
      contents={(close) => <Contents page={page ?? ''} loaded={loaded} close={close} />}
    />
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
          {/* its line is kept free, so that nothing moves when it arrives */}
          <p class="hint">{title || '\u00a0'}</p>
        </div>
        <PanelPeriods />
        <CloseButton close={close} />
      </div>
      {loaded && ofPage ? <Answered key={page} loaded={loaded} ofPage={ofPage} /> : <p class="empty">{DIALOGS.loading}</p>}
    </>
  );
}

function Answered({ loaded, ofPage }: { loaded: Loaded; ofPage: PageAnswers }) {
  const { pages, part } = ofPage;
  const { address, answers, now } = loaded;
  const shown = part ?? address.shown;
  return (
    <>
      {/* a part has neither the views of the range nor their change */}
      <Facts loaded={loaded} ofPage={part ? { ...ofPage, pages: undefined } : ofPage} />
      <Kept answer={answers.content ?? answers.traffic} shown={address.shown} today={now.day} />
      {part && <p class="hint kept-note">{PANEL.ofPart(rangeName(part, now.day))}</p>}
      {pages === undefined || pages.total.views === 0 || isGone(pages, now.day) ? (
        <p class="empty">{whyEmpty(loaded, ofPage) ?? nothingIn(shown, now.day)}</p>
      ) : (
        <Details loaded={loaded} pages={pages} shown={shown} />
      )}
    </>
  );
}

/** Undefined: it was not viewed. */
function whyEmpty({ now }: Loaded, { pages, part, row }: PageAnswers): string | undefined {
  if (pages === undefined) return PANEL.notRead;
  if (isGone(pages, now.day)) return PANEL.tooOld;
  return row === undefined || part !== undefined ? undefined : PANEL.noDetails;
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
const SERIES = DRAWN.map(([name, measure]) => ({
  name,
  text: measure.text,
  axis: axisOf(measure),
  isWhole: measure.kind === 'count',
})) as [Series, ...Series[]];

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

function Details({ loaded, pages, shown }: { loaded: Loaded; pages: Pages; shown: Shown }) {
  const { address, now } = loaded;
  const isOneDay = pages.from === pages.to;
  const { points, compared } = pointsOf(pages, now);
  const source = { report: 'pages', shown, page: address.page ?? '', answer: pages };
  const empty = nothingIn(shown, now.day);
  const tabs = PAGE_LISTS.of(pages, loaded, undefined);
  const card = (name: string, whenEmpty = empty) => (
    <ListCard key={name} title={name} tabs={{ '': tabs[name] as ListView }} {...{ whenEmpty, source }} room={0} />
  );
  const isFollowing = pages.sources.some(({ key }) => key === '(internal)');
  return (
    <>
      <Chart points={points} series={SERIES} />
      <Legend label={CHART.views} compared={points.some(({ before }) => before != null) ? compared : undefined} />
      <ChartTable
        points={points}
        series={SERIES}
        compared={compared}
        caption={CHART.captionOfPage(isOneDay ? CHART.by.hours : CHART.by.days)}
      />
      <Kept answer={pages} shown={shown} today={now.day} />
      <div class="lists">
        <div class="column">
          {card(PANEL.previous, isFollowing ? PANEL.previousUnknown : PANEL.noPrevious)}
          {card(PANEL.sources)}
        </div>
        <div class="column">
          {card(PANEL.next, PANEL.noNext)}
          {card(PANEL.devices)}
        </div>
      </div>
    </>
  );
}
