// A thread that packs a journal once, away from the counting, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { type PackingOrder, packJournal } from '../journal/packing.js';
import { giveWay } from '../threads/priority.js';

giveWay();
parentPort?.postMessage(await packJournal(workerData as PackingOrder));
