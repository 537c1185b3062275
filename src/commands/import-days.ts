// Chooses the days that an import counts: the requested ones, without days that are counted already.
import { createInterface } from 'node:readline/promises';
import type { Site } from '../hit/site.js';
import type { CountedDay } from '../operations/import/counted-days.js';
import { dayOf } from '../operations/import/tools/columns.js';
import { TOOLS } from '../operations/import/tools/index.js';
import type { DayLimits } from '../store/imports.js';
import { createCalendar } from '../time/calendar.js';
import { addDays } from '../time/dates.js';
import type { DayRange } from '../time/day-range.js';
import { CommandFailure } from './run.js';

export interface DayOptions {
  readonly fromDay?: string;
  readonly until?: string;
}

/** Reads the first and the last requested day. Throws a CommandFailure. */
export function askedDays({ fromDay, until }: DayOptions): Pick<DayLimits, 'from' | 'until'> {
  const [from, last] = [dayAsked('--from-day', fromDay), dayAsked('--until', until)];
  if (from !== undefined && last !== undefined && from > last)
    throw new CommandFailure(`--from-day ${from} is after --until ${last}: there is no day to count`);
  return { ...(from && { from }), ...(last && { until: last }) };
}

function dayAsked(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const day = dayOf(text);
  if (day === undefined) throw new CommandFailure(`${option} "${text}" is not a day; write it like 2026-01-31`);
  return day;
}

/**
 * The last local day that is imported from an export: the requested one, or the day before the site was added here,
 * because the site counts by itself from then on. Never a day that is not over.
 */
export function lastDayFor({ timezone, createdAtMs }: Site, until: string | undefined, nowMs: number): string {
  const { localTime } = createCalendar(timezone);
  const yesterday = addDays(localTime(nowMs).day, -1);
  const asked = until ?? addDays(localTime(createdAtMs).day, -1);
  return [asked, yesterday].sort()[0] as string;
}

export interface CountedAlready {
  /** Days counted by the tracker's script, from the first day of the logs on. */
  readonly script: readonly CountedDay[];
  readonly tools: ReadonlyArray<{ readonly tool: string; readonly days: readonly DayRange[] }>;
}

export interface DayChoice {
  /** Undefined: all days are counted. */
  readonly days: DayLimits | undefined;
  readonly warnings: readonly string[];
  /** Asked on a terminal before days are left out. If the answer is no, they are counted. */
  readonly question: string | undefined;
}

/**
 * Chooses the days of logs that are counted: the requested ones, or those before the first day that the script has
 * counted, without days that another tool has counted. `lastDay` is that of the logs; undefined when unknown.
 */
export function daysToCount(
  asked: Pick<DayLimits, 'from' | 'until'>,
  { script, tools }: CountedAlready,
  lastDay: string | undefined,
): DayChoice {
  const isAsked = ({ day }: CountedDay) => day >= (asked.from ?? '') && day <= (asked.until ?? '~');
  const twice = script.filter(isAsked);
  const [first] = twice;
  const warnings: string[] = [];
  let { until } = asked;
  let question: string | undefined;
  if (first !== undefined && (lastDay === undefined || lastDay >= first.day)) {
    const counted = `the script has counted ${daysText(twice)}`;
    if (asked.until === undefined) {
      question = `${counted}. Leave out the log's lines from ${first.day} on, because they are the same views?`;
      warnings.push(
        `${counted}: lines from ${first.day} on are left out, because they are the same views; ` +
          'use --until to choose another last day',
      );
    } else {
      warnings.push(`${counted}: because of --until, the log's lines of these days are counted too, so their views count twice`);
    }
  }
  if (first !== undefined) until ??= addDays(first.day, -1);
  const without = asked.from === undefined && asked.until === undefined ? tools.flatMap(({ days }) => days) : [];
  for (const { tool, days } of tools) {
    const title = TOOLS.find(({ key }) => key === tool)?.title ?? tool;
    const what = days.map(({ from, to }) => (from === to ? from : `${from} to ${to}`)).join(', ');
    warnings.push(
      without.length > 0
        ? `${what} are counted from an export of ${title}: the log's lines of these days are left out; ` +
            'use --from-day and --until to count them'
        : `${what} are counted from an export of ${title}: the log's lines of the requested days are counted too`,
    );
  }
  const days = { ...asked, ...(until !== undefined && { until }), ...(without.length > 0 && { without }) };
  return { days: Object.keys(days).length === 0 ? undefined : days, warnings, question };
}

function daysText(days: readonly CountedDay[]): string {
  const views = days.reduce((sum, { views }) => sum + views, 0);
  const [first, last] = [(days[0] as CountedDay).day, (days.at(-1) as CountedDay).day];
  const range = first === last ? first : `${days.length} days from ${first} to ${last}`;
  return `${range} already (${views.toLocaleString('en')} ${views === 1 ? 'view' : 'views'})`;
}

/** Resolves to true unless the answer is no. Rejects with a CommandFailure at Ctrl-C. */
export async function askedYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const aborted = new AbortController();
  terminal.once('SIGINT', () => aborted.abort());
  try {
    return !/^\s*no?\s*$/i.test(await terminal.question(`${question} [Y/n] `, { signal: aborted.signal }));
  } catch {
    throw new CommandFailure('nothing was counted');
  } finally {
    terminal.close();
  }
}
