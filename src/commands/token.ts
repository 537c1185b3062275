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
  const token = program.command('token').description('Manage tokens, which permit reading sites.');

  token
    .command('add')
    .description('Create a token. Prints its secret, which cannot be shown again.')
    .option('--site <id>', 'a site that it can read; repeatable', collect)
    .option('--all-sites', 'it can read all sites, including future ones')
    .option('--title <title>', 'a note about its purpose', '')
    .action((options: TokenOptions, command: Command) => {
      const sites = options.site ?? [];
      if (sites.length > 0 === (options.allSites === true)) {
        command.error('name the sites that the token can read, with either --site <id> (repeatable) or --all-sites');
      }
      if ([...options.title].length > TITLE_CODEPOINTS_MAX || /\p{Cc}/u.test(options.title)) {
        command.error(`the title of a token must be one line of at most ${TITLE_CODEPOINTS_MAX} characters`);
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
    .description('List the tokens: prefix, day of creation, sites, title.')
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
    .argument('<prefix>', 'the prefix that `token list` shows')
    .description('Revoke a token. Within a second, a running service no longer accepts it.')
    .action((prefix: string, _options: object, command: Command) =>
      withAccounts(command, async (accounts) => {
        if ((await accounts.revokeToken(prefix)) === 'unknown') {
          throw new CommandFailure(`there is no token with the prefix "${prefix}"; \`hitherto token list\` lists all tokens`);
        }
      }),
    );
}
