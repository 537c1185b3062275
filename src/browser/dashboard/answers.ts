// The API's answers. Their types come from the reports' own schemas; nothing of the server is in the bundle.
import type { z } from 'zod';
import type { Answer as ContentBody } from '../../../collections/content/report.js';
import type { Answer as EngagementBody } from '../../../collections/engagement/report.js';
import type { Answer as MinutesBody } from '../../../collections/minutes/report.js';
import type { Answer as PagesBody } from '../../../collections/pages/report.js';
import type { Answer as RefusalsBody } from '../../../collections/refusals/report.js';
import type { Answer as TrafficBody } from '../../../collections/traffic/report.js';
import type { Answer as VisitsBody } from '../../../collections/visits/report.js';
import type { rangeAnswer, reportAnswer } from '../../web/api/answers.js';

/** Local days, both inclusive. Wider than asked for where days are no longer kept. */
export type Range = Pick<z.infer<typeof rangeAnswer>, 'from' | 'to' | 'resolution' | 'expired'>;

/** A report as the API answers it. `compared` is there when a comparison was asked for. */
export type Answered<Body> = z.infer<typeof reportAnswer> & Body & { readonly compared?: Range & Body };

export type Traffic = Answered<TrafficBody>;
export type Visits = Answered<VisitsBody>;
export type Engagement = Answered<EngagementBody>;
export type Minutes = Answered<MinutesBody>;
export type Content = Answered<ContentBody>;
/** One page. */
export type Pages = Answered<PagesBody>;
export type Refusals = Answered<RefusalsBody>;

export type PageRow = Content['rows'][number];
export type ReadingRow = Engagement['rows'][number];
/** What is known of how pages were read: one of them, or all. */
export type Reading = Engagement['total'];

/** A row of a list of views. */
export interface Row {
  readonly key: string;
  readonly title?: string | undefined;
  readonly views: number;
  /** Absent where no row of the list has any. */
  readonly visitors?: number | undefined;
  /** The true number of visitors is not further away than this. */
  readonly visitorsError?: number | undefined;
  /** The true number of views is at least `views` and at most `views` + `error`. */
  readonly error?: number | undefined;
}
