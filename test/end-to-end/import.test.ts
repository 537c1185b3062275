// The sample log through the importer, compared with an independent count that shares no code with it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isbot } from 'isbot';
import { preparedData } from '../fixtures/prepared-data.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/src/cli.js');
const SAMPLE = join(ROOT, 'test/fixtures/access-2015-05.log.gz');

const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
afterAll(() => rmSync(folder, { recursive: true }));

const newData = preparedData(folder);
/** A data folder of its own with a site in it. */
const dataDir = (timezone = 'UTC') =>
  newData('semi', '--title', 'Semicomplete', '--timezone', timezone, '--host', 'semicomplete.com');

const args = (dir: string, file: string) => [CLI, '--data-dir', dir, 'import', file, '--site', 'semi', '--json', '--quiet'];
const importInto = (dir: string, file: string) =>
  JSON.parse(execFileSync(process.execPath, args(dir, file), { encoding: 'utf8' }));

/** Everything in the store, as plain data, read in a process of its own by the project's own reader. */
function documentsOf(dir: string): Record<string, unknown> {
  const script = `
    import { openEnvironment } from ${JSON.stringify(join(ROOT, 'dist/src/store/lmdb/environment.js'))};
    import { decode } from ${JSON.stringify(join(ROOT, 'dist/src/counters/codec/codec.js'))};
    const plainValue = (value) => (value?.fields ? plain(value) : value?.forEach ? points(value) : value);
    const sorted = (fields) => [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
    const plain = (tree) => Object.fromEntries(sorted(tree.fields).map(([key, value]) => ['/' + key, plainValue(value)]));
    const points = (sketch) => sketch.size;
    const { root } = openEnvironment(${JSON.stringify(dir)});
    const documents = root.openDB({ name: 'documents', encoding: 'binary' });
    const all = {};
    for (const { key, value } of documents.getRange()) all[key] = plain(decode(value));
    console.log(JSON.stringify(all));
  `;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', maxBuffer: 1e8 }));
}

// The oracle: a regular expression, Intl, and sums.
const LINE = /^(\S+) \S+ .*?\[(\d\d)\/May\/2015:(\d\d):(\d\d):(\d\d) \+0000\] "(.*?)" (\d{3}) (?:\d+|-) "(.*?)" "(.*)"$/;
const ASSET =
  /\.(css|js|png|jpe?g|gif|ico|svg|txt|xml|xsl|pdf|zip|gz|jar|rpm|deb|mp3|mp4|ogv|webm|swf|json|woff|ttf|eot|bz2|tgz|iso|bin|exe|docx?)$/i;

function oracle(text: string, timezone: string) {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  });
  const views = { total: 0, byHour: {} as Record<string, number>, byPath: {} as Record<string, number> };
  const reasons: Record<string, number> = {};
  const leave = (reason: string) => {
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  };
  for (const line of text.split('\n').slice(0, -1)) {
    const match = LINE.exec(line);
    if (match === null) {
      leave('unreadable-line');
      continue;
    }
    const [, , day, hour, minute, second, request, status, , agent] = match as unknown as string[];
    const [method, target] = (request as string).split(' ') as [string, string];
    const path = target?.replace(/\?.*/, '').replace(/#.*/, '');
    if (method !== 'GET') leave('method');
    else if (!['200', '206', '304'].includes(status as string)) leave('status');
    else if (ASSET.test(path as string)) leave('asset');
    else if (agent === '-' || isbot(agent as string)) leave('bot');
    else {
      const parts = Object.fromEntries(
        format
          .formatToParts(Date.UTC(2015, 4, Number(day), Number(hour), Number(minute), Number(second)))
          .map(({ type, value }) => [type, value]),
      );
      const key = `${parts.year}-${parts.month}-${parts.day} ${parts.hour}`;
      views.total++;
      views.byHour[key] = (views.byHour[key] ?? 0) + 1;
      views.byPath[path as string] = (views.byPath[path as string] ?? 0) + 1;
    }
  }
  return { ...views, reasons };
}

// biome-ignore lint/suspicious/noExplicitAny: documents as plain data
type Plain = any;

