// Splits lines before they are packed. A step becomes a pause (a time, no page) and a transition (pages, no time). A
// view is split from its technology. Otherwise a rare browser or an exact pause could link the views of one person.
// Counting needs only the parts.
import { SPLIT_OFF } from './columns.js';
import { LINE_FORMAT, type LineFormat } from './line-format.js';
import { countedLine } from './observation-line.js';

/** Splits views and steps into several lines, and returns other lines unchanged. */
export function createLineSplitter(format: LineFormat): (line: string) => readonly string[] {
  const splitHit = createHitSplitter(format);
  return (line) => {
    if (line[0] === 's') return splitStep(line);
    return line[0] === 'v' || line[0] === 'e' ? splitHit(line) : [line];
  };
}

function splitStep(line: string): string[] {
  const [text, times] = countedLine(line);
  const [, site, received, day, hour, seconds, from, to, afterEntry] = text.split('\t');
  const transition = `n\t${site}\t${received}\t${day}\t${from}\t${to}\t${afterEntry}`;
  return [
    `w\t${site}\t${received}\t${day}\t${hour}\t${times}\t${Number(seconds) * times}\t${afterEntry}`,
    times === 1 ? transition : `${transition}\t${times}`,
  ];
}

const FIVE_MINUTES_PER_DAY = 288;

/** The technology of an event is dropped, because events are counted without it. */
function createHitSplitter({ fieldIndexOf, createReader }: LineFormat): (line: string) => string[] {
  const splitOffIndex = fieldIndexOf(SPLIT_OFF);
  const reader = createReader();
  return (line) => {
    const fields = line.split('\t');
    const text = fields[splitOffIndex] as string;
    if (text === '') return [line];
    const hit = fields[0] === 'v' ? reader.hit(fields) : undefined;
    fields[splitOffIndex] = '';
    if (hit === undefined) return [fields.join('\t')];
    const received = Math.floor(Number(fields[2]) / FIVE_MINUTES_PER_DAY);
    const seen = `${hit.site}\t${received}\t${hit.at.day}`;
    return [fields.join('\t'), `t\t${seen}\t${text}\t${hit.visitor.first}`, `d\t${seen}\t${hit.path}\t${hit.technology.device}`];
  };
}

/** Sums the pauses of each hour into one line: their number and total length. */
export function sumPauses(lines: readonly string[]): string[] {
  const sums = new Map<string, { readonly f: string[]; pauses: number; seconds: number }>();
  for (const line of lines) {
    const [text, times] = countedLine(line);
    const f = text.split('\t');
    const key = [f[1], f[2], f[3], f[4], f[7]].join('\t');
    let sum = sums.get(key);
    if (sum === undefined) {
      sum = { f, pauses: 0, seconds: 0 };
      sums.set(key, sum);
    }
    sum.pauses += Number(f[5]) * times;
    sum.seconds += Number(f[6]) * times;
  }
  return [...sums.values()].map(({ f, pauses, seconds }) => [...f.slice(0, 5), pauses, seconds, f[7]].join('\t'));
}

export const splitLines = createLineSplitter(LINE_FORMAT);
