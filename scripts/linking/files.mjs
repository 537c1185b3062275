// The contents of a service's files, as somebody reads them who has found the disk.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const load = (path) => import(new URL(`../../dist/${path}`, import.meta.url));

const packs = await load('src/journal/packs.js');
const segments = await load('src/journal/segment.js');

/**
 * Whether no segment contains a hit any more: they do until they are counted and packed. May be called while the
 * service runs.
 */
export function isPacked(dataDir) {
  const { segmentsIn, segmentPath } = segments;
  const journal = join(dataDir, 'journal');
  return segmentsIn(journal).every((segment) => {
    try {
      const bytes = readFileSync(segmentPath(journal, segment));
      return bytes.indexOf('\n') === bytes.length - 1; // a header and nothing else
    } catch (error) {
      if (error.code === 'ENOENT') return false; // it was sealed or packed a moment ago, and there may be another by now
      throw error;
    }
  });
}

/** The lines of all packs. */
export async function packedIn(dataDir) {
  const { packedLines, packsIn, readPack } = packs;
  const journal = join(dataDir, 'journal');
  const lines = [];
  for (const name of packsIn(journal)) lines.push(...(await packedLines(readPack(journal, name))));
  return lines;
}

/** Every file below, with its bytes. */
export function bytesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, bytes: readFileSync(path) };
    });
}

export const root = fileURLToPath(new URL('../../', import.meta.url));
