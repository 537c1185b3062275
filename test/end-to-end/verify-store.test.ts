// Runs the real commands and the real service on a store with damaged bytes.
import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { utcDay } from '../../src/time/dates.js';
import { hitherto, PERSON, prepare, type Running, start, startAndEnd, temporaryFolder, testbed } from './running.js';

const { newFolder, running } = testbed();

async function view({ url }: Running, site: string, page: string): Promise<number> {
  const address = encodeURIComponent(`https://${site}.example/${page}`);
  return (await fetch(`${url}/a.gif?s=${site}&u=${address}&f=0&n=1&g=1`, { headers: { 'User-Agent': PERSON } })).status;
}

const today = () => utcDay(Date.now());
const fileOf = (dataDir: string) => join(dataDir, 'store', 'data.mdb');

/** Changes a byte in every copy of this text, also in pages that are no longer in use. */
function damage(dataDir: string, text: string): void {
  const bytes = readFileSync(fileOf(dataDir));
  let places = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1), places++) bytes[at + text.length - 1] = 0x21;
  expect(places).toBeGreaterThan(0);
  writeFileSync(fileOf(dataDir), bytes);
}

/** A data folder with views of two sites, and a backup of it. It is made once; each test works on a copy. */
let made: { readonly data: string; readonly backup: string; remove(): void };
beforeAll(async () => {
  const { path, remove } = temporaryFolder();
  made = { data: join(path, 'data'), backup: join(path, 'monday'), remove };
  await prepare(made.data, [{ id: 'garden' }, { id: 'shop' }]);
  const service = await start(made.data);
  try {
    for (let n = 0; n < 160; n++) {
      expect(await view(service, 'garden', `marked-${n}`)).toBe(200);
      if (n % 4 === 0) expect(await view(service, 'shop', `${n}`)).toBe(200);
      // while the service is writing
      if (n % 50 === 0) expect(await hitherto({ DATA_DIR: made.data }, 'verify', '--store')).toMatchObject({ code: 0, err: '' });
    }
    await service.counted();
    expect(await hitherto({ DATA_DIR: made.data }, 'backup', made.backup, '--quiet')).toMatchObject({ code: 0, err: '' });
  } finally {
    expect(await service.stop()).toBe(0);
  }
});
afterAll(() => made.remove());

function counted(): { dataDir: string; backup: string } {
  const [dataDir, copies] = [newFolder(), newFolder()];
  cpSync(made.data, dataDir, { recursive: true });
  cpSync(made.backup, copies, { recursive: true });
  return { dataDir, backup: copies };
}

