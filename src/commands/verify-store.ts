// hitherto verify --store

import type { DataLocation } from '../process/compose.js';
import { withReadTransaction } from '../store/lmdb/environment.js';
import { type VerifiedStore, verifyStore } from '../store/lmdb/file/verify-store.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { visible } from '../system/visible.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { longWork } from './long-work.js';
import { CommandFailure } from './run.js';

const SHOWN_MAX = 50;

export async function verifyWholeStore(json: boolean, { dataDir, mongodbUri }: DataLocation): Promise<void> {
  if (mongodbUri !== undefined) {
    throw new CommandFailure(
      'MongoDB keeps its own checksums and refuses to read damaged data. To check everything, run db.runCommand({ validate: ' +
        '<collection>, full: true }) for each collection, on each member (see docs/operating.md)',
    );
  }
  lowerThreadPriority();
  await withReadTransaction(dataDir, async (path) => {
    const verified = await longWork(false, ({ watch }) => verifyStore(path, watch('reading the store')));
    process.stdout.write(json ? `${JSON.stringify({ file: path, ...verified })}\n` : text(path, verified));
    const { problems, complete } = verified;
    if (problems.length > 0) {
      const places = problems.length === 1 ? '1 place' : `${problems.length} places`;
      throw new CommandFailure(`${path} is damaged in ${places} (listed above); docs/operating.md explains what to do`);
    }
    if (!complete) process.exitCode = EXIT_STOPPED;
  });
}

function text(path: string, { records, withoutChecksum, unknown, problems, complete }: VerifiedStore): string {
  const number = (count: number) => count.toLocaleString('en');
  const shown = problems.slice(0, SHOWN_MAX).map((problem) => `${path}: ${visible(problem)}`);
  const lines = [
    ...shown,
    ...(problems.length > SHOWN_MAX ? [`and ${number(problems.length - SHOWN_MAX)} more`] : []),
    `${path}: ${number(records)} records read${problems.length === 0 && complete ? ', none of them damaged' : ''}`,
    ...(withoutChecksum > 0
      ? [
          `${number(withoutChecksum)} of them have no checksum, because hits were just counted into them or an earlier ` +
            'version wrote them',
        ]
      : []),
    ...(unknown > 0 ? [`${number(unknown)} of them are of a kind that this version does not know`] : []),
    ...(complete ? [] : ['stopped: the rest was not read']),
  ];
  return `${lines.join('\n')}\n`;
}
