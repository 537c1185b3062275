// The numbers of one page, each beside its part of the site's, or the site's average.
import type { PageRow, Pages, Reading } from './answers.js';
import type { Answers, PageAnswers } from './ask.js';
import { basisOf, changeText, isCovered, soFar } from './change.js';
import { counted, duration, number, rate, share } from './format.js';
import type { Loaded } from './loaded.js';
import { ratesOf } from './page-rates.js';
import { isSame } from './ranges.js';
import { mostVisitors, visitorsCell } from './row-visitors.js';
import { PANEL } from './texts/dialogs.js';
import { READING, UNKNOWN } from './texts.js';

interface Props {
  readonly loaded: Loaded;
  readonly ofPage: PageAnswers;
}

export function Facts(props: Props) {
  const { pages, row, reading } = props.ofPage;
  const { content, engagement }: Partial<Answers> = props.loaded.answers;
  const { traffic } = props.loaded.answers;
  const siteVisitors = content && isSame(content, traffic) ? mostVisitors(traffic.total) : undefined;
  // a link may show neither the list of pages nor, of a long range, the details of all its days
  const views = row?.views ?? pages?.total.views ?? (content && 0);
  const average = reading?.averageSeconds ?? averageOf(pages);
  return (
    <dl class="facts">
      <Fact
        name={PANEL.views}
        value={views === undefined ? UNKNOWN : counted(views, row?.error ?? pages?.total.error)}
        beside={views === undefined ? '' : shareAndChange(views, props)}
      />
      <Fact
        name={PANEL.visitors}
        value={row?.visitors === undefined ? UNKNOWN : visitorsCell(row, siteVisitors).text}
        beside={PANEL.visitorsHint}
      />
      <Fact
        name={PANEL.readingTime}
        value={duration(average)}
        beside={engagement ? READING.site(duration(engagement.total.averageSeconds)) : ''}
      />
      {reading && engagement && <ReadingFacts page={reading} site={engagement.total} />}
      {row && content && <VisitFacts row={row} site={content.total} />}
    </dl>
  );
}

function ReadingFacts({ page, site }: { page: Reading; site: Reading }) {
  const median = ({ medianSeconds }: Reading) => duration(medianSeconds?.estimate ?? null);
  const depth = ({ averageDepth }: Reading) => rate(averageDepth === null ? null : averageDepth / 100);
  return (
    <>
      <Fact name={PANEL.median} value={median(page)} beside={READING.site(median(site))} />
      <Fact name={PANEL.depth} value={depth(page)} beside={READING.site(depth(site))} />
    </>
  );
}

type Visits = Pick<PageRow, 'entries' | 'bounces' | 'exits' | 'recorded'>;

function VisitFacts({ row, site }: { row: Visits; site: Visits }) {
  const [ofPage, ofSite] = [ratesOf(row), ratesOf(site)];
  return (
    <>
      <Fact
        name={PANEL.entries}
        value={number(row.entries)}
        beside={PANEL.shareOfSite(share(row.entries, site.entries) || '0%')}
      />
      <Fact name={PANEL.bounceRate} value={rate(ofPage.bounces)} beside={READING.site(rate(ofSite.bounces))} />
      <Fact name={PANEL.exitRate} value={rate(ofPage.exits)} beside={READING.site(rate(ofSite.exits))} />
    </>
  );
}

function Fact({ name, value, beside }: { name: string; value: string; beside: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd class="hint">{beside}</dd>
    </div>
  );
}

function shareAndChange(views: number, props: Props): string {
  const { content, traffic }: Pick<Answers, 'traffic'> & Partial<Answers> = props.loaded.answers;
  const part = share(views, content?.total.views ?? traffic.total.views) || '0%';
  const change = changeOfViews(props);
  return change === undefined ? PANEL.shareOfSite(part) : PANEL.shareAndChange(part, change);
}

/** How its views have changed, like those of the site at the head of the page. */
function changeOfViews({ loaded, ofPage: { pages } }: Props): string | undefined {
  const { answers, now } = loaded;
  const { traffic } = answers;
  if (pages?.compared === undefined || !isCovered(traffic, now)) return undefined;
  const numbers = soFar(pages, now, { sum: ({ views }) => views });
  const change = numbers && changeText(numbers);
  if (!change) return undefined;
  return PANEL.changeOn(change, basisOf(pages, pages.compared, now).short);
}

/** For a page that is not in the list of pages, which has a limited number of rows. */
function averageOf(pages: Pages | undefined): number | null {
  return pages === undefined || pages.total.known === 0 ? null : pages.total.seconds / pages.total.known;
}
