// Adds the changes that commands make to the audit log.
import { createAudit } from '../operations/audit/audit.js';
import type { ToolParts } from '../process/compose.js';
import type { Actor, AuditedChange } from '../store/audit-log.js';

const COMMAND_LINE: Actor = { kind: 'command-line' };

/** Call it after the change was made. An entry that cannot be stored is reported, and the command goes on. */
export async function recordChanges(
  { auditLog, who = COMMAND_LINE }: Pick<ToolParts, 'auditLog'> & { readonly who?: Actor | undefined },
  ...changes: ReadonlyArray<AuditedChange | undefined>
): Promise<void> {
  const onProblem = (problem: string) => void process.stderr.write(`hitherto: ${problem}\n`);
  const audit = createAudit(auditLog, { nowMs: Date.now, onProblem });
  for (const change of changes) await audit.record(who, change);
}
