// Another e-mail address, and deleting one's own account.
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { personOf } from '../../../test/fixtures/people.js';
import { cookie, form, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { LIMITS } from '../../sharing/limits.js';
import { exampleSite } from '../../store/contracts/accounts.js';

const PASSWORD = 'correct horse battery';

let web: Web;
let anna: string;
beforeEach(async () => {
  web = await startWeb();
  await web.people.setUp({ name: 'Anna', email: 'anna@example.com', password: PASSWORD });
  anna = await web.people.sessions.begin('first', 'Firefox');
  await web.people.directory.add(personOf('olga', { isOperator: true }));
});
afterAll(stopWebs);

const post = (path: string, fields: Record<string, string>) =>
  web.call(path, form(fields, cookie(anna).headers as Record<string, string>));
const account = async () => (await web.call('/account', cookie(anna))).text();
const signIn = async (email: string) => (await web.call('/sign-in', form({ email, password: PASSWORD }))).status;

describe('another e-mail address', () => {
  it('is saved with the password, and is the one to sign in with', async () => {
    const response = await post('/account/email', { email: ' New@Example.com ', emailPassword: PASSWORD });
    expect(response.headers.get('location')).toBe('/account?done=email');
    expect([await signIn('new@example.com'), await signIn('anna@example.com')]).toEqual([303, 401]);
    expect(await account()).toContain('You sign in as <bdi>new@example.com</bdi>');
  });

  it.each([
    ['a wrong password', { email: 'new@example.com', emailPassword: 'not this one' }, 'emailPassword-problem'],
    ['no password', { email: 'new@example.com' }, 'emailPassword-problem'],
    ['the address of somebody else', { email: 'OLGA@example.com', emailPassword: PASSWORD }, 'email-problem'],
    ['no address', { emailPassword: PASSWORD }, 'email-problem'],
    ['markup', { email: '"><script>alert(1)</script>', emailPassword: PASSWORD }, 'email-problem'],
    ['a very long address', { email: `${'x'.repeat(9000)}@example.com`, emailPassword: PASSWORD }, 'email-problem'],
  ])('is refused with %s, beside the field', async (_, fields, problem) => {
    const response = await post('/account/email', fields as Record<string, string>);
    const page = await response.text();
    expect([response.status, page.includes(`id="${problem}"`), page.includes('<details open>')]).toEqual([400, true, true]);
    expect(page).not.toContain('<script>alert');
    expect(web.people.directory.person('first')?.email).toBe('anna@example.com');
    expect(web.people.directory.byEmail('olga@example.com')?.id).toBe('olga');
  });

  it('is saved while strangers guess the password on the page to sign in', async () => {
    for (let guess = 0; guess <= LIMITS.password.calls; guess++) {
      await web.call('/sign-in', form({ email: 'anna@example.com', password: 'a guess' }));
    }
    expect(await signIn('anna@example.com')).toBe(429);
    const response = await post('/account/email', { email: 'new@example.com', emailPassword: PASSWORD });
    expect(response.headers.get('location')).toBe('/account?done=email');
  });

  it('does not tell somebody without the password which addresses are known', async () => {
    const pages = await Promise.all(
      ['olga@example.com', 'nobody@example.com'].map(async (email) =>
        (await (await post('/account/email', { email, emailPassword: 'not this one' })).text()).replaceAll(email, ''),
      ),
    );
    expect(pages[0]).toBe(pages[1]);
  });
});

describe('deleting one’s own account', () => {
  beforeEach(async () => {
    await web.accounts.addSite({ ...exampleSite, title: '<b>Garden</b>' });
    await web.accounts.addSite({ ...exampleSite, id: 'moon', title: 'Moon' });
    const sites = { garden: 'owner', moon: 'owner', gone: 'owner' } as const;
    await web.people.directory.change('first', (person) => ({ ...person, sites }));
    await web.people.directory.add(personOf('bob', { sites: { moon: 'owner' } }));
  });

  it('says before which sites would have no owner', async () => {
    const page = await account();
    expect(page).toContain('<li><bdi>&lt;b&gt;Garden&lt;/b&gt;</bdi></li>');
    expect(page).not.toContain('<bdi>Moon</bdi>');
    expect(page.match(/<li>/g)).toHaveLength(1);
  });

  it('needs the password, and limits guesses of it', async () => {
    for (let guess = 0; guess < LIMITS.password.calls; guess++) {
      const response = await post('/account/delete', { deletePassword: `guess ${guess}` });
      expect([response.status, (await response.text()).includes('id="deletePassword-problem"')]).toEqual([400, true]);
    }
    expect((await post('/account/delete', { deletePassword: PASSWORD })).status).toBe(429);
    expect(web.people.directory.person('first')).toBeDefined();
  });

  it('ends every session, withdraws invitations, and leaves the sites and their tokens', async () => {
    const { secret } = await web.accounts.addToken({ title: '', sites: ['garden'], nowMs: 1 });
    const grant = { sites: {}, isOperator: true, sitesMax: 0, invitedBy: 'Olga' };
    const invitation = await web.people.invitations.create({ email: 'anna@example.com', ...grant });
    const response = await post('/account/delete', { deletePassword: PASSWORD });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('Your account was deleted')]);
    expect(response.headers.get('set-cookie')).toMatch(/^hitherto=; Path=\/; Expires=Thu, 01 Jan 1970/);
    expect((await web.call('/account', cookie(anna))).status).toBe(401);
    expect(await signIn('anna@example.com')).toBe(401);
    expect(web.accounts.site('garden')).toBeDefined();
    expect(web.accounts.token(secret)).toBeDefined();
    expect(web.people.directory.byEmail('anna@example.com')).toBeUndefined();
    expect(web.people.invitations.find(invitation)).toBeUndefined(); // it would create the account again
    const actions = (await web.auditLog.newest({ limit: 2 })).map(({ action }) => action);
    expect(actions).toEqual(['invitation.withdrawn', 'person.removed']);
  });

  it('is refused for the only operator, who is told so before', async () => {
    await web.people.directory.change('olga', () => undefined);
    const page = await account();
    expect([page.includes('You are the only operator'), page.includes('deletePassword')]).toEqual([true, false]);
    const response = await post('/account/delete', { deletePassword: PASSWORD });
    expect([response.status, (await response.text()).includes('You are the only operator')]).toEqual([409, true]);
    expect(web.people.directory.person('first')?.isOperator).toBe(true);
  });
});