describe('hitherto verify --store', () => {
  it('finds a checksum for every record of a store that the service has closed', async () => {
    const { dataDir } = counted();
    expect(await hitherto({ DATA_DIR: dataDir }, 'verify', '--store')).toEqual({
      code: 0,
      out: expect.stringMatching(/^\S+\/store\/data\.mdb: \d+ records read, none of them damaged\n$/),
      err: '',
    });
  });

  it('names the file and the damaged documents; the service counts all others, and a backup repairs it', async () => {
    const { dataDir, backup } = counted();
    damage(dataDir, 'marked-150');
    const verified = await hitherto({ DATA_DIR: dataDir }, 'verify', '--store');
    const places = verified.out.split('\n').filter((line) => line.includes('its checksum differs'));
    expect(places).toContain(`${fileOf(dataDir)}: content.${today().slice(0, 4)}/garden:${today()}: its checksum differs`);
    expect(places.every((line) => line.startsWith(`${fileOf(dataDir)}: `) && line.includes('/garden:'))).toBe(true);
    expect(verified).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^hitherto: \S+data\.mdb is damaged in \d+ places.*\n$/),
    });
    const json = JSON.parse((await hitherto({ DATA_DIR: dataDir }, 'verify', '--store', '--json')).out);
    expect(json).toMatchObject({ file: fileOf(dataDir), complete: true, withoutChecksum: 0 });
    expect(json.problems).toHaveLength(places.length);

    const service = await running(dataDir);
    expect([await view(service, 'garden', 'marked-150'), await view(service, 'shop', 'later')]).toEqual([200, 200]);
    const health = (await service.counted()) as unknown as { counting: { setAside: number } };
    expect(health.counting.setAside).toBe(places.length);
    // counting does not hide the damage
    expect((await hitherto({ DATA_DIR: dataDir }, 'verify', '--store')).out.match(/its checksum differs/g)).toHaveLength(
      places.length,
    );
    expect(await service.stop()).toBe(0);

    const copies = newFolder();
    const again = await hitherto({ DATA_DIR: dataDir }, 'backup', join(copies, 'a'), '--quiet');
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringMatching(/the backup was made, but the store is damaged.*garden:/),
    });
    expect((await hitherto({ DATA_DIR: dataDir }, 'restore', backup, '--force', '--quiet')).code).toBe(0);
    expect((await hitherto({ DATA_DIR: dataDir }, 'verify', '--store')).code).toBe(0);
    expect(await (await running(dataDir)).stop()).toBe(0);
    expect((await hitherto({ DATA_DIR: dataDir }, 'verify')).code).toBe(0);
  });

  it('suggests the right tool with MongoDB', async () => {
    const env = { MONGODB_URI: 'mongodb://127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' };
    const { code, err } = await hitherto(env, 'verify', '--store');
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^hitherto: MongoDB keeps its own checksums.*validate.*\n$/),
    });
  });

  it('cannot be combined with a site or a day', async () => {
    expect((await hitherto({ DATA_DIR: newFolder() }, 'verify', '--store', '--site', 'x')).code).toBe(2);
    const { code, err } = await hitherto({ DATA_DIR: newFolder() }, 'verify', '--store');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^hitherto: there is no store in .*\n$/) });
  });
});

describe('a store with damaged pages', () => {
  const flip = (from: number, length: number) => (dataDir: string) => {
    const bytes = readFileSync(fileOf(dataDir));
    for (let i = from; i < from + length; i++) bytes[i] = (bytes[i] as number) ^ 0xff;
    writeFileSync(fileOf(dataDir), bytes);
  };

  it.each<[string, (dataDir: string) => void]>([
    ['its first meta page', flip(5, 40)],
    ['the middle of a meta page', flip(100, 40)],
    ['its second meta page', flip(4120, 40)],
    ['every page after them', flip(2 * 4096, 100_000)],
    ['its end, which is missing', (dataDir) => truncateSync(fileOf(dataDir), 5 * 4096)],
    ['all of it', (dataDir) => writeFileSync(fileOf(dataDir), 'no store'.repeat(2000))],
  ])('(%s) is reported in one line at the start and by each command, and a backup can replace it', async (_, change) => {
    const { dataDir, backup } = counted();
    change(dataDir);
    const line = new RegExp(`^hitherto: ${fileOf(dataDir)} is damaged: [^\n]*; restore it from a backup [^\n]*\n$`);
    const started = await startAndEnd({ DATA_DIR: dataDir });
    expect({ ...started, stdout: '' }).toEqual({ code: 70, stdout: '', stderr: expect.stringMatching(line) });
    for (const args of [
      ['site', 'list'],
      ['backup', join(newFolder(), 'a'), '--quiet'],
    ]) {
      expect(await hitherto({ DATA_DIR: dataDir }, ...args)).toEqual({ code: 1, out: '', err: expect.stringMatching(line) });
    }
    const verified = await hitherto({ DATA_DIR: dataDir }, 'verify', '--store');
    expect(verified).toMatchObject({ code: 1, err: expect.stringMatching(/data\.mdb is damaged in \d+ place/) });
    const refused = await hitherto({ DATA_DIR: dataDir }, 'restore', backup, '--quiet');
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(/would replace the folder \S+, whose store is damaged.*--force/),
    });
    expect((await hitherto({ DATA_DIR: dataDir }, 'restore', backup, '--force', '--quiet')).code).toBe(0);
    expect(await (await running(dataDir)).stop()).toBe(0);
  });
});
