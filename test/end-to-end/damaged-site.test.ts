// Sites that are damaged in the store are reported, and all others keep working.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { PERSON, prepare, type Running, start, temporaryFolder } from './running.js';

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function sends({ url }: Running, site: string): Promise<string | null> {
  const page = encodeURIComponent(`https://${site}.example/`);
  const answer = await fetch(`${url}/a.gif?s=${site}&u=${page}`, { headers: { 'User-Agent': PERSON } });
  return answer.headers.get('x-hitherto');
}

it('the service, its pages and verify keep working with damaged sites, and report them', async () => {
  const folder = temporaryFolder();
  cleanUp.push(folder.remove);
  // as an earlier version imported them from a file
  const token = await prepare(folder.path, [
    { id: 'good' },
    { id: 'ageless', createdAtMs: 1e300 },
    { id: 'nowhere', timezone: 'Mars/Base' },
  ]);
  const service = await start(folder.path);
  cleanUp.push(service.kill9);
  expect(service.stderr()).toMatch(/^hitherto: the site "ageless" is damaged: its creation time is not valid/m);
  expect(service.stderr()).toMatch(/^hitherto: the site "nowhere" is damaged and cannot be used \(timezone: unknown time zone/m);

  expect(await Promise.all(['good', 'ageless', 'nowhere'].map((site) => sends(service, site)))).toEqual([
    null,
    null,
    'unknown-site',
  ]);
  await service.counted();
  const page = async (path: string) => {
    const answer = await fetch(service.url + path, { headers: { Authorization: `Bearer ${token}`, Accept: 'text/html' } });
    return { status: answer.status, text: await answer.text() };
  };
  for (const site of ['good', 'ageless']) {
    expect(await page(`/sites/${site}`)).toMatchObject({ status: 200 });
    const { total } = JSON.parse((await page(`/api/v1/sites/${site}/traffic?period=today`)).text);
    expect(total.views).toBe(1);
  }
  const damaged = await page('/sites/nowhere');
  expect(damaged).toMatchObject({ status: 500, text: expect.stringContaining('The settings of this site are damaged') });
  expect((await page('/')).text).toContain('/sites/ageless');

  const hitherto = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, '--data-dir', folder.path, ...args], {
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  };
  const verified = hitherto('verify');
  expect(verified.code).toBe(1);
  for (const site of ['good', 'ageless'])
    expect(verified.out).toMatch(new RegExp(`^${site} \\S+: \\d+ documents, all correct`, 'm'));
  expect(verified.err).toMatch(/"ageless" is damaged.*"nowhere" is damaged and cannot be used/);
  expect(hitherto('site', 'list').out.split('\n')).toHaveLength(3);

  expect(hitherto('site', 'set', 'ageless', '--title', 'Ageless').code).toBe(0);
  expect(hitherto('delete', 'site', 'nowhere', '--yes', '--quiet').code).toBe(0);
  expect(hitherto('verify')).toMatchObject({ code: 0, err: '' });
  expect(await service.stop()).toBe(0);
});
