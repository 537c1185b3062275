import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type SmtpOptions, type SmtpServer, startSmtpServer } from '../../test/fixtures/smtp-server.js';
import { createPeople, type People } from '../people/people.js';
import type { Person } from '../people/person.js';
import { composeTool } from '../process/compose.js';
import { annotationCommands } from './annotation.js';
import { deleteCommands } from './delete.js';
import { personCommands } from './person.js';
import { runCommands } from './run.js';
import { shareCommands } from './share.js';
import { siteCommands } from './site.js';
import { teamCommands } from './team.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-person-'));
const PUBLIC_URL = process.env.PUBLIC_URL;
let run = 0;
let out = '';
let err = '';

beforeEach(async () => {
  run++;
  process.env.PUBLIC_URL = 'https://stats.example.com/';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    if (!String(text).startsWith('(node:')) err += String(text); // Node's own warnings about how the tests are run
    return true;
  });
  await withPeople((people) => people.setUp({ name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' }));
});
afterEach(() => {
  jest.restoreAllMocks();
  if (PUBLIC_URL === undefined) delete process.env.PUBLIC_URL;
  else process.env.PUBLIC_URL = PUBLIC_URL;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dataDir = () => join(folder, String(run));

/** Runs a command line on a data folder that belongs to this test. */
async function hitherto(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  out = '';
  err = '';
  const groups = [siteCommands, personCommands, teamCommands, shareCommands, annotationCommands, deleteCommands];
  const code = await runCommands(groups, ['node', 'hitherto', '--data-dir', dataDir(), ...args]);
  return { code, out, err };
}

/** Like the running service. */
async function withPeople<Result>(act: (people: People) => Promise<Result>): Promise<Result> {
  const { accounts, close } = await composeTool({ dataDir: dataDir() });
  try {
    return await act(createPeople(accounts, Date.now));
  } finally {
    await close();
  }
}

const person = (email: string) => withPeople(async ({ directory }) => directory.byEmail(email));
const addSite = (id: string) => hitherto('site', 'add', id, '--title', 'Mine', '--timezone', 'UTC');

/** Adds a person with these rights. */
const add = (name: string, rights: Partial<Person> = {}) =>
  withPeople(({ directory }) =>
    directory.add({
      ...{ id: name.toLowerCase(), name, email: `${name.toLowerCase()}@example.com`, password: '', isOperator: false },
      ...{ sitesMax: 0, sites: {}, sessions: [], createdAtMs: 1, ...rights },
    }),
  );

describe('hitherto person invite', () => {
  it('prints only a link, with which somebody gets an account', async () => {
    await addSite('garden');
    const invited = await hitherto('person', 'invite', 'Bert@Example.com', '--site', 'garden', '--role', 'editor');
    expect(invited).toMatchObject({ code: 0, err: '' });
    const secret = /^https:\/\/stats\.example\.com\/invitations\/([\w-]{43})\n$/.exec(invited.out)?.[1] as string;
    await withPeople(async ({ invitations }) => {
      const invitation = invitations.find(secret);
      expect(invitation).toMatchObject({
        email: 'bert@example.com',
        sites: { garden: 'editor' },
        isOperator: false,
        sitesMax: 0,
      });
      if (invitation !== undefined) await invitations.acceptAsNew(invitation, { name: 'Bert', password: 'a long password' });
    });
    expect(await person('bert@example.com')).toMatchObject({ name: 'Bert', sites: { garden: 'editor' } });
  });

  it('invites operators, and people who may own sites', async () => {
    await hitherto('person', 'invite', 'bert@example.com', '--operator');
    await hitherto('person', 'invite', 'carl@example.com', '--sites-max', '3', '--hits-max', '500');
    const invited = await withPeople(async ({ invitations }) => invitations.pending());
    expect(invited).toMatchObject([
      { email: 'bert@example.com', isOperator: true, sitesMax: 0, invitedBy: 'The operator of this service' },
      { email: 'carl@example.com', isOperator: false, sitesMax: 3, hitsMax: 500 },
    ]);
  });

  it('prints the path and what to do with it if the public address is unknown', async () => {
    delete process.env.PUBLIC_URL;
    const { code, out, err } = await hitherto('person', 'invite', 'bert@example.com', '--sites-max', '1');
    expect(code).toBe(0);
    expect(out).toMatch(/^\/invitations\/[\w-]{43}\n$/);
    expect(err).toMatch(/^hitherto: PUBLIC_URL is not set, so this is only the path: put it behind the address of the service/);
  });
});

describe('hitherto person reset', () => {
  it('prints a link for a new password, which replaces an earlier link', async () => {
    process.env.PUBLIC_URL = 'https://example.com/stats';
    const [first, second] = [
      await hitherto('person', 'reset', 'anna@example.com'),
      await hitherto('person', 'reset', 'anna@example.com'),
    ];
    const secrets = [first, second].map(({ out }) => /^https:\/\/example\.com\/stats\/passwords\/(\S+)\n$/.exec(out)?.[1]);
    await withPeople(async ({ passwordChanges, sessions }) => {
      expect(secrets.map((secret) => passwordChanges.personOfLink(secret as string)?.name)).toEqual([undefined, 'Anna']);
      await passwordChanges.useLink(secrets[1] as string, 'a new password');
      expect(await sessions.signIn('anna@example.com', 'a new password', 'Firefox')).toBeDefined();
    });
  });
});

describe('with a mail server', () => {
  let server: SmtpServer;
  const start = async (options?: SmtpOptions) => {
    server = await startSmtpServer(options);
    process.env.SMTP_URL = `smtp://127.0.0.1:${server.port}`;
    process.env.MAIL_FROM = 'stats@example.com';
  };
  afterEach(async () => {
    delete process.env.SMTP_URL;
    delete process.env.MAIL_FROM;
    await server.close();
  });

  it('invitations are sent and printed, unless only the link is wanted', async () => {
    await start();
    await addSite('garden');
    const invite = ['person', 'invite', 'bert@example.com', '--site', 'garden', '--role', 'editor'];
    const { code, out, err } = await hitherto(...invite);
    expect({ code, err }).toEqual({ code: 0, err: 'hitherto: a mail was sent to bert@example.com\n' });
    expect(server.mails).toMatchObject([{ to: ['bert@example.com'], text: expect.stringContaining(`“Mine”.`) }]);
    expect(server.mails[0]?.text).toContain(out);
    expect(await hitherto(...invite, '--no-mail')).toMatchObject({ code: 0, err: '' });
    delete process.env.PUBLIC_URL;
    expect((await hitherto(...invite)).err).toContain('no mail was sent: PUBLIC_URL is not set');
    expect(server.mails).toHaveLength(1);
  });

  it('links for a new password are sent only on request', async () => {
    await start();
    expect(await hitherto('person', 'reset', 'anna@example.com')).toMatchObject({ code: 0, err: '' });
    expect(server.mails).toEqual([]);
    const { code, out } = await hitherto('person', 'reset', 'anna@example.com', '--mail');
    expect(code).toBe(0);
    expect(server.mails).toMatchObject([{ to: ['anna@example.com'], text: expect.stringContaining(out) }]);
    delete process.env.PUBLIC_URL;
    expect(await hitherto('person', 'reset', 'anna@example.com', '--mail')).toMatchObject({ code: 1, out: '' });
  });

  it('a mail that cannot be sent is reported, and the link works', async () => {
    await start({ answers: { RCPT: '550 No such mailbox' } });
    const { code, out, err } = await hitherto('person', 'reset', 'anna@example.com', '--mail');
    expect([code, err]).toEqual([1, expect.stringMatching(/could not be sent: .*550 No such mailbox\n.*the link works/s)]);
    await withPeople(async ({ passwordChanges }) => {
      expect(passwordChanges.personOfLink(out.trim().split('/').at(-1) as string)?.name).toBe('Anna');
    });
    expect((await hitherto('person', 'invite', 'bert@example.com', '--sites-max', '1')).code).toBe(0);
  });

  it('the person is told that two-step sign-in was switched off', async () => {
    await start();
    await add('Bert', { twoStep: { secret: 'A'.repeat(32), lastStep: 1, recoveryHashes: [] } });
    for (let i = 0; i < 2; i++) await hitherto('person', 'set', 'bert@example.com', '--no-two-step');
    expect(server.mails).toMatchObject([{ to: ['bert@example.com'], text: expect.stringContaining('was switched off') }]);
  });

  it('a mistake in its settings is reported before anything is changed, without the password', async () => {
    await start();
    process.env.SMTP_URL = 'smtp://user:secret#@example.com';
    const refused = { code: 1, out: '', err: expect.stringMatching(/^hitherto: SMTP_URL: (?!.*secret)/) };
    expect(await hitherto('person', 'invite', 'bert@example.com', '--sites-max', '1')).toEqual(refused);
    expect(await hitherto('person', 'reset', 'anna@example.com')).toEqual(refused);
    expect(await withPeople(async ({ invitations }) => invitations.pending())).toEqual([]);
  });
});

describe('hitherto person set', () => {
  it('changes only what is named', async () => {
    await addSite('garden');
    await add('Bert', { sitesMax: 2 });
    expect(await hitherto('person', 'set', 'bert@example.com', '--site', 'garden', '--role', 'viewer')).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(await person('bert@example.com')).toMatchObject({ sites: { garden: 'viewer' }, sitesMax: 2, isOperator: false });
    await hitherto('person', 'set', 'bert@example.com', '--sites-max', '5', '--operator');
    expect(await person('bert@example.com')).toMatchObject({ sites: { garden: 'viewer' }, sitesMax: 5, isOperator: true });
    await hitherto('person', 'set', 'bert@example.com', '--no-operator', '--remove-from', 'garden');
    expect(await person('bert@example.com')).toMatchObject({ sites: {}, sitesMax: 5, isOperator: false });
  });

  it('changes the limit of hits, and removes it', async () => {
    await add('Bert', { sitesMax: 2 });
    const set = (hitsMax: string) => hitherto('person', 'set', 'bert@example.com', '--hits-max', hitsMax);
    expect(await set('10000')).toMatchObject({ code: 0, err: '' });
    expect(await person('bert@example.com')).toMatchObject({ hitsMax: 10000, sitesMax: 2 });
    for (const wrong of ['0', '-1', '1e9', '10000000000000']) expect((await set(wrong)).code).not.toBe(0);
    expect((await set('many')).err).toMatch(/--hits-max must be a whole number from 1 to \d+, or "none", not "many"/);
    await set('none');
    expect((await person('bert@example.com'))?.hitsMax).toBeUndefined();
  });

  it('changes the language, and removes it', async () => {
    await add('Bert');
    const set = (language: string) => hitherto('person', 'set', 'bert@example.com', '--language', language);
    const listed = async () => JSON.parse((await hitherto('person', 'list', '--json')).out).people[1].language;
    expect(await set('de')).toEqual({ code: 0, out: '', err: '' });
    expect([(await person('bert@example.com'))?.language, await listed()]).toEqual(['de', 'de']);
    expect((await set('fr')).err).toMatch(/--language must be en, de or none, not "fr"/);
    expect(await set('none')).toMatchObject({ code: 0, err: '' });
    expect(await person('bert@example.com')).not.toHaveProperty('language');
  });

  it('does not take the only owner from a site', async () => {
    await addSite('garden');
    await add('Bert', { sites: { garden: 'owner' } });
    await add('Carl', { sites: { garden: 'viewer' } });
    const refused = {
      code: 1,
      out: '',
      err: expect.stringMatching(/garden has no other owner; make somebody else an owner first/),
    };
    expect(await hitherto('person', 'set', 'bert@example.com', '--site', 'garden', '--role', 'editor')).toEqual(refused);
    expect(await hitherto('person', 'set', 'bert@example.com', '--remove-from', 'garden', '--operator')).toEqual(refused);
    expect(await person('bert@example.com')).toMatchObject({ sites: { garden: 'owner' }, isOperator: false });
    await hitherto('person', 'set', 'carl@example.com', '--site', 'garden', '--role', 'owner');
    expect(await hitherto('person', 'set', 'bert@example.com', '--remove-from', 'garden')).toMatchObject({ code: 0, err: '' });
  });

  it('switches off two-step sign-in', async () => {
    await add('Bert', { twoStep: { secret: 'A'.repeat(32), lastStep: 1, recoveryHashes: [] } });
    const listed = async () => JSON.parse((await hitherto('person', 'list', '--json')).out).people[1].twoStep;
    expect(await listed()).toBe(true);
    await hitherto('person', 'set', 'bert@example.com', '--operator');
    expect(await listed()).toBe(true);
    expect(await hitherto('person', 'set', 'bert@example.com', '--no-two-step')).toEqual({ code: 0, out: '', err: '' });
    expect(await listed()).toBe(false);
  });

  it('unlinks the provider and ends all sessions', async () => {
    await add('Bert', { password: '', identity: { issuer: 'https://id.example', subject: 'bert' } });
    const listed = async () => {
      const { provider, sessions } = JSON.parse((await hitherto('person', 'list', '--json')).out).people[1];
      return [provider, sessions];
    };
    await withPeople(({ sessions, directory }) => sessions.begin(directory.byEmail('bert@example.com')?.id ?? '', 'Firefox'));
    expect(await listed()).toEqual([true, 1]);
    for (let i = 0; i < 2; i++) {
      expect(await hitherto('person', 'set', 'bert@example.com', '--no-provider')).toEqual({ code: 0, out: '', err: '' });
    }
    expect(await listed()).toEqual([false, 0]);
  });

  it('removes passkeys and ends the sessions of the person, also repeatedly', async () => {
    const passkey = { id: 'a', publicKey: 'b', counter: 0, transports: [], browser: 'Firefox', createdDay: '2026-11-20' };
    await add('Bert', { passkeys: [{ ...passkey, lastChallengeMs: 1 }] });
    await withPeople(({ sessions, directory }) => sessions.begin(directory.byEmail('bert@example.com')?.id ?? '', 'Firefox'));
    const listed = async () => {
      const { people } = JSON.parse((await hitherto('person', 'list', '--json')).out);
      const { passkeys, sessions } = people.find((one: { email: string }) => one.email === 'bert@example.com');
      return { passkeys, sessions };
    };
    expect(await listed()).toEqual({ passkeys: 1, sessions: 1 });
    for (let i = 0; i < 2; i++) {
      expect(await hitherto('person', 'set', 'bert@example.com', '--no-passkeys')).toMatchObject({ code: 0, out: '' });
    }
    expect(await listed()).toEqual({ passkeys: 0, sessions: 0 });
  });

  it('can remove the role on a site that was deleted', async () => {
    await add('Bert', { sites: { gone: 'viewer' } });
    expect(await hitherto('person', 'set', 'bert@example.com', '--remove-from', 'gone')).toMatchObject({ code: 0 });
    expect((await person('bert@example.com'))?.sites).toEqual({});
  });
});

describe('the only operator', () => {
  it.each([[['set', 'anna@example.com', '--no-operator']], [['remove', 'anna@example.com']]])(
    'remains after %j, and the message says what to do',
    async (args) => {
      const refused = await hitherto('person', ...args);
      expect(refused).toEqual({
        code: 1,
        out: '',
        err: expect.stringMatching(
          /^hitherto: anna@example\.com is the only operator; make somebody else an operator first: `hitherto --data-dir \S+ person set/,
        ),
      });
      expect(await person('anna@example.com')).toMatchObject({ isOperator: true });
      await add('Bert');
      await hitherto('person', 'set', 'bert@example.com', '--operator');
      expect(await hitherto('person', ...args)).toMatchObject({ code: 0, err: '' });
      expect((await person('anna@example.com'))?.isOperator ?? false).toBe(false);
    },
  );
});

describe('hitherto person sign-out', () => {
  it('ends all sessions of one person', async () => {
    await add('Bert');
    const [anna, bert] = await withPeople(async ({ sessions }) => [
      await sessions.begin('first', 'Firefox'),
      await sessions.begin('bert', 'Firefox'),
    ]);
    expect(await hitherto('person', 'sign-out', 'anna@example.com')).toEqual({ code: 0, out: '', err: '' });
    await withPeople(async ({ sessions }) => {
      expect([sessions.find(anna as string), sessions.find(bert as string)?.person.name]).toEqual([undefined, 'Bert']);
    });
  });
});

describe('hitherto person remove', () => {
  it('deletes the account and its invitations, and names sites without an owner', async () => {
    for (const id of ['garden', 'shop']) await addSite(id);
    await add('Bert', { sites: { garden: 'owner', shop: 'owner' } });
    await add('Carl', { sites: { shop: 'owner' } });
    await hitherto('person', 'invite', 'bert@example.com', '--operator');
    const removed = await hitherto('person', 'remove', 'bert@example.com');
    expect(removed).toMatchObject({ code: 0, err: '' });
    expect(removed.out).toMatch(/^garden has no owner any more, so only operators can change it: hitherto .* --role owner\n$/);
    expect(await person('bert@example.com')).toBeUndefined();
    expect((await hitherto('person', 'list')).out).not.toContain('bert');
    expect((await hitherto('site', 'list')).out).toContain('garden');
  });

  it('withdraws the invitation of somebody who has no account yet', async () => {
    await hitherto('person', 'invite', 'bert@example.com', '--operator');
    expect(await hitherto('person', 'remove', ' Bert@example.com')).toEqual({ code: 0, out: '', err: '' });
    expect((await hitherto('person', 'remove', 'bert@example.com')).err).toContain('there is no account for "bert@example.com"');
  });
});

describe('hitherto person list', () => {
  it('shows people and invitations, one line each, and no secrets', async () => {
    await addSite('garden');
    await add('Bert', { name: 'Bert\u001b[31m', sites: { garden: 'owner', shop: 'viewer' }, sitesMax: 1, hitsMax: 500 });
    const { out: link } = await hitherto('person', 'invite', 'carl@example.com', '--site', 'garden', '--role', 'editor');
    await withPeople(({ sessions }) => sessions.begin('first', 'Firefox'));
    const { out } = await hitherto('person', 'list');
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^anna@example\.com +Anna +operator +\d{4}-\d\d-\d\d$/),
      expect.stringMatching(
        /^bert@example\.com +Bert\S*\[31m +owner of garden, viewer of shop, up to 1 own site +never +0 of 500 hits this month$/,
      ),
      expect.stringMatching(/^carl@example\.com +\(invited until \d{4}-\d\d-\d\d\) +editor of garden$/),
      '',
    ]);
    expect(out).not.toContain('\u001b');
    const json = (await hitherto('person', 'list', '--json')).out;
    expect(JSON.parse(json)).toEqual({
      people: [
        {
          ...{
            email: 'anna@example.com',
            name: 'Anna',
            isOperator: true,
            sitesMax: 0,
            sites: {},
            twoStep: false,
            provider: false,
            passkeys: 0,
            sessions: 1,
          },
          ...{ lastUsedDay: expect.any(String), createdAt: expect.any(String) },
        },
        expect.objectContaining({
          ...{ email: 'bert@example.com', sites: { garden: 'owner', shop: 'viewer' }, sessions: 0 },
          ...{ hitsMax: 500, hitsThisMonth: 0 },
        }),
      ],
      invitations: [
        {
          ...{ email: 'carl@example.com', invitedBy: 'The operator of this service', isOperator: false, sitesMax: 0 },
          ...{ sites: { garden: 'editor' }, until: expect.any(String) },
        },
      ],
    });
    expect(json).not.toMatch(/argon2|hash|"id"/);
    expect(json).not.toContain(link.trim().split('/').at(-1));
  });
});

describe('a mistake', () => {
  it.each([
    [
      'an unknown address',
      ['reset', 'nobody@example.com'],
      1,
      /there is no account for "nobody@example\.com"; `hitherto .*person list`/,
    ],
    [
      'no e-mail address',
      ['invite', 'anna', '--operator'],
      1,
      /"anna" is not an e-mail address; write it like anna@example\.com/,
    ],
    ['an invitation without a right', ['invite', 'a@example.com'], 2, /name at least one right: --sites-max/],
    ['an unknown site', ['invite', 'a@example.com', '--site', 'nowhere', '--role', 'viewer'], 1, /there is no site "nowhere"/],
    ['an unknown site', ['set', 'anna@example.com', '--site', 'nowhere', '--role', 'viewer'], 1, /there is no site "nowhere"/],
    [
      'an unknown role',
      ['set', 'anna@example.com', '--site', 'x', '--role', 'king'],
      2,
      /"king" is not a role: use owner, editor, viewer/,
    ],
    ['a site without a role', ['set', 'anna@example.com', '--site', 'x'], 2, /--site and --role are needed together/],
    ['a role without a site', ['invite', 'a@example.com', '--role', 'viewer'], 2, /--site and --role are needed together/],
    ['half a site', ['set', 'anna@example.com', '--sites-max', '1.5'], 2, /--sites-max must be a whole number from 0 to 100000/],
    ['a negative number', ['set', 'anna@example.com', '--sites-max=-1'], 2, /--sites-max must be a whole number/],
    ['nothing to change', ['set', 'anna@example.com'], 2, /nothing to change/],
    [
      'two changes of roles',
      ['set', 'anna@example.com', '--site', 'x', '--role', 'viewer', '--remove-from', 'y'],
      2,
      /cannot be used together/,
    ],
    ['a site without a role of the person', ['set', 'anna@example.com', '--remove-from', 'x'], 1, /has no role on the site "x"/],
    ['no address', ['remove'], 2, /missing required argument/],
  ])('%s gives one line on stderr', async (_what, args, code, message) => {
    const outcome = await hitherto('person', ...args);
    expect(outcome).toEqual({ code, out: '', err: expect.stringMatching(message) });
    expect(outcome.err).toMatch(/^hitherto: [^\n]+\n$/);
    expect(await person('anna@example.com')).toMatchObject({ isOperator: true, sites: {}, sitesMax: 0 });
  });

  it('in PUBLIC_URL is reported before a link is created', async () => {
    process.env.PUBLIC_URL = 'stats.example.com';
    const { code, err } = await hitherto('person', 'invite', 'bert@example.com', '--operator');
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^hitherto: PUBLIC_URL: must be an address that begins/),
    });
    expect(await withPeople(async ({ invitations }) => invitations.pending())).toEqual([]);
  });

  it.each([[[]], [['list']], [['invite']], [['reset']], [['set']], [['sign-out']], [['remove']]])(
    '%j --help prints the usage',
    async (args) => {
      expect(await hitherto('person', ...args, '--help')).toEqual({
        code: 0,
        out: expect.stringMatching(/^Usage: hitherto person/),
        err: '',
      });
    },
  );
});

describe('hitherto share', () => {
  it('adds, lists and revokes links', async () => {
    await addSite('garden');
    const added = await hitherto(
      'share',
      'add',
      'garden',
      '--title',
      'For Bert',
      '--report',
      'content',
      '--days',
      '3',
      '--embed',
    );
    expect(added).toMatchObject({ code: 0, err: '' });
    const secret = /^https:\/\/stats\.example\.com\/share\/([\w-]{43})\/\n$/.exec(added.out)?.[1] as string;
    await withPeople(async ({ shares }) => {
      expect(shares.find(secret)).toMatchObject({ title: 'For Bert', reports: ['traffic', 'content'], mayBeEmbedded: true });
    });
    await hitherto('share', 'add', 'garden', '--title', 'For all');
    const listed = (await hitherto('share', 'list', 'garden')).out;
    expect(listed).toMatch(/^[0-9a-f]{12} {2}\d{4}-\d\d-\d\d {2}traffic,content {2}in frames {2}For Bert$/m);
    expect(listed).toMatch(/^[0-9a-f]{12} {2}no end +everything +– +For all$/m);
    const id = /^(\w+) .*For Bert$/m.exec(listed)?.[1] as string;
    expect(await hitherto('share', 'revoke', 'garden', id)).toMatchObject({ code: 0, err: '' });
    expect(await withPeople(async ({ shares }) => shares.find(secret))).toBeUndefined();
    expect((await hitherto('share', 'revoke', 'garden', id)).err).toContain(`garden has no link with the id "${id}"`);
  });

  it.each([
    ['no title', ['--title', ' '], 'Give the link a title'],
    ['an unknown report', ['--title', 'a', '--report', 'visit'], 'There is a report that a link cannot show'],
    ['no days', ['--title', 'a', '--days', '0'], 'A link can end within 1 to 3650 days'],
  ])('adds no link with %s', async (_, options, message) => {
    await addSite('garden');
    const { code, err } = await hitherto('share', 'add', 'garden', ...options);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    expect((await hitherto('share', 'list', 'garden')).out).toBe('');
  });
});

describe('hitherto annotation', () => {
  it('adds, lists, changes and removes annotations, and records who did it', async () => {
    await addSite('garden');
    const added = await hitherto('annotation', 'add', 'garden', 'Deployed 2.1', '--day', '2026-11-20', '--time', '14:05');
    expect(added).toMatchObject({ code: 0, err: '' });
    const id = added.out.trim();
    expect(await hitherto('annotation', 'add', 'garden', 'Today')).toMatchObject({ code: 0, err: '' });
    const listed = (await hitherto('annotation', 'list', 'garden')).out;
    expect(listed).toContain(`${id}  2026-11-20  14:05  Deployed 2.1\n`);
    expect(listed).toMatch(/^\S+ {2}20\d\d-\d\d-\d\d {2}– +Today$/m);
    const change = (...options: string[]) => hitherto('annotation', 'change', 'garden', id, ...options);
    const shown = async () => (await hitherto('annotation', 'list', 'garden')).out;
    expect(await change('--text', 'Deployed 2.2', '--day', '2026-11-21')).toMatchObject({ code: 0, out: '', err: '' });
    expect(await shown()).toContain(`${id}  2026-11-21  14:05  Deployed 2.2\n`);
    await change('--no-time');
    expect(await shown()).toMatch(new RegExp(`^${id}  2026-11-21  – +Deployed 2.2$`, 'm'));
    expect((await change('--time', '25:00')).err).toContain('The time must be');
    expect((await change()).err).toContain('nothing to change');
    expect((await hitherto('annotation', 'change', 'garden', 'x', '--no-time')).err).toContain('no annotation with the id "x"');
    expect(await hitherto('annotation', 'remove', 'garden', id)).toMatchObject({ code: 0, out: '', err: '' });
    expect((await hitherto('annotation', 'remove', 'garden', id)).err).toContain(`garden has no annotation with the id "${id}"`);
    expect((await hitherto('annotation', 'add', 'garden', 'x', '--day', 'today')).err).toContain('must be a real calendar date');
    expect((await hitherto('annotation', 'list', 'moon')).err).toContain('there is no site "moon"');
  });
});

describe('hitherto delete site', () => {
  it('says how many people lose access, and removes their role and invitations', async () => {
    await addSite('garden');
    await add('Bert', { sites: { garden: 'owner', shop: 'viewer' } });
    await hitherto('person', 'invite', 'carl@example.com', '--site', 'garden', '--role', 'editor');
    const share = { site: 'garden', title: '', password: '', untilMs: undefined, mayBeEmbedded: false };
    await withPeople(({ shares }) => shares.create(share));
    const { out } = await hitherto('delete', 'site', 'garden', '--dry-run');
    expect(out).toContain('  people     1 loses access to it; their accounts remain\n  links      1 share link\n');
    expect((await person('bert@example.com'))?.sites).toEqual({ garden: 'owner', shop: 'viewer' });
    expect(await hitherto('delete', 'site', 'garden', '--yes', '--quiet')).toMatchObject({ code: 0 });
    expect((await person('bert@example.com'))?.sites).toEqual({ shop: 'viewer' });
    expect((await hitherto('person', 'list')).out).not.toContain('carl');
    expect(await withPeople(async ({ shares }) => shares.ofSite('garden'))).toEqual([]);
  });
});

describe('hitherto team', () => {
  const list = async () => JSON.parse((await hitherto('team', 'list', '--json')).out).teams;

  it('adds a team, changes its name, sites and members, lists it, and removes it', async () => {
    await addSite('garden');
    await add('Bert');
    const id = (await hitherto('team', 'add', 'Gardeners', '--owner', 'anna@example.com')).out.trim();
    const set = (...args: string[]) => hitherto('team', 'set', id, ...args);
    await set('--site', 'garden', '--member', 'bert@example.com', '--role', 'viewer', '--name', 'Friends');
    expect((await hitherto('team', 'list')).out).toMatch(
      /^[0-9a-f]{16} +Friends +anna@example\.com \(owner\), bert@example\.com \(viewer\) +garden\n$/,
    );
    await withPeople(async ({ teams }) => expect(teams.roleOn('bert', 'garden')).toBe('viewer'));
    await set('--member', 'bert@example.com', '--role', 'editor', '--remove-site', 'garden');
    const members = [
      { email: 'anna@example.com', role: 'owner' },
      { email: 'bert@example.com', role: 'editor' },
    ];
    expect(await list()).toEqual([{ id, name: 'Friends', members, sites: [], createdAt: expect.any(String) }]);
    await set('--remove-member', 'bert@example.com');
    expect((await list())[0].members.length).toBe(1);
    expect(await hitherto('team', 'remove', id)).toEqual({ code: 0, out: '', err: '' });
    expect(await list()).toEqual([]);
  });

  it.each([
    [['set', 'x', '--name', 'Y'], /there is no team "x"; `hitherto --data-dir \S+ team list` lists all teams/],
    [['set', 'ID', '--site', 'nowhere'], /there is no site "nowhere"/],
    [['set', 'ID', '--remove-site', 'garden'], /the site "garden" is not in the team/],
    [['set', 'ID', '--remove-member', 'anna@example.com'], /anna@example\.com is the only owner of the team/],
    [['set', 'ID', '--member', 'anna@example.com'], /--member and --role are needed together/],
    [['set', 'ID'], /nothing to change/],
    [['add', '  ', '--owner', 'anna@example.com'], /the name cannot be used: Enter a name/],
    [['add', 'X', '--owner', 'carl@example.com'], /there is no account for "carl@example\.com"/],
  ])('refuses %j and says why', async (args, why) => {
    const id = (await hitherto('team', 'add', 'Gardeners', '--owner', 'anna@example.com')).out.trim();
    const refused = await hitherto('team', ...args.map((one) => (one === 'ID' ? id : one)));
    expect([refused.code > 0, refused.out]).toEqual([true, '']);
    expect(refused.err).toMatch(why);
    expect((await list())[0]).toMatchObject({ name: 'Gardeners', members: [{ email: 'anna@example.com', role: 'owner' }] });
  });
});
