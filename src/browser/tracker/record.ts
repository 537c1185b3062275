// The browser's own record of its visits. It stays in the browser, and only ages and ordinals are sent. It is a cookie, so
// that `www.` and the bare host share it, and in local storage the times of the last pages viewed on this origin.
import type { Fields } from './send.js';

const DAY_SECONDS = 86_400;
/** A sketch point is sent once per quarter of an hour, since local midnight is on such a boundary in every time zone. */
const QUARTER_SECONDS = 900;
const VISIT_SECONDS = 1800;
/** The shortest 13 months, counted from the first view and never extended. */
const RECORD_DAYS = 393;
const PAGES_MAX = 50;
/** For an escaped path, in which a letter may take nine characters. */
const PATH_LENGTH_MAX = 2048;

/** * The content of the cookie: days, seconds and quarters since 1970, UTC. `sent` is the quarter of the last sketch point.
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
/** Paths with the time of their last view, in seconds since 1970, newest first. */
type Pages = Array<[path: string, viewedAt: number]>;

/** Runs one task at a time across all tabs of this origin, if the browser supports it. The task must not throw. */
export function oneAtATime(name: string, task: () => void): void {
  if (navigator.locks) navigator.locks.request(name, task).catch(task);
  else task();
}

/** * Adds the record's ages and ordinals to `fields` and advances the record; adds nothing if the browser does not keep it.
 * Returns a function that restores the record unless it was advanced again. Throws if cookies are forbidden.
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
  first = Math.min(first, day); // if the clock was ahead when the record was created, its 13 months begin now
  const age = Math.max(0, now - last);
  if (age >= VISIT_SECONDS) {
    visit++;
    page = 0;
  }
  page++;

  /** Returns whether the browser kept the value. An empty value deletes the cookie. */
  const write = (value: string): boolean => {
    let domain = '';
    // from the shortest suffix: browsers refuse public suffixes (`com`, `co.uk`), but never the host itself
    return location.hostname
      .split('.')
      .reverse()
      .some((label) => {
        domain = label + (domain && `.${domain}`);
        const age = value ? (first + RECORD_DAYS) * DAY_SECONDS - now : 0;
        // biome-ignore lint/suspicious/noDocumentCookie: not all browsers have the Cookie Store API, and it is asynchronous
        document.cookie =
          `${name}=${value};domain=${domain};path=/;SameSite=Lax;max-age=${age}` +
          (location.protocol[4] === 's' ? ';Secure' : '');
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
    // pages from before the record belong to another one
    const pages = (JSON.parse((before && pagesBefore) || '[]') as Pages).filter((known) => known[1] >= first * DAY_SECONDS);
    const here = path.slice(0, PATH_LENGTH_MAX);
    for (const [known, viewedAt] of pages) {
      if (known === here) fields.b = Math.max(0, now - viewedAt);
      // each host has its own local storage, whose last page may not be the last one viewed on the site
      if (page > 1 && viewedAt === last) fields.q = fields.q || known;
    }
    localStorage.setItem(name, JSON.stringify([[here, now], ...pages.filter((known) => known[0] !== here)].slice(0, PAGES_MAX)));
  } catch {
    // no local storage, or foreign data in it: the ages of single pages are unknown
  }
  return () => {
    if (read() === after) {
      write(before);
      localStorage.setItem(name, pagesBefore || '[]');
    }
  };
}
