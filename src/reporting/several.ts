// Several reports of a site as one JSON object. It is made in the report thread: the main thread only passes its bytes on.
import { createHash } from 'node:crypto';
import type { ReportQuery, SeveralReports } from './port.js';

/** The times up to which a report is complete. They move on although no number has changed. */
const TIMES = /"(asOf|until)":"([^"]*)"/g;

/** `report` makes each of them. */
export async function severalReports(
  report: (query: ReportQuery) => Promise<string>,
  queries: readonly ReportQuery[],
): Promise<SeveralReports> {
  const beganMs = performance.now();
  const texts = await Promise.all(queries.map(report));
  const parts: SeveralReports['parts'][number][] = [];
  const chunks: Uint8Array[] = [];
  let length = 0;
  const add = (text: string): void => {
    const bytes = new TextEncoder().encode(text);
    chunks.push(bytes);
    length += bytes.length;
  };
  for (const [i, text] of texts.entries()) {
    const name = queries[i]?.report as string;
    add(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    const begin = length;
    add(text);
    parts.push({ report: name, begin, end: length, tag: tagOf(text.replaceAll(TIMES, '')) });
  }
  add('}');
  // a buffer of its own, which can be moved to another thread
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return { body, parts, tookMs: performance.now() - beganMs };
}

/** A short tag that is the same for the same text. */
export function tagOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
