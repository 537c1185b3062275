// Which address counts behind a proxy: visitors, excluded addresses and the limit on sign-ins all use the same.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Environment, PERSON, prepare, type Running, start, startAndEnd, temporaryFolder } from './running.js';

const EXCLUDED = '198.51.100.9';

const written: ReadonlyArray<readonly [header: string, write: (address: string, port: number) => string]> = [
  ['X-Forwarded-For', (address, port) => `6.6.6.6, ${address.includes(':') ? `[${address}]` : address}:${port}`],
  ['Forwarded', (address, port) => `for=6.6.6.6, for="${address.includes(':') ? `[${address}]` : address}:${port}";proto=https`],
  ['CF-Connecting-IP', (address) => address],
];

describe.each(written)('a service behind a proxy that writes %s', (header, write) => {
  const folder = temporaryFolder();
  let service: Running;
  let token = '';

  beforeAll(async () => {
    token = await prepare(folder.path, [{ id: 'garden', excludedAddresses: [EXCLUDED, '2001:db8:bad::/48'] }]);
    const environment: Environment = { TRUST_PROXY: '127.0.0.1', CLIENT_IP_HEADER: header };
    service = await start(folder.path, environment);
  });

  afterAll(async () => {
    expect(service.stderr()).toBe('');
    expect(await service.stop()).toBe(0);
    folder.remove();
  });

  const from = (address: string, port: number) => ({ [header]: write(address, port), 'User-Agent': PERSON });
  const view = async (address: string, port: number): Promise<string | null> => {
    const response = await fetch(`${service.url}/a.gif?s=garden&u=https%3A%2F%2Fgarden.example%2F`, {
      headers: from(address, port),
    });
    expect(response.status).toBe(200);
    return response.headers.get('x-hitherto');
  };

  it('distinguishes visitors by their addresses and not by their ports, and excludes addresses', async () => {
    const visitors = ['203.0.113.7', '203.0.113.8', '2001:db8:1::1'];
    for (const [turn, port] of [50_001, 50_002].entries()) {
      for (const visitor of visitors) expect(await view(visitor, port + turn)).toBeNull();
    }
    expect(await view(EXCLUDED, 50_003)).toBe('excluded-address');
    expect(await view('2001:db8:bad::7', 50_004)).toBe('excluded-address');
    await service.counted();
    const response = await fetch(`${service.url}/api/v1/sites/garden/traffic`, { headers: { Authorization: `Bearer ${token}` } });
    const { total } = (await response.json()) as { total: object };
    expect(total).toMatchObject({ views: 6, visitors: 3 });
  });

  it('counts attempts to sign in by address', async () => {
    const signIn = async (address: string, port: number): Promise<number> => {
      const body = new URLSearchParams({ token: `hit_${'A'.repeat(43)}` });
      return (await fetch(`${service.url}/sign-in`, { method: 'POST', body, headers: from(address, port) })).status;
    };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) statuses.push(await signIn('203.0.113.7', 40_000 + attempt));
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    expect(await signIn('203.0.113.8', 40_000)).toBe(401);
  });
});

describe('a service that does not know of its proxy', () => {
  it('logs that once, in one line that names the settings and no address', async () => {
    const folder = temporaryFolder();
    await prepare(folder.path, [{ id: 'garden' }]);
    const service = await start(folder.path);
    for (let times = 0; times < 3; times++) {
      const headers = { 'CF-Connecting-IP': '203.0.113.7', 'User-Agent': PERSON };
      await fetch(`${service.url}/a.gif?s=garden&u=https%3A%2F%2Fgarden.example%2F`, { headers });
    }
    expect(await service.stop()).toBe(0);
    expect(service.stderr()).toMatch(
      /^hitherto: a request had the header CF-Connecting-IP from a loopback address .*TRUST_PROXY.*CLIENT_IP_HEADER=CF-Connecting-IP.*\n$/,
    );
    expect(service.stderr()).not.toMatch(/203\.0|127\.0/);
    folder.remove();
  });
});

it('refuses an unknown header in one line, and exits with 78', async () => {
  const folder = temporaryFolder();
  const { code, stderr } = await startAndEnd({ DATA_DIR: folder.path, CLIENT_IP_HEADER: 'X-Forwarded-Fro' });
  expect(code).toBe(78);
  expect(stderr).toMatch(/^hitherto: .*CLIENT_IP_HEADER: "X-Forwarded-Fro" is not a header .*\n$/);
  folder.remove();
});
