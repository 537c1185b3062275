// A site in a file: gzipped lines of JSON. The first says what the file is, with the site's settings and what was
// done to its documents; each that follows is a document, or a piece of a large one; the last has counts and a
// checksum, so a file that was cut short is known.
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

const FORMAT = 1;
/** A site has one entry for each kind of work and each collection. */
const LEDGER_ENTRIES_MAX = 500;

/** How many characters are read before it checks whether it should stop. */
const ASKED_EVERY = 1024 * 1024;

const whole = z.int().min(0);

const headerShape = z.object({
  hitherto: z.literal('site'),
  format: z.literal(FORMAT),
  /** Of the program that wrote it. */
  version: z.string(),
  /** When the export started. */
  at: z.iso.datetime(),
  /** A random id of the export. */
  export: z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits'),
  site: siteShape,
  ledger: z.array(siteEntryShape).max(LEDGER_ENTRIES_MAX),
});

/** Read first, because another format may have another shape. */
const head = z.object({ hitherto: z.literal('site', 'it is not an export of a site'), format: z.unknown() });

const pieceShape = z
  .object({
    /** Numbered from 1, in order, without gaps. A batch has a document at most once. */
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
  /** Hex; over all lines before, each with its line break. */
  sha256: z.string(),
});

export type LedgerEntry = z.infer<typeof siteEntryShape>;
export type End = z.infer<typeof endShape>;
export type Piece = Omit<z.infer<typeof pieceShape>, 'counters'> & { readonly counters: Counters };
export type Header = Omit<z.infer<typeof headerShape>, 'site'> & { readonly site: Site };

export function headerLine(fields: Omit<Header, 'hitherto' | 'format'>): string {
  return JSON.stringify({ hitherto: 'site', format: FORMAT, ...fields } satisfies Header);
}

export function pieceLine({ batch, collection, key, counters }: Piece): string {
  return `${JSON.stringify({ batch, collection, key }).slice(0, -1)},"counters":${toJson(counters)}}`;
}

/**
 * Reads and checks the whole file. Throws an UnusableFile when it is not a complete export in a known format. Returns
 * undefined when it was stopped.
 */
export async function checkFile(path: string, isStopped: () => boolean): Promise<{ header: Header; end: End } | undefined> {
  const hash = createHash('sha256');
  const check = createPieceCheck(path);
  let header: Header | undefined;
  let before: string | undefined;
  let number = 0;
  let unasked = 0;
  for await (const line of linesOf(path)) {
    unasked += line.length;
    if (unasked > ASKED_EVERY) {
      if (isStopped()) return undefined;
      unasked = 0;
    }
    header ??= headerOf(path, line);
    // only the next read tells whether this line is the last
    if (before !== undefined) {
      hash.update(`${before}\n`);
      if (number > 1) check.add(pieceOf(path, before, number));
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

/** Of a file that was checked. `batch` is the first that is wanted. */
export async function* piecesIn(path: string, batch: number): AsyncGenerator<Piece> {
  let number = 0;
  let before: string | undefined;
  for await (const line of linesOf(path)) {
    if (number > 1) {
      const piece = pieceOf(path, before as string, number);
      if (piece.batch >= batch) yield piece;
    }
    before = line;
    number++;
  }
}

/** Checks what no single line shows: the order of the batches and the number of documents. */
function createPieceCheck(path: string) {
  let batch = 0;
  let inBatch = new Set<string>();
  const documents = new Set<string>();
  return {
    add(piece: Piece): void {
      const name = `${piece.collection}/${piece.key}`;
      if (piece.batch === batch + 1) {
        batch++;
        inBatch = new Set();
      }
      if (piece.batch !== batch || inBatch.has(name))
        throw new UnusableFile(`${path} is damaged: its batches are out of order, or one of them has a document twice`);
      inBatch.add(name);
      documents.add(name);
    },
    end(end: End): void {
      // a document without counters has no piece
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
    throw new UnusableFile(`${path} is of another format than this version reads (${FORMAT}): use the version that wrote it`);
  return parseJson(place, line, headerShape) as Header;
}

/** Parses the line once, so what was checked is what is used. */
function pieceOf(path: string, line: string, number: number): Piece {
  const place = `${path}, line ${number},`;
  const { batch, collection, key, counters } = parseJson(place, line, pieceShape);
  return { batch, collection, key, counters: documentFromJson(place, counters) };
}

function endOf(path: string, line: string): End {
  try {
    return parseJson(path, line, endShape);
  } catch {
    throw new UnusableFile(`${path} is cut short: its last line is missing; export the site again`);
  }
}
