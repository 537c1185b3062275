import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { count, viewsBetween } from '../../test/fixtures/several-years.js';
import { composeTool } from '../process/compose.js';
import { utcDay } from '../time/dates.js';
import { summarise } from '../upkeep/summarise.js';
import { archiveCommands } from './archive.js';
import { deleteCommands } from './delete.js';
import { rebuildCommand } from './rebuild.js';
import { runCommands } from './run.js';
import { siteCommands } from './site.js';
import { tokenCommands } from './token.js';
import { verifyCommand } from './verify.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-commands-'));
let run = 0;
let out = '';
let err = '';

beforeEach(() => {
  run++;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    if (!String(text).startsWith('(node:')) err += String(text); // Node's own warnings about how the tests are run
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command line on a data folder that belongs to this test. */
async function hitherto(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  out = '';
  err = '';
  const code = await runCommands(
    [siteCommands, tokenCommands, archiveCommands, deleteCommands, verifyCommand, rebuildCommand],
    ['node', 'hitherto', '--data-dir', join(folder, String(run)), ...args],
  );
  return { code, out, err };
}

const add = (id: string, ...more: string[]) =>
  hitherto('site', 'add', id, '--title', 'Mine', '--timezone', 'Europe/Berlin', ...more);

describe('hitherto site', () => {
  it('add prints only the id', async () => {
    expect(await add('mine')).toEqual({ code: 0, out: 'mine\n', err: '' });
  });

  it('set changes how long days, months and years are stored, individually or with a preset', async () => {
    await add('mine', '--keep-days', '6');
    const kept = async (...args: string[]) => {
      const { code, err } = await hitherto('site', 'set', 'mine', ...args);
      if (code !== 0) return err;
      return JSON.parse((await hitherto('site', 'show', 'mine')).out).keep;
    };
    expect(await kept('--keep-months', 'always')).toEqual({ day: 6, month: 'always' });
    expect(await kept('--keep-days', 'default')).toEqual({ month: 'always' });
    expect(await kept('--keep', '25-months')).toEqual({ month: 24, year: 24 });
    expect(await kept('--title', 'Other')).toEqual({ month: 24, year: 24 });
    expect(await kept('--keep-days', '30')).toContain('Days cannot be kept longer than months');
    expect(await kept('--keep-days', '1')).toContain('is not a valid time to keep days: enter a number of months from 2');
    expect(await kept('--keep-days', 'soon')).toContain('"soon" is not a valid time to keep days');
    expect(await kept('--keep', 'short')).toContain('use --keep 25-months or --keep default');
    expect(await kept('--keep', 'default')).toEqual({});
    const { out } = await hitherto('site', 'set', 'mine', '--keep-days', '2');
    expect(out).toMatch(/content +\d{4}-\d\d-\d\d +\d{4}-\d\d +always\n/);
    expect(out).toContain('permanently removes everything older');
  });

  it('show prints the settings that were added', async () => {
    await add(
      'mine',
      '--host',
      'a.example',
      '--host',
      '*.b.example',
      '--exclude',
      '10.0.0.0/8',
      '--storage',
      'none',
      ...['--exclude-path', '/admin/*', '--exclude-path', '/preview', '--exclude-referrer', '*.pay.example'],
      '--signals',
      'ignored',
    );
    const { out } = await hitherto('site', 'show', 'mine');
    expect(JSON.parse(out)).toEqual({
      id: 'mine',
      title: 'Mine',
      timezone: 'Europe/Berlin',
      hosts: ['a.example', '*.b.example'],
      excludedAddresses: ['10.0.0.0/8'],
      excludedPaths: ['/admin/*', '/preview'],
      excludedReferrers: ['*.pay.example'],
      queryParameters: [],
      storage: 'none',
      signals: 'ignored',
      keep: {},
      createdAt: expect.any(String),
    });
  });

  it('show prints host names in Unicode', async () => {
    await add('mine', '--host', 'xn--mller-kva.example', '--host', '*.MÜLLER.example.', '--host', 'gооgle.example');
    const { hosts } = JSON.parse((await hitherto('site', 'show', 'mine')).out);
    expect(hosts).toEqual(['müller.example', '*.müller.example', 'xn--ggle-55da.example']);
  });

  it('set changes only the named settings; an empty text empties a list', async () => {
    await add('mine', '--host', 'a.example', '--query-parameter', 'page');
    expect(await hitherto('site', 'set', 'mine', '--title', 'New', '--host', '')).toEqual({ code: 0, out: '', err: '' });
    const { out } = await hitherto('site', 'show', 'mine');
    expect(JSON.parse(out)).toMatchObject({ title: 'New', timezone: 'Europe/Berlin', hosts: [], queryParameters: ['page'] });
  });

  it('set --timezone explains the effect on the days of the change', async () => {
    await add('mine');
    const { code, out, err } = await hitherto('site', 'set', 'mine', '--timezone', 'Asia/Tokyo');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^From now on, days and hours are counted in Asia\/Tokyo\. [^\n]*\nIts time leaps forward by [78] hours: /,
    );
    expect((await hitherto('site', 'set', 'mine', '--timezone', 'Asia/Tokyo')).out).toBe('');
    const { ledger, close } = await composeTool({ dataDir: join(folder, String(run)) });
    const [days] = await ledger.days('rezoned', 'mine');
    const today = utcDay(Date.now());
    expect((days?.from as string) < today && (days?.to as string) >= today).toBe(true);
    await close();
  });

  it('set --dry-run says what the change would do, and changes nothing', async () => {
    await add('mine');
    const set = (...options: string[]) => hitherto('site', 'set', 'mine', '--dry-run', ...options);
    const { code, out } = await set('--timezone', 'Africa/Johannesburg', '--keep-days', '12');
    expect(code).toBe(0);
    expect(out).toMatch(/^kept since .*\n[\s\S]*\nFrom now on, days and hours are counted in Africa\/Johannesburg\./);
    expect(out).toMatch(/\nNothing was changed\.\n$/);
    expect(await set('--title', 'New')).toEqual({ code: 0, out: 'Nothing was changed.\n', err: '' });
    expect((await set('--timezone', 'Nowhere')).code).toBe(1);
    const { timezone, title, keep } = JSON.parse((await hitherto('site', 'show', 'mine')).out);
    expect({ timezone, title, keep }).toEqual({ timezone: 'Europe/Berlin', title: 'Mine', keep: {} });
  });

  it('list prints one line for each site', async () => {
    await add('zoo');
    await add('apple-tree');
    expect((await hitherto('site', 'list')).out).toBe('apple-tree  Europe/Berlin  Mine\nzoo         Europe/Berlin  Mine\n');
  });

  it.each([
    ['an id that is taken', ['site', 'add', 'mine', '--title', 'x', '--timezone', 'UTC'], 1, /"mine" is or was a site/],
    ['no time zone', ['site', 'add', 'other', '--title', 'x'], 1, /time zone/],
    [
      'an invalid time zone',
      ['site', 'add', 'other', '--title', 'x', '--timezone', 'Nowhere'],
      1,
      /"Nowhere" is not a time zone/,
    ],
    ['two mistakes', ['site', 'add', 'A', '--title', 'x', '--timezone', 'Nowhere'], 1, /"A" cannot.*"Nowhere"/],
    ['an unknown site', ['site', 'show', 'nowhere'], 1, /there is no site "nowhere"/],
    ['nothing to change', ['site', 'set', 'mine'], 1, /nothing to change/],
    ['no id', ['site', 'add'], 2, /missing required argument/],
    ['an unknown option', ['site', 'list', '--colour'], 2, /unknown option/],
    ['an unknown command', ['sit'], 2, /unknown command/],
    ['a token for no site', ['token', 'add'], 2, /--site <id>/],
    ['a token for all and for one', ['token', 'add', '--all-sites', '--site', 'mine'], 2, /--all-sites/],
    ['a token for an unknown site', ['token', 'add', '--site', 'nowhere'], 1, /there is no site "nowhere"/],
    ['an invalid day', ['verify', '--day', '2026-02-30'], 1, /"2026-02-30" is not a day/],
    ['rebuilding a day of an unknown site', ['rebuild', '--site', 'nowhere', '--day', '2026-02-20'], 1, /no site "nowhere"/],
    ['an unknown prefix', ['token', 'revoke', 'nothing'], 1, /there is no token with the prefix "nothing"/],
  ])('%s gives one line on stderr', async (_what, args, code, message) => {
    await add('mine');
    const outcome = await hitherto(...args);
    expect(outcome).toEqual({ code, out: '', err: expect.stringMatching(message) });
    expect(outcome.err).toMatch(/^hitherto: [^\n]+\n$/);
  });

  it('--version prints the version', async () => {
    expect(await hitherto('--version')).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
  });

  it.each([
    [[]],
    [['site']],
    [['site', 'add']],
    [['site', 'set']],
    [['token']],
    [['token', 'add']],
    [['token', 'revoke']],
    [['verify']],
    [['rebuild']],
  ])('%j --help prints the usage', async (args) => {
    expect(await hitherto(...args, '--help')).toEqual({ code: 0, out: expect.stringMatching(/^Usage: hitherto/), err: '' });
  });
});

describe('hitherto token', () => {
  it('add prints only the secret, which can be used immediately', async () => {
    await add('mine');
    const { code, out, err } = await hitherto('token', 'add', '--site', 'mine', '--title', 'for the wall');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^hit_[A-Za-z0-9_-]{43}\n$/);
    const { accounts, close } = await composeTool({ dataDir: join(folder, String(run)) });
    expect(accounts.token(out.trim())).toMatchObject({ sites: ['mine'], title: 'for the wall' });
    await close();
  });

  it('add makes a token that may only read, or with --write one that may change the sites', async () => {
    await add('mine');
    const read = (await hitherto('token', 'add', '--site', 'mine')).out.trim();
    const write = (await hitherto('token', 'add', '--site', 'mine', '--write')).out.trim();
    const { accounts, close } = await composeTool({ dataDir: join(folder, String(run)) });
    expect([read, write].map((secret) => accounts.token(secret)?.scope)).toEqual([undefined, 'write']);
    await close();
    expect((await hitherto('token', 'list')).out).toMatch(/mine {2}read +–\n.*mine {2}write +–\n$/);
  });

  it('list shows prefixes, never secrets, and revoke accepts a prefix', async () => {
    const secret = (await hitherto('token', 'add', '--all-sites', '--title', 'all')).out.trim();
    const prefix = secret.slice(4, 12);
    const listed = (await hitherto('token', 'list')).out;
    expect(listed).toMatch(/all sites {2}read {2}– {2}all\n$/);
    expect(listed).toContain(prefix);
    expect(listed).not.toContain(secret.slice(12));
    expect((await hitherto('token', 'revoke', prefix)).code).toBe(0);
    expect((await hitherto('token', 'list')).out).toBe('');
  });
});

