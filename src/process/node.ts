// Runs this process as a node: takes over the journal in the data folder, and starts to count it.
import { randomBytes } from 'node:crypto';
import { type Counting, startCounting } from '../counting/client.js';
import { type Journal, openJournal } from '../journal/journal.js';
import { startNode } from '../journal/node.js';
import { openRegisters } from '../journal/registers.js';
import { log } from '../system/log.js';
import { builtFile } from '../system/program.js';
import type { ServiceParts } from './compose.js';
import type { Config } from './config.js';
import { journalFolder } from './data-directory.js';
import { withOwnData } from './own-commands.js';
import { retryingRegistry } from './retrying-registry.js';

export interface RunningNode {
  readonly node: string;
  readonly counting: Counting;
  readonly journal: Journal;
}

/** `onFailed` is called when the counter thread has failed. */
export async function startAsNode(
  config: Config,
  { nodes, retry, remarks }: ServiceParts,
  onFailed: (error: Error) => void,
): Promise<RunningNode> {
  const nowMs = Date.now;
  const folder = journalFolder(config.dataDir);
  const boot = randomBytes(8).toString('hex');
  const start = await startNode(folder, boot, retryingRegistry(nodes, retry));
  for (const remark of [...remarks, ...start.remarks]) log(withOwnData(remark, config));
  const { node, left } = start;
  // Nothing waits: the store must know at once, or the time up to which hits are counted would seem to go back for a moment.
  if (left.length === 0) await retry(() => nodes.heartbeat(node, boot, nowMs()));
  const registers = openRegisters(folder);
  const { mongodbUri, dataDir, journalKeepMs, journalKeptBytesMax } = config;
  const counting = startCounting(
    {
      place: { dataDir, mongodbUri },
      journalFolder: folder,
      node,
      boot,
      journalKeepMs,
      journalKeptBytesMax,
      left,
      leftCountedUntilMs: start.countedUntilMs,
    },
    {
      threadUrl: builtFile('src/process/counter-thread.js'),
      registers,
      nowMs,
      onEnded: onFailed,
      onFailed: (reason) => log(`counting failed and is being tried again; hits are stored in the meantime: ${reason}`),
    },
  );
  const journal = openJournal({
    folder,
    registers,
    node,
    number: start.number,
    durability: config.durability,
    uncountedBytesMax: config.journalBytesMax,
    uncountedBytes: left.reduce((sum, { bytes }) => sum + bytes, 0),
    nowMs,
    onClosed: (segment, points) => counting.closed(segment, points),
  });
  counting.watch(journal);
  return { node, counting, journal };
}
