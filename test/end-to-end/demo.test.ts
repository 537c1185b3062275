// npm run demo with a few days: it fills a folder, shows it with live traffic, signs in by its link, and continues later.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { testbed } from './running.js';

const ROOT = resolve(import.meta.dirname, '../..');
/** The demo runs the program in dist/. */
const DEMO = resolve(ROOT, 'scripts/demo.mjs');

const { cleanUp, newFolder } = testbed();

function demo(...args: string[]): { child: ChildProcess; text: () => string; until(pattern: RegExp): Promise<string> } {
  const child = spawn(process.execPath, [DEMO, ...args], { cwd: ROOT, env: { PATH: process.env.PATH } });
  cleanUp.push(() => child.exitCode ?? child.kill());
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
  const until = async (pattern: RegExp) => {
    while (!pattern.test(text)) {
      if (child.exitCode !== null) throw new Error(`the demo has ended: ${text}`);
      await delay(20);
    }
    return pattern.exec(text)?.[1] as string;
  };
  return { child, text: () => text, until };
}

async function end({ child, text }: ReturnType<typeof demo>): Promise<void> {
  child.kill('SIGINT');
  expect({ code: (await once(child, 'exit'))[0], text: text() }).toEqual({ code: 0, text: expect.not.stringMatching(/cannot/) });
}

it('shows sites with traffic up to now, signs in by a link that works once, and continues after a pause', async () => {
  const folder = newFolder();
  const args = ['--data-dir', folder, '--days', '2', '--port', '0', '--live', '1200'];
  const first = demo(...args);
  const link = await first.until(/once:\s+(\S+)/);
  const opened = await fetch(link, { redirect: 'manual' });
  const cookie = (opened.headers.get('set-cookie') as string).split(';')[0] as string;
  const address = await first.until(/running at ([^\s,]+)/);
  expect([opened.status, opened.headers.get('location')]).toEqual([302, `${address}/`]);
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(404);
  const another = await first.until(/Another one: (\S+)/);
  expect((await fetch(another, { redirect: 'manual' })).status).toBe(302);

  const read = async (path: string, from = address) => (await fetch(`${from}/api/v1/${path}`, { headers: { cookie } })).json();
  const { sites } = (await read('sites')) as { sites: { id: string; timezone: string }[] };
  expect(new Set(sites.map(({ timezone }) => timezone)).size).toBe(4);
  const viewsOf = async (from?: string) => {
    const answers = sites.map(({ id }) => read(`sites/${id}/traffic?period=7d`, from) as Promise<{ total: { views: number } }>);
    return (await Promise.all(answers)).map(({ total }) => total.views);
  };
  const filled = await viewsOf();
  expect(Math.min(...filled)).toBeGreaterThan(100);
  for (let sum = 0, before = sumOf(filled); sum <= before; sum = sumOf(await viewsOf())) await delay(200);
  const refusals = await Promise.all(sites.map(({ id }) => read(`sites/${id}/refusals?period=7d`)));
  const reasons = (refusals as { rows: { key: string }[] }[]).flatMap(({ rows }) => rows.map(({ key }) => key));
  expect([...new Set(reasons)]).toEqual(['bot']);
  await end(first);

  const second = demo(...args);
  const again = await second.until(/running at ([^\s,]+)/);
  expect(sumOf(await viewsOf(again))).toBeGreaterThan(sumOf(filled));
  await end(second);
});

it('fills a folder without starting the service, and prints a token', async () => {
  const { child, text } = demo('--data-dir', newFolder(), '--days', '1', '--no-start');
  expect((await once(child, 'close'))[0]).toBe(0);
  expect(text()).toMatch(/sign in with this token:\nhit_[\w-]+\n$/);
});

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