describe('hitherto archive', () => {
  it('archives a closed and summarised year, lists it, restores it and removes it again', async () => {
    await add('one');
    const { documents, ledger, close } = await composeTool({ dataDir: join(folder, String(run)) });
    await count(documents, viewsBetween('2019-01-01', '2019-12-31', 30));
    expect(await hitherto('archive', 'write', '2019')).toMatchObject({
      code: 1,
      err: expect.stringContaining('must be summarised first'),
    });
    for (const name of await documents.collections()) {
      await summarise({ documents, ledger, kinds: DOCUMENT_KINDS, sites: ['one'], isStopped: () => false }, name);
    }
    expect((await hitherto('archive', 'list')).out).toContain('there are no archives');
    expect(await hitherto('archive', 'write', '2018')).toMatchObject({
      code: 1,
      err: expect.stringContaining('2018 cannot be archived'),
    });
    expect(await hitherto('archive', 'write', '2019')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/2019: \d+ documents/),
    });
    expect((await documents.collections()).filter((name) => name.endsWith('2019'))).toEqual([]);
    expect((await hitherto('archive', 'verify')).out).toContain('intact');
    expect((await hitherto('archive', 'restore', '2019', '--site', 'one')).out).toContain('documents of 2019 were restored');
    expect(JSON.parse((await hitherto('archive', 'list', '--json')).out)).toEqual([
      expect.objectContaining({ year: '2019', part: 1, sites: 1, restored: ['one'] }),
    ]);
    expect((await hitherto('archive', 'drop', '2019', '--site', 'one')).out).toContain('were removed again');
    expect((await hitherto('archive', 'list')).out).not.toContain('one');
    expect(await hitherto('archive', 'restore', '2017')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no archive of 2017'),
    });
    expect((await hitherto('archive', 'write', '2019')).err).toContain('2019 is already archived');
    expect((await hitherto('archive', 'write', 'abc')).err).toContain('"abc" is not a year');
    await hitherto('archive', 'restore', '2019', '--site', 'one');
    await hitherto('archive', 'drop', '2019');
    expect(JSON.parse((await hitherto('archive', 'list', '--json')).out)).toEqual([expect.objectContaining({ restored: [] })]);
    renameSync(join(folder, String(run), 'archives'), join(folder, String(run), 'elsewhere'));
    expect(await hitherto('archive', 'verify')).toMatchObject({ code: 1, err: expect.stringContaining('2019 was archived') });
    expect((await hitherto('archive', 'list')).err).toContain('2019 was archived');
    const refused = await hitherto('delete', 'site', 'one', '--yes');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('set ARCHIVE_DIR to their folder') });
    expect((await hitherto('site', 'list')).out).toContain('one');
    expect((await hitherto('delete', 'site', 'one', '--dry-run', '--without-archives')).code).toBe(0);
    renameSync(join(folder, String(run), 'elsewhere'), join(folder, String(run), 'archives'));
    expect(await hitherto('archive', 'restore', '2019', '--site', 'x')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^hitherto: there is no site "x"[^\n]*\n$/),
    });
    await close();
  });
});

