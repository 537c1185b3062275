// The lines of a segment in the order in which they are counted fastest.
import { countedLine } from './observation-line.js';

/**
 * The same lines, site by site: what is counted for one fits into the processor's cache. Presences, most of which are
 * equal, are one line with their number.
 */
export function linesBySite(lines: readonly string[]): Iterable<readonly string[]> {
  const bySite = new Map<string, string[]>();
  const presences = new Map<string, { times: number; readonly site: string[] }>();
  for (const line of lines) {
    const isPresence = line[0] === 'h';
    const equal = isPresence ? presences.get(line) : undefined;
    if (equal !== undefined) {
      equal.times++;
      continue;
    }
    const site = line.slice(2, line.indexOf('\t', 2)); // the kind of every line is one character, and the site follows it
    let some = bySite.get(site);
    if (some === undefined) {
      some = [];
      bySite.set(site, some);
    }
    if (isPresence) presences.set(line, { times: 1, site: some });
    else some.push(line);
  }
  for (const [line, { times, site }] of presences) {
    const [text, before] = countedLine(line);
    site.push(times * before === 1 ? text : `${text}\t${times * before}`);
  }
  return bySite.values();
}
