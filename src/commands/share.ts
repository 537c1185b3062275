// hitherto share list | add | revoke
import type { Command } from 'commander';
import { answersOf } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { shareChange } from '../operations/audit/changes.js';
import { checkShare, endAfterDays, SHARE_DAYS_MAX, SHARE_PASSWORD_CODEPOINTS_MAX } from '../people/share-rules.js';
import { isOver, type Share } from '../people/shares.js';
import { utcDay } from '../time/dates.js';
import { namedSite } from './arguments.js';
import { linkPrinter } from './link-printer.js';
import { recordChanges } from './record-changes.js';
import { CommandFailure, collect, table } from './run.js';
import { withPeople } from './with-tool.js';

interface ShareOptions {
  title: string;
  days: string;
  embed?: true;
  passwordStdin?: true;
  report?: string[];
}

/** By this part of an id, links are listed and revoked. */
const ID_CHARACTERS = 12;

export function shareCommands(program: Command): void {
  const share = program.command('share').description('Manage share links, which show the reports of a site without an account.');

  share
    .command('add')
    .argument('<site>')
    .requiredOption('--title <title>', 'for whom it is')
    .option('--report <name>', 'a report that it shows, or `live`; repeatable (none: everything)', collect)
    .option('--days <number>', `it ends after this number of days, from 1 to ${SHARE_DAYS_MAX}`, '')
    .option('--embed', 'other sites may show it in a frame')
    .option('--password-stdin', 'it needs the password that is on the standard input')
    .description('Create a link. Prints it; it cannot be shown again.')
    .action((site: string, options: ShareOptions, command: Command) => add(command, site, options));

  share
    .command('list')
    .argument('<site>')
    .description('List the links of a site: id, last day, what it shows, whether it needs a password, title.')
    .action((site: string, _options: object, command: Command) =>
      withPeople(command, async ({ shares }, { accounts }) => {
        const now = Date.now();
        process.stdout.write(table(shares.ofSite(namedSite(accounts, site).id).map((one) => rowOf(one, now))));
      }),
    );

  share
    .command('revoke')
    .argument('<site>')
    .argument('<id>', 'the id that `share list` shows')
    .description('Revoke a link. Within a second, it shows nothing any more.')
    .action((site: string, id: string, _options: object, command: Command) =>
      withPeople(command, async ({ shares }, parts) => {
        const found = shares.ofSite(namedSite(parts.accounts, site).id).filter((one) => shortId(one) === id || one.id === id);
        const [share] = found;
        const revoked = share && (await shares.revoke(site, share.id));
        if (revoked === undefined)
          throw new CommandFailure(`${site} has no link with the id "${id}"; \`hitherto share list ${site}\` lists its links`);
        await recordChanges(parts, shareChange('share.revoked', revoked));
      }),
    );
}

async function add(command: Command, id: string, options: ShareOptions): Promise<void> {
  const { title, days, embed = false, report: reports } = options;
  const printLink = linkPrinter();
  const password = options.passwordStdin === true ? await readPassword() : '';
  const given = { title, password, untilMs: endAfterDays(days, Date.now()), mayBeEmbedded: embed, reports };
  const result = checkShare(given, { nowMs: Date.now(), reports: Object.keys(answersOf(DOCUMENT_KINDS)) });
  if ('problem' in result) throw new CommandFailure(result.problem.message);
  await withPeople(command, async ({ shares }, parts) => {
    const share = { site: namedSite(parts.accounts, id).id, ...result.checked };
    const { secret } = await shares.create(share);
    await recordChanges(parts, shareChange('share.created', share));
    printLink(`/share/${secret}/`);
  });
}

/** The first line of the standard input. */
async function readPassword(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.includes('\n') || text.length > 2 * SHARE_PASSWORD_CODEPOINTS_MAX) break;
  }
  const [password = ''] = text.split(/\r?\n/);
  if (password === '') throw new CommandFailure('there is no password on the standard input; write it there, in one line');
  return password;
}

function rowOf(share: Share, nowMs: number): string[] {
  const { title, password, untilMs, mayBeEmbedded, reports } = share;
  const until = untilMs === undefined ? 'no end' : isOver(share, nowMs) ? 'over' : utcDay(untilMs);
  const shown = reports === undefined ? 'everything' : reports.join(',');
  const options = [password !== undefined && 'password', mayBeEmbedded && 'in frames'].filter((one) => one !== false);
  return [shortId(share), until, shown, options.join(', ') || '–', title];
}

function shortId({ id }: Share): string {
  return id.slice(0, ID_CHARACTERS);
}
