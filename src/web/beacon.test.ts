// Hits of sites that this process does not know yet: another process may have created the site a moment ago.
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PERSON } from '../../test/end-to-end/running.js';
import { createSiteReader } from '../hit/prepared-site.js';
import type { Journal } from '../journal/journal.js';
import { TooManyRefreshes } from '../store/accounts.js';
import { exampleSite } from '../store/contracts/accounts.js';
import { createBeacon } from './beacon.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A beacon that knows `moon` and, after a refresh, the sites in `known`. */
async function startBeacon(refreshSites: (known: Set<string>) => Promise<void>) {
  const readSite = createSiteReader();
  const known = new Set(['moon']);
  const lines: string[] = [];
  const faults: string[] = [];
  let asked = 0;
  const journal = {
    append(line: string, _point: string, acknowledge: (error?: Error) => void) {
      lines.push(line);
      acknowledge(undefined);
    },
  } as unknown as Journal;
  let nowMs = Date.parse('2026-11-20T12:00:00Z');
  const beacon = createBeacon({
    journal,
    context: {
      site: (id) => (known.has(id) ? readSite({ ...exampleSite, id, hosts: [] }) : undefined),
      salt: () => Buffer.alloc(32),
      allows: () => true,
      refreshSites() {
        asked++;
        return refreshSites(known);
      },
    },
    clientAddress: () => '192.0.2.1',
    nowMs: () => nowMs++,
    onUnavailable: ({ message }) => faults.push(message),
  });
  const server = createServer((req, res) => beacon.handle(req, res));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/a.gif`;
  const headers = { 'User-Agent': PERSON };
  return {
    beacon,
    lines,
    faults,
    port,
    asked: () => asked,
    hit: (site: string) => fetch(`${url}?s=${site}&u=https%3A%2F%2Fgarden.example%2F`, { headers }),
    post: (site: string) => fetch(url, { method: 'POST', body: `s=${site}&u=https%3A%2F%2Fgarden.example%2F`, headers }),
  };
}

describe('the reason why a hit is not counted', () => {
  it('can be read by scripts of any page only if it is about the page', async () => {
    const { port } = await startBeacon(async () => {});
    const headersOf = async (page: string, agent: string) => {
      const url = `http://127.0.0.1:${port}/a.gif?s=moon&u=${encodeURIComponent(page)}`;
      const { headers } = await fetch(url, { headers: { 'User-Agent': agent } });
      return [headers.get('x-hitherto'), headers.get('access-control-expose-headers')];
    };
    expect(await headersOf('http://localhost/', PERSON)).toEqual(['local-page', 'X-Hitherto']);
    expect(await headersOf('https://moon.example/', 'curl/8.0')).toEqual(['bot', null]);
    expect(await headersOf('https://moon.example/', PERSON)).toEqual([null, null]);
  });
});

describe('a hit of a site that this node does not know', () => {
  it('is counted if the store has the site', async () => {
    const { hit, post, lines, beacon } = await startBeacon(async (known) => {
      await delay(1);
      known.add('garden');
    });
    for (const answer of await Promise.all([hit('garden'), post('garden')])) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-hitherto')).toBeNull();
    }
    expect(lines.map((line) => line.split('\t')[1])).toEqual(['garden', 'garden']);
    expect(beacon.tally).toMatchObject({ received: 2, taken: 2, refused: {} });
  });

  it('is refused if the store has no such site', async () => {
    const { hit, beacon, asked } = await startBeacon(async () => {});
    expect((await hit('garden')).headers.get('x-hitherto')).toBe('unknown-site');
    expect(asked()).toBe(1);
    expect(beacon.tally.refused).toEqual({ 'unknown-site': 1 });
  });

  it('is answered 503 instead of being refused if the store does not answer', async () => {
    const { hit, lines, beacon } = await startBeacon(() => Promise.reject(new Error('the store does not answer')));
    const answer = await hit('garden');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).not.toBeNull();
    expect(await answer.text()).toMatch(/no site of this id is known, and the store does not answer/);
    expect(lines).toEqual([]);
    expect(beacon.tally).toMatchObject({ received: 1, unavailable: 1, refused: {} });
  });

  it('is answered 503 if too many requests wait, which is not logged as a fault', async () => {
    const waiting = await startBeacon(() => Promise.reject(new TooManyRefreshes('too many wait')));
    expect((await waiting.hit('garden')).status).toBe(503);
    expect(waiting.faults).toEqual([]);
    const away = await startBeacon(() => Promise.reject(new Error('the store does not answer')));
    expect((await away.hit('garden')).status).toBe(503);
    expect(away.faults).toEqual([expect.stringMatching(/the store does not answer/)]);
  });

  it('is counted before the journal is closed even if the visitor has left', async () => {
    let answerStore = () => {};
    const { beacon, lines, port, asked } = await startBeacon(async (known) => {
      await new Promise<void>((resolve) => {
        answerStore = resolve;
      });
      known.add('garden');
    });
    const sent = request({ port, path: '/a.gif?s=garden&u=https%3A%2F%2Fgarden.example%2F', headers: { 'User-Agent': PERSON } });
    const closed = new Promise((resolve) => sent.on('error', () => {}).on('close', resolve));
    sent.end();
    while (asked() === 0) await delay(1);
    sent.destroy();
    await closed;
    const drained = beacon.close();
    answerStore();
    await drained;
    expect(lines).toHaveLength(1);
  });
});

it('a hit of a known site, or with an impossible id, does not ask the store', async () => {
  const { hit, asked } = await startBeacon(async () => {});
  expect((await hit('moon')).headers.get('x-hitherto')).toBeNull();
  for (const id of ['', 'x', 'Garden', '__proto__', 'a'.repeat(64), '%00%00']) {
    expect((await hit(id)).headers.get('x-hitherto')).toBe('unknown-site');
  }
  expect(asked()).toBe(0);
});
