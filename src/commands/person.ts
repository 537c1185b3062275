// hitherto person list | invite | reset | set | sign-out | remove
import type { Command } from 'commander';
import { isLanguage, LANGUAGES, type Language } from '../language/languages.js';
import { invitationMail, newPasswordMail, passkeysRemovedMail, twoStepOffMail } from '../mail/mails.js';
import { fieldChange, personChanges, personSubject, removalChanges, withdrawalChanges } from '../operations/audit/changes.js';
import type { Grant } from '../people/invitations.js';
import { passkeysOf } from '../people/passkeys.js';
import { RESET_HOURS } from '../people/password-changes.js';
import type { People } from '../people/people.js';
import {
  checkPerson,
  HITS_MAX,
  isHitsMax,
  isSitesMax,
  normalEmail,
  SITE_ROLES,
  SITES_MAX,
  type SiteRole,
} from '../people/person.js';
import type { ToolParts } from '../process/compose.js';
import { usageOfTool } from '../process/tool-reports.js';
import type { Accounts } from '../store/accounts.js';
import { namedPerson, namedSite, unknownPerson } from './arguments.js';
import { openLinks } from './mail-links.js';
import { peopleAsJson, peopleTable } from './people-list.js';
import { recordChanges } from './record-changes.js';
import { CommandFailure, tell } from './run.js';
import { withPeople } from './with-tool.js';

/** Who sends the invitations that are created here. */
const SENDER = 'The operator of this service';

interface GrantOptions {
  operator?: boolean;
  sitesMax?: string;
  hitsMax?: string;
  site?: string;
  role?: string;
}

interface InviteOptions extends GrantOptions {
  mail: boolean;
}

interface SetOptions extends GrantOptions {
  twoStep?: false;
  provider?: false;
  passkeys?: false;
  removeFrom?: string;
  language?: string;
}

export function personCommands(program: Command): void {
  const person = program.command('person').description('Manage the people who sign in, and their roles.');

  person
    .command('list')
    .description(
      'List people and invitations: e-mail address, name, what they may do, the last day on which they signed in or returned, ' +
        'and the hits of their own sites this month.',
    )
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }, command: Command) =>
      withPeople(command, async ({ directory, invitations }, parts) => {
        const usage = usageOfTool(parts);
        const people = await Promise.all(
          directory.all().map(async (person) => ({ person, hits: person.isOperator ? undefined : await usage.hitsOf(person) })),
        );
        const listed = { people, invitations: invitations.pending() };
        process.stdout.write(json ? peopleAsJson(listed) : peopleTable(listed));
      }),
    );

  grantOf(person.command('invite').argument('<email>'))
    .option('--operator', 'an operator may change all sites and all accounts')
    .option('--no-mail', 'only print the link, also if SMTP_URL is set')
    .description(
      'Invite somebody. Prints a link that works once, for 14 days. It also adds rights to an existing account. If SMTP_URL, ' +
        'MAIL_FROM and PUBLIC_URL are set as for the service, the link is also sent by mail.',
    )
    .action((email: string, options: InviteOptions, command: Command) => invite(command, email, options));

  person
    .command('reset')
    .argument('<email>')
    .option('--mail', 'also send the link to this person; needs SMTP_URL, MAIL_FROM and PUBLIC_URL as for the service')
    .description('Let somebody choose a new password. Prints a link that works once, for a day, and replaces earlier ones.')
    .action((email: string, options: { mail?: true }, command: Command) => reset(command, email, options));

  grantOf(person.command('set').argument('<email>'))
    .option('--operator', 'make this person an operator, who may change all sites and all accounts')
    .option('--no-operator', 'this person is no operator any more')
    .option('--remove-from <site>', 'remove this person from the site')
    .option('--no-provider', 'unlink the provider through which this person signs in, and end all sessions of the person')
    .option('--no-two-step', 'switch off two-step sign-in, for somebody who has lost the device and the recovery codes')
    .option(`--language <${LANGUAGES.join('|')}|none>`, 'the language of pages and mails; "none": that of the browser')
    .option('--no-passkeys', 'remove all passkeys of this person, and end all sessions of the person')
    .description('Change what somebody may do, or the language of somebody. Takes effect within a second.')
    .action((email: string, options: SetOptions, command: Command) => set(command, email, options));

  person
    .command('sign-out')
    .argument('<email>')
    .description('End all sessions of a person. The password does not change.')
    .action((email: string, _options: object, command: Command) =>
      withPeople(command, async (people, parts) => {
        const person = namedPerson(people, email);
        await people.sessions.end(person.id, () => true);
        if (person.sessions.length === 0) return;
        await recordChanges(parts, { action: 'person.sessions-ended', subject: personSubject(person) });
      }),
    );

  person
    .command('remove')
    .argument('<email>')
    .description('Delete an account and withdraw invitations to the same address. Sites and tokens remain.')
    .action((email: string, _options: object, command: Command) => remove(command, email));
}

