// hitherto token add | list | revoke
import type { Command } from 'commander';
import { tokenChanges } from '../operations/audit/changes.js';
import { addTokenOfSites, isTokenTitle, TOKEN_TITLE_RULE } from '../store/site-tokens.js';
import { utcDay } from '../time/dates.js';
import { recordChanges } from './record-changes.js';
import { CommandFailure, collect, table } from './run.js';
import { withAccounts, withTool } from './with-tool.js';

interface TokenOptions {
  site?: string[];
  allSites?: true;
  write?: true;
  title: string;
}

export function tokenCommands(program: Command): void {
  const token = program.command('token').description('Manage tokens, which permit programs to read sites, or to change them.');

  token
    .command('add')
    .description('Create a token. Prints its secret, which cannot be shown again.')
    .option('--site <id>', 'a site that it can read; repeatable', collect)
    .option('--all-sites', 'it can read all sites, including future ones')
    .option('--write', 'it can also change these sites, their tokens and members; with --all-sites, also create sites')
    .option('--title <title>', 'a note about its purpose', '')
    .action((options: TokenOptions, command: Command) => {
      const sites = options.site ?? [];
      if (sites.length > 0 === (options.allSites === true)) {
        command.error('name the sites that the token can read, with either --site <id> (repeatable) or --all-sites');
      }
      if (!isTokenTitle(options.title)) command.error(TOKEN_TITLE_RULE);
      return withTool(command, async ({ accounts, auditLog }) => {
        const unknown = sites.find((id) => accounts.site(id) === undefined);
        if (unknown !== undefined)
          throw new CommandFailure(`there is no site "${unknown}"; add it first with \`hitherto site add\``);
        const { secret, token } = await addTokenOfSites(accounts, {
          title: options.title,
          sites: options.allSites === true ? 'all' : [...new Set(sites)],
          scope: options.write === true ? 'write' : 'read',
          nowMs: Date.now(),
        });
        await recordChanges({ auditLog }, ...tokenChanges('token.created', token));
        process.stdout.write(`${secret}\n`);
      });
    });

  token
    .command('list')
    .description('List the tokens: prefix, day of creation, sites, scope, last day of use (UTC), title.')
    .action((_options: object, command: Command) =>
      withAccounts(command, async (accounts) => {
        const rows = accounts
          .tokens()
          .map(({ prefix, createdAtMs, sites, scope = 'read', lastUsedDay = '–', title }) => [
            prefix,
            utcDay(createdAtMs),
            sites === 'all' ? 'all sites' : sites.join(','),
            scope,
            lastUsedDay,
            title,
          ]);
        process.stdout.write(table(rows));
      }),
    );

  token
    .command('revoke')
    .argument('<prefix>', 'the prefix that `token list` shows')
    .description('Revoke a token. Within a second, a running service no longer accepts it.')
    .action((prefix: string, _options: object, command: Command) =>
      withTool(command, async ({ accounts, auditLog }) => {
        const token = accounts.tokens().find((one) => one.prefix === prefix);
        if ((await accounts.revokeToken(prefix)) === 'unknown') {
          throw new CommandFailure(`there is no token with the prefix "${prefix}"; \`hitherto token list\` lists all tokens`);
        }
        if (token !== undefined) await recordChanges({ auditLog }, ...tokenChanges('token.revoked', token));
      }),
    );
}
