// What the service does by mail: forgotten passwords, invitations, new addresses, and notes about an account.
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { linkInMail, type MailerInMemory, mailerInMemory } from '../../../test/fixtures/mailer.js';
import { personOf } from '../../../test/fixtures/people.js';
import { bearer, cookie, form, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { createPasswords } from '../../people/passwords.js';
import { LIMITS, type Limits } from '../../sharing/limits.js';
import { exampleSite } from '../../store/contracts/accounts.js';

const OLD = 'correct horse battery';
const NEW = 'another long password';

let web: Web;
let mailer: MailerInMemory;
let anna: string;
/** Hashed once, because that takes long. */
const hash = createPasswords().hash(OLD, { lane: 'person', key: 'anna' });

beforeEach(async () => {
  mailer = mailerInMemory();
  web = await startWeb({ mailer });
  await web.people.directory.add(personOf('anna', { name: 'Anna', isOperator: true, password: await hash }));
  anna = await web.people.sessions.begin('anna', 'Firefox');
});
afterAll(stopWebs);

const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  web.call(path, form(fields, headers));
const asAnna = (path: string, fields: Record<string, string>, secret = anna) =>
  post(path, fields, cookie(secret).headers as Record<string, string>);
const signsIn = async (email: string, password: string) => (await post('/sign-in', { email, password })).status === 303;
const link = async (email: string, count = 1) => linkInMail(await mailer.newestTo(email, count), web.base);

it('invitations by any number of tokens of a site are limited together, apart from those of other tokens', async () => {
  const senders: string[] = [];
  const limits: Limits = {
    async take(name, sender) {
      if (name === 'mail-by') senders.push(sender);
      return { allowed: true };
    },
    state: () => ({ shared: true }),
    close: async () => {},
  };
  const other = await startWeb({ mailer, limits });
  for (const id of ['garden', 'moon']) await other.accounts.addSite({ ...exampleSite, id });
  const invite = async (sites: readonly string[] | 'all', site: string) => {
    const { secret } = await other.accounts.addToken({ title: 'T', sites, scope: 'write', nowMs: 1 });
    const headers = { ...bearer(secret).headers, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ email: 'carl@example.com', role: 'viewer' });
    expect((await other.call(`/api/v1/sites/${site}/members`, { method: 'POST', headers, body })).status).toBe(201);
  };
  await invite(['garden'], 'garden');
  await invite(['garden'], 'garden');
  await invite(['moon'], 'moon');
  await invite('all', 'moon');
  expect([senders[0] === senders[1], new Set(senders).size]).toEqual([true, 3]);
});

describe('a forgotten password', () => {
  it('is replaced by the link in a mail, which works once', async () => {
    expect(await (await web.call('/')).text()).toContain('<a href="/passwords">Forgot your password?</a>');
    expect(await (await web.call('/passwords')).text()).toContain('name="email"');
    const asked = await post('/passwords', { email: ' Anna@Example.com ' });
    expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining('Check your e-mail')]);
    const path = await link('anna@example.com');
    expect((await post(path, { password: NEW })).status).toBe(303);
    expect([await signsIn('anna@example.com', OLD), await signsIn('anna@example.com', NEW)]).toEqual([false, true]);
    const over = await web.call(path);
    expect([over.status, (await over.text()).includes('href="/passwords"')]).toEqual([404, true]);
    expect((await mailer.newestTo('anna@example.com', 2)).subject).toBe('Your password was changed');
  });

  it('is not replaced if there was none, because the provider decides who may sign in', async () => {
    await web.people.directory.add(personOf('bob', { password: '' }));
    await post('/passwords', { email: 'bob@example.com' });
    const mail = await mailer.newestTo('bob@example.com');
    expect([mail.subject, mail.text.includes('/passwords/')]).toEqual(['Your account has no password', false]);
    expect(web.people.directory.person('bob')?.reset).toBeUndefined();
  });

  it('is answered in the same way and time for an unknown address, also while the mail server hangs', async () => {
    mailer.state = 'hangs';
    const ask = async (email: string) => {
      const begin = performance.now();
      const response = await post('/passwords', { email });
      const text = (await response.text()).replaceAll(email, '');
      return { ms: performance.now() - begin, answer: [response.status, [...response.headers.keys()], text] };
    };
    const [known, unknown] = [await ask('anna@example.com'), await ask('nobody@example.com')];
    expect(known.answer).toEqual(unknown.answer);
    for (const { ms } of [known, unknown]) expect(ms).toBeLessThan(1_000);
  });

  it('cannot fill an inbox, from whichever addresses it is asked for; an unknown address is answered alike', async () => {
    const statuses = async (email: string) => {
      const asked: number[] = [];
      for (let i = 0; i <= LIMITS['password-mail'].calls; i++) asked.push((await post('/passwords', { email })).status);
      return asked;
    };
    expect(await statuses('anna@example.com')).toEqual([200, 200, 200, 429]);
    expect(await statuses('nobody@example.com')).toEqual([200, 200, 200, 429]);
    const refused = await post('/passwords', { email: 'ANNA@example.com' });
    expect([Number(refused.headers.get('retry-after')) > 60, (await refused.text()).includes('several requests')]).toEqual([
      true,
      true,
    ]);
    await mailer.newestTo('anna@example.com', 3);
    expect(mailer.sent).toHaveLength(3);
  });

  it('cannot be asked for about many addresses by one client', async () => {
    const { calls } = LIMITS['password-mail-client'];
    // whoever is signed in has no limit on guesses, which would be reached first
    const headers = { 'X-Test-Address': '2001:db8::1', ...(cookie(anna).headers as Record<string, string>) };
    const asked: number[] = [];
    for (let i = 0; i <= calls; i++) asked.push((await post('/passwords', { email: `person-${i}@example.com` }, headers)).status);
    expect([asked.slice(0, calls).every((status) => status === 200), asked[calls]]).toEqual([true, 429]);
  });

  it.each([
    '',
    'nobody',
    'anna@example.com\r\nBcc: eve@example.com',
    'anna@example.com,eve@example.com',
    '<script>alert(1)</script>',
  ])('is not asked for with %j instead of an address', async (email) => {
    const response = await post('/passwords', { email });
    const page = await response.text();
    expect([response.status, page.includes('id="email-problem"'), page.includes('<script>alert')]).toEqual([400, true, false]);
    expect(mailer.sent).toEqual([]);
  });
});

