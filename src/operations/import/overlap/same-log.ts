// Finds the parts of a log that earlier imports of the same log have counted without recording their lines, as
// versions before the recording of lines did. Takes their ranges as a whole, as far as the log has not changed.
import { crc32 } from 'node:zlib';
import type { Imports } from '../../../store/imports.js';
import type { NodeRegistry } from '../../../store/nodes.js';
import { hasBeginningOf } from '../begin.js';
import type { LogStream } from '../log-stream.js';
import type { Part } from './match.js';

export interface LogToCompare {
  readonly site: string;
  /** The import of this log, which is not compared with itself. */
  readonly exceptId: string;
  /** The first bytes of the log. */
  readonly start: Buffer;
  open(): LogStream;
}

export async function untracedParts(
  imports: Pick<Imports, 'begun' | 'range' | 'traces'>,
  nodes: Pick<NodeRegistry, 'get'>,
  { site, exceptId, start, open }: LogToCompare,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const { id, beginnings } of await imports.begun(site)) {
    if (id === exceptId || !hasBeginningOf(start, beginnings)) continue;
    const counted = (await nodes.get(id))?.number ?? 0;
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
