// Why a request was answered but not counted.

/** The journal, /health, reports and the docs use the same words. */
export const NOT_COUNTED = [
  'unknown-site',
  'foreign-host',
  'local-page',
  'excluded-address',
  'excluded-path',
  'bot',
  'prefetch',
  'stale-ping',
  'bad-event',
  'too-large',
  'method',
  'too-many',
  // These occur only in imported logs.
  'asset',
  'status',
  'unreadable-line',
  'not-a-page',
  'future-line',
] as const;
export type NotCounted = (typeof NOT_COUNTED)[number];

/** Refusals that belong to no site are stored under this id, which is not a valid site id. */
export const NO_SITE = '-';

export interface Refusal {
  readonly site: string;
  readonly day: string;
  readonly receivedAtMs: number;
  readonly reason: NotCounted;
  readonly hits: number;
}