function grantOf(command: Command): Command {
  return command
    .option('--sites-max <number>', `how many sites they may own, from 0 to ${SITES_MAX}`)
    .option('--hits-max <number>', 'how many hits a month their own sites may have before no site can be added; "none": no limit')
    .option('--site <id>', 'a site on which they receive the role')
    .option(`--role <${SITE_ROLES.join('|')}>`, 'their role on that site');
}

async function invite(command: Command, email: string, options: InviteOptions): Promise<void> {
  const { operator = false, sitesMax = 0, hitsMax, role } = checkedOptions(command, options);
  if (!operator && options.sitesMax === undefined && role === undefined) {
    command.error('name at least one right: --sites-max <number>, --site <id> with --role, or --operator');
  }
  const checked = checkPerson({ email });
  if ('problems' in checked) throw new CommandFailure(`"${email}" is not an e-mail address; write it like anna@example.com`);
  await withPeople(command, async ({ invitations }, parts) => {
    const sites = role === undefined ? {} : { [namedSite(parts.accounts, role.site).id]: role.role };
    const grant = { isOperator: operator, sitesMax, hitsMax: hitsMax ?? undefined, sites, invitedBy: SENDER };
    const links = openLinks();
    const secret = await invitations.create({ ...checked.checked, ...grant });
    await recordInvitation(parts, checked.checked.email, grant, role);
    const path = `/invitations/${secret}`;
    links.print(path);
    const invitation = invitations.find(secret);
    if (!options.mail || invitation === undefined) return;
    const titles = Object.keys(sites).flatMap((id) => parts.accounts.site(id)?.title ?? []);
    await links.mail((publicUrl) => invitationMail({ ...invitation, titles }, publicUrl + path).en);
  });
}

async function reset(command: Command, email: string, { mail = false }: { mail?: boolean }): Promise<void> {
  const links = openLinks();
  if (mail && links.noMail !== undefined) throw new CommandFailure(`no mail can be sent: ${links.noMail}`);
  await withPeople(command, async (people, parts) => {
    const person = namedPerson(people, email);
    const path = `/passwords/${await people.passwordChanges.createLink(person.id)}`;
    await recordChanges(parts, { action: 'person.password-link', subject: personSubject(person) });
    links.print(path);
    if (
      !mail ||
      (await links.mail((publicUrl) => newPasswordMail(person, publicUrl + path, RESET_HOURS)[person.language ?? 'en']))
    )
      return;
    throw new CommandFailure('the mail was not sent, but the link works: hand it over yourself');
  });
}

async function recordInvitation(
  parts: ToolParts,
  email: string,
  { isOperator, hitsMax }: Pick<Grant, 'isOperator' | 'hitsMax'>,
  role: NamedRole | undefined,
): Promise<void> {
  const subject = { kind: 'address', email } as const;
  const changes = [
    ...(role === undefined ? [] : [fieldChange('role', undefined, role.role)]),
    ...(isOperator ? [fieldChange('isOperator', undefined, true)] : []),
    ...(hitsMax === undefined ? [] : [fieldChange('hitsMax', undefined, hitsMax)]),
  ];
  const change =
    role === undefined ? { action: 'person.invited' as const } : { action: 'member.invited' as const, site: role.site };
  await recordChanges(parts, { ...change, subject, changes });
}

async function set(command: Command, email: string, options: SetOptions): Promise<void> {
  const { operator, sitesMax, hitsMax, role } = checkedOptions(command, options);
  const { removeFrom, twoStep, provider, passkeys } = options;
  const language = checkedLanguage(command, options);
  const wanted = [operator, sitesMax, hitsMax, role, removeFrom, language];
  const isNothing = wanted.every((one) => one === undefined) && [twoStep, provider, passkeys].every((one) => one !== false);
  if (isNothing) {
    command.error('nothing to change: name at least one option, such as --operator');
  }
  if (role !== undefined && removeFrom !== undefined) command.error('--site and --remove-from cannot be used together');
  const links = twoStep === false || passkeys === false ? openLinks() : undefined;
  await withPeople(command, async (people, parts) => {
    const before = namedPerson(people, email);
    const { id } = before;
    // what may be refused comes first, so that nothing has been changed then
    if (removeFrom !== undefined) await removeMember(people, id, removeFrom, email);
    if (role !== undefined) await setRole(people, parts.accounts, id, role);
    if (operator === false) demandOperatorLeft(await people.operators.demote(id), email);
    if (twoStep === false) await people.twoSteps.switchOff(id);
    if (provider === false) await people.identities.unlink(id);
    if (passkeys === false) await people.passkeys.removeAll(id);
    await people.directory.change(id, (person) => ({
      ...person,
      isOperator: operator ?? person.isOperator,
      sitesMax: sitesMax ?? person.sitesMax,
      hitsMax: hitsMax === undefined ? person.hitsMax : (hitsMax ?? undefined),
      language: language === undefined ? person.language : (language ?? undefined),
    }));
    await recordChanges(parts, ...personChanges(before, people.directory.person(id) ?? before));
    if (twoStep === false && before.twoStep !== undefined)
      await links?.mail((publicUrl) => twoStepOffMail(before, publicUrl)[before.language ?? 'en']);
    if (passkeys !== false || passkeysOf(before).length === 0) return;
    await links?.mail((publicUrl) => passkeysRemovedMail(before, publicUrl)[before.language ?? 'en']);
  });
}

