// hitherto node list | retire
import type { Command } from 'commander';
import type { RegisteredNode } from '../store/nodes.js';
import { CommandFailure, table } from './run.js';
import { withTool } from './with-tool.js';

export function nodeCommands(program: Command): void {
  const node = program.command('node').description('The nodes that accept hits, and up to when the hits of each are counted.');

  node
    .command('list')
    .description('List all nodes that have ever run.')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }, command: Command) =>
      withTool(command, async ({ nodes }) => {
        const all = await nodes.list('all');
        process.stdout.write(json ? `${JSON.stringify(all)}\n` : listText(all));
      }),
    );

  node
    .command('retire')
    .argument('<id>', 'the node, as `node list` shows it')
    .description('Retire a node that will not run again, so that nothing waits for the hits on its disk.')
    .action((id: string, _options: object, command: Command) =>
      withTool(command, async ({ nodes }) => {
        const state = await nodes.get(id);
        if (state?.boot === undefined) throw new CommandFailure(`there is no node "${id}"; hitherto node list lists all nodes`);
        if (await nodes.isRunning(id)) {
          throw new CommandFailure(`node ${id} is running; stop it instead, and it ends by itself when all its hits are counted`);
        }
        await nodes.end(id, Date.now());
        process.stdout.write(
          `node ${id} is retired (counted until: ${timeText(state.countedUntilMs)}). ` +
            'If it starts again, it continues where it was.\n',
        );
      }),
    );
}

function listText(nodes: readonly RegisteredNode[]): string {
  const rows = nodes.map(({ id, number, countedUntilMs, endedAtMs }) => [
    id,
    String(number),
    timeText(countedUntilMs),
    endedAtMs === undefined ? '' : timeText(endedAtMs),
  ]);
  return table([['node', 'segments', 'counted until', 'ended'], ...rows]);
}

function timeText(ms: number): string {
  return ms === 0 ? 'never' : new Date(ms).toISOString();
}
