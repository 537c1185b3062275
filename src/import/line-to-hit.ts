// A line of an access log becomes a hit or a refusal, as a request to the beacon does. The list of reasons is what is left out, in order.
import { createHmac } from 'node:crypto';
import type { Fold } from '../flush/fold.js';
import { addressKey } from '../hit/address.js';
import type { Hit, NotCounted, Referrer, Technology } from '../hit/hit.js';
import { type MeasuredSite, createSiteReader } from '../hit/measured.js';
import { type Page, parsePage, withoutWww } from '../hit/page.js';
import { hashedPoint } from '../hit/point.js';
import { parseReferrer } from '../hit/referrer.js';
import type { Site } from '../hit/site.js';
import { parseSizes } from '../hit/sizes.js';
import { parseTechnology } from '../hit/technology.js';
import { NO_RECORD } from '../hit/visitor.js';
import { createLineScanner } from './access-log.js';
import { isAsset } from './assets.js';
import { isEndpoint } from './endpoints.js';
import { type LogLine, emptyLine } from './formats/line.js';

/** What an import was begun with; later ranges of the same log are counted with the same. */
export interface ImportSettings {
  readonly site: Site;
  /** Hex. The salts of days are derived from it. */
  readonly key: string;
}

export interface RangeTally {
  lines: number;
  counted: number;
  refused: Partial<Record<NotCounted, number>>;
  firstDay: string;
  lastDay: string;
}

const NO_SIZES = parseSizes('', '', '');

/** Folds the lines of one range of the log. `text` is whole lines, a character for each byte. */
export function createRangeReader({ site, key }: ImportSettings): (text: string, receivedAtMs: number, fold: Fold) => RangeTally {
  const measured = createSiteReader()(site);
  const scan = createLineScanner();
  const line = emptyLine();
  const saltOf = createSalts(key);

  return (text, receivedAtMs, fold) => {
    const tally: RangeTally = { lines: 0, counted: 0, refused: {}, firstDay: '', lastDay: '' };
    // Kept for one range only: what is remembered are pieces of its text, which would keep all of it alive.
    const pageOf = remembering((target: string) => pageOfTarget(target, measured));
    const referrerOf = remembering((referrer: string) => parseReferrer(referrer, measured.isOwnHost));
    const referrerSeenFrom = remembering((hostAndReferrer: string) => {
      const [host, referrer] = splitOnce(hostAndReferrer);
      return parseReferrer(referrer, (other) => other === withoutWww(host) || measured.isOwnHost(other));
    });
    const pointOf = remembering((visitor: string) => {
      const [day, rest] = splitOnce(visitor);
      const [address, agent] = splitOnce(rest);
      return hashedPoint(saltOf(day), site.id, addressKey(address) || address, agent);
    });
    let dayBefore = '';
    let unreadableFirst = 0;

    const refuse = (reason: NotCounted, day: string, hits: number): void => {
      tally.refused[reason] = (tally.refused[reason] ?? 0) + hits;
      fold.refusal({ site: site.id, day, receivedAtMs, reason, hits });
    };

    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('\n', start);
      if (end < 0) break;
      tally.lines++;
      if (scan(text, start, end, line)) {
        const at = measured.calendar.localTime(line.atMs);
        dayBefore = at.day;
        if (unreadableFirst > 0) refuse('unreadable-line', at.day, unreadableFirst);
        unreadableFirst = 0;
        if (tally.firstDay === '' || at.day < tally.firstDay) tally.firstDay = at.day;
        if (at.day > tally.lastDay) tally.lastDay = at.day;
        const judged = judge(line, measured, pageOf);
        if (typeof judged === 'string') {
          refuse(judged, at.day, 1);
        } else {
          const { page, technology } = judged;
          const host = line.host || page.host;
          // a site that lists no hosts: the one that the log names is its own
          const isListed = host === '' || measured.isOwnHost(host);
          const referrer = isListed ? referrerOf(line.referrer) : referrerSeenFrom(`${host}\n${line.referrer}`);
          fold.hit(hitOf(site.id, receivedAtMs, line.atMs, at, page.path, referrer, technology));
          const point = pointOf(`${at.day}\n${line.address}\n${line.agent}`);
          fold.point({ site: site.id, day: at.day, receivedAtMs, sketch: 'second', ...point });
          tally.counted++;
        }
      } else if (dayBefore === '') {
        unreadableFirst++;
      } else {
        refuse('unreadable-line', dayBefore, 1); // it says no day of its own: that of its neighbours is as near as one can come
      }
      start = end + 1;
    }
    if (unreadableFirst > 0) refuse('unreadable-line', measured.calendar.localTime(receivedAtMs).day, unreadableFirst);
    return tally;
  };
}

const COUNTED_STATUS = new Set([200, 206, 304]);

/** What a line is a view of, or why it is none: the reasons in the order in which they are told, the cheap ones first. */
function judge(
  { method, status, target, address, host, agent, hasAgent }: LogLine,
  measured: MeasuredSite,
  pageOf: (target: string) => Page,
): { page: Page; technology: Technology } | NotCounted {
  if (method !== 'GET') return 'method';
  if (!COUNTED_STATUS.has(status)) return 'status';
  if (isAsset(withoutQuery(target))) return 'asset';
  const page = pageOf(target);
  if (isAsset(withoutQuery(page.path))) return 'asset'; // its ending was written with escapes
  if (isEndpoint(target) || isEndpoint(withoutQuery(page.path))) return 'not-a-page';
  const named = host || page.host;
  if (named !== '' && measured.site.hosts.length > 0 && !measured.isOwnHost(named)) return 'foreign-host';
  if (measured.isExcluded(address)) return 'excluded-address';
  const { technology, bot } = parseTechnology({ userAgent: agent, brands: '', mobile: '', platform: '', touch: false });
  // Where a log has no field for it, an absent agent gives nobody away.
  return bot && hasAgent ? 'bot' : { page, technology };
}

function withoutQuery(target: string): string {
  const question = target.indexOf('?');
  return question < 0 ? target : target.slice(0, question);
}

/** A target is a path, or a whole address when it is asked of a proxy: then it has a host too. */
function pageOfTarget(target: string, { site }: MeasuredSite): Page {
  if (!target.startsWith('/')) return parsePage(target, site.queryParameters);
  const hash = target.indexOf('#'); // browsers do not send fragments: what has one is no route of the site's
  const { path } = parsePage(`http://-${hash < 0 ? target : target.slice(0, hash)}`, site.queryParameters);
  return { host: '', path };
}

/** Two texts that were joined by a line break, of which the first has none. */
function splitOnce(text: string): [string, string] {
  const at = text.indexOf('\n');
  return [text.slice(0, at), text.slice(at + 1)];
}

function hitOf(
  site: string,
  receivedAtMs: number,
  atMs: number,
  at: Hit['at'],
  path: string,
  referrer: Referrer,
  technology: Technology,
): Hit {
  return {
    kind: 'view',
    site,
    receivedAtMs,
    atMs,
    at,
    path,
    title: '',
    referrer,
    technology,
    sizes: NO_SIZES,
    language: 'other',
    visitor: NO_RECORD,
    event: undefined,
  };
}

function createSalts(key: string): (day: string) => Buffer {
  return remembering((day: string) => createHmac('sha256', Buffer.from(key, 'hex')).update(day).digest());
}

function remembering<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      value = make(text);
      known.set(text, value);
    }
    return value;
  };
}
