// The schemas of the lines in a backup of a MongoDB database, by collection. A line that does not match is refused;
// fields that are not named here are dropped.
import { z } from 'zod';
import { decode } from '../../counters/codec/codec.js';
import { type Fields, problemOfFields } from '../../counters/codec/fields.js';
import type { Site } from '../../hit/site.js';
import { auditEntryShape } from '../../store/audit-shape.js';
import { keyOf, partsOfName, siteOf } from '../../store/documents.js';
import { daysShape } from '../../store/ledger-shape.js';
import { readSite, timestampShape } from '../../store/site-shape.js';
import { isPeriod } from '../../time/dates.js';
import { formatNamed } from '../import/formats/index.js';

const whole = z.int().min(0);
const text = z.string();
const numbersByName = z.record(text, whole);
const delta = z.custom<Uint8Array>((value) => value instanceof Uint8Array && isDelta(value), 'no counters');

function isDelta(bytes: Uint8Array): boolean {
  try {
    decode(Buffer.from(bytes));
    return true;
  } catch {
    return false;
  }
}

/** Accepts a site with a damaged creation time, which is no reason to refuse the whole backup. */
const site = z.unknown().transform((value, { addIssue }): Site => {
  const id = (value as { id?: unknown } | null)?.id;
  const { site, damaged } = readSite(typeof id === 'string' ? id : '', value);
  if (site !== undefined) return site;
  addIssue({ code: 'custom', message: damaged?.problem ?? 'not a site' });
  return z.NEVER;
});

const counters = z.custom<Fields>().superRefine((value, { addIssue }) => {
  const problem = problemOfFields(value);
  if (problem !== undefined) addIssue({ code: 'custom', message: problem });
});

const deleted = z.union([
  z.object({ kind: z.literal('site') }),
  daysShape.and(z.object({ kind: z.literal('period') })),
  z.object({ kind: z.enum(['page', 'referrer']), pattern: text }),
]);

const day = z.iso.date();

/** How the lines of a log are read. The fields are only used to look for text in a line. */
const layout = z.object({
  format: text.refine((key) => formatNamed(key) !== undefined, 'not a log format'),
  places: z.record(text, text),
  fields: z.unknown(),
  agentless: z.boolean().optional(),
});

const importRecord = z.object({
  id: text,
  site,
  key: text,
  beginnings: z.array(z.object({ bytes: whole, sha256: text })),
  tool: text.optional(),
  format: z.object({ layouts: z.array(layout), envelope: text.optional() }).optional(),
  days: z
    .object({ from: day.optional(), until: day.optional(), without: z.array(z.object({ from: day, to: day })).optional() })
    .optional(),
  members: z.array(text).optional(),
  bytes: whole.optional(),
});

const range = z.object({
  number: z.int().min(1),
  from: whole,
  to: whole,
  report: text.optional(),
  receivedAtMs: timestampShape,
  checksum: whole,
});

/** What a range of a log has counted. */
const trace = z.object({
  number: z.int().min(1),
  skipped: z.array(z.tuple([whole, whole])),
  hours: text,
  views: numbersByName,
});

const document = z.object({ k: numbersByName.default({}), c: counters.default({}) });

const SHAPES: Readonly<Record<string, z.ZodType<object>>> = {
  nodes: z.object({
    number: whole.default(0),
    checksum: whole.default(0),
    countedUntilMs: whole.default(0),
    boot: text.optional(),
    beats: whole.optional(),
    endedAtMs: whole.optional(),
  }),
  setaside: z.object({ reason: text, atMs: whole, delta: delta.nullable() }),
  sites: z.object({ mark: text, site: site.optional() }),
  tombstones: z.union([
    z.object({ number: whole }),
    z.object({
      tombstone: z.object({ id: text, site: text, deleted, receivedUntilMs: whole }),
      obeys: numbersByName.optional(),
      cleaned: numbersByName.optional(),
      finishedAtMs: whole.optional(),
    }),
  ]),
  tokens: z.object({
    hash: z.string().regex(/^[0-9a-f]{64}$/, 'no hash'),
    token: z.object({
      prefix: text,
      title: text,
      sites: z.union([z.literal('all'), z.array(text)]),
      scope: z.enum(['read', 'write']).optional(),
      createdAtMs: timestampShape,
      lastUsedDay: day.optional(),
    }),
  }),
  records: z.object({ mark: text, value: z.looseObject({}) }),
  accounts: z.union([z.object({ number: whole }), z.object({ secret: text, usedBy: text.optional() })]),
  ledger: z.object({ until: text.optional(), days: z.array(daysShape).optional() }),
  imports: z.object({ revision: whole, imports: z.array(importRecord) }),
  'import-ranges': z.object({ range }),
  'import-traces': z.object({ trace }),
  audit: z.object({ stream: text, entry: auditEntryShape }),
};

/** Returns undefined for a collection that this version does not know. */
export function shapeOf(collection: string, id: string): z.ZodType<object> | undefined {
  if (partsOfName(collection) === undefined) return SHAPES[collection];
  return document.refine(() => siteOf(id) !== '' && isPeriod(keyOf(id)), 'its id is not the id of a document');
}