async function setRole(people: People, accounts: Accounts, id: string, { site, role }: NamedRole): Promise<void> {
  namedSite(accounts, site);
  const changed = await people.members.change(site, id, role);
  demandOwnerLeft(changed, site);
  if (changed === 'changed') return;
  await people.directory.change(id, (person) => ({ ...person, sites: { ...person.sites, [site]: role } }));
}

/** The site may have been deleted. */
async function removeMember({ members }: People, id: string, site: string, email: string): Promise<void> {
  const changed = await members.change(site, id, undefined);
  demandOwnerLeft(changed, site);
  if (changed === 'unknown') {
    throw new CommandFailure(`${email} has no role on the site "${site}"; \`hitherto person list\` lists all roles`);
  }
}

async function remove(command: Command, email: string): Promise<void> {
  await withPeople(command, async (people, parts) => {
    const { accounts } = parts;
    const { directory, invitations, members } = people;
    const person = directory.byEmail(email);
    const address = normalEmail(email);
    if (person === undefined) {
      const withdrawn = await invitations.withdrawTo(address);
      if (withdrawn === 0) throw unknownPerson(email);
      return recordChanges(parts, ...withdrawalChanges(address, withdrawn));
    }
    const { outcome, withdrawn } = await people.removeAccount(person);
    demandOperatorLeft(outcome, email);
    await recordChanges(parts, ...removalChanges(person, withdrawn));
    const owned = Object.entries(person.sites).filter(([, role]) => role === 'owner');
    const left = owned.filter(([id]) => accounts.site(id) !== undefined && !members.of(id).some(({ role }) => role === 'owner'));
    for (const [id] of left) {
      tell(
        `${id} has no owner any more, so only operators can change it: hitherto person set … --site ${id} --role owner\n`,
        command,
      );
    }
  });
}

function demandOperatorLeft(outcome: Awaited<ReturnType<People['operators']['demote']>>, email: string): void {
  if (outcome === 'unknown') throw unknownPerson(email);
  if (outcome === 'changed') return;
  throw new CommandFailure(
    `${email} is the only operator; make somebody else an operator first: \`hitherto person set … --operator\``,
  );
}

function demandOwnerLeft(outcome: Awaited<ReturnType<People['members']['change']>>, site: string): void {
  if (outcome !== 'last-owner') return;
  throw new CommandFailure(
    `${site} has no other owner; make somebody else an owner first: \`hitherto person set … --site ${site} --role owner\``,
  );
}

interface NamedRole {
  readonly site: string;
  readonly role: SiteRole;
}

/** Null: none. */
function checkedLanguage(command: Command, { language }: SetOptions): Language | null | undefined {
  if (language === undefined || isLanguage(language)) return language;
  if (language !== 'none') command.error(`--language must be ${LANGUAGES.join(', ')} or none, not "${language}"`);
  return null;
}

function checkedOptions(command: Command, { operator, sitesMax, hitsMax, site, role }: GrantOptions) {
  if (sitesMax !== undefined && !isSitesMax(sitesMax)) {
    command.error(`--sites-max must be a whole number from 0 to ${SITES_MAX}, not "${sitesMax}"`);
  }
  if (hitsMax !== undefined && hitsMax !== 'none' && !isHitsMax(hitsMax)) {
    command.error(`--hits-max must be a whole number from 1 to ${HITS_MAX}, or "none", not "${hitsMax}"`);
  }
  const known = SITE_ROLES.find((one) => one === role);
  if (role !== undefined && known === undefined) command.error(`"${role}" is not a role: use ${SITE_ROLES.join(', ')}`);
  if ((site === undefined) !== (role === undefined)) {
    command.error('--site and --role are needed together: --site my-site --role viewer');
  }
  return {
    operator,
    sitesMax: sitesMax === undefined ? undefined : Number(sitesMax),
    /** Null: no limit. */
    hitsMax: hitsMax === undefined ? undefined : hitsMax === 'none' ? null : Number(hitsMax),
    role: site === undefined || known === undefined ? undefined : ({ site, role: known } satisfies NamedRole),
  };
}
