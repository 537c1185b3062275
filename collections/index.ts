import type { Collection } from './collection.js';
import { content } from './content.js';
import { referrers } from './referrers.js';
import { refusals } from './refusals.js';
import { technology } from './technology.js';
import { traffic } from './traffic.js';
import { visitors } from './visitors.js';

export const COLLECTIONS: readonly Collection[] = [traffic, content, referrers, technology, visitors, refusals];
