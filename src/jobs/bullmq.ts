// STUB until the real one is here
import type { Jobs } from './port.js';
import { openLocalJobs } from './local.js';
export function openBullmqJobs(_: object): Jobs { return openLocalJobs({}); }
