// hitherto token add | list | revoke
import type { Command } from 'commander';
import { utcDay } from '../time/dates.js';
import { CommandFailure, collect, table } from './run.js';
import { withAccounts } from './with-tool.js';

const TITLE_CODEPOINTS_MAX = 100;

interface TokenOptions {
  site?: string[];
  allSites?: true;
  title: string;
}

export function tokenCommands(program: Command): void {
  const token = program.command('token').description('Tokens: who may read which sites');

  token
    .command('add')
    .description('Make a token. Prints its secret, this once.')
    .option('--site <id>', 'a site that it reads; repeatable', collect)
    .option('--all-sites', 'it reads all sites, also those made later')
    .option('--title <title>', 'what it is for', '')
    .action((options: TokenOptions, command: Command) => {
      const sites = options.site ?? [];
      if (sites.length > 0 === (options.allSites === true)) {
        command.error('say which sites the token reads: either --site <id> (repeatable) or --all-sites');
      }
      if ([...options.title].length > TITLE_CODEPOINTS_MAX || /\p{Cc}/u.test(options.title)) {
        command.error(`a token's title is one line of at most ${TITLE_CODEPOINTS_MAX} characters`);
      }
      return withAccounts(command, async (accounts) => {
        const unknown = sites.find((id) => accounts.site(id) === undefined);
        if (unknown !== undefined)
          throw new CommandFailure(`there is no site "${unknown}"; add it first with \`hitherto site add\``);
        const { secret } = await accounts.addToken({
          title: options.title,
          sites: options.allSites === true ? 'all' : [...new Set(sites)],
          nowMs: Date.now(),
        });
        process.stdout.write(`${secret}\n`);
      });
    });

  token
    .command('list')
    .description('List the tokens: prefix, day of making, sites, title.')
    .action((_options: object, command: Command) =>
      withAccounts(command, async (accounts) => {
        const rows = accounts
          .tokens()
          .map(({ prefix, createdAtMs, sites, title }) => [
            prefix,
            utcDay(createdAtMs),
            sites === 'all' ? 'all sites' : sites.join(','),
            title,
          ]);
        process.stdout.write(table(rows));
      }),
    );

  token
    .command('revoke')
    .argument('<prefix>', 'as `token list` shows it')
    .description('Revoke a token. It stops working within a second, also in a running service.')
    .action((prefix: string, _options: object, command: Command) =>
      withAccounts(command, async (accounts) => {
        if ((await accounts.revokeToken(prefix)) === 'unknown') {
          throw new CommandFailure(`no token begins with "${prefix}"; \`hitherto token list\` shows those that there are`);
        }
      }),
    );
}