describe('hitherto delete', () => {
  it('--dry-run shows what would be deleted and what would not, and changes nothing', async () => {
    await add('mine');
    const preview = await hitherto('delete', 'site', 'mine', '--dry-run');
    expect(preview).toMatchObject({ code: 0, err: '' });
    expect(preview.out).toMatch(/^delete the site mine:\n {2}documents +none\n/);
    expect(preview.out).toContain('not removed:\n  - backups');
    expect((await hitherto('site', 'list')).out).toContain('mine');
    expect((await hitherto('delete', 'list')).out.split('\n').length).toBe(2);
  });

  it('does nothing without --yes if nobody can be asked', async () => {
    await add('mine');
    const { code, err } = await hitherto('delete', 'site', 'mine');
    expect({ code, err }).toEqual({ code: 1, err: 'hitherto: nothing was deleted: add --yes to delete what is listed above\n' });
    expect((await hitherto('site', 'list')).out).toContain('mine');
  });

  it('deletes a site permanently, and reports that nothing is left if it is run again', async () => {
    await add('mine');
    await hitherto('token', 'add', '--site', 'mine');
    expect(await hitherto('delete', 'site', 'mine', '--yes', '--quiet')).toMatchObject({ code: 0, err: '' });
    expect((await hitherto('site', 'list')).out).toBe('');
    expect((await hitherto('token', 'list')).out).toBe('');
    expect((await add('mine')).err).toContain('ids are never used again');
    expect((await hitherto('delete', 'site', 'mine', '--yes', '--quiet')).out).toContain('documents  none');
    const [deletion] = JSON.parse((await hitherto('delete', 'list', '--json')).out) as Array<Record<string, unknown>>;
    expect(deletion).toMatchObject({ site: 'mine', deleted: { kind: 'site' }, finishedAtMs: expect.any(Number) });
  });

  it.each([
    [['site', 'never-was'], 1, 'there is no site "never-was"'],
    [['period', 'mine', '--from', '2026-02-30', '--to', '2026-03-01'], 2, '"2026-02-30" is not a day'],
    [['period', 'mine', '--from', '2026-03-02', '--to', '2026-03-01'], 2, 'the first day is after the last day'],
    [['period', 'mine', '--from', '2026-03-02'], 2, '--to'],
    [['page', 'mine', ''], 2, 'the pattern must not be empty'],
  ])('%j is refused with one line', async (args, code, message) => {
    await add('mine');
    const refused = await hitherto('delete', ...args, '--yes');
    expect(refused.code).toBe(code);
    expect(refused.err).toContain(message);
    expect(refused.err.trim().split('\n').length).toBe(1);
    expect((await hitherto('site', 'list')).out).toContain('mine');
  });
});
