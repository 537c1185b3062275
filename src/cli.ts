#!/usr/bin/env node
// The command line: only wiring. Each group of commands has a file of its own in commands/.
import { archiveCommands } from './commands/archive.js';
import { auditCommand } from './commands/audit.js';
import { backupCommands } from './commands/backup.js';
import { deleteCommands } from './commands/delete.js';
import { importCommand } from './commands/import.js';
import { nodeCommands } from './commands/node.js';
import { watchOutput } from './commands/output.js';
import { personCommands } from './commands/person.js';
import { rebuildCommand } from './commands/rebuild.js';
import { runCommands } from './commands/run.js';
import { siteCommands } from './commands/site.js';
import { siteTransferCommands } from './commands/site-transfer.js';
import { tokenCommands } from './commands/token.js';
import { verifyCommand } from './commands/verify.js';

const end = watchOutput();
const code = await runCommands(
  [
    siteCommands,
    siteTransferCommands,
    tokenCommands,
    personCommands,
    importCommand,
    backupCommands,
    archiveCommands,
    deleteCommands,
    nodeCommands,
    auditCommand,
    verifyCommand,
    rebuildCommand,
  ],
  process.argv,
);
end(code);
