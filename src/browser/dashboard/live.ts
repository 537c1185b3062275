// The live feed: today's traffic whenever it changes, and hits as they come.
import type { LiveHit } from '../../sharing/feed.js';
import type { Traffic } from './answers.js';
import { fetchSite, siteAddress } from './fetch.js';

/** How long to wait before asking again for a feed that was refused, such as when too many are open. */
const LISTEN_AGAIN_MS = 60_000;

export interface Listener {
  opened(): void;
  /** The browser is connecting again by itself. */
  interrupted(): void;
  /** The server refuses the feed, though the site can be read. */
  refused(): void;
  traffic(traffic: Traffic): void;
  hits(hits: readonly LiveHit[]): void;
  failed(error: unknown): void;
}

/** Returns what ends it. */
export function listen(site: string, listener: Listener): () => void {
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
    feed = new EventSource(`${siteAddress(site)}/live`);
    feed.addEventListener('open', () => listener.opened());
    feed.addEventListener('traffic', (event) => listener.traffic(dataOf<Traffic>(event)));
    feed.addEventListener('hits', (event) => listener.hits(dataOf<LiveHit[]>(event)));
    feed.addEventListener('error', onError);
  };

  open();
  return () => {
    isEnded = true;
    clearTimeout(timer);
    feed?.close();
  };
}

function dataOf<Data>(event: Event): Data {
  return JSON.parse((event as MessageEvent<string>).data) as Data;
}
