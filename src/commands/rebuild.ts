// hitherto rebuild
import type { Command } from 'commander';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { rebuildDay } from '../operations/repair/rebuild.js';
import { composeTool } from '../process/compose.js';
import { whileHeld } from '../store/holds.js';
import { checkedDay, namedSite } from './arguments.js';
import { placeOf } from './run.js';

interface RebuildOptions {
  site: string;
  day: string;
  trustDays?: true;
}

export function rebuildCommand(program: Command): void {
  program
    .command('rebuild')
    .description(
      'Put a finished day right after a fault in counting: its documents become what the journals give, its month the merge of its days.',
    )
    .requiredOption('--site <id>', 'the site')
    .requiredOption('--day <day>', 'the local day, such as 2026-11-20')
    .option('--trust-days', 'the days of the month are all there, though the month holds something else than they do')
    .addHelpText(
      'after',
      '\nFirst of all, let every node run the version that counts rightly. Only a day that is over for 24 hours (pings count so late), and that\nthe journals of all its nodes cover; hitherto verify says which do not. Works while hits come in, and after any failure: run it again.',
    )
    .action(async ({ site: id, day, trustDays }: RebuildOptions, command: Command) => {
      checkedDay(day);
      const { accounts, close, ...tool } = await composeTool(placeOf(command));
      try {
        const parts = { ...tool, collections: DOCUMENT_KINDS, nowMs: Date.now };
        const site = namedSite(accounts, id);
        const { collections } = await whileHeld(tool.holds, `rebuild-${process.pid}`, () =>
          rebuildDay(parts, site, day, trustDays === true),
        );
        process.stdout.write(`${id} ${day} and its month were written anew: ${collections.join(', ')}\n`);
      } finally {
        await close();
      }
    });
}
