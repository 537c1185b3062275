// A list with all its rows, above the page: searched, and page by page. It has an address of its own.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ListAddress } from '../address.js';
import type { Card, CardLists } from '../card.js';
import { Downloads } from '../csv.js';
import { number } from '../format.js';
import { listName } from '../list.js';
import { useListPage } from '../list-page.js';
import { Rows, RowsToCome } from '../list-rows.js';
import { type ListAnswer, type ListView, rowsInAll } from '../list-view.js';
import type { Loaded } from '../loaded.js';
import { CloseButton, Overlay } from '../overlay.js';
import { PAGE_LISTS } from '../page-lists.js';
import { periodName } from '../period-names.js';
import { ALL } from '../texts/dialogs.js';
import { LISTS } from '../texts.js';
import { createAskForPart, type Part, ROWS_AT_ONCE, type Wanted } from './ask.js';
import { Pager } from './pager.js';
import { Search } from './search.js';

interface Props {
  /** Whether the list is of the site, or of the page whose panel is open. */
  readonly name: 'list' | 'pageList';
  readonly cards: readonly Card[];
  readonly loaded: Loaded | undefined;
}

export function ShowAll({ name, cards, loaded }: Props) {
  const { address } = useListPage();
  const list = address.value[name];
  const lists = name === 'list' ? cards.find(({ report }) => report === list?.report)?.lists : PAGE_LISTS;
  const isCompared = name === 'list' && cards.some((card) => card.report === list?.report && card.isCompared);
  const isKnown = name === 'list' || list?.report === 'pages';
  return (
    <Overlay
      name={name}
      titleId={`${name}-title`}
      title={lists?.title ?? ''}
      look="show-all"
      contents={(close) =>
        list && <Contents {...{ name, list, lists: isKnown ? lists : undefined, isCompared, loaded, close }} />
      }
    />
  );
}

interface ContentsProps {
  readonly name: Props['name'];
  readonly list: ListAddress;
  /** Undefined if there is no such report, or it must not be shown. */
  readonly lists: CardLists | undefined;
  readonly isCompared: boolean;
  readonly loaded: Loaded | undefined;
  readonly close: () => void;
}

function Contents({ name, list, lists, isCompared, loaded, close }: ContentsProps) {
  const { address, today } = useListPage();
  const { page } = address.value;
  const shown = (name === 'pageList' && loaded?.ofPage?.part) || address.value.shown;
  const isReady = name === 'list' || loaded?.ofPage !== undefined; // until then, the part is not known
  const of = name === 'pageList' ? page : undefined;
  const part = usePart(
    lists && isReady ? { list, shown, page: of, part: isCompared ? loaded?.before : undefined } : undefined,
    loaded,
  );
  const known = (name === 'pageList' ? loaded?.ofPage?.pages : loaded?.answers[list.report]) as ListAnswer | undefined;
  const sample = part.answered?.answer ?? known;
  const tabs = lists && loaded && sample ? lists.of(sample, loaded, part.answered?.before) : {};
  const tab = Object.keys(tabs).find((key) => tabs[key]?.name === list.list) ?? '';
  const title = listName(lists?.title ?? '', tabs, tab);
  const view = tabs[tab];
  const isUnknown = lists === undefined || (sample !== undefined && rowsInAll(sample, list.list) === undefined);
  return (
    <>
      <div class="panel-head">
        <div class="panel-title">
          <h2 id={`${name}-title`}>{title || LISTS.list}</h2>
          <p class="hint">
            {of !== undefined && <bdi>{of || LISTS.unknownPage}</bdi>} {periodName(shown, today.value)}
          </p>
        </div>
        <CloseButton close={close} />
      </div>
      {isUnknown ? (
        <p class="empty">{ALL.unknown}</p>
      ) : (
        <>
          <Search name={name} list={list} title={title} />
          <Found {...{ name, list, part, view: part.answered && view, inAll: known && rowsInAll(known, list.list) }} />
          <div class="under">
            <Downloads report={list.report} list={list.list} name={title} shown={shown} page={of} search={list.search} hasRows />
          </div>
        </>
      )}
    </>
  );
}

interface FoundProps extends Pick<ContentsProps, 'name' | 'list'> {
  readonly part: ReturnType<typeof usePart>;
  readonly view: ListView | undefined;
  /** How many rows the list has without a search. */
  readonly inAll: number | undefined;
}

function Found({ name, list, part, view, inAll }: FoundProps) {
  const { replace } = useListPage();
  const { answered, isStale, failed, retry } = part;
  const set = (change: Partial<ListAddress>): void => replace({ [name]: { ...list, ...change } });
  if (failed) {
    return (
      <p class="empty" role="alert">
        {ALL.failed}{' '}
        <button type="button" class="small-button" onClick={retry}>
          {ALL.again}
        </button>
      </p>
    );
  }
  if (answered === undefined || view === undefined) return <Loading />;
  const found = rowsInAll(answered.answer, list.list) ?? 0;
  const all = Math.max(found, inAll ?? 0);
  if (view.rows.length === 0) {
    const [text, action, change] =
      list.offset > 0
        ? [ALL.nothingHere, ALL.first, { offset: 0 }]
        : [ALL.nothingFound(list.search, number(all)), ALL.clear, { search: '' }];
    return (
      <p class="empty" role="status">
        {list.search === '' && list.offset === 0 ? view.whenEmpty : text}{' '}
        {(list.search !== '' || list.offset > 0) && (
          <button type="button" class="small-button" onClick={() => set(change)}>
            {action}
          </button>
        )}
      </p>
    );
  }
  const rows = [list.offset + 1, list.offset + view.rows.length].map(number) as [string, string];
  const status = list.search === '' ? ALL.rows(...rows, number(found)) : ALL.found(rows.join('–'), number(found), number(all));
  return (
    <div class="found" aria-busy={isStale}>
      <Rows view={view} hasTotal />
      <Pager offset={list.offset} step={ROWS_AT_ONCE} rows={found} status={status} go={(offset) => set({ offset })} />
      {view.note && <p class="hint">{view.note}</p>}
    </div>
  );
}

/** As high as a full page of rows would be on most screens. */
const ROWS_TO_COME = 15;

function Loading() {
  return <RowsToCome rows={ROWS_TO_COME} />;
}

/** The newest answer. It is asked for again whenever the page has loaded its reports. */
function usePart(wanted: Wanted | undefined, loaded: Loaded | undefined) {
  const { reportAddress, failed: report } = useListPage();
  const ask = useRef<ReturnType<typeof createAskForPart> | undefined>(undefined);
  ask.current ??= createAskForPart(reportAddress);
  const state = useSignal<{ key: string; part?: Part; failed?: boolean }>({ key: '' });
  const tries = useSignal(0);
  const newest = useRef(0);
  const key = JSON.stringify([wanted?.list, wanted?.shown, wanted?.page]);
  useEffect(() => {
    if (wanted === undefined) return;
    const asked = ++newest.current;
    ask.current?.(wanted).then(
      (part) => {
        if (asked === newest.current) state.value = { key, part };
      },
      (error) => {
        report(error);
        if (asked === newest.current && state.peek().key !== key) state.value = { key, failed: true };
      },
    );
  }, [key, loaded, tries.value]);
  const { part, failed = false, key: shown } = state.value;
  const retry = (): void => {
    state.value = { key: '' };
    tries.value++;
  };
  return { answered: part, isStale: shown !== key, failed: failed && shown === key, retry };
}