describe('an invitation', () => {
  beforeEach(() => web.accounts.addSite({ ...exampleSite, title: 'Garden\u2028https://evil.example' }));

  it('of the service is sent, and the page says so', async () => {
    const page = await (await asAnna('/people/invite', { email: 'Bob@example.com', sitesMax: '2' })).text();
    expect(page).toContain('A mail with this link was sent to this address');
    const path = await link('bob@example.com');
    expect(page).toContain(path);
    expect((await post(path, { name: 'Bob', password: NEW })).status).toBe(303);
    expect(await signsIn('bob@example.com', NEW)).toBe(true);
  });

  it('to a site names it and its sender, who cannot advertise another page or forge lines', async () => {
    const name = 'Anna\nhttps://evil.example/ www.evil.example';
    await web.people.directory.change('anna', (person) => ({ ...person, name }));
    const page = await asAnna('/sites/garden/members', { act: 'invite', email: 'bob@example.com', role: 'viewer' });
    expect(await page.text()).toContain('A mail with this link was sent to this address');
    const { subject, text } = await mailer.newestTo('bob@example.com');
    expect(subject).toBe('Invitation to web statistics');
    expect(text.split('\n')[2]).toBe(
      '“Anna https:// evil.example/ www. evil.example” invites you to see the web statistics of “Garden https:// evil.example”.',
    );
    expect(text.match(/https?:\/\/\S+/g)).toEqual([`${web.base}${await link('bob@example.com')}`]);
  });

  it('is shown with the reason if the mail could not be sent', async () => {
    mailer.state = 'fails';
    const page = await (await asAnna('/people/invite', { email: 'bob@example.com', sitesMax: '2' })).text();
    expect(page).toContain('The mail with this link could not be sent. It is shown only now, and works once. Send it');
    expect(page).toMatch(/\/invitations\/[\w-]{43}/);
  });

  it('is sent to an address only some times a day, and works nevertheless', async () => {
    const { secret } = await web.accounts.addToken({ title: 'CMS', sites: ['garden'], scope: 'write', nowMs: 1 });
    const invite = async (more: object = {}) => {
      const body = JSON.stringify({ email: 'bob@example.com', role: 'viewer', ...more });
      const headers = { ...bearer(secret).headers, 'Content-Type': 'application/json' };
      const response = await web.call('/api/v1/sites/garden/members', { method: 'POST', headers, body });
      return (await response.json()) as { mailed: boolean; link: string };
    };
    expect((await invite({ mail: false })).mailed).toBe(false);
    const mailed: boolean[] = [];
    for (let i = 0; i <= LIMITS['mail-to'].calls; i++) mailed.push((await invite()).mailed);
    expect(mailed).toEqual([true, true, true, true, true, false]);
    expect(mailer.sent).toHaveLength(LIMITS['mail-to'].calls);
    expect((await web.call(new URL((await invite()).link).pathname)).status).toBe(200);
    const page = await (await asAnna('/people/invite', { email: 'bob@example.com', sitesMax: '2' })).text();
    expect(page).toContain('No mail was sent, because too many were sent to this address');
  });
});

