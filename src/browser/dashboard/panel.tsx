// What is counted of one page, above the page of its site. It has an address of its own, and closes with Escape.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { PERIODS } from './address.js';
import type { PageRow, Pages } from './answers.js';
import type { PageAnswers } from './ask.js';
import { Chart, ChartTable } from './chart.js';
import { Facts } from './facts.js';
import { sourceName } from './format.js';
import { Outward, PageLabel } from './labels.js';
import { ListCard } from './list.js';
import type { Loaded } from './loaded.js';
import { dayPoints, hourPoints, sinceBegun } from './points.js';
import { viewsAndVisitors } from './rows.js';
import { useSite } from './state.js';
import { Tabs } from './tabs.js';
import { CHART, HEAD, LISTS, NOTHING_YET, PANEL, PERIODS as PERIOD_NAMES } from './texts.js';

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
        <Periods />
        <button type="button" class="quiet" aria-label={PANEL.close} autofocus onClick={close}>
          ✕
        </button>
      </div>
      {loaded && ofPage ? <Answered key={page} loaded={loaded} ofPage={ofPage} /> : <p class="empty">{PANEL.loading}</p>}
    </>
  );
}

function Periods() {
  const { address, choose } = useSite();
  return (
    <Tabs
      names={PERIODS.map((name) => PERIOD_NAMES[name])}
      chosen={PERIOD_NAMES[address.value.shown]}
      choose={(text) => choose({ shown: PERIODS.find((name) => PERIOD_NAMES[name] === text) ?? 'today' })}
      label={HEAD.period}
      look="toggle"
    />
  );
}

function Answered({ loaded, ofPage }: { loaded: Loaded; ofPage: PageAnswers }) {
  const { shown } = loaded.address;
  const { pages, row } = ofPage;
  return (
    <>
      <Facts loaded={loaded} ofPage={ofPage} />
      {pages === undefined || pages.total.views === 0 ? (
        <p class="empty">{shown === 'year' ? PANEL.ofYear : (whyEmpty(pages, row) ?? NOTHING_YET[shown])}</p>
      ) : (
        <Details loaded={loaded} pages={pages} />
      )}
    </>
  );
}

/** Undefined: it was not viewed. */
function whyEmpty(pages: Pages | undefined, row: PageRow | undefined): string | undefined {
  if (pages === undefined) return PANEL.notRead;
  return row === undefined ? undefined : PANEL.noDetails;
}

function Details({ loaded: { address, now }, pages }: { loaded: Loaded; pages: Pages }) {
  const { shown } = address;
  const points =
    shown === 'today'
      ? hourPoints(pages.rows[0]?.hours ?? [], now.hour)
      : dayPoints(sinceBegun(pages.rows, now.siteSince), now.day, false);
  const { views } = pages.total;
  const followed = pages.next.reduce((sum, { views }) => sum + views, 0);
  const sources = viewsAndVisitors({
    rows: pages.sources,
    total: views,
    label: ({ key, title = key }) => <bdi>{sourceName(title)}</bdi>,
  });
  const devices = viewsAndVisitors({
    rows: pages.devices,
    total: views,
    label: ({ key, title = key }) => <bdi>{title}</bdi>,
  });
  const next = viewsAndVisitors({ rows: pages.next, total: followed, label: ({ key }) => <PageLabel path={key} /> });
  return (
    <>
      <Chart points={points} />
      <ChartTable points={points} caption={CHART.captionOfPage(shown === 'today' ? CHART.by.hours : CHART.by.days)} />
      <div class="lists">
        <div class="column">
          <ListCard title={PANEL.sources} tabs={{ '': sources }} whenEmpty={NOTHING_YET[shown]} />
          <ListCard title={PANEL.devices} tabs={{ '': devices }} whenEmpty={NOTHING_YET[shown]} />
        </div>
        <div class="column">
          <ListCard title={PANEL.next} tabs={{ '': next }} whenEmpty={PANEL.noNext} />
        </div>
      </div>
    </>
  );
}
