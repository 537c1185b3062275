import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import { createPeople } from '../people/people.js';
import { composeTool } from '../process/compose.js';
import type { AuditEntry } from '../store/audit-log.js';
import { auditCommand } from './audit.js';
import { deleteCommands } from './delete.js';
import { personCommands } from './person.js';
import { runCommands } from './run.js';
import { siteCommands } from './site.js';
import { tokenCommands } from './token.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-audit-'));
let run = 0;
let out = '';

beforeEach(() => {
  run++;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function hitherto(...args: string[]): Promise<{ code: number; out: string }> {
  out = '';
  const groups = [siteCommands, tokenCommands, personCommands, deleteCommands, auditCommand];
  const code = await runCommands(groups, ['node', 'hitherto', '--data-dir', join(folder, String(run)), ...args]);
  return { code, out };
}

async function entries(...args: string[]): Promise<AuditEntry[]> {
  return JSON.parse((await hitherto('audit', '--json', '--limit', '100', ...args)).out) as AuditEntry[];
}

it('commands that change something leave an entry each, and others none', async () => {
  await hitherto('site', 'add', 'mine', '--title', 'Mine', '--timezone', 'UTC');
  await hitherto('site', 'add', 'mine', '--title', 'Again', '--timezone', 'UTC');
  await hitherto('site', 'set', 'mine', '--timezone', 'Europe/Berlin');
  await hitherto('site', 'set', 'mine', '--timezone', 'Europe/Berlin');
  await hitherto('site', 'set', 'mine', '--keep', '25-months', '--title', 'New');
  const secret = (await hitherto('token', 'add', '--site', 'mine', '--title', 'CI')).out.trim();
  await hitherto('token', 'add', '--all-sites', '--write');
  await hitherto('token', 'revoke', secret.slice(4, 12));
  await hitherto('token', 'list');
  await hitherto('delete', 'page', 'mine', '/private/anna', '--yes', '--quiet');
  await hitherto('delete', 'period', 'mine', '--from', '2026-01-01', '--to', '2026-01-02', '--dry-run');
  await hitherto('delete', 'site', 'mine', '--yes', '--quiet');
  await hitherto('delete', 'site', 'mine', '--yes', '--quiet');
  const all = await entries();
  expect(all.every(({ who }) => who.kind === 'command-line')).toBe(true);
  expect(all.map(({ action, site }) => `${action} ${site ?? ''}`).reverse()).toEqual([
    'site.created mine',
    'site.timezone mine',
    'site.settings mine',
    'token.created mine',
    'token.created ',
    'token.revoked mine',
    'site.pages-deleted mine',
    'site.deleted mine',
  ]);
  expect(JSON.stringify(all)).not.toMatch(new RegExp(`anna|${secret.slice(12)}`));
  expect(await entries('--site', 'mine')).toHaveLength(7);
});

it('commands about people leave an entry for each thing that they change', async () => {
  await hitherto('site', 'add', 'constructor', '--title', 'Mine', '--timezone', 'UTC');
  const { accounts, close } = await composeTool({ dataDir: join(folder, String(run)) });
  const people = createPeople(accounts, Date.now);
  await people.setUp({ name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' });
  await people.directory.add(personOf('bob', { identity: { issuer: 'https://id.example', subject: 'bob' } }));
  await people.sessions.begin('bob', 'Firefox');
  await close();
  const before = (await entries()).length;
  const link = (await hitherto('person', 'invite', 'eve@example.com', '--site', 'constructor', '--role', 'viewer')).out;
  await hitherto('person', 'invite', 'eve@example.com', '--operator');
  const reset = (await hitherto('person', 'reset', 'bob@example.com')).out;
  for (let n = 0; n < 2; n++) await hitherto('person', 'sign-out', 'bob@example.com');
  for (let n = 0; n < 2; n++)
    await hitherto(
      'person',
      'set',
      'bob@example.com',
      '--operator',
      '--sites-max',
      '5',
      '--site',
      'constructor',
      '--role',
      'owner',
    );
  for (let n = 0; n < 2; n++) await hitherto('person', 'set', 'bob@example.com', '--no-provider');
  for (const language of ['de', 'de', 'none']) await hitherto('person', 'set', 'bob@example.com', '--language', language);
  await hitherto('person', 'set', 'bob@example.com', '--remove-from', 'constructor');
  await hitherto('person', 'remove', 'bob@example.com');
  await hitherto('person', 'remove', 'anna@example.com');
  await hitherto('person', 'remove', 'eve@example.com');
  const all = await entries();
  const lines = (await hitherto('audit', '--limit', '100')).out.trimEnd().split('\n').reverse();
  expect(lines.slice(before).map((line) => line.replace(/^\S+ +/, ''))).toEqual([
    'constructor  A command invited eve@example.com as viewer.',
    'A command invited eve@example.com as an operator.',
    'A command created a link for a new password of Person bob.',
    'A command ended all sessions of Person bob.',
    'constructor  A command added Person bob to the site as owner.',
    'A command made Person bob an operator.',
    'A command changed how many sites Person bob may own from 0 to 5.',
    'A command unlinked the sign-in provider from the account of Person bob.',
    "A command changed the language of Person bob from the browser's to de.",
    "A command changed the language of Person bob from de to the browser's.",
    'A command deleted the account of Person bob.',
    'A command withdrew the invitation of eve@example.com.',
    'A command withdrew the invitation of eve@example.com.',
  ]);
  for (const text of [link, reset]) expect(JSON.stringify(all)).not.toContain(text.trim().split('/').at(-1));
});

it('a site that somebody deletes on a page is recorded as deleted by this person', async () => {
  await hitherto('site', 'add', 'mine', '--title', 'Mine', '--timezone', 'UTC');
  const who = { kind: 'person', id: 'anna', name: '"Anna" \'; --' };
  await hitherto('delete', 'site', 'mine', '--yes', '--quiet', '--recorded-as', JSON.stringify(who));
  expect((await entries())[0]).toMatchObject({ who, action: 'site.deleted', site: 'mine' });
});

it('audit prints a line for each change, the newest first', async () => {
  await hitherto('site', 'add', 'mine', '--title', 'Mine', '--timezone', 'UTC');
  await hitherto('site', 'set', 'mine', '--title', '\u202eenim', '--host', 'mine.example', '--keep-days', '6');
  const { out } = await hitherto('audit');
  const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
  expect(out).toMatch(
    new RegExp(
      `^${time}  mine  A command changed the title from “Mine” to “\\\\u202eenim”, the host names from none to mine\\.example ` +
        `and how long days are kept from the default to 6 months\\.\n${time}  mine  A command created the site\\.\n$`,
    ),
  );
  expect((await hitherto('audit', '--limit', '1')).out.split('\n')).toHaveLength(2);
  expect((await hitherto('audit', '--limit', '0')).code).toBe(2);
  expect((await hitherto('audit', '--site', 'other')).out).toBe('');
});
