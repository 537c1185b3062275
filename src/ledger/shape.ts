// What an entry of the ledger looks like, for files that others may have made.
import { z } from 'zod';
import { isDay } from '../hit/dates.js';

/** Ranges that touch are one: there are some by each change of a setting. */
const RANGES_MAX = 1000;

const day = z.string().refine(isDay, 'no day of the calendar');

export const daysShape = z.object({ from: day, to: day }).refine(({ from, to }) => from <= to, 'ends before it begins');

/** Of one site, in one work. */
export const siteEntryShape = z.object({
  work: z.string().regex(/^[a-z][a-z0-9-]{0,99}$/, 'no name of a work'),
  until: day.optional(),
  days: z.array(daysShape).max(RANGES_MAX),
});
