import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { personOf } from '../../../test/fixtures/people.js';
import { cookie, form, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { SHARES_OF_SITE_MAX, TOKENS_OF_SITE_MAX } from '../../store/too-many.js';

let web: Web;
let operator: Record<string, string>;
let team: string;
let viewer: Record<string, string>;
let locked: string;
beforeAll(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
  const sites = { garden: 'owner', full: 'owner' } as const;
  await web.people.directory.add(personOf('anna', { isOperator: true, sites }));
  await web.people.directory.add(personOf('bob', { sites: { garden: 'viewer' } }));
  operator = cookie(await web.people.sessions.begin('anna', 'Firefox')).headers as Record<string, string>;
  const created = await web.call('/teams', form({ name: 'Team' }, operator));
  team = created.headers.get('location')?.replace(/\?.*/, '') as string;
  viewer = cookie(await web.people.sessions.begin('bob', 'Firefox')).headers as Record<string, string>;
  const share = { title: 'Club', password: '', untilMs: undefined, mayBeEmbedded: false };
  const { secret } = await web.people.shares.create({ ...share, site: 'garden', password: 'a long password' });
  locked = `/share/${secret}/`;
  await web.accounts.addSite({ ...exampleSite, id: 'full' });
  for (let i = 0; i < TOKENS_OF_SITE_MAX; i++) await web.accounts.addToken({ title: 'CI', sites: ['full'], nowMs: 1 });
  for (let i = 0; i < SHARES_OF_SITE_MAX; i++) await web.people.shares.create({ ...share, site: 'full' });
  await web.call('/sites/garden/tokens', form({ tokenTitle: 'CI', scope: 'read' }, operator));
  await web.call('/sites/garden/shares', form({ shareTitle: 'Club', password: 'a long password' }, operator));
  await web.call('/sites/garden/members', form({ act: 'invite', email: 'carl@example.com', role: 'viewer' }, operator));
});
afterAll(stopWebs);

type Call = (language: string) => Promise<Response>;
const get =
  (path: string, headers: () => Record<string, string> = () => operator): Call =>
  (language) =>
    web.call(path, { headers: { ...headers(), 'Accept-Language': language } });
const post =
  (path: string, fields: Record<string, string>, headers: () => Record<string, string> = () => operator): Call =>
  (language) =>
    web.call(path, form(fields, { ...headers(), 'Accept-Language': language }));
const nobody = () => ({});

const PAGES: Readonly<Record<string, Call>> = {
  'sign-in': get('/', nobody),
  'a wrong password': post('/sign-in', { email: 'anna@example.com', password: 'wrong wrong' }, nobody),
  'a forgotten password': get('/passwords', nobody),
  'an invitation that is over': get(`/invitations/${'a'.repeat(43)}`, nobody),
  'a link for a password that is over': get(`/passwords/${'a'.repeat(43)}`, nobody),
  'a share link that is over': get(`/share/${'a'.repeat(43)}/`, nobody),
  'an error': get('/nothing'),
  'all sites': get('/?all&deleted'),
  'a site': get('/sites/garden'),
  'its settings': get('/sites/garden/settings?done=settings'),
  'settings with mistakes': post('/sites/garden/settings', {
    title: '',
    hosts: 'a b/c',
    excludedAddresses: 'x',
    excludedPaths: 'x',
    keepDays: '120',
    keepMonths: '2',
    seen: '',
  }),
  'its installation': get('/sites/garden/installation'),
  'its changes': get('/sites/garden/changes'),
  'its deletion': get('/sites/garden/delete'),
  'its deletion without its id': post('/sites/garden/delete', { id: 'x' }),
  'its other time zone': post('/sites/garden/timezone', { timezone: 'Asia/Tokyo' }),
  'a time zone with the same time': post('/sites/garden/timezone', { timezone: 'Europe/Paris' }),
  'a token too many': post('/sites/full/tokens', { tokenTitle: 'CI', scope: 'read' }),
  'a share link too many': post('/sites/full/shares', { shareTitle: 'Club' }),
  'a share link with a mistake': post('/sites/garden/shares', { shareTitle: '' }),
  'a member with a mistake': post('/sites/garden/members', { act: 'invite', email: 'x', role: 'viewer' }),
  'the last owner': post('/sites/garden/members', { act: 'change', person: 'anna', role: '' }),
  'a share link with a password': (language) => get(locked, nobody)(language),
  'a site that is not there': get('/sites/nothing'),
  'a site that others own': get('/sites/garden/settings', () => viewer),

  'a new site': get('/new-site'),
  'a new site with mistakes': post('/new-site', { title: '', id: 'A', timezone: 'Nowhere', hosts: '' }),
  'the account': get('/account?done=name'),
  'an account with mistakes': post('/account/password', { current: 'wrong', password: 'short' }),
  'an account that is not deleted': post('/account/delete', { deletePassword: 'wrong wrong' }),
  'an address that is none': post('/account/email', { email: 'x', emailPassword: 'wrong wrong' }),
  'a language that is none': post('/account/language', { language: 'xx' }),
  'two-step sign-in': get('/account/two-step'),
  'a code that is wrong': post('/account/two-step', { secret: 'x', code: '1', current: 'wrong' }),
  people: get('/people'),
  'an invitation with mistakes': post('/people/invite', { email: 'x', sitesMax: 'x', hitsMax: 'x' }),
  'changes of the service': get('/audit'),
  teams: get('/teams?done=left'),
  'a team': (language) => get(team)(language),
  'a team without a name': (language) => post(team, { act: 'rename', name: '' })(language),
  'a team to be left': (language) => get(`${team}?done=members`)(language),
  'many attempts': async (language) => {
    for (let i = 0; i < 40; i++) await web.call('/sign-in', form({ email: 'many@example.com', password: 'wrong wrong' }));
    return post('/sign-in', { email: 'many@example.com', password: 'wrong wrong' }, nobody)(language);
  },
};

/** Names, and words that are the same in both languages. */
const SAME =
  /^(Hitherto|Token|Name|Teams?|Installation|Passkeys?|Browser|Operator|API|CI|Club|Garden|The garden|Firefox|UTC|Id|CSV|Link|System|Berlin|English|Deutsch|Online|Snippet|Journal|← Teams|garden|full|Europe\/Paris|Asia\/Tokyo|· Europe\/Berlin|The garden \((garden|full)\)|https:\/\/\S+)$/;

/** Texts of a page with at least one word, without what is code, and what people have typed. */
function textsOf(page: string): Set<string> {
  const visible = page
    .replaceAll(/<(head|script|style|code|textarea|template|datalist|footer)\b.*?<\/\1>/gs, ' ')
    .replaceAll(/<bdi>.*?<\/bdi>/gs, ' ')
    .replaceAll(/<svg\b.*?<\/svg>/gs, ' ')
    .split(/<[^>]*>/)
    .map((text) => text.replaceAll(/\s+/g, ' ').trim());
  const labels = [...page.matchAll(/ (?:aria-label|title)="([^"]*)"/g)].map(([, label = '']) => label);
  return new Set([...visible, ...labels].filter((text) => /\p{L}{3}/u.test(text) && !SAME.test(text)));
}

describe('in German', () => {
  it.each(Object.entries(PAGES))('the page about %s has no English text', async (_name, call) => {
    const [english, german] = await Promise.all(['en', 'de'].map(async (language) => (await call(language)).text()));
    expect(german).toContain('<html lang="de">');
    expect(german).not.toContain('[object Object]');
    const other = textsOf(german as string);
    expect([...textsOf(english as string)].filter((text) => other.has(text))).toEqual([]);
  });
});
