import { type Collection, beside } from './collection.js';
import { content } from './content.js';
import { engagement } from './engagement.js';
import { minutes } from './minutes.js';
import { pages } from './pages.js';
import { referrers } from './referrers.js';
import { refusals } from './refusals.js';
import { retention } from './retention.js';
import { technology } from './technology.js';
import { traffic } from './traffic.js';
import { visitors } from './visitors.js';
import { visits } from './visits.js';

export const COLLECTIONS: readonly Collection[] = [
  beside(traffic, visits, visitors, retention, refusals),
  content,
  engagement,
  ...pages,
  referrers,
  technology,
  minutes,
];
