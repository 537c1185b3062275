export type Grain = 'day' | 'month' | 'year';

/** One calendar period of a grain, in the site's time zone. */
export interface CalendarPeriod {
  readonly grain: Grain;
  /** `2026-11-20`, `2026-11` or `2026`. */
  readonly key: string;
}
