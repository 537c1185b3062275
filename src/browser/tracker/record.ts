// The browser's own record of its visits: it stays here; only ages and ordinals are sent. A cookie, so that `www.` and the bare
// host share it, and beside it in local storage when this origin's last pages were viewed.
import type { Fields } from './send.js';

const DAY_SECONDS = 86_400;
/** A sketch point is sent once in each quarter of an hour: everybody's local midnight is on the boundary of one. */
const QUARTER_SECONDS = 900;
const VISIT_SECONDS = 1800;
/** The shortest 13 months there are, counted from the first view and never extended. */
const RECORD_DAYS = 393;
const PAGES_MAX = 50;
/** Of a path as an address has it, where a letter may take nine characters. */
const PATH_LENGTH_MAX = 2048;

/**
 * What the cookie holds: days, seconds and quarters since 1970, UTC; `sent` is the quarter in which the sketch point
 * was last sent.
 */
type Numbers = [
  version: number,
  first: number,
  last: number,
  visit: number,
  page: number,
  sent: number,
  register: number,
  rank: number,
];
/** Newest first: a page's path and when it was last viewed, in seconds since 1970. */
type Pages = Array<[path: string, viewedAt: number]>;

/** Runs one task at a time over all tabs of this origin, where the browser can. The task must not throw. */
export function oneAtATime(name: string, task: () => void): void {
  if (navigator.locks) navigator.locks.request(name, task).catch(task);
  else task();
}

/**
 * Adds to `fields` what the record says of a view, and moves the record on; adds nothing if the browser does not keep it.
 * Returns what puts it back, unless it has been moved on since. Throws where cookies are forbidden.
 */
export function advance(name: string, fields: Fields, path: string, now: number): (() => void) | undefined {
  const read = () => (/^1(\.\d+){7}/.exec(`; ${document.cookie}`.split(`; ${name}=`)[1] as string) || [''])[0] as string;
  const before = read();
  const day = Math.floor(now / DAY_SECONDS);
  const quarter = Math.floor(now / QUARTER_SECONDS);
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number];
  let [, first, last, visit, page, sent, register, rank] = (
    before ? before.split('.').map(Number) : [1, day, 0, 0, 0, 0, high >>> 20, Math.min(32, 1 + Math.clz32(low))]
  ) as Numbers;
  first = Math.min(first, day); // made by a clock that was ahead: its 13 months begin now
  const age = Math.max(0, now - last);
  if (age >= VISIT_SECONDS) {
    visit++;
    page = 0;
  }
  page++;

  /** Whether the browser took it. An empty value deletes. */
  const write = (value: string): boolean => {
    let domain = '';
    // From the shortest suffix: browsers refuse those that are not the site's own (`com`, `co.uk`), but never the host itself.
    return location.hostname
      .split('.')
      .reverse()
      .some((label) => {
        domain = label + (domain && `.${domain}`);
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere, and answers later
        document.cookie = `${name}=${value};domain=${domain};path=/;SameSite=Lax;max-age=${value ? (first + RECORD_DAYS) * DAY_SECONDS - now : 0}${location.protocol[4] === 's' ? ';Secure' : ''}`;
        return read() === value;
      });
  };

  const after = [1, first, now, visit, page, quarter, register, rank].join('.');
  if (!write(after)) return;
  fields.a = before && age;
  fields.f = day - first;
  fields.n = visit;
  fields.g = page;
  if (sent !== quarter) fields.h = `${register}.${rank}`;

  let pagesBefore: string | null;
  try {
    pagesBefore = localStorage.getItem(name);
    // Pages from before the record are another record's.
    const pages = (JSON.parse((before && pagesBefore) || '[]') as Pages).filter((known) => known[1] >= first * DAY_SECONDS);
    const here = path.slice(0, PATH_LENGTH_MAX);
    for (const [known, viewedAt] of pages) {
      if (known === here) fields.b = Math.max(0, now - viewedAt);
      // Another host of the site has a local storage of its own: the last page that it knows need not be the last one viewed.
      if (page > 1 && viewedAt === last) fields.q = fields.q || known;
    }
    localStorage.setItem(name, JSON.stringify([[here, now], ...pages.filter((known) => known[0] !== here)].slice(0, PAGES_MAX)));
  } catch {
    // no local storage, or something else's in it: the ages of single pages are unknown
  }
  return () => {
    if (read() === after) {
      write(before);
      localStorage.setItem(name, pagesBefore || '[]');
    }
  };
}
