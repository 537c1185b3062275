// The live feed: reports whenever they change, hits as they come, and what the server remembers of the last half hour.
import type { LiveHit } from '../../sharing/feed.js';
import { fetchSite, siteAddress } from './fetch.js';
import type { Recent } from './live/live-state.js';
import type { PushedReports } from './pushed.js';

/** How long to wait before asking again for a feed that was refused, such as when too many are open. */
const LISTEN_AGAIN_MS = 60_000;

export interface Listener {
  opened(): void;
  /** The browser is connecting again by itself. */
  interrupted(): void;
  /** The server refuses the feed, though the site can be read. */
  refused(): void;
  reports(reports: PushedReports): void;
  hits(hits: readonly LiveHit[]): void;
  recent(recent: Recent): void;
  failed(error: unknown): void;
}

export interface Listening {
  /** Connects again: for another question, or if nothing has come for too long, since nobody says that a connection is lost. */
  reopen(): void;
  close(): void;
}

/** `question`: the query of the reports to follow; it is called for each connection that the page opens. */
export function listen(site: string, question: () => string, listener: Listener): Listening {
  let feed: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isEnded = false;

  const onError = (): void => {
    if (feed?.readyState !== EventSource.CLOSED) {
      listener.interrupted();
      return;
    }
    // a browser does not say why
    void fetchSite(site).then(() => {
      listener.refused();
      if (!isEnded) timer = setTimeout(open, LISTEN_AGAIN_MS);
    }, listener.failed);
  };

  const open = (): void => {
    feed = new EventSource(`${siteAddress(site)}/live?${question()}`);
    feed.addEventListener('open', () => listener.opened());
    feed.addEventListener('reports', (event) => listener.reports(dataOf<PushedReports>(event)));
    feed.addEventListener('hits', (event) => listener.hits(dataOf<LiveHit[]>(event)));
    feed.addEventListener('recent', (event) => listener.recent(dataOf<Recent>(event)));
    feed.addEventListener('error', onError);
  };

  const close = (): void => {
    clearTimeout(timer);
    feed?.close();
  };

  open();
  return {
    reopen() {
      if (isEnded) return;
      close();
      open();
    },
    close() {
      isEnded = true;
      close();
    },
  };
}

function dataOf<Data>(event: Event): Data {
  return JSON.parse((event as MessageEvent<string>).data) as Data;
}
