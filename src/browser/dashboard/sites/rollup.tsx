// What several sites have together, above the page of all sites: their numbers beside those of the other period, and their pages
// and sources.
import { card as pages } from '../../../../collections/content/card.js';
import { card as sources } from '../../../../collections/referrers/card.js';
import { CardBoundary } from '../card-boundary.js';
import { ByWeekday, Compare } from '../compare.js';
import { Compared, ComparedWith } from '../compared.js';
import { number, timeName } from '../format.js';
import { Kept } from '../kept.js';
import { PageContext } from '../list-page.js';
import type { Loaded } from '../loaded.js';
import { MEASURES } from '../measures.js';
import { beforeOf, NUMBERS, valueText } from '../numbers.js';
import { CloseButton, Dialog } from '../overlay.js';
import { PeriodList, Steps } from '../periods.js';
import { ShowAll } from '../show-all/show-all.js';
import { ALL } from '../texts/dialogs.js';
import { CARDS, DIALOGS, NUMBERS as TEXTS } from '../texts.js';
import type { RollupState } from './rollup-state.js';
import type { Site } from './rows.js';
import { ROLLUP, SITES } from './texts.js';

const LISTS = [pages, sources];
const SHOWN = NUMBERS.filter(({ name }) => MEASURES[name].report !== 'engagement');

export function Rollup({ state }: { state: RollupState }) {
  const { isOpen, sites, openHref, loaded, close } = state;
  const title = SITES.all(sites.value.length, number(sites.value.length));
  return (
    <PageContext.Provider value={state}>
      <Dialog
        look="panel"
        titleId="rollup-title"
        title={isOpen.value ? title : ''}
        isOpen={isOpen.value}
        subject="rollup"
        href={openHref.value}
        closed={close}
        contents={(close) => <Contents {...{ state, title, close }} />}
      />
      {/* after it, since it is opened above it */}
      <ShowAll name="list" cards={LISTS} loaded={loaded.value} />
    </PageContext.Provider>
  );
}

function Contents({ state, title, close }: { state: RollupState; title: string; close: () => void }) {
  const loaded = state.loaded.value;
  return (
    <>
      <div class="panel-head">
        <div class="panel-title">
          <h2 id="rollup-title">{title}</h2>
          {/* its line is kept free, so that nothing moves when it arrives */}
          <p class="hint">{loaded ? asOf(state, loaded) : '\u00a0'}</p>
        </div>
        <CloseButton close={close} />
      </div>
      <div class="choices rollup-choices">
        <PeriodList />
        <Steps />
        <Compare />
      </div>
      {loaded && <Numbers loaded={loaded} isBusy={state.isBusy.value} sites={state.sites.value} />}
      {loaded === undefined && state.problem.value === '' && <p class="empty">{DIALOGS.loading}</p>}
      {state.problem.value !== '' && (
        <p class="empty" role="alert">
          {state.problem}{' '}
          <button type="button" class="small-button" onClick={state.retry}>
            {ALL.again}
          </button>
        </p>
      )}
    </>
  );
}

function asOf({ clock }: RollupState, { answers: { traffic } }: Loaded): string {
  return CARDS.asOf(timeName(clock.time(new Date(traffic.asOf))));
}

function Numbers({ loaded, isBusy, sites }: { loaded: Loaded; isBusy: boolean; sites: readonly Site[] }) {
  const { answers, address, now } = loaded;
  const before = SHOWN.map((one) => beforeOf(one, loaded));
  const { error } = answers.traffic.total;
  return (
    <div aria-busy={isBusy}>
      <dl class="facts">
        {SHOWN.map((one, i) => (
          <div key={one.name}>
            <dt>{one.label}</dt>
            <dd title={one.title?.(answers)}>
              {valueText(one, loaded, answers.traffic)}
              {one.name === 'visitors' && error !== undefined && (
                <span class="hint" title={TEXTS.visitorsError}>
                  {' '}
                  ± {number(error)}
                </span>
              )}
            </dd>
            <dd class="hint">
              <Compared name={one.name} before={before[i]} />
            </dd>
          </div>
        ))}
      </dl>
      <div class="comparing">
        <ComparedWith loaded={loaded} before={before} />
        <ByWeekday isCompared={before.some((one) => one?.isInPart)} />
      </div>
      <p class="hint">
        {sites.length > 1 && ROLLUP.addUp} {newerText(loaded, sites)}
      </p>
      <Kept answer={answers.traffic} shown={address.shown} today={now.day} />
      <div class="lists">
        {LISTS.map((card) => (
          <div class="column" key={card.report}>
            <CardBoundary card={card} loaded={loaded} />
          </div>
        ))}
      </div>
      {sites.length > 1 && <p class="hint">{ROLLUP.pagesHint}</p>}
    </div>
  );
}

/** Sites that are newer than the other period explain why there is more. */
function newerText({ answers: { traffic } }: Loaded, sites: readonly Site[]): string {
  const from = traffic.compared?.from;
  const newer = from === undefined ? 0 : sites.filter(({ createdAt }) => createdAt.slice(0, 10) > from).length;
  return newer === 0 ? '' : ROLLUP.newer(newer, number(newer));
}
