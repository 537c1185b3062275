// The document kinds and the reports that count into each. A new report has a line here and nowhere else.
import { content } from './content/report.js';
import { type DocumentKind, documentKind, shardedKinds } from './document-kind.js';
import { engagement } from './engagement/report.js';
import { hostnames } from './hostnames/report.js';
import { minutes } from './minutes/report.js';
import { pages, SHARD_LETTERS, shardOf } from './pages/report.js';
import { referrers } from './referrers/report.js';
import { refusals } from './refusals/report.js';
import { retention } from './retention/report.js';
import { technology } from './technology/report.js';
import { traffic } from './traffic/report.js';
import { visitors } from './visitors/report.js';
import { visits } from './visits/report.js';

/** Lists are large, so their days and months are not kept forever. */
const KEEP_LISTS = { day: { months: 3 }, month: { years: 3 } } as const;

export const DOCUMENT_KINDS: readonly DocumentKind[] = [
  documentKind({
    name: 'traffic',
    keep: { day: { years: 3 }, month: 'always' },
    reports: [traffic, visits, visitors, retention, refusals, hostnames],
  }),
  documentKind({ name: 'content', keep: KEEP_LISTS, reports: [content] }),
  documentKind({ name: 'engagement', keep: KEEP_LISTS, reports: [engagement] }),
  ...shardedKinds({ name: 'pages', letters: SHARD_LETTERS, shardOf, keep: { day: { months: 3 } }, reports: [pages] }),
  documentKind({ name: 'referrers', keep: KEEP_LISTS, reports: [referrers] }),
  documentKind({ name: 'technology', keep: KEEP_LISTS, reports: [technology] }),
  documentKind({ name: 'minutes', keep: { day: { months: 2 } }, reports: [minutes] }),
];
