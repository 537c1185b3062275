// hitherto rebuild
import type { Command } from 'commander';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { rebuildDay } from '../operations/repair/rebuild.js';
import { whileHeld } from '../store/holds.js';
import { checkedDay, namedSite } from './arguments.js';
import { withTool } from './with-tool.js';

interface RebuildOptions {
  site: string;
  day: string;
  trustDays?: true;
}

const HELP = `
Before you use it, update every node to a version that counts correctly. A day can be rebuilt 24 hours after its end
(pings arrive until then) if the journals of all its nodes cover it; hitherto verify shows whether they do. It works
while hits are counted. After any failure, run it again.`;

export function rebuildCommand(program: Command): void {
  program
    .command('rebuild')
    .description(
      'Repair a finished day after a fault in counting: count its documents again from the journals, and merge its month ' +
        'again from its days.',
    )
    .requiredOption('--site <id>', 'the site')
    .requiredOption('--day <day>', 'the local day, such as 2026-11-20')
    .option('--trust-days', 'all days of the month exist, even if the month contains something that they do not')
    .addHelpText('after', HELP)
    .action(({ site: id, day, trustDays }: RebuildOptions, command: Command) => {
      checkedDay(day);
      return withTool(command, async ({ accounts, ...tool }) => {
        const parts = { ...tool, kinds: DOCUMENT_KINDS, nowMs: Date.now };
        const site = namedSite(accounts, id);
        const { collections } = await whileHeld(tool.holds, `rebuild-${process.pid}`, () =>
          rebuildDay(parts, site, day, trustDays === true),
        );
        process.stdout.write(`rebuilt ${day} of ${id} and its month: ${collections.join(', ')}\n`);
      });
    });
}