describe('another e-mail address', () => {
  const change = (fields: Record<string, string> = {}) =>
    asAnna('/account/email', { email: 'New@example.com', emailPassword: OLD, ...fields });
  const email = () => web.people.directory.person('anna')?.email;

  it('is used once it was confirmed by the link that was sent there, and the former one is told', async () => {
    expect((await change()).headers.get('location')).toBe('/account?done=email-sent');
    expect(email()).toBe('anna@example.com');
    expect(await (await web.call('/account', cookie(anna))).text()).toContain('To use <bdi>new@example.com</bdi> instead');
    const path = await link('new@example.com');
    expect(await (await web.call(path, cookie(anna))).text()).toContain('instead of <bdi>anna@example.com</bdi>');
    expect(email()).toBe('anna@example.com');
    expect((await asAnna(path, {})).headers.get('location')).toBe('/account?done=email');
    expect([await signsIn('new@example.com', OLD), await signsIn('anna@example.com', OLD)]).toEqual([true, false]);
    expect(await mailer.newestTo('anna@example.com')).toMatchObject({ subject: 'Your e-mail address was changed' });
    const [newest] = await web.auditLog.newest({ limit: 3 }).then((all) => all.filter(({ action }) => action === 'person.email'));
    expect(newest).toMatchObject({ changes: [{ field: 'email', from: 'anna@example.com', to: 'new@example.com' }] });
    expect((await asAnna(path, {})).status).toBe(404);
  });

  it('is confirmed by the person alone, not by the owner of an address that was mistyped', async () => {
    await change();
    const path = await link('new@example.com');
    await web.people.directory.add(personOf('bob'));
    const bob = await web.people.sessions.begin('bob', 'Firefox');
    expect((await web.call(path)).status).toBe(401);
    expect((await post(path, {})).status).toBe(401);
    expect([(await web.call(path, cookie(bob))).status, (await asAnna(path, {}, bob)).status]).toEqual([404, 404]);
    expect([email(), web.people.directory.person('bob')?.email]).toEqual(['anna@example.com', 'bob@example.com']);
  });

  it('is not used after it was cancelled, replaced, or belongs to somebody else', async () => {
    await change();
    const cancelled = await link('new@example.com');
    expect((await asAnna('/account/email', { act: 'cancel' })).headers.get('location')).toBe('/account?done=email-cancelled');
    expect((await asAnna(cancelled, {})).status).toBe(404);
    await change();
    const replaced = await link('new@example.com', 2);
    await change({ email: 'other@example.com' });
    const newest = await link('other@example.com');
    expect((await asAnna(replaced, {})).status).toBe(404);
    await web.people.directory.add(personOf('other'));
    const taken = await asAnna(newest, {});
    expect([taken.status, (await taken.text()).includes('another account with this address')]).toEqual([400, true]);
    expect(email()).toBe('anna@example.com');
  });

  it('is not waited for if its mail could not be sent', async () => {
    mailer.state = 'fails';
    const response = await change();
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('could not be sent')]);
    expect(await (await web.call('/account', cookie(anna))).text()).not.toContain('To use <bdi>');
    expect((await change({ email: 'anna@example.com' })).headers.get('location')).toBe('/account?done=email');
  });
});

describe('a person', () => {
  it('is told that the password was changed, also if the mail server hangs', async () => {
    await asAnna('/account/password', { current: OLD, password: NEW });
    expect(await mailer.newestTo('anna@example.com')).toMatchObject({
      subject: 'Your password was changed',
      text: expect.stringContaining(`choose a new password now: ${web.base}/passwords`),
    });
    mailer.state = 'hangs';
    const again = await web.people.sessions.begin('anna', 'Firefox');
    expect((await asAnna('/account/password', { current: NEW, password: OLD }, again)).status).toBe(303);
  });

  it('is told that two-step sign-in was switched off, by whom it may be, if it was on', async () => {
    const twoStep = { secret: 'A'.repeat(32), lastStep: 0, recoveryHashes: [] };
    await web.people.directory.add(personOf('bob', { twoStep }));
    await asAnna('/people/change', { act: 'twoStepOff', person: 'bob' });
    await asAnna('/account/two-step/off', { offPassword: OLD });
    expect(await mailer.newestTo('bob@example.com')).toMatchObject({ subject: 'Two-step sign-in was switched off' });
    await web.people.directory.change('anna', (person) => ({ ...person, twoStep }));
    await asAnna('/account/two-step/off', { offPassword: OLD });
    expect(await mailer.newestTo('anna@example.com')).toMatchObject({ subject: 'Two-step sign-in was switched off' });
    expect(mailer.sent).toHaveLength(2);
  });
});

describe('a service that sends no mail', () => {
  beforeEach(async () => {
    web = await startWeb();
    await web.people.directory.add(personOf('anna', { isOperator: true }));
    anna = await web.people.sessions.begin('anna', 'Firefox');
  });

  it('says whom to ask for a new password, and how links are handed over', async () => {
    const page = await web.call('/passwords');
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Ask the person who runs this service')]);
    const asked = await post('/passwords', { email: 'anna@example.com' });
    expect([asked.status, await asked.text()]).toEqual([400, expect.not.stringContaining('Check your e-mail')]);
    expect(await (await web.call('/people', cookie(anna))).text()).toContain('You get a link, to send to them.');
    const invited = await asAnna('/people/invite', { email: 'bob@example.com', sitesMax: '2' });
    expect(await invited.text()).toContain('It is shown only now, and works once. Send it to this person.');
  });
});
