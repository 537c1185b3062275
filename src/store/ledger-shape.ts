// Validates entries of the ledger from untrusted files.
import { z } from 'zod';
import { isDay } from '../time/dates.js';

/** Adjacent ranges are joined, so each change of a setting adds only a few. */
const RANGES_MAX = 1000;

const day = z.string().refine(isDay, 'not a day of the calendar');

export const daysShape = z.object({ from: day, to: day }).refine(({ from, to }) => from <= to, 'ends before it begins');

/** The entry of one site for one kind of work. */
export const siteEntryShape = z.object({
  work: z.string().regex(/^[a-z][a-z0-9-]{0,99}$/, 'not a valid name'),
  until: day.optional(),
  days: z.array(daysShape).max(RANGES_MAX),
});
