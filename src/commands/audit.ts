// hitherto audit
import type { Command } from 'commander';
import { plainSentence } from '../operations/audit/sentence.js';
import type { AuditEntry } from '../store/audit-log.js';
import { table } from './run.js';
import { withTool } from './with-tool.js';

interface AuditOptions {
  site?: string;
  limit: string;
  json?: true;
}

const LIMIT_MAX = 100_000;

export function auditCommand(program: Command): void {
  program
    .command('audit')
    .description('List who changed what, and when, the newest first: sites, settings, tokens, members and accounts.')
    .option('--site <id>', 'only the changes of this site, which may be deleted')
    .option('--limit <number>', 'how many changes', '20')
    .option('--json', 'as JSON')
    .action(({ site, limit, json }: AuditOptions, command: Command) => {
      const number = /^\d{1,6}$/.test(limit) ? Number(limit) : 0;
      if (number < 1 || number > LIMIT_MAX) command.error(`--limit must be a whole number from 1 to ${LIMIT_MAX}`);
      return withTool(command, async ({ auditLog }) => {
        const entries = await auditLog.newest({ ...(site !== undefined && { site }), limit: number });
        process.stdout.write(json ? `${JSON.stringify(entries)}\n` : table(entries.map(rowOf)));
      });
    });
}

function rowOf(entry: AuditEntry): string[] {
  return [new Date(entry.atMs).toISOString(), entry.site ?? '', plainSentence(entry)];
}