describe('importing a log', () => {
  const text = gunzipSync(readFileSync(SAMPLE)).toString('latin1');
  const lines = text.split('\n').slice(0, -1).length;
  let straight: Record<string, unknown>;

  beforeAll(() => {
    const dir = dataDir();
    importInto(dir, SAMPLE);
    straight = documentsOf(dir);
  });

  it.each(['UTC', 'America/New_York', 'Asia/Kathmandu'])('counts the same as an independent count, in %s', (timezone) => {
    const dir = dataDir(timezone);
    const summary = importInto(dir, SAMPLE);
    const truth = oracle(text, timezone);
    expect(summary).toMatchObject({ lines, counted: truth.total, leftOut: truth.reasons, complete: true, unfinishedLine: false });

    const documents = documentsOf(dir) as Plain;
    const traffic =
      documents['traffic.2015.late2026/semi:2015-05'] ??
      documents[Object.keys(documents).find((key) => /^traffic\.2015\.late\d{4}\/semi:2015-05$/.test(key)) as string];
    expect(traffic['/v']).toBe(truth.total);
    const byHour: Record<string, number> = {};
    for (const [day, node] of Object.entries<Plain>(traffic['/D'])) {
      for (const [hour, counters] of Object.entries<Plain>(node['/h'] ?? {}))
        byHour[`${day.slice(1)} ${hour.slice(1)}`] = counters['/v'];
    }
    expect(byHour).toEqual(truth.byHour);
    const content =
      documents[Object.keys(documents).find((key) => /^content\.2015\.late\d{4}\/semi:2015-05$/.test(key)) as string];
    const byPath = Object.fromEntries(
      Object.entries<Plain>(content['/p']['/r']).map(([path, row]) => [path.slice(1), row['/v']]),
    );
    expect(byPath).toEqual(Object.fromEntries(Object.entries(truth.byPath).map(([path, views]) => [decodeURI(path), views])));
  });

  it('adds nothing when the same log is imported again, packed or not', () => {
    const dir = dataDir();
    const plainLog = join(folder, 'plain.log');
    writeFileSync(plainLog, text, 'latin1');
    importInto(dir, SAMPLE);
    const before = documentsOf(dir);
    expect(importInto(dir, SAMPLE)).toMatchObject({ lines: 0, counted: 0, complete: true });
    expect(importInto(dir, plainLog)).toMatchObject({ lines: 0, countedBefore: text.length });
    expect(documentsOf(dir)).toEqual(before);
  });

  it('continues a log that has grown, also when it was rotated and packed meanwhile, and waits for an unfinished line', () => {
    const dir = dataDir();
    const log = join(folder, 'growing.log');
    const half = text.indexOf('\n', text.length / 2) + 1;
    writeFileSync(log, text.slice(0, half - 20), 'latin1');
    const first = importInto(dir, log);
    expect(first.unfinishedLine).toBe(true);
    appendFileSync(log, text.slice(half - 20, half), 'latin1');
    expect(importInto(dir, log)).toMatchObject({ lines: 1, unfinishedLine: false });
    const packed = join(folder, 'growing.log.1.gz');
    // two members, as appending to a packed log makes them
    writeFileSync(
      packed,
      Buffer.concat([gzipSync(Buffer.from(text.slice(0, half), 'latin1')), gzipSync(Buffer.from(text.slice(half), 'latin1'))]),
    );
    importInto(dir, packed);
    expect(withoutSketches(documentsOf(dir))).toEqual(withoutSketches(straight));
  });

  it('adds nothing for a copy from before the log grew', () => {
    const dir = dataDir();
    const [grown, earlier] = [join(folder, 'grown.log'), join(folder, 'earlier.log')];
    const linesOf = (count: number) => `${text.split('\n', count).join('\n')}\n`;
    writeFileSync(grown, linesOf(100), 'latin1');
    importInto(dir, grown);
    for (const count of [1, 2, 50, 99]) {
      writeFileSync(earlier, linesOf(count), 'latin1');
      expect(importInto(dir, earlier)).toMatchObject({ lines: 0, counted: 0, complete: true });
    }
    writeFileSync(earlier, linesOf(101), 'latin1');
    expect(importInto(dir, earlier)).toMatchObject({ lines: 1 });
  });

  it('counts the common format, in which bots cannot be recognised', () => {
    const log = join(folder, 'common.log');
    writeFileSync(log, text.replaceAll(/ "[^"]*" "[^\n]*"$/gm, ''), 'latin1');
    const { bot = 0, ...rest } = oracle(text, 'UTC').reasons;
    expect(bot).toBeGreaterThan(0);
    expect(importInto(dataDir(), log)).toMatchObject({ lines, counted: oracle(text, 'UTC').total + bot, leftOut: rest });
  });

  it('waits for the first line of an empty log', () => {
    const dir = dataDir();
    const log = join(folder, 'young.log');
    for (const [bytes, unfinishedLine] of [
      [0, false],
      [100, true],
    ] as const) {
      writeFileSync(log, text.slice(0, bytes), 'latin1');
      expect(importInto(dir, log)).toMatchObject({ lines: 0, complete: true, unfinishedLine });
    }
    writeFileSync(log, text, 'latin1');
    expect(importInto(dir, log)).toMatchObject({ lines });
  });

  it('refuses a log that begins like one that was counted but continues differently', () => {
    const dir = dataDir();
    const log = join(folder, 'changed.log');
    importInto(dir, SAMPLE);
    writeFileSync(log, `${text.slice(0, 200_000)}${text.slice(200_000).replaceAll('200', '201')}`, 'latin1');
    expect(() => execFileSync(process.execPath, args(dir, log), { stdio: 'pipe' })).toThrow(
      /begins like a log that was counted before/,
    );
  });

  it('explains in one line what is wrong: a file that is no log, an unknown site, a missing file', () => {
    const dir = dataDir();
    const picture = join(folder, 'picture.gif');
    writeFileSync(picture, Buffer.alloc(100_000, 7));
    const failing = (file: string, site: string) => {
      try {
        execFileSync(process.execPath, [CLI, '--data-dir', dir, 'import', file, '--site', site], { stdio: 'pipe' });
      } catch (error) {
        return String((error as { stderr: Buffer }).stderr);
      }
      return '';
    };
    expect(failing(picture, 'semi')).toMatch(/^hitherto: .*is not an access log.*\n$/);
    expect(failing(SAMPLE, 'other')).toMatch(/^hitherto: there is no site "other"; add it first.*\n$/);
    expect(failing(join(folder, 'none.log'), 'semi')).toMatch(/^hitherto: there is no file or folder .*\n$/);
    const cut = join(folder, 'cut.log.gz');
    writeFileSync(cut, readFileSync(SAMPLE).subarray(0, 100_000));
    expect(failing(cut, 'semi').split('\n').at(-2)).toMatch(/^hitherto: .*cut\.log\.gz cannot be read much beyond.*$/);
  });

  describe('of large size', () => {
    const large = join(folder, 'large.log');
    let whole: Record<string, unknown>;

    beforeAll(() => {
      writeFileSync(large, text.repeat(12), 'latin1');
      const dir = dataDir();
      expect(importInto(dir, large)).toMatchObject({ lines: 12 * lines });
      whole = documentsOf(dir);
    });

    it('is counted once when the import is killed at any time and repeated', async () => {
      const dir = dataDir();
      for (let round = 0; round < 5; round++) {
        const child = spawn(process.execPath, args(dir, large), { stdio: 'ignore' });
        await new Promise((resolve) => setTimeout(resolve, 250 + round * 60 + Math.random() * 60));
        child.kill('SIGKILL');
        await ended(child);
      }
      importInto(dir, large);
      expect(withoutSketches(documentsOf(dir))).toEqual(withoutSketches(whole));
    });

    it('stops at Ctrl-C with a report of what is counted, and can be continued', async () => {
      const dir = dataDir();
      const interrupted = async (afterMs: number): Promise<{ code: number | null; out: string }> => {
        const child = spawn(process.execPath, args(dir, large), { stdio: ['ignore', 'pipe', 'inherit'] });
        let out = '';
        child.stdout?.on('data', (chunk) => {
          out += chunk;
        });
        setTimeout(() => child.kill('SIGINT'), afterMs);
        const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
        // Interrupted before it had begun (null: before it could handle the signal), it counts and reports nothing.
        return code === null || out === '' ? interrupted(afterMs * 1.5) : { code, out };
      };
      const { code, out } = await interrupted(450);
      const first = JSON.parse(out);
      // on a fast machine it may have finished by then
      expect(code).toBe(first.complete ? 0 : 130);
      const second = importInto(dir, large);
      expect(first.lines + second.lines).toBe(12 * lines);
      expect(withoutSketches(documentsOf(dir))).toEqual(withoutSketches(whole));
    });

    it('is counted once by two imports at the same time', async () => {
      const dir = dataDir();
      const children = [1, 2].map(() => spawn(process.execPath, args(dir, large), { stdio: 'ignore' }));
      expect(await Promise.all(children.map(ended))).toEqual([0, 0]);
      expect(importInto(dir, large)).toMatchObject({ lines: 0, complete: true });
      expect(withoutSketches(documentsOf(dir))).toEqual(withoutSketches(whole));
    });

    it('is counted once by several imports that begin at the same time, no matter how often', async () => {
      for (let round = 0; round < 3; round++) {
        const dir = dataDir();
        const children = [1, 2, 3].map(() => spawn(process.execPath, args(dir, SAMPLE), { stdio: 'ignore' }));
        expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0]);
        expect(withoutSketches(documentsOf(dir))).toEqual(withoutSketches(straight));
      }
    });

    it('is counted the same into a copy of the folder, beside a running service', async () => {
      const dir = dataDir();
      const copy = join(folder, 'copy');
      cpSync(dir, copy, { recursive: true });
      const service = spawn(process.execPath, [join(ROOT, 'dist/src/main.js')], {
        env: { ...process.env, MONGODB_URI: '', REDIS_URL: '', DATA_DIR: copy, PORT: '0' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => service.stdout?.once('data', resolve));
      importInto(copy, large);
      service.kill();
      expect(await ended(service)).toBe(0);
      expect(withoutSketches(documentsOf(copy))).toEqual(withoutSketches(whole));
    });
  });
});

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

/** Sketches differ from import to import, since each has random salts of its own. */
function withoutSketches(documents: Record<string, unknown>): unknown {
  return JSON.parse(
    JSON.stringify(documents, (key, value) =>
      key === '/s' && typeof value === 'number' ? undefined : key === '/t' && typeof value === 'number' ? undefined : value,
    ),
  );
}
