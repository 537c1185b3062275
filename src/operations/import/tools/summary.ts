// Summarises an import from another tool.
import type { NotCounted } from '../../../hit/hit.js';
import type { Plan } from './plan.js';
import type { ExportFile } from './read.js';
import type { SurveyedDays } from './survey.js';
import type { LineLeftOut, Tool } from './tool.js';

export interface ReportSummary {
  readonly report: string;
  /** The number of days that this run has counted. */
  readonly days: number;
  /** Empty when there were none. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly lines: number;
  /** The sum of views, visits or visitors. */
  readonly amount: number;
  /** The number of days that were counted before and did not change. */
  readonly daysBefore: number;
}

export interface NumbersSummary {
  readonly tool: string;
  readonly files: readonly ExportFile[];
  readonly reports: readonly ReportSummary[];
  readonly leftOut: Partial<Record<LineLeftOut | NotCounted, number>>;
  /** Days that were counted before from different numbers, and did not change. */
  readonly differing: Plan['differing'];
  /** False when it was stopped; the same command continues it. */
  readonly complete: boolean;
}

/** What this run has counted in a report. */
export interface Tally {
  days: string[];
  lines: number;
  amount: number;
  refused: Partial<Record<NotCounted, number>>;
}

export function addTally(counted: Map<string, Tally>, report: string, { days, lines, amount, refused }: Tally): void {
  const sum = counted.get(report) ?? { days: [], lines: 0, amount: 0, refused: {} };
  counted.set(report, sum);
  sum.days.push(...days);
  sum.lines += lines;
  sum.amount += amount;
  for (const [reason, hits] of Object.entries(refused) as Array<[NotCounted, number]>)
    sum.refused[reason] = (sum.refused[reason] ?? 0) + hits;
}

interface Done {
  readonly tool: Tool;
  readonly files: readonly ExportFile[];
  readonly days: SurveyedDays;
  /** Undefined when it was stopped before planning. */
  readonly plan: Plan | undefined;
  readonly counted: ReadonlyMap<string, Tally>;
  readonly complete: boolean;
}

export function summaryOf({ tool, files, days, plan, counted, complete }: Done): NumbersSummary {
  const leftOut: Partial<Record<LineLeftOut | NotCounted, number>> = {};
  const reasons = [...files.map((file) => file.leftOut), ...[...counted.values()].map(({ refused }) => refused)];
  for (const part of reasons)
    for (const [reason, lines] of Object.entries(part) as Array<[LineLeftOut | NotCounted, number]>)
      leftOut[reason] = (leftOut[reason] ?? 0) + lines;
  const reports = [...days.keys()].sort().map((report): ReportSummary => {
    const { days: names = [], lines = 0, amount = 0 } = counted.get(report) ?? {};
    const sorted = [...names].sort();
    return {
      report,
      days: sorted.length,
      firstDay: sorted[0] ?? '',
      lastDay: sorted.at(-1) ?? '',
      lines,
      amount,
      daysBefore: plan?.before.filter((day) => day.report === report).length ?? 0,
    };
  });
  return { tool: tool.key, files, reports, leftOut, differing: plan?.differing ?? [], complete };
}
