// The newest hits, as they come while the page is open.
import type { LiveHit } from './answers.js';
import { element, make } from './dom.js';
import type { createClock } from './format.js';

type Clock = ReturnType<typeof createClock>;

const ROWS_MAX = 12;

export interface JustNow {
  /** Oldest first. */
  add(hits: readonly LiveHit[]): void;
}

export function createJustNow(clock: Clock): JustNow {
  const section = element('just-now', HTMLElement);
  const rows = element('just-now-rows', HTMLOListElement);
  return {
    add(hits) {
      const seen = hits.filter(({ kind }) => kind !== 'ping');
      if (seen.length === 0) return;
      section.hidden = false;
      rows.prepend(
        ...seen
          .slice(-ROWS_MAX)
          .reverse()
          .map((hit) => row(hit, clock)),
      );
      while (rows.children.length > ROWS_MAX) rows.lastElementChild?.remove();
    },
  };
}

function row({ atMs, path, title, source, browser, platform, event }: LiveHit, clock: Clock): HTMLLIElement {
  const what = event === '' ? path || 'An unknown page' : `${event} on ${path || 'an unknown page'}`;
  const page = make('span', { class: 'key' }, what);
  if (title !== '') page.title = title;
  return make(
    'li',
    {},
    make('time', { datetime: new Date(atMs).toISOString() }, clock.seconds(new Date(atMs))),
    page,
    make('span', { class: 'from' }, source === '' ? '' : `from ${source}`),
    make('span', { class: 'with' }, `${browser}, ${platform}`),
  );
}
