// The names of the columns that contain the facets of a line. They are stored in the segment's header, so that this
// version can read lines of versions with more or fewer facets.

export interface LineColumns {
  /** The fields of views and events after the site and the times. The field `apart` contains all split-off facets. */
  readonly hit: readonly string[];
  /** The additional fields of events. */
  readonly event: readonly string[];
  /** The facets in the field `apart`, in order, with the number of parts of each. */
  readonly apart: Readonly<Record<string, number>>;
}

/** The name of the field that all split-off facets share. */
export const SPLIT_OFF = 'apart';
/** Separates the parts in that field. */
export const PART_SEPARATOR = '|';
/** Kind, site, time or day of receipt, local day, local time. */
export const CORE_FIELDS = 5;
/** The field of a `t` line (observation-line.ts) that contains the split-off facets. */
const TECHNOLOGY_FIELD = 4;

/** The columns of segments of format 2 whose header names none. */
export const UNNAMED_COLUMNS: LineColumns = {
  hit: ['path', 'title', 'referrer', SPLIT_OFF, 'visitor'],
  event: ['event'],
  apart: { technology: 4, sizes: 3, language: 1 },
};

/** The text of the empty value of each column and split-off facet, by name. */
export type EmptyTexts = ReadonlyMap<string, string>;

/**
 * Returns a function that converts lines with the columns `from` to lines with the columns `to`. Missing columns
 * become empty, and unknown columns are dropped. Undefined if the columns are the same.
 */
export function columnMapping(
  from: LineColumns,
  to: LineColumns,
  emptyTexts: EmptyTexts,
): ((line: string) => string) | undefined {
  if (JSON.stringify(from) === JSON.stringify(to)) return undefined;
  const mapSplitOff = splitOffMapping(from.apart, to.apart, emptyTexts);
  const mapHit = (source: readonly string[], target: readonly string[]) => {
    const indexes = target.map((name) => [name, source.indexOf(name)] as const);
    return (fields: readonly string[]): string => {
      const core = fields.slice(0, CORE_FIELDS);
      if (fields.length !== CORE_FIELDS + source.length) return core.join('\t'); // damaged, and remains unreadable
      const mapped = indexes.map(([name, index]) => {
        const text = fields[CORE_FIELDS + index];
        if (index < 0 || text === undefined) return emptyTexts.get(name) ?? '';
        return name === SPLIT_OFF ? mapSplitOff(text) : text;
      });
      return [...core, ...mapped].join('\t');
    };
  };
  const mapView = mapHit(from.hit, to.hit);
  const mapEvent = mapHit([...from.hit, ...from.event], [...to.hit, ...to.event]);
  return (line) => {
    const kind = line[0];
    if (kind !== 'v' && kind !== 'e' && kind !== 't') return line;
    const fields = line.split('\t');
    if (kind !== 't') return kind === 'v' ? mapView(fields) : mapEvent(fields);
    if (fields.length > TECHNOLOGY_FIELD) fields[TECHNOLOGY_FIELD] = mapSplitOff(fields[TECHNOLOGY_FIELD] as string);
    return fields.join('\t');
  };
}

/** As `columnMapping`, for the text of the field `apart`. */
export function splitOffMapping(
  from: LineColumns['apart'],
  to: LineColumns['apart'],
  emptyTexts: EmptyTexts,
): (text: string) => string {
  const ranges = new Map<string, readonly [start: number, end: number]>();
  let start = 0;
  for (const [name, parts] of Object.entries(from)) {
    ranges.set(name, [start, start + parts]);
    start += parts;
  }
  return (text) => {
    if (text === '') return ''; // these facets were split off from the view
    const parts = text.split(PART_SEPARATOR);
    const mapped = Object.keys(to).map((name) => {
      const range = from[name] === to[name] ? ranges.get(name) : undefined;
      return range === undefined ? (emptyTexts.get(name) ?? '') : parts.slice(...range).join(PART_SEPARATOR);
    });
    return mapped.join(PART_SEPARATOR);
  };
}
