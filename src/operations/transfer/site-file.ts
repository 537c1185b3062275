// The format of a site file: gzipped lines of JSON. The first line identifies the file and contains the site's settings
// and its ledger. Each of the following lines is a document, or a chunk of a large one. The last line contains counts
// and a checksum, so that a truncated file is recognised.
//
//   {"hitherto":"site","format":1,"version":"0.1.0","at":"2026-11-20T…","export":"91c0…","site":{…},"ledger":[…]}
//   {"batch":1,"collection":"traffic.2026","key":"2026-11-20","counters":{…}}
//   {"end":true,"batches":1,"documents":1,"sha256":"…"}
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { toJson } from '../../counters/codec/json.js';
import type { Counters } from '../../counters/counters.js';
import type { Site } from '../../hit/site.js';
import { documentFromJson } from '../../store/document-metadata.js';
import { isKeyIn } from '../../store/documents.js';
import { siteEntryShape } from '../../store/ledger-shape.js';
import { siteShape } from '../../store/site-shape.js';
import { linesIn, unpacked } from '../../system/unpack.js';
import { parseJson, regularFile, UnusableFile } from '../../system/untrusted-files.js';
import { ANNOTATIONS_OF_SITE_MAX, type Annotation, annotationShape, checkAnnotation } from '../annotations/annotations.js';

const FORMAT = 1;
/** A ledger has one entry for each kind of work and each collection. */
const LEDGER_ENTRIES_MAX = 500;

/** How many characters are read between two checks whether to stop. */
const CHECKED_EVERY = 1024 * 1024;

const whole = z.int().min(0);

/** A file may have been changed by anybody. */
function isValid(note: z.infer<typeof annotationShape>): boolean {
  return 'checked' in checkAnnotation(note);
}

const headerShape = z.object({
  hitherto: z.literal('site'),
  format: z.literal(FORMAT),
  /** The version of the program that wrote it. */
  version: z.string(),
  /** When the export started. */
  at: z.iso.datetime(),
  /** The random id of the export. */
  export: z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits'),
  site: siteShape,
  ledger: z.array(siteEntryShape).max(LEDGER_ENTRIES_MAX),
  /** Absent: there are none, or the version that wrote it had none. */
  annotations: z.array(annotationShape.refine(isValid, 'it is not an annotation')).max(ANNOTATIONS_OF_SITE_MAX).optional(),
});

/** Parsed first, because another format may have another shape. */
const head = z.object({ hitherto: z.literal('site', 'it is not an export of a site'), format: z.unknown() });

const chunkShape = z
  .object({
    /** Batches are numbered from 1 without gaps. A batch contains a document at most once. */
    batch: z.int().min(1),
    collection: z.string(),
    /** The part of the document's id after the site: `2026-11-20`. */
    key: z.string(),
    counters: z.unknown(),
  })
  .refine(({ collection, key }) => isKeyIn(collection, key), 'it is not a document of counters');

const endShape = z.object({
  end: z.literal(true),
  batches: whole,
  documents: whole,
  /** Hexadecimal. The checksum of all earlier lines, each with its line break. */
  sha256: z.string(),
});

export type LedgerEntry = z.infer<typeof siteEntryShape>;
export type End = z.infer<typeof endShape>;
export type Chunk = Omit<z.infer<typeof chunkShape>, 'counters'> & { readonly counters: Counters };
export type Header = Omit<z.infer<typeof headerShape>, 'site' | 'annotations'> & {
  readonly site: Site;
  readonly annotations?: readonly Annotation[] | undefined;
};

export function headerLine(fields: Omit<Header, 'hitherto' | 'format'>): string {
  return JSON.stringify({ hitherto: 'site', format: FORMAT, ...fields } satisfies Header);
}

export function chunkLine({ batch, collection, key, counters }: Chunk): string {
  return `${JSON.stringify({ batch, collection, key }).slice(0, -1)},"counters":${toJson(counters)}}`;
}

/**
 * Reads and checks the whole file. Throws an UnusableFile if it is not a complete export in a known format. Returns
 * undefined if it was stopped.
 */
export async function checkFile(path: string, isStopped: () => boolean): Promise<{ header: Header; end: End } | undefined> {
  const hash = createHash('sha256');
  const check = createChunkCheck(path);
  let header: Header | undefined;
  let before: string | undefined;
  let number = 0;
  let unchecked = 0;
  for await (const line of linesOf(path)) {
    unchecked += line.length;
    if (unchecked > CHECKED_EVERY) {
      if (isStopped()) return undefined;
      unchecked = 0;
    }
    header ??= headerOf(path, line);
    // only the next read tells whether this line is the last
    if (before !== undefined) {
      hash.update(`${before}\n`);
      if (number > 1) check.add(chunkOf(path, before, number));
    }
    before = line;
    number++;
  }
  if (header === undefined || before === undefined) throw new UnusableFile(`${path} is empty`);
  const end = endOf(path, before);
  if (end.sha256 !== hash.digest('hex')) throw new UnusableFile(`${path} is damaged: its checksum differs`);
  check.end(end);
  return { header, end };
}

/** Reads the chunks of a file that was checked, beginning with the given batch. */
export async function* chunksIn(path: string, batch: number): AsyncGenerator<Chunk> {
  let number = 0;
  let before: string | undefined;
  for await (const line of linesOf(path)) {
    if (number > 1) {
      const chunk = chunkOf(path, before as string, number);
      if (chunk.batch >= batch) yield chunk;
    }
    before = line;
    number++;
  }
}

/** Checks what a single line does not show: the order of the batches and the number of documents. */
function createChunkCheck(path: string) {
  let batch = 0;
  let inBatch = new Set<string>();
  const documents = new Set<string>();
  return {
    add(chunk: Chunk): void {
      const name = `${chunk.collection}/${chunk.key}`;
      if (chunk.batch === batch + 1) {
        batch++;
        inBatch = new Set();
      }
      if (chunk.batch !== batch || inBatch.has(name))
        throw new UnusableFile(`${path} is damaged: its batches are out of order, or one of them contains a document twice`);
      inBatch.add(name);
      documents.add(name);
    },
    end(end: End): void {
      // a document without counters has no chunk
      if (end.batches === batch && end.documents >= documents.size) return;
      throw new UnusableFile(`${path} is damaged: its last line does not match its documents`);
    },
  };
}

async function* linesOf(path: string): AsyncGenerator<string> {
  regularFile(path);
  yield* linesIn(path, unpacked(path));
}

function headerOf(path: string, line: string): Header {
  const place = `${path}, line 1,`;
  const { format } = parseJson(place, line, head);
  if (format !== FORMAT)
    throw new UnusableFile(`${path} has another format than this version reads (${FORMAT}): use the version that wrote it`);
  return parseJson(place, line, headerShape) as Header;
}

/** Parses the line only once, so that the validated value is the one that is used. */
function chunkOf(path: string, line: string, number: number): Chunk {
  const place = `${path}, line ${number},`;
  const { batch, collection, key, counters } = parseJson(place, line, chunkShape);
  return { batch, collection, key, counters: documentFromJson(place, counters) };
}

function endOf(path: string, line: string): End {
  try {
    return parseJson(path, line, endShape);
  } catch {
    throw new UnusableFile(`${path} is truncated: its last line is missing; export the site again`);
  }
}
