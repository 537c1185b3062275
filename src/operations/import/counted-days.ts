// Finds the days of a site that something else than a log has counted: the tracker's script, or another tool through
// its export. The log contains the same views, which would be counted twice.
import { viewsByDay } from '../../../collections/traffic/report.js';
import type { Counters } from '../../counters/counters.js';
import type { Site } from '../../hit/site.js';
import {
  type DocumentCollections,
  type DocumentGroups,
  type DocumentId,
  type DocumentReading,
  keyOf,
  partsOfName,
} from '../../store/documents.js';
import type { Imports } from '../../store/imports.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { addDays, dayOfNumber } from '../../time/dates.js';
import { type DayRange, joinRanges } from '../../time/day-range.js';
import { viewsOfLogs } from './overlap/stored-logs.js';

export interface CountedDay {
  readonly day: string;
  readonly views: number;
}

const DAY_LENGTH = '2026-11-20'.length;
/** How many documents are read at once. */
const READ_MAX = 100;

interface DayViews {
  views: number;
  /** Some visitors have a record in their browser, which proves that the script was there. */
  hasRecord: boolean;
  /** The documents that contain these views. */
  readonly documents: DocumentId[];
}

interface CountedParts {
  readonly imports: Imports;
  readonly documents: DocumentCollections & DocumentReading & DocumentGroups;
  readonly nodes: Pick<NodeRegistry, 'get'>;
}

/** The days from `fromDay` on of which the script has counted views, in order, with the known number of its views. */
export async function daysOfScript(
  { imports, documents, nodes }: CountedParts,
  { id }: Site,
  fromDay: string,
): Promise<CountedDay[]> {
  const days = await trafficOf(documents, id, fromDay);
  const { views: ofLogs, untraced } = await viewsOfLogs(imports, nodes, id);
  const tools = (await imports.begun(id)).flatMap(({ id, tool }) => (tool === undefined ? [] : [id]));
  // imports of which the number of counted views is unknown
  const unsure = new Set([...untraced, ...tools]);
  const found: CountedDay[] = [];
  for (const [day, { views, hasRecord, documents: ids }] of days) {
    const rest = views - (ofLogs.get(day) ?? 0);
    if (hasRecord || (rest > 0 && !(await haveCounted(documents, unsure, ids)))) found.push({ day, views: Math.max(rest, 1) });
  }
  return found.sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Whether one of the imports has counted into one of the documents. */
async function haveCounted(
  documents: DocumentGroups,
  imports: ReadonlySet<string>,
  ids: readonly DocumentId[],
): Promise<boolean> {
  if (imports.size === 0) return false;
  for (const { collection, id } of ids) {
    const [snapshot] = await documents.snapshots(collection, [id]);
    if (snapshot?.imports.some((one) => imports.has(one))) return true;
  }
  return false;
}

/** Reads the documents of days, and those of months whose days have expired. */
async function trafficOf(
  documents: DocumentCollections & DocumentReading,
  site: string,
  fromDay: string,
): Promise<Map<string, DayViews>> {
  const [days, ofMonths] = [new Map<string, DayViews>(), new Map<string, DayViews>()];
  const add = (document: DocumentId, counters: Counters | undefined): void => {
    const into = keyOf(document.id).length === DAY_LENGTH ? days : ofMonths;
    for (const [day, { views, hasRecord }] of counters === undefined ? [] : viewsByDay(counters)) {
      if (day < fromDay) continue;
      const known = into.get(day) ?? { views: 0, hasRecord: false, documents: [] };
      into.set(day, known);
      known.views += views;
      known.hasRecord ||= hasRecord;
      known.documents.push(document);
    }
  };
  for (const collection of await documents.collections()) {
    const parts = partsOfName(collection);
    if (parts?.name !== 'traffic' || parts.year === undefined || parts.year < fromDay.slice(0, 4)) continue;
    let ids: DocumentId[] = [];
    const read = async (): Promise<void> => {
      const found = await documents.read(ids);
      for (const [i, document] of ids.entries()) add(document, found[i]);
      ids = [];
    };
    for await (const id of documents.ids(collection, site)) {
      if (keyOf(id) < fromDay.slice(0, keyOf(id).length)) continue;
      ids.push({ collection, id });
      if (ids.length === READ_MAX) await read();
    }
    await read();
  }
  return new Map([...ofMonths, ...days]);
}

/** Reports of tools that contain all views of a day. */
const WHOLE_REPORTS: readonly string[] = ['views', 'hits'];

/** The days of which other tools have counted all views, by tool. */
export async function daysOfTools(imports: Imports, site: string): Promise<Array<{ tool: string; days: DayRange[] }>> {
  const found: Array<{ tool: string; days: DayRange[] }> = [];
  for (const { id, tool } of await imports.begun(site)) {
    if (tool === undefined) continue;
    const days: DayRange[] = [];
    for (let number = 1; ; number++) {
      const range = await imports.range(id, number);
      if (range === undefined) break;
      const { report = '', from, to } = range;
      if (WHOLE_REPORTS.includes(report)) days.push({ from: dayOfNumber(from), to: addDays(dayOfNumber(to), -1) });
    }
    if (days.length > 0) found.push({ tool, days: joinRanges(days) });
  }
  return found;
}
