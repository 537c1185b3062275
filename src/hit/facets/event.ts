// A named event with its properties, from untrusted JSON.
import { Dropped, type Facet, textCells } from '../facet.js';
import { cleanText, NAME_CODEPOINTS_MAX, VALUE_CODEPOINTS_MAX } from '../text.js';

export interface SiteEvent {
  readonly name: string;
  readonly properties: ReadonlyArray<readonly [name: string, value: string]>;
}

const NAMELESS = new Dropped('bad-event');

export const event: Facet<'event', SiteEvent | undefined> = {
  name: 'event',
  empty: undefined,
  only: 'event',
  parse({ kind, fields }) {
    return kind === 'event' ? (parseEvent(fields.get('en'), fields.get('ep')) ?? NAMELESS) : undefined;
  },
  column: {
    write: (value) => (value === undefined ? '' : JSON.stringify(value)),
    read: (text) => (text === '' ? undefined : (JSON.parse(text) as SiteEvent)),
    cells: textCells('event'),
  },
};

const PROPERTIES_MAX = 20;
/** All properties together, as JSON. With its page and its name, an event then has less than 4 KB. */
const PROPERTIES_BYTES_MAX = 2048;

/**
 * Returns undefined if there is no name. Properties are omitted if they are not JSON, not a plain value, or exceed the
 * limits above.
 */
export function parseEvent(name: string | undefined, properties: string | undefined): SiteEvent | undefined {
  const cleanName = cleanText(name ?? '', NAME_CODEPOINTS_MAX);
  if (cleanName === '') return undefined;
  return { name: cleanName, properties: parseProperties(properties ?? '') };
}

function parseProperties(json: string): Array<readonly [string, string]> {
  if (json === '') return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return [];
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return [];
  const properties = Object.entries(parsed)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, PROPERTIES_MAX)
    .map(([key, value]) => [cleanText(key, NAME_CODEPOINTS_MAX), cleanText(String(value), VALUE_CODEPOINTS_MAX)] as const);
  let bytes = 0;
  return properties.filter((property) => {
    bytes += Buffer.byteLength(JSON.stringify(property));
    return bytes <= PROPERTIES_BYTES_MAX;
  });
}
