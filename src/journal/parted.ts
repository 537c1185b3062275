// What is parted when lines are packed, since each part is counted without the others: a step into what it tells of
// time and what of pages; a view from what it was viewed with. Without that a visit could be followed from page to
// page by the browser that is rare, or by the seconds.
import { countedLine } from './line.js';

/** `views` and `steps` as several lines; other lines stay as they are. */
export function partedLines(line: string): readonly string[] {
  if (line[0] === 's') return partsOfStep(line);
  return line[0] === 'v' || line[0] === 'e' ? partsOfHit(line) : [line];
}

function partsOfStep(line: string): string[] {
  const [text, times] = countedLine(line);
  const [, site, received, day, hour, seconds, from, to, afterEntry] = text.split('\t');
  const transition = `n\t${site}\t${received}\t${day}\t${from}\t${to}\t${afterEntry}`;
  return [
    `w\t${site}\t${received}\t${day}\t${hour}\t${times}\t${Number(seconds) * times}\t${afterEntry}`,
    times === 1 ? transition : `${transition}\t${times}`,
  ];
}

const MOMENTS_A_DAY = 288;
const FIRST_OF = ['', 'd', 'm', 'y'];

/** An event is counted without its technology. */
function partsOfHit(line: string): string[] {
  const f = line.split('\t');
  const technology = f[8] as string;
  if (technology === '') return [line];
  f[8] = '';
  const hit = f.join('\t');
  if (f[0] === 'e') return [hit];
  const [site, day, path, visitor] = [f[1], f[3], f[5], f[9]];
  const received = Math.floor(Number(f[2]) / MOMENTS_A_DAY);
  const first = visitor === '' || visitor === '-' ? '' : FIRST_OF[Number(visitor) & 3];
  return [
    hit,
    `t\t${site}\t${received}\t${day}\t${technology}\t${first}`,
    `d\t${site}\t${received}\t${day}\t${path}\t${technology.split('|')[3]}`,
  ];
}

/** Pauses of the same hour as one line: how many, and how long together. */
export function joinedPauses(lines: readonly string[]): string[] {
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
