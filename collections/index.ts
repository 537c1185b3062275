import { beside, type Collection } from './collection.js';
import { content } from './content/report.js';
import { engagement } from './engagement/report.js';
import { minutes } from './minutes/report.js';
import { pages } from './pages/report.js';
import { referrers } from './referrers/report.js';
import { refusals } from './refusals/report.js';
import { retention } from './retention/report.js';
import { technology } from './technology/report.js';
import { traffic } from './traffic/report.js';
import { visitors } from './visitors/report.js';
import { visits } from './visits/report.js';

export const COLLECTIONS: readonly Collection[] = [
  beside(traffic, visits, visitors, retention, refusals),
  content,
  engagement,
  ...pages,
  referrers,
  technology,
  minutes,
];
