// A line of an access log becomes a hit or a refusal, as a request to the beacon does. The list of reasons is what is left out, in order.
import { createHmac } from 'node:crypto';
import type { Fold } from '../flush/fold.js';
import { addressKey } from '../hit/address.js';
import type { Hit, NotCounted, Referrer } from '../hit/hit.js';
import { type MeasuredSite, createSiteReader } from '../hit/measured.js';
import { parsePage } from '../hit/page.js';
import { hashedPoint } from '../hit/point.js';
import { parseReferrer } from '../hit/referrer.js';
import type { Site } from '../hit/site.js';
import { parseSizes } from '../hit/sizes.js';
import { parseTechnology } from '../hit/technology.js';
import { NO_RECORD } from '../hit/visitor.js';
import { createLineScanner, emptyLine } from './access-log.js';
import { isAsset } from './assets.js';

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
    const pathOf = remembering((target: string) => pathOfTarget(target, measured));
    const referrerOf = remembering((referrer: string) => parseReferrer(referrer, measured.isOwnHost));
    const pointOf = remembering((visitor: string) => {
      const [day = '', address = '', ...agent] = visitor.split('\n');
      return hashedPoint(saltOf(day), site.id, addressKey(address) || address, agent.join('\n'));
    });
    let day = '';

    const refuse = (reason: NotCounted): void => {
      tally.refused[reason] = (tally.refused[reason] ?? 0) + 1;
      fold.refusal({ site: site.id, day: day || measured.calendar.localTime(receivedAtMs).day, receivedAtMs, reason, hits: 1 });
    };

    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('\n', start);
      if (end < 0) break;
      tally.lines++;
      if (scan(text, start, end, line)) {
        const at = measured.calendar.localTime(line.atMs);
        day = at.day;
        if (tally.firstDay === '' || day < tally.firstDay) tally.firstDay = day;
        if (day > tally.lastDay) tally.lastDay = day;
        const path = pathOf(line.target);
        const { technology, bot } = parseTechnology({
          userAgent: line.agent,
          brands: '',
          mobile: '',
          platform: '',
          touch: false,
        });
        const reason = reasonNotToCount(line, path, measured, bot);
        if (reason === undefined) {
          fold.hit(hitOf(site.id, receivedAtMs, line.atMs, at, path, referrerOf(line.referrer), technology));
          const point = pointOf(`${day}\n${line.address}\n${line.agent}`);
          fold.point({ site: site.id, day, receivedAtMs, sketch: 'second', ...point });
          tally.counted++;
        } else {
          refuse(reason);
        }
      } else {
        refuse('unreadable-line');
      }
      start = end + 1;
    }
    return tally;
  };
}

const COUNTED_STATUS = new Set([200, 206, 304]);

function reasonNotToCount(
  { method, status, target, address, host }: ReturnType<typeof emptyLine>,
  path: string,
  measured: MeasuredSite,
  bot: boolean,
): NotCounted | undefined {
  if (method !== 'GET') return 'method';
  if (!COUNTED_STATUS.has(status)) return 'status';
  if (isAsset(withoutQuery(target)) || isAsset(path)) return 'asset';
  if (host !== '' && measured.site.hosts.length > 0 && !measured.isOwnHost(host)) return 'foreign-host';
  if (measured.isExcluded(address)) return 'excluded-address';
  return bot ? 'bot' : undefined;
}

function withoutQuery(target: string): string {
  const question = target.indexOf('?');
  return question < 0 ? target : target.slice(0, question);
}

/** A target is a path, or a whole address when it came through a proxy. */
function pathOfTarget(target: string, { site }: MeasuredSite): string {
  const address = target.startsWith('/') ? `http://-${target}` : target;
  return parsePage(address, site.queryParameters).path;
}

function hitOf(
  site: string,
  receivedAtMs: number,
  atMs: number,
  at: Hit['at'],
  path: string,
  referrer: Referrer,
  technology: Hit['technology'],
): Hit {
  return {
    kind: 'view',
    site,
    receivedAtMs,
    atMs,
    at,
    refersTo: undefined,
    path,
    title: '',
    referrer,
    technology,
    sizes: NO_SIZES,
    language: 'other',
    visitor: NO_RECORD,
    engagement: undefined,
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
