// Reads GoatCounter's CSV export. It has a line with the exact time for each view and event, so its lines are counted as
// hits, like those of a log.
import { parseTechnology } from '../../../hit/agent.js';
import { parseEvent } from '../../../hit/facets/event.js';
import { parseSizes } from '../../../hit/facets/sizes.js';
import { emptyHit, type Hit, type NotCounted, type Referrer, type Technology } from '../../../hit/hit.js';
import { hashedPoint } from '../../../hit/point.js';
import { USUAL_DEVICES } from '../../../hit/tables/platforms.js';
import { cleanText, TITLE_CODEPOINTS_MAX } from '../../../hit/text.js';
import { createDaySalts } from '../day-salts.js';
import { type Columns, columnsOf, dayOf } from './columns.js';
import { pathOf } from './paths.js';
import { referrerAt, referrerNamed } from './referrals.js';
import { browserOf, platformOf } from './technology-names.js';
import type { Entry, Reading, Table, Tool } from './tool.js';

const REPORT = 'hits';
/** The columns of all versions besides the path, whose name begins with the version. */
const COLUMNS = ['Title', 'Event', 'Browser', 'Session', 'Bot', 'Referrer', 'Referrer scheme', 'Screen size', 'Date'];
const VERSIONS = ['1', '2'];

export const goatcounter: Tool = {
  key: 'goatcounter',
  title: 'GoatCounter',
  expected: 'its CSV export (goatcounter-export-….csv.gz), whose header begins with 2Path or 1Path',
  isRemark: () => false,
  emptyLineEndsTable: false,

  table([first = '', ...rest], _fileName, reading) {
    const version = /^(\d+)Path$/.exec(first)?.[1];
    if (version === undefined) return undefined;
    if (!VERSIONS.includes(version))
      return { leftOut: `it has version ${version} of the export's format; versions ${VERSIONS.join(' and ')} are read` };
    const columns = columnsOf(['Path', ...rest]);
    if (!columns.has(...COLUMNS)) return undefined;
    const table = tableOf(columns, version === '1', reading);
    return { ...table, columns: [first, ...table.columns] };
  },
};

type Place =
  | 'path'
  | 'title'
  | 'event'
  | 'agent'
  | 'browser'
  | 'system'
  | 'session'
  | 'bot'
  | 'referrer'
  | 'scheme'
  | 'size'
  | 'date';

function tableOf(columns: Columns, isFirstVersion: boolean, reading: Reading): Table {
  const places: Readonly<Record<Place, number>> = {
    path: columns.find('Path'),
    title: columns.find('Title'),
    event: columns.find('Event'),
    // the first version has the user agent in the column of the browser
    agent: isFirstVersion ? columns.find('Browser') : columns.find('UserAgent', 'User-Agent'),
    browser: isFirstVersion ? -1 : columns.find('Browser'),
    system: columns.find('System'),
    session: columns.find('Session'),
    bot: columns.find('Bot'),
    referrer: columns.find('Referrer'),
    scheme: columns.find('Referrer scheme'),
    size: columns.find('Screen size'),
    date: columns.find('Date'),
  };
  const { measured } = reading;
  const saltOf = createDaySalts(reading.settings.key);
  return {
    columns: [...new Set(Object.values(places).filter((place) => place >= 0))].map((place) => columns.names[place] as string),
    entriesOf(fields) {
      if (fields.length !== columns.names.length) return 'wrong-number-of-fields';
      const of = (place: Place) => fields[places[place]] ?? '';
      const atMs = instantOf(of('date'));
      if (atMs === undefined) return 'no-such-time';
      const at = measured.calendar.localTime(atMs);
      const count: Entry['count'] = (fold, receivedAtMs) => {
        const hit = hitOf(of, { atMs, at, receivedAtMs }, reading);
        const { id: site } = measured.site;
        if (typeof hit === 'string') {
          fold.refusal({ site, day: at.day, receivedAtMs, reason: hit, hits: 1 });
          return hit;
        }
        fold.hit(hit);
        const session = of('session');
        if (hit.kind === 'view' && /[1-9a-z]/i.test(session)) {
          const point = hashedPoint(saltOf(at.day), site, session, '');
          fold.point({ site, day: at.day, receivedAtMs, sketch: 'second', ...point });
        }
        return 'counted';
      };
      return [{ report: REPORT, day: at.day, text: fields.join('\0'), amount: 1, count }];
    },
  };
}

function hitOf(
  of: (place: Place) => string,
  times: Pick<Hit, 'atMs' | 'at' | 'receivedAtMs'>,
  reading: Reading,
): Hit | NotCounted {
  const { site } = reading.measured;
  const { technology, bot } = technologyOf(of('agent'), of('browser'), of('system'));
  if (bot || !['', '0'].includes(of('bot'))) return 'bot';
  const [isEvent, path] = [['true', '1'].includes(of('event')), of('path')];
  const event = isEvent ? parseEvent(path, undefined) : undefined;
  if (isEvent && event === undefined) return 'bad-event';
  return {
    ...emptyHit(),
    ...times,
    kind: isEvent ? 'event' : 'view',
    site: site.id,
    path: isEvent ? '' : pathOf(path.startsWith('/') ? path : `/${path}`, site.queryParameters),
    title: cleanText(of('title'), TITLE_CODEPOINTS_MAX),
    referrer: referrerOf(of('referrer'), of('scheme'), reading),
    technology,
    sizes: parseSizes(widthOf(of('size')), '', ''),
    event,
  };
}

/** Reads `2026-07-09T01:00:00Z`, with any offset and with a space instead of the T. Without an offset it is UTC. */
function instantOf(text: string): number | undefined {
  const [, day = '', time = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:\d\d)?$/.exec(text.trim()) ?? [];
  if (dayOf(day) === undefined) return undefined;
  const atMs = Date.parse(`${day}T${time}${zone}`);
  return Number.isFinite(atMs) ? atMs : undefined;
}

function technologyOf(agent: string, browser: string, system: string): { technology: Technology; bot: boolean } {
  if (agent !== '') return parseTechnology({ userAgent: agent, brands: '', mobile: '', platform: '', touch: false });
  const platform = platformOf(system);
  return { technology: { ...browserOf(browser), platform, device: USUAL_DEVICES.get(platform) ?? 'other' }, bot: false };
}

/** Schemes: `h` an address without its scheme; `g` a name; `c` a campaign, whose source is unknown; `o` others, such as apps. */
function referrerOf(referrer: string, scheme: string, { measured }: Reading): Referrer {
  if (scheme === 'c') return referrerNamed('', measured);
  return scheme === 'h' && referrer !== '' ? referrerAt(referrer, measured) : referrerNamed(referrer, measured);
}

/** The width of `1440,900,2` or `1440x900`; empty if it is 0, which means unknown. */
function widthOf(size: string): string {
  const width = /^(\d+)/.exec(size)?.[1] ?? '';
  return Number(width) > 0 ? width : '';
}
