// Why a request is answered and not counted.

/** The same words stand in the journal, in /health, in reports and in the docs. */
export const NOT_COUNTED = [
  'unknown-site',
  'foreign-host',
  'local-page',
  'excluded-address',
  'bot',
  'prefetch',
  'stale-ping',
  'bad-event',
  'too-large',
  'method',
  'too-many',
  // only from an imported log
  'asset',
  'status',
  'unreadable-line',
  'not-a-page',
  'future-line',
] as const;
export type NotCounted = (typeof NOT_COUNTED)[number];

/** The site under which refusals are kept that belong to no site. It is not a valid site id. */
export const NO_SITE = '-';

export interface Refusal {
  readonly site: string;
  readonly day: string;
  readonly receivedAtMs: number;
  readonly reason: NotCounted;
  readonly hits: number;
}
