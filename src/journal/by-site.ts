// Orders the lines of a segment so that counting is fastest.
import { countedLine } from './observation-line.js';

/**
 * Groups lines by site, because the counters of one site fit into the processor's cache. Equal presences, which are
 * frequent, become one line with their number.
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
    const site = line.slice(2, line.indexOf('\t', 2)); // the first field is one character, the second is the site
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
