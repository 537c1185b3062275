// An owner who only uses the pages, from the first set-up to the deletion of a site, in both modes. In the distributed
// mode, each request goes to the other one of two nodes. Links are sent by mail, and people sign in through a provider.
import { describe, expect, it } from '@jest/globals';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { freePort } from '../fixtures/free-port.js';
import { CLIENT, startIssuer } from '../fixtures/issuer.js';
import { dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';
import { CERTIFICATE, type SmtpServer, startSmtpServer } from '../fixtures/smtp-server.js';
import { until } from '../fixtures/until.js';
import { type Environment, PERSON, type Running, testbed } from './running.js';

const { newFolder, running, cleanUp } = testbed();

const ANNA = { name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' };
const SITE = { title: 'Garden', id: 'garden', timezone: 'Europe/Berlin', hosts: '' };

/** Sends requests to the nodes in turn, as a browser with a cookie. */
function browserOf(nodes: () => readonly Running[]) {
  let turn = 0;
  const cookies = new Map<string, string>();
  const call = async (path: string, init: RequestInit = {}) => {
    const node = nodes()[turn++ % nodes().length] as Running;
    const response = await fetch(node.url + path, {
      ...init,
      redirect: 'manual',
      headers: { Cookie: [...cookies].map((cookie) => cookie.join('=')).join('; '), 'User-Agent': PERSON },
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    return { status: response.status, location: response.headers.get('location'), text: await response.text() };
  };
  return {
    get: (path: string) => call(path),
    post: (path: string, fields: Record<string, string>) => call(path, { method: 'POST', body: new URLSearchParams(fields) }),
  };
}

const LOGIN = { user: 'stats', password: 'a secret/password' };

/** A mail server with a certificate that the service is told to trust, and the service's settings for it. */
async function startMail(): Promise<{ mail: SmtpServer; env: Environment }> {
  const mail = await startSmtpServer({ tls: 'from-start', login: LOGIN });
  const SMTP_URL = `smtps://${LOGIN.user}:${encodeURIComponent(LOGIN.password)}@localhost:${mail.port}`;
  return { mail, env: { SMTP_URL, MAIL_FROM: 'Statistics <stats@example.com>', NODE_EXTRA_CA_CERTS: CERTIFICATE } };
}

/** Somebody who has forgotten the password, with a mail server and without it. */
async function resetByMail(bob: ReturnType<typeof browserOf>, nodes: readonly Running[], mail: SmtpServer): Promise<void> {
  const password = 'a password by mail';
  expect((await bob.post('/passwords', { email: 'bob@example.com' })).status).toBe(200);
  const linkFor = (email: string) => {
    const texts = mail.mails.filter(({ to }) => to.includes(email)).map(({ text }) => text);
    return /\/passwords\/[\w.-]{40,}/.exec(texts.join('\n'))?.[0];
  };
  await until(async () => linkFor('bob@example.com') !== undefined, 'the mail');
  expect((await bob.post(linkFor('bob@example.com') as string, { password })).status).toBe(303);
  expect((await bob.post('/sign-in', { email: 'bob@example.com', password })).status).toBe(303);
  for (let i = 0; i < 2; i++) expect((await bob.get('/api/v1/sites/garden')).status).toBe(200);
  const changed = () => mail.mails.some(({ header }) => header.includes('Subject: Your password was changed'));
  await until(async () => changed(), 'the note');
  expect(mail.mails.every(({ isEncrypted, user }) => isEncrypted && user === LOGIN.user)).toBe(true);

  await mail.close();
  expect((await bob.post('/passwords', { email: 'bob@example.com' })).status).toBe(200);
  const logs = () => nodes.map((node) => node.stderr()).join('');
  await until(async () => logs().includes('the mail "Choose a new password" could not be sent'), 'the failure is logged');
  expect(logs()).not.toMatch(/\/passwords\/|bob\.|secret/);
  for (const node of nodes) expect((await node.health()).status).toBe('ok');
}

type Browser = ReturnType<typeof browserOf>;

/** The port of a provider that does not run yet, and the service's settings for it. */
async function newProvider(): Promise<{ port: number; env: Environment }> {
  const port = await freePort();
  const client = { OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret };
  const rules = { OIDC_DOMAINS: 'example.com', OIDC_NEWCOMERS: '0' };
  return { port, env: { PUBLIC_URL: 'http://stats.example', OIDC_ISSUER: `http://127.0.0.1:${port}`, ...client, ...rules } };
}

/** Goes to the provider, which sends the browser back. */
async function throughProvider(browser: Browser, from = '/sign-in/oidc') {
  const away = await browser.get(from);
  const back = await fetch(away.location as string, { redirect: 'manual' });
  const { pathname, search } = new URL(back.headers.get('location') as string);
  return browser.get(pathname + search);
}

/** A newcomer, who is returned, and Anna, who links her account. */
async function signInThroughProvider(port: number, anna: Browser, newBrowser: () => Browser): Promise<Browser> {
  const carla = newBrowser();
  const early = await carla.get('/sign-in/oidc');
  expect([early.status, early.text.includes('does not answer')]).toEqual([503, true]);
  const issuer = await startIssuer(CLIENT.secret, port);
  cleanUp.push(issuer.close);
  issuer.state.user = { sub: 'carla', email: 'carla@example.com', email_verified: true, name: 'Carla' };
  for (const browser of [carla, newBrowser(), newBrowser()]) {
    expect((await throughProvider(browser)).location).toBe('/');
    for (let i = 0; i < 2; i++) expect((await browser.get('/account')).text).toContain('value="Carla"');
  }
  expect((await anna.get('/people')).text.match(/<bdi>carla@example\.com/g)).toHaveLength(1);

  issuer.state.user = { sub: 'anna', email: ANNA.email, email_verified: true };
  expect((await throughProvider(anna, '/account/oidc')).location).toBe('/sign-in/oidc/link');
  const linked = await anna.post('/sign-in/oidc/link', { linkPassword: ANNA.password });
  expect(linked.location).toBe('/account?done=linked');
  const other = newBrowser();
  for (let i = 0; i < 2; i++) expect((await throughProvider(other)).location).toBe('/');
  expect((await other.get('/account')).text).toContain('value="Anna"');
  return carla;
}

interface Outside {
  readonly mail: SmtpServer;
  readonly providerPort: number;
}

/** A role through a team applies on every node, and ends with the team. Bob is a viewer of the site. */
async function throughTeam(anna: ReturnType<typeof browserOf>, bob: ReturnType<typeof browserOf>): Promise<void> {
  const created = await anna.post('/teams', { name: 'Gardeners' });
  const team = /\/teams\/\w+/.exec(created.location ?? '')?.[0] as string;
  expect((await anna.post(team, { act: 'add-site', site: 'garden' })).status).toBe(303);
  const joining = await anna.post(team, { act: 'invite', email: 'bob@example.com', role: 'owner' });
  expect((await bob.post(/\/invitations\/[\w-]+/.exec(joining.text)?.[0] as string, {})).status).toBe(303);
  const bobSettings = async () => [
    (await bob.get('/sites/garden/settings')).status,
    (await bob.get('/sites/garden/settings')).status,
  ];
  await until(async () => String(await bobSettings()) === '200,200', 'Bob owns the site through the team');
  for (let i = 0; i < 2; i++) expect((await bob.post('/sites/garden/delete', { id: 'garden' })).status).toBe(403);
  expect((await anna.get('/sites/garden/settings')).text).toContain('Gardeners');
  expect((await anna.post(team, { act: 'delete' })).location).toBe('/teams?done=deleted');
  await until(async () => String(await bobSettings()) === '403,403', 'the team gives no right any more');
  expect((await anna.get('/account')).text).toContain('Operators have no limits.');
}

async function ownerOnly({ mail, providerPort }: Outside, startNodes: () => Promise<readonly Running[]>): Promise<void> {
  let nodes = await startNodes();
  const [first] = nodes as [Running];
  const anna = browserOf(() => nodes);
  const setup = /\/setup\/[\w-]+/.exec(first.stdout())?.[0] as string;
  expect((await anna.get(setup)).status).toBe(200);
  expect((await anna.post(setup, { ...ANNA, ...SITE })).status).toBe(200);
  for (let i = 0; i < 2; i++) expect((await anna.get(setup)).status).toBe(404);
  for (let i = 0; i < 2; i++) expect((await anna.get('/account')).text).toContain('Firefox on Linux');

  const hit = async (): Promise<string | null> => {
    const node = nodes.at(-1) as Running;
    const query = `s=garden&u=${encodeURIComponent('https://garden.example/a')}&f=0&n=1&g=1`;
    return (await fetch(`${node.url}/a.gif?${query}`, { headers: { 'User-Agent': PERSON } })).headers.get('x-hitherto');
  };
  expect(await hit()).toBeNull();

  // a setting applies on every node within a second or so
  const settings = { title: 'Garden', storage: 'record', signals: 'without-record', excludedAddresses: '127.0.0.0/8\n::1' };
  expect((await anna.post('/sites/garden/settings', settings)).location).toBe('/sites/garden/settings?done=settings');
  await until(async () => (await hit()) !== null, 'the address is excluded');
  expect((await anna.get('/sites/garden/settings')).text).toContain('127.0.0.0/8');

  const invited = await anna.post('/sites/garden/members', { act: 'invite', email: 'bob@example.com', role: 'viewer' });
  expect(invited.text).toContain('A mail with this link was sent to this address');
  let bob = browserOf(() => nodes);
  const invitation = /\/invitations\/[\w-]+/.exec(mail.mails[0]?.text ?? '')?.[0] as string;
  expect((await bob.post(invitation, { name: 'Bob', password: 'another long password' })).status).toBe(303);
  for (let i = 0; i < 2; i++) {
    expect((await bob.get('/api/v1/sites/garden')).status).toBe(200);
    expect((await bob.get('/sites/garden/settings')).status).toBe(403);
  }

  const carla = await signInThroughProvider(providerPort, anna, () => browserOf(() => nodes));
  await throughTeam(anna, bob);

  const shared = await anna.post('/sites/garden/shares', { shareTitle: 'club' });
  const link = /\/share\/[\w-]+/.exec(shared.text)?.[0] as string;
  const guest = browserOf(() => nodes);
  for (let i = 0; i < 2; i++) expect((await guest.get(`${link}/api/v1/sites/garden/traffic?period=today`)).status).toBe(200);
  const limited = await anna.post('/sites/garden/shares', { shareTitle: 'few', hasChoice: '1', 'report.content': '1' });
  const few = /\/share\/[\w-]+/.exec(limited.text)?.[0] as string;
  for (const [report, status] of Object.entries({ traffic: 200, content: 200, referrers: 403, live: 403 })) {
    for (let i = 0; i < 2; i++) expect((await guest.get(`${few}/api/v1/sites/garden/${report}`)).status).toBe(status);
  }

  // each node shows that a token was used, whichever node it was used on
  const created = await anna.post('/sites/garden/tokens', { tokenTitle: 'wall', scope: 'read' });
  const headers = { Authorization: `Bearer ${/hit_[\w-]{43}/.exec(created.text)?.[0]}` };
  expect((await fetch(`${nodes[0]?.url}/api/v1/sites/garden`, { headers })).status).toBe(200);
  const isUsed = async () => /"lastUsedDay":"\d{4}-/.test((await anna.get('/api/v1/sites/garden/tokens')).text);
  await until(isUsed, 'the use is recorded');
  for (let i = 0; i < 2; i++) expect(await isUsed()).toBe(true);

  // everybody stays signed in when the service starts again, and the set-up is over
  for (const node of nodes) await node.stop();
  nodes = await startNodes();
  expect(nodes[0]?.stdout()).not.toContain('/setup/');
  for (const one of [anna, bob, carla]) expect((await one.get('/account')).status).toBe(200);
  expect((await guest.get(`${link}/`)).status).toBe(200);

  bob = browserOf(() => nodes); // another browser, in which he is not signed in
  await resetByMail(bob, nodes, mail);
  const invitedAgain = await anna.post('/sites/garden/members', { act: 'invite', email: 'eve@example.com', role: 'viewer' });
  expect(invitedAgain.text).toContain('The mail with this link could not be sent');

  const preview = await anna.get('/sites/garden/delete');
  expect(preview.text).toMatch(/Page views<\/dt><dd>[1-9]/);
  expect(preview.text).not.toContain('--data-dir');
  expect((await anna.post('/sites/garden/delete', { id: 'garden' })).status).toBe(303);
  await until(async () => nodes.some((node) => node.stderr().includes('the site garden was deleted')), 'the site is deleted');
  for (let i = 0; i < 2; i++) {
    expect((await anna.get('/sites/garden')).status).toBe(404);
    expect((await bob.get('/api/v1/sites/garden')).status).toBe(404);
    expect((await guest.get(`${link}/`)).status).toBe(404);
  }
  expect((await anna.post('/new-site', SITE)).status).toBe(409);
  expect((await anna.post('/new-site', { ...SITE, id: 'meadow' })).status).toBe(200);
}

describe('an owner without a shell', () => {
  it('sets up, changes, shares and deletes a site on one machine', async () => {
    const folder = newFolder();
    const { mail, env } = await startMail();
    const provider = await newProvider();
    const outside = { mail, providerPort: provider.port };
    await ownerOnly(outside, async () => [await running(folder, { ...env, ...provider.env })]);
  });

  const distributed = mongodbUri() === undefined || redisUrl() === undefined ? it.skip : it;
  distributed('sets up, changes, shares and deletes a site on several nodes', async () => {
    const [one, two] = [newFolder(), newFolder()];
    const uri = mongodbUri() as string;
    const { mail, env: mailEnv } = await startMail();
    const provider = await newProvider();
    const servers = { MONGODB_URI: uri, REDIS_URL: redisUrl() as string };
    const env: Environment = { ...servers, ...mailEnv, ...provider.env };
    cleanUp.push(async () => {
      const { db, close } = await openMongodb(uri);
      await dropDatabase(db);
      await close();
    });
    const outside = { mail, providerPort: provider.port };
    await ownerOnly(outside, async () => Promise.all([running(one, env, ['web']), running(two, env, ['web'])]));
  });
});
