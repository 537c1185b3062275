// A site in a file: gzipped lines of JSON. The first says what the file is, with the site's settings and what was done to its documents;
// each that follows is a document, or a piece of a large one; the last has counts and a checksum, so a file that was cut short is known.
//
//   {"hitherto":"site","format":1,"version":"0.1.0","at":"2026-11-20T…","export":"91c0…","site":{…},"ledger":[…]}
//   {"batch":1,"collection":"traffic.2026","key":"2026-11-20","counters":{…}}
//   {"end":true,"batches":1,"documents":1,"sha256":"…"}
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Counters } from '../counters/counters.js';
import { fromJson, toJson } from '../counters/json.js';
import { partsOfName } from '../documents/port.js';
import type { Site } from '../hit/site.js';
import type { Days } from '../ledger/port.js';
import { linesOf } from '../lines/members.js';

const FORMAT = 1;
const EXPORT = /^[0-9a-f]{16}$/;
/** How the line of a piece begins. */
const PIECE = /^\{"batch":[0-9]+,"collection":"([a-z0-9.]+)","key":"[0-9]{4}(?:-[0-9]{2}){0,2}","counters":/;

export interface LedgerEntry {
  readonly work: string;
  readonly until?: string | undefined;
  readonly days: readonly Days[];
}

export interface Header {
  readonly hitherto: 'site';
  readonly format: typeof FORMAT;
  /** Of the program that wrote it. */
  readonly version: string;
  /** ISO: when the export began. */
  readonly at: string;
  /** 16 hexadecimal digits, at random: of no other export. */
  readonly export: string;
  readonly site: Site;
  readonly ledger: readonly LedgerEntry[];
}

export interface End {
  readonly end: true;
  readonly batches: number;
  readonly documents: number;
  /** Hex; over all lines before, each with its line break. */
  readonly sha256: string;
}

export interface Piece {
  /** From 1, without gaps, in order. No document has two pieces in one. */
  readonly batch: number;
  readonly collection: string;
  /** What follows the site in the document's id: `2026-11-20`. */
  readonly key: string;
  readonly counters: Counters;
}

export function headerLine(fields: Omit<Header, 'hitherto' | 'format'>): string {
  return JSON.stringify({ hitherto: 'site', format: FORMAT, ...fields } satisfies Header);
}

export function pieceLine({ batch, collection, key, counters }: Piece): string {
  return `${JSON.stringify({ batch, collection, key }).slice(0, -1)},"counters":${toJson(counters)}}`;
}

/** Reads the whole file. Throws, in one line, where it is not a whole export of a format that is known here. */
export async function checkFile(path: string): Promise<{ header: Header; end: End }> {
  const hash = createHash('sha256');
  let header: Header | undefined;
  let before: string | undefined;
  let count = 0;
  for await (const line of linesIn(path)) {
    header ??= headerOf(path, line);
    if (before !== undefined) {
      hash.update(`${before}\n`);
      if (count++ > 0) refuseOther(path, before);
    }
    before = line;
  }
  if (header === undefined) throw new Error(`${path} is empty`);
  const end = parsed(path, before ?? '') as Partial<End>;
  if (end.end !== true) throw new Error(`${path} is cut short: its last line is missing; export the site again`);
  if (end.sha256 !== hash.digest('hex')) throw new Error(`${path} is damaged: its checksum differs`);
  return { header, end: end as End };
}

/** Of a file that was checked. `batch` is the first that is wanted. */
export async function* piecesIn(path: string, batch: number): AsyncGenerator<Piece> {
  let isHeader = true;
  for await (const line of linesIn(path)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    // Most of a line is its counters: those of batches that are passed over are not looked at.
    const number = Number(/^\{"batch":([0-9]+),/.exec(line)?.[1] ?? 0);
    if (number === 0 || number < batch) continue;
    const { collection, key, counters } = parsed(path, line) as { collection: string; key: string; counters: unknown };
    yield { batch: number, collection, key, counters: fromJson(counters) };
  }
}

/** Wherever a file comes from: nothing is ever added to what holds no documents. */
function refuseOther(path: string, line: string): void {
  const [, collection = ''] = PIECE.exec(line) ?? [];
  if (partsOfName(collection) === undefined) throw new Error(`${path} is no export of a site: a line of it is no document`);
}

async function* linesIn(path: string): AsyncGenerator<string> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Error(`there is no file ${path}`);
  const source = createReadStream(path);
  const unpacked = source.pipe(createGunzip());
  source.on('error', (error) => unpacked.destroy(error));
  try {
    yield* linesOf(unpacked);
  } catch (error) {
    throw new Error(`${path} cannot be read as a site's export: ${(error as Error).message}`);
  } finally {
    source.destroy();
  }
}

function headerOf(path: string, line: string): Header {
  const header = parsed(path, line) as Partial<Header>;
  if (header.hitherto !== 'site') throw new Error(`${path} is no export of a site`);
  if (header.format !== FORMAT) {
    throw new Error(
      `${path} says format ${header.format}, and this version reads format ${FORMAT}: use the version that wrote it`,
    );
  }
  if (!EXPORT.test(header.export ?? '') || !Array.isArray(header.ledger))
    throw new Error(`${path} is no export of a site: its first line is not whole`);
  return header as Header;
}

function parsed(path: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`${path} is no export of a site, or is damaged: a line of it is no JSON`);
  }
}
