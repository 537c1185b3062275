// What earlier imports of the same log have counted of it, where it is not known line by line: they were made before
// that was kept. Their ranges are taken whole, as long as the log is still the same there.
import { crc32 } from 'node:zlib';
import type { Documents } from '../../../store/documents.js';
import type { Imports } from '../../../store/imports.js';
import { hasBeginningOf } from '../begin.js';
import type { LogStream } from '../log-stream.js';
import type { Part } from './match.js';

export async function untracedParts(
  imports: Pick<Imports, 'begun' | 'range' | 'traces'>,
  documents: Pick<Documents, 'node'>,
  site: string,
  exceptId: string,
  start: Buffer,
  open: () => LogStream,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const { id, beginnings } of await imports.begun(site)) {
    if (id === exceptId || !hasBeginningOf(start, beginnings)) continue;
    const counted = (await documents.node(id))?.number ?? 0;
    const traced = new Set((await imports.traces(id)).map(({ number }) => number));
    if (traced.size >= counted) continue;
    const log = open();
    try {
      for (let number = 1; number <= counted; number++) {
        const range = await imports.range(id, number);
        if (range === undefined || crc32(await log.take(range.to - range.from)) !== range.checksum) break;
        if (!traced.has(number)) parts.push([range.from, range.to]);
      }
    } finally {
      log.close();
    }
  }
  return parts.sort(([a], [b]) => a - b);
}
