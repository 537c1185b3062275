// hitherto node: which processes take hits, how far each is counted, and giving up one that will not come back.
import type { Command } from 'commander';
import { composeTool } from '../process/compose.js';
import type { NodeRegistry, RegisteredNode } from '../store/nodes.js';
import { CommandFailure, placeOf, table } from './run.js';

export function nodeCommands(program: Command): void {
  const node = program.command('node').description('The nodes that take hits, and how far each is counted.');

  node
    .command('list')
    .description('Every node that was ever heard of.')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }, command: Command) =>
      withNodes(command, async (nodes) => {
        const all = await nodes.list('all');
        process.stdout.write(json ? `${JSON.stringify(all)}\n` : listText(all));
      }),
    );

  node
    .command('retire')
    .argument('<id>', 'the node, as `node list` shows it')
    .description('Give up a node that will not come back: nothing waits any more for what may be on its disk.')
    .action((id: string, _options: object, command: Command) =>
      withNodes(command, async (nodes) => {
        const state = await nodes.get(id);
        if (state?.boot === undefined) throw new CommandFailure(`there is no node "${id}"; hitherto node list shows all`);
        if (await nodes.isRunning(id)) {
          throw new CommandFailure(`node ${id} is running: stop it, and it ends by itself once everything it took is counted`);
        }
        await nodes.end(id, Date.now());
        process.stdout.write(
          `node ${id} is given up (counted until: ${timeText(state.countedUntilMs)}). Should it start again, it goes on where it was.\n`,
        );
      }),
    );
}

async function withNodes(command: Command, act: (nodes: NodeRegistry) => Promise<void>): Promise<void> {
  const { nodes, close } = await composeTool(placeOf(command));
  try {
    await act(nodes);
  } finally {
    await close();
  }
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
