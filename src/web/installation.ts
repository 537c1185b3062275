// Whether hits of a site arrive, and why they are not counted: from its refusals of today and yesterday.
import { z } from 'zod';
import type { Site } from '../hit/site.js';
import { ReportsUnavailable } from '../reporting/port.js';
import { resolvePeriod } from '../time/period.js';
import type { AppParts } from './parts.js';

/** What is read of the refusals report. */
const refusals = z.object({
  total: z.object({ counted: z.number(), refused: z.number() }),
  rows: z.array(z.object({ key: z.string(), hits: z.number() })),
});

export interface Installation {
  readonly counted: number;
  readonly refused: number;
  /** The most frequent first. */
  readonly reasons: ReadonlyArray<{ readonly reason: string; readonly hits: number }>;
  /** Of the last page whose hit was refused as foreign-host, if it is known. */
  readonly foreignHost: string | undefined;
}

export type InstallationParts = Pick<AppParts, 'reports' | 'foreignHosts' | 'nowMs' | 'countedUntilMs' | 'logError'>;

const REASONS_MAX = 20;

/** Of a site that has just been created. */
export const NOTHING_YET: Installation = { counted: 0, refused: 0, reasons: [], foreignHost: undefined };

/** Undefined: it is not known now. Never rejects. */
export async function installationOf(parts: InstallationParts, { id, timezone }: Site): Promise<Installation | undefined> {
  const { reports, foreignHosts, nowMs, countedUntilMs } = parts;
  const { from } = resolvePeriod('yesterday', undefined, timezone, nowMs());
  const { to } = resolvePeriod('today', undefined, timezone, nowMs());
  try {
    const text = await reports.report({
      ...{ report: 'refusals', site: id, timezone, from, to },
      ...{ limit: REASONS_MAX, search: '', page: '', asOfMs: countedUntilMs() },
    });
    const read = refusals.safeParse(JSON.parse(text));
    if (!read.success) return undefined;
    const { total, rows } = read.data;
    const reasons = rows.map(({ key, hits }) => ({ reason: key, hits }));
    return { ...total, reasons, foreignHost: foreignHosts.last(id) };
  } catch (error) {
    if (!(error instanceof ReportsUnavailable)) parts.logError?.(error);
    return undefined;
  }
}
