// Sends every hostile input to one running service. Checks the outcome, and that other visitors are not affected.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLineReader } from '../../src/journal/line.js';
import { segmentPath, segmentsIn } from '../../src/journal/segment.js';
import { GIF } from '../../src/web/beacon.js';
import { type Health, PERSON, prepare, type Running, start, temporaryFolder } from '../end-to-end/running.js';
import { INPUTS, type Input } from './inputs.js';
import { type Answer, exchange } from './raw.js';

const BYSTANDER = 'bystander';
/** A request after another must not be slowed down by it. Generous, because tests share their machine. */
const ANSWER_MS_MAX = 10_000;
const HEADERS = [
  'access-control-allow-origin',
  'access-control-expose-headers',
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'cross-origin-resource-policy',
  'date',
  'keep-alive',
  'x-hitherto',
];

const rows = Object.entries(INPUTS);
const siteOf = (number: string) => `row-${number}`;
const requests = ({ send }: Input) => send.length;
const hitsOf = ({ becomes }: Input) =>
  'counted' in becomes ? Object.values(becomes.counted).reduce((sum, views) => sum + views, 0) || 1 : 0;

/** One of them matches; if none does, the last one is used for the message. */
function expectOneOf(all: readonly object[], like: object): void {
  const found = all.find((one) => {
    try {
      expect(one).toMatchObject(like);
      return true;
    } catch {
      return false;
    }
  });
  expect(found ?? all.at(-1)).toMatchObject(like);
}

describe('the beacon', () => {
  const folder = temporaryFolder();
  const answers = new Map<string, Answer[]>();
  /** The journal's lines of each site, in no order. */
  const journalled = new Map<string, object[]>();
  let service: Running;
  let token = '';
  let health: Health;

  const visit = async () => {
    const page = encodeURIComponent('https://bystander.example/');
    await fetch(`${service.url}/a.gif?s=${BYSTANDER}&u=${page}`, { headers: { 'User-Agent': PERSON } });
  };

  // biome-ignore lint/suspicious/noExplicitAny: the answers of every collection
  const report = async (site: string, name: string): Promise<any> => {
    const url = `${service.url}/api/v1/sites/${site}/${name}?period=7d&limit=1000`;
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    return answer.json();
  };

  beforeAll(async () => {
    const sites = rows.map(([number, { site }]) => ({ id: siteOf(number), ...site }));
    token = await prepare(folder.path, [...sites, { id: BYSTANDER }]);
    service = await start(folder.path);
    await visit();
    for (const [number, { send }] of rows) {
      const got: Answer[] = [];
      for (const bytes of send) got.push(await exchange(service.port, bytes(siteOf(number))));
      answers.set(number, got);
    }
    await visit();
    health = await service.counted();

    const read = createLineReader();
    for (const file of segmentsIn(join(folder.path, 'journal'))) {
      const text = readFileSync(segmentPath(join(folder.path, 'journal'), file), 'utf8');
      for (const line of text.split('\n')) {
        const parsed = read(line);
        if (parsed === undefined || 'refusal' in parsed) continue;
        const one = 'hit' in parsed ? parsed.hit : parsed.observation;
        journalled.set(one.site, [...(journalled.get(one.site) ?? []), one]);
      }
    }
  });

  afterAll(async () => {
    expect(await service.stop()).toBe(0);
    folder.remove();
  });

  it.each(rows.map(([number, input]) => [number, input.what, input] as const))('%s: %s', async (number, _what, input) => {
    const got = answers.get(number) as Answer[];
    const { becomes } = input;
    const site = siteOf(number);
    for (const { tookMs } of got) expect(tookMs).toBeLessThan(ANSWER_MS_MAX);
    const { rows: pages } = await report(site, 'content');
    const { total, rows: reasons } = await report(site, 'refusals');

    if ('status' in becomes) {
      expect(got.map(({ status }) => status)).toEqual(got.map(() => becomes.status));
      expect(total.received).toBe(0);
      return;
    }
    const reason = 'refused' in becomes ? becomes.refused : undefined;
    for (const { status, headers, body } of got) {
      expect({ status, reason: headers['x-hitherto'] }).toEqual({ status: 200, reason });
      expect(Object.keys(headers).filter((name) => !HEADERS.includes(name))).toEqual([]);
      expect(headers['content-length']).toBe(String(GIF.length));
      if (body.length > 0) expect(body.subarray(-GIF.length).equals(GIF)).toBe(true);
    }
    if ('counted' in becomes) {
      expect(Object.fromEntries(pages.map((row: { key: string; views: number }) => [row.key, row.views]))).toEqual(
        becomes.counted,
      );
      expect(total).toEqual({ received: hitsOf(input), counted: hitsOf(input), refused: 0 });
      const { hit, observation } = becomes;
      for (const one of [hit, observation]) if (one !== undefined) expectOneOf(journalled.get(site) ?? [], one);
    } else {
      expect(pages).toEqual([]);
      expect(reasons).toEqual(becomes.onNoSite ? [] : [{ key: becomes.refused, hits: requests(input) }]);
    }
  });

  it('sets no cookie and repeats nothing of a request in its answer', () => {
    for (const [number, got] of answers) {
      for (const { headers, body } of got) {
        expect({ number, cookie: headers['set-cookie'] }).toEqual({ number, cookie: undefined });
        expect(body.toString('latin1')).not.toMatch(/alert|Set-Cookie|row-/);
      }
    }
  });

  it('gives one reason for each request that is not counted, and received = accepted + refused', () => {
    const expected: Record<string, number> = {};
    for (const [, input] of rows) {
      if ('refused' in input.becomes) {
        expected[input.becomes.refused] = (expected[input.becomes.refused] ?? 0) + requests(input);
      }
    }
    expect(health.beacon.refused).toEqual(expected);
    expect(health.beacon.taken).toBe(rows.reduce((sum, [, input]) => sum + hitsOf(input), 2));
    expect(health.beacon.received).toBe(health.beacon.taken + health.beacon.refusedTotal);
    expect(health.beacon.unavailable).toBe(0);
  });

  it('never answers 5xx, keeps running as the same process, and logs nothing but the hint about proxies', async () => {
    expect([...answers.values()].flat().filter(({ status }) => status >= 500)).toEqual([]);
    expect((await service.health()).status).toBe('ok');
    expect(() => process.kill(service.pid, 0)).not.toThrow();
    expect(service.stderr()).toMatch(/^hitherto: a request had the header X-Forwarded-For .*\n$/);
  });

  it('does not change another site’s numbers', async () => {
    const { total, rows } = await report(BYSTANDER, 'content');
    expect({ total, rows }).toMatchObject({ total: { views: 2 }, rows: [{ key: '/', title: '', views: 2 }] });
    expect(rows).toHaveLength(1);
    expect((await report(BYSTANDER, 'refusals')).total).toEqual({ received: 2, counted: 2, refused: 0 });
  });

  it('is not affected by a request that breaks off', async () => {
    const before = await service.health();
    for (const start of ['POST /a.gif HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\ns=bystander', 'GET /a.gif?s=bystander']) {
      await new Promise((resolve) => {
        const socket = connect(service.port, '127.0.0.1', () => {
          socket.write(start, () => setTimeout(() => socket.destroy(), 50));
        });
        socket.on('close', resolve);
      });
    }
    await delay(100);
    expect((await service.health()).beacon).toEqual(before.beacon);
  });
});
