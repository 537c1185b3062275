// What a deletion would cover, as JSON: `hitherto delete … --dry-run --json` prints it, and the page that asks before a site is
// deleted reads it from there, since another process counts it.
import { z } from 'zod';
import type { Besides } from './messages.js';
import type { Covered } from './preview.js';

export const deletionPreview = z.object({
  documents: z.number(),
  bytes: z.number(),
  /** Of the lists in these documents. */
  rows: z.number(),
  views: z.number(),
  /** Local days; empty if no document is affected. */
  firstDay: z.string(),
  lastDay: z.string(),
  /** Segments and packs of the journal that are rewritten. Null: each node rewrites its own. */
  segments: z.number().nullable(),
  tokens: z.number(),
  people: z.number(),
  shareLinks: z.number(),
  archives: z.array(z.string()),
  /** Months and years that cannot be changed. */
  incomplete: z.array(z.object({ collection: z.string(), id: z.string() })),
});

export type DeletionPreview = z.infer<typeof deletionPreview>;

export function asJson({ collections, firstDay, lastDay, views, incomplete }: Covered, besides: Besides): DeletionPreview {
  const sum = (field: 'documents' | 'bytes' | 'rows'): number => collections.reduce((total, one) => total + one[field], 0);
  const { tokens, members, shares, archives, segments = null } = besides;
  return {
    ...{ documents: sum('documents'), bytes: sum('bytes'), rows: sum('rows'), views, firstDay, lastDay },
    ...{ segments, tokens, people: members, shareLinks: shares, archives: [...archives], incomplete: [...incomplete] },
  };
}
