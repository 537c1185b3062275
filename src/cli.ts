#!/usr/bin/env node
// The command line: only wiring. Each group of commands has a file of its own in commands/.
import type { Command } from 'commander';
import { watchOutput } from './commands/output.js';
import { COMMANDS, commandIn, runCommands } from './commands/run.js';

type Group = (program: Command) => void;

const backups = async () => (await import('./commands/backup.js')).backupCommands;

/** Only what is called is loaded: all of them together take as long to load as most commands take to run. */
const GROUPS: Readonly<Record<(typeof COMMANDS)[number], () => Promise<Group>>> = {
  async site() {
    const [{ siteCommands }, { siteTransferCommands }] = await Promise.all([
      import('./commands/site.js'),
      import('./commands/site-transfer.js'),
    ]);
    return (program) => {
      siteCommands(program);
      siteTransferCommands(program);
    };
  },
  token: async () => (await import('./commands/token.js')).tokenCommands,
  share: async () => (await import('./commands/share.js')).shareCommands,
  annotation: async () => (await import('./commands/annotation.js')).annotationCommands,
  person: async () => (await import('./commands/person.js')).personCommands,
  team: async () => (await import('./commands/team.js')).teamCommands,
  import: async () => (await import('./commands/import.js')).importCommand,
  backup: backups,
  restore: backups,
  archive: async () => (await import('./commands/archive.js')).archiveCommands,
  delete: async () => (await import('./commands/delete.js')).deleteCommands,
  node: async () => (await import('./commands/node.js')).nodeCommands,
  audit: async () => (await import('./commands/audit.js')).auditCommand,
  verify: async () => (await import('./commands/verify.js')).verifyCommand,
  rebuild: async () => (await import('./commands/rebuild.js')).rebuildCommand,
};

const end = watchOutput();
const called = commandIn(process.argv);
const loaded = await Promise.all((called === undefined ? COMMANDS : [called]).map((name) => GROUPS[name]()));
end(await runCommands([...new Set(loaded)], process.argv));
