// Logs of all formats through the command, as users provide them: folders, standard input, packed, cut and joined,
// and beside the script.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { isbot } from 'isbot';
import { utcDay } from '../../src/time/dates.js';
import { logOf, type Request, WRITERS, type Writer } from '../fixtures/logs.js';
import { preparedData } from '../fixtures/prepared-data.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/src/cli.js');
const SAMPLE = gunzipSync(readFileSync(join(ROOT, 'test/fixtures/access-2015-05.log.gz')));

const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
const newPath = (name: string) => join(folder, `${++made}-${name}`);

const newData = preparedData(folder);
/** A data folder with a site in it. */
const dataDir = (...settings: string[]) => newData('site', '--title', 'Site', '--timezone', 'UTC', ...settings);

const OWN_HOSTS = ['--host', 'example.com'];

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function hitherto(dir: string, args: readonly string[], input?: Buffer | string, env: NodeJS.ProcessEnv = {}): Outcome {
  return spawnSync(process.execPath, [CLI, '--data-dir', dir, 'import', '--site', 'site', ...args], {
    encoding: 'utf8',
    input,
    env: { ...process.env, ...env },
    maxBuffer: 1e8,
  });
}

interface Summary {
  readonly file: string;
  readonly format: string;
  readonly lines: number;
  readonly counted: number;
  readonly leftOut: Record<string, number>;
  readonly linesBeside: number;
  readonly firstDay: string;
}

function imported(dir: string, args: readonly string[], input?: Buffer | string): Summary[] {
  const { status, stdout, stderr } = hitherto(dir, [...args, '--json', '--quiet'], input);
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Summary);
}

/** Lines that were processed, whether they were counted or not. */
function takenOf(summaries: readonly Summary[]): number {
  return summaries.reduce((sum, { lines, leftOut }) => sum + lines - (leftOut['counted-before'] ?? 0), 0);
}

const countedOf = (summaries: readonly Summary[]) => summaries.reduce((sum, { counted }) => sum + counted, 0);

function written(name: string, content: string | Buffer): string {
  const path = newPath(name);
  writeFileSync(path, content);
  return path;
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';
const BOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; http://www.google.com/bot.html)';
const TARGETS = ['/', '/page?a=b', '/style.css', '/feed/', '/about', '/img/a.png?v=2'];
const HOSTS = ['example.com', 'www.example.com', 'www.example.com', 'other.example.org'];

/** A day of requests, of all kinds. */
function requestsOn(day: number, count = 120): Request[] {
  return Array.from({ length: count }, (_, i) => ({
    atMs: Date.UTC(2026, 2, day, 6) + i * 31_000,
    address: i % 7 === 0 ? `2001:db8::${i}` : `203.0.113.${i % 250}`,
    host: HOSTS[i % HOSTS.length] as string,
    method: i % 11 === 0 ? 'POST' : 'GET',
    target: TARGETS[i % TARGETS.length] as string,
    status: [200, 200, 304, 404, 200, 301, 206][i % 7] as number,
    referrer: i % 3 === 0 ? 'https://www.example.net/a' : '',
    agent: i % 5 === 0 ? BOT : FIREFOX,
  }));
}

/** The expected result, from the requests and the contents of the format. */
function truth({ without = [] }: Writer, requests: readonly Request[]) {
  const leftOut: Record<string, number> = {};
  let counted = 0;
  for (const { method, status, target, host, agent } of requests) {
    const reason =
      method !== 'GET'
        ? 'method'
        : ![200, 206, 304].includes(status)
          ? 'status'
          : /\.(?:css|png)(?:\?|$)/.test(target)
            ? 'asset'
            : target === '/feed/'
              ? 'not-a-page'
              : !without.includes('host') && host === 'other.example.org'
                ? 'foreign-host'
                : !without.includes('agent') && isbot(agent)
                  ? 'bot'
                  : undefined;
    if (reason === undefined) counted++;
    else leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  }
  return { counted, leftOut };
}

describe('hitherto import', () => {
  it('counts a folder of logs of every format, in order of time, and reports each format', () => {
    const dir = dataDir(...OWN_HOSTS);
    const logs = newPath('logs');
    const files = WRITERS.map((writer, i) => ({ writer, requests: requestsOn(1 + i), name: `${String(99 - i)}.log` }));
    for (const { writer, requests, name } of files) {
      const below = join(logs, name.slice(0, 1));
      mkdirSync(below, { recursive: true });
      writeFileSync(join(below, name), logOf(writer, requests));
    }
    writeFileSync(join(logs, 'error.log'), '2026/02/10 21:22:09 [error] 11#11: *163 open() "/x" failed\n');
    const { status, stdout, stderr } = hitherto(dir, [logs, '--json', '--quiet']);
    expect(status).toBe(0);
    const summaries = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Summary);
    expect(summaries.map(({ file, format, lines, counted, leftOut }) => ({ file, format, lines, counted, leftOut }))).toEqual(
      files.map(({ writer, requests, name }) => ({
        file: join(logs, name.slice(0, 1), name),
        format: writer.format,
        lines: requests.length,
        ...truth(writer, requests),
      })),
    );
    for (const { format } of WRITERS) expect(stderr).toContain(`: format ${format} (`);
    expect(stderr).toContain(
      'visitor: c-ip; host: none; time: date and time; request: cs-method and cs-uri-stem and cs-uri-query; status: sc-status',
    );
    expect(stderr).toMatch(/left out: .*error\.log is not an access log that can be read/);
    expect(imported(dir, [logs]).filter(({ lines }) => lines > 0)).toEqual([]);
  });

  it('counts standard input, packed or not, with or without a line break at the end', () => {
    const writer = WRITERS.find(({ format }) => format === 'combined') as Writer;
    const log = logOf(writer, requestsOn(1));
    const { counted } = truth(writer, requestsOn(1));
    for (const input of [log, log.trimEnd(), `\ufeff${log}`, gzipSync(log)]) {
      const dir = dataDir();
      expect(imported(dir, ['-'], input)).toMatchObject([{ file: 'standard input', lines: 120, counted }]);
      expect(takenOf(imported(dir, ['-'], input))).toBe(0);
    }
    expect(imported(dataDir(), ['-'], '')).toMatchObject([{ lines: 0 }]);
  });

  it.each([
    ['bzip2', 'bzip2'],
    ['xz', 'xz'],
    ['zstd', 'zstd'],
  ])('counts what %s has packed, or names the missing program', (program) => {
    const packed = spawnSync(program, ['-c'], { input: SAMPLE, maxBuffer: 1e8 });
    if (packed.error !== undefined) return;
    const file = written('any-name', packed.stdout);
    expect(imported(dataDir(), [file])).toMatchObject([{ lines: 10_000, counted: 1537 }]);
    const { status, stderr } = hitherto(dataDir(), [file], undefined, { PATH: folder });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `^hitherto: .*any-name is packed with .*, and the program ${program} that unpacks it is not installed: install it \\(Debian`,
      ),
    );
    const cut = written('cut', packed.stdout.subarray(0, packed.stdout.length / 2));
    expect(hitherto(dataDir(), [cut])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`${program} cannot unpack it`),
    });
  });

  it('counts nothing of several files when one of them is not a log, and shows its text without control characters', () => {
    const dir = dataDir();
    const none = written('none.log', '\x1b]0;owned\x07\x1b[31mred\x9b31m text\nmore\n');
    const good = written('good.log', SAMPLE);
    const { status, stdout, stderr } = hitherto(dir, [good, none]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /none\.log is not an access log that can be read: none of its first lines has the fields of any format; its first line reads "\]0;owned.*"; --format names/,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
    expect(stderr).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(imported(dir, [good])).toMatchObject([{ lines: 10_000 }]);
  });

  it.each<[string, Buffer | string, RegExp]>([
    ['a zip archive', Buffer.from('504b0304', 'hex'), /is an archive, or packed twice \(zip\): unpack it first/],
    [
      'a tar archive',
      gzipSync(Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(300)])),
      /\(tar\): unpack it first/,
    ],
    ['text in UTF-16', Buffer.from('\ufeff1.2.3.4 - - x\n', 'utf16le'), /is text in UTF-16/],
    ['a line without end', Buffer.alloc(20_000_000, 'x'), /is not an access log/],
    ['zeros that were packed', gzipSync(Buffer.alloc(50_000_000)), /is not an access log/],
    ['nested JSON', `${'{"a":'.repeat(100_000)}\n`, /is not an access log/],
    ['nothing readable', '\0\x01\n'.repeat(5000), /is not an access log/],
  ])('refuses %s in one line', (_, content, message) => {
    const { status, stderr } = hitherto(dataDir(), [written('hostile', content)]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^hitherto: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });

  it('treats hostile lines in a good log as unreadable lines', () => {
    const writer = WRITERS.find(({ format }) => format === 'combined') as Writer;
    const [first] = requestsOn(1) as [Request];
    const good = writer.write({ ...first, method: 'GET', status: 200, target: '/', agent: FIREFOX });
    const hostile = [
      Buffer.from(`${'A'.repeat(3_000_000)}`),
      Buffer.from([0, 0, 0xff, 0xfe, 0x80]),
      Buffer.from(good.replace('2026', '9999')),
      Buffer.from(good.replace('2026', '99999999999')),
      Buffer.from(good.replace(/" 2\d\d /, '" -1e308 ')),
      Buffer.from(good.replace('GET /', 'GET /\x1b[31m')),
      Buffer.from(good.replace(FIREFOX, 'x'.repeat(100_000))),
    ];
    const log = Buffer.concat(
      [...Array.from({ length: 20 }, () => good), ...hostile].flatMap((line) => [Buffer.from(line), Buffer.from('\n')]),
    );
    const dir = dataDir();
    const [summary] = imported(dir, [written('hostile.log', log)]) as [Summary];
    expect(summary).toMatchObject({ lines: 27, counted: 21, leftOut: { 'unreadable-line': 4, 'future-line': 1, bot: 1 } });
  });

  it('excludes other hosts where the site has some, and names the hosts where it has none', () => {
    const writer = WRITERS.find(({ title }) => title === 'vhost_combined without a port') as Writer;
    const log = written('vhosts.log', logOf(writer, requestsOn(1)));
    expect(hitherto(dataDir(...OWN_HOSTS), [log]).stdout).toMatch(/left out: foreign-host/);
    const { stdout } = hitherto(dataDir(), [log]);
    expect(stdout).not.toContain('foreign-host');
    expect(stdout).toMatch(
      /the log names several hosts, and the site has no hosts set, so all of them are counted: example\.com \d+, other\.example\.org \d+/,
    );
  });

  it('prints a command for the same data if the requested addresses have several hosts', () => {
    const writer = WRITERS.find(({ format }) => format === 'elb') as Writer;
    const dir = dataDir();
    const { stdout } = hitherto(dir, [written('elb.log', logOf(writer, requestsOn(1)))]);
    expect(stdout).toContain(`to leave out others: hitherto --data-dir ${dir} site set site --host <name>, before the import`);
  });

  it('explains the source of the host if only the requested address contains it', () => {
    const outputFor = (title: string, change: (log: string) => string = (log) => log) => {
      const writer = WRITERS.find((one) => one.title === title) as Writer;
      const log = change(logOf(writer, requestsOn(1)));
      return hitherto(dataDir(), [written('whole.log', log), '--dry-run']).stderr;
    };
    const ofTarget = /host: taken from the requested address if it contains one; /;
    for (const title of ['Application Load Balancer', 'Classic Load Balancer']) expect(outputFor(title)).toMatch(ofTarget);
    expect(outputFor('combined', (log) => log.replaceAll('GET /', 'GET https://example.com/'))).toMatch(ofTarget);
    expect(outputFor('combined')).toMatch(/host: none; /);
  });

  it('uses the format that was chosen by hand, also when the import is continued', () => {
    const dir = dataDir();
    const ambiguous = written(
      'two.log',
      '203.0.113.7 198.51.100.1 - - [17/Mar/2026:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0 (X11) Firefox/143.0"\n',
    );
    expect(hitherto(dir, [ambiguous]).stderr).toMatch(/cannot be read reliably: its lines begin with two addresses/);
    expect(hitherto(dir, [ambiguous, '--format', 'caddy']).stderr).toMatch(/has no line of the format caddy among its first 1/);
    expect(hitherto(dir, [ambiguous, '--format', 'cady'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Allowed choices are common, combined'),
    });
    expect(imported(dir, [ambiguous, '--format', 'combined'])).toMatchObject([{ format: 'combined', counted: 1 }]);
    appendFileSync(ambiguous, readFileSync(ambiguous));
    expect(hitherto(dir, [ambiguous, '--format', 'vhost_combined']).stderr).toMatch(/began in the format combined/);
    expect(imported(dir, [ambiguous, '--format', 'combined'])).toMatchObject([{ counted: 1 }]);
  });

  it('stores neither an address nor an agent of a log', () => {
    const dir = dataDir();
    const log = Array.from(
      { length: 50 },
      (_, i) =>
        `203.0.113.${i} - - [17/Mar/2026:10:05:${10 + (i % 50)} +0000] "GET /p HTTP/1.1" 200 5 "-" "Firefox-Secret/143.0 agent${i}"\n`,
    ).join('');
    imported(dir, ['-'], log);
    imported(dir, [written('a.log', log)]);
    const bytes = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    expect(bytes.some((content) => content.includes('/p'))).toBe(true);
    for (const secret of ['203.0.113.', 'Secret']) expect(bytes.some((content) => content.includes(secret))).toBe(false);
  });
});

describe('the lines of a log', () => {
  const lines = SAMPLE.toString('latin1').split('\n').slice(0, -1);
  const part = (from: number, to: number) =>
    written(
      'part.log',
      Buffer.from(
        lines
          .slice(from, to)
          .map((line) => `${line}\n`)
          .join(''),
        'latin1',
      ),
    );

  it('are counted once when it is split, joined or cut differently', () => {
    const whole = part(0, 10_000);
    const dir = dataDir();
    imported(dir, [whole]);
    const parts = [part(0, 3000), part(2500, 7777), part(9000, 10_000), part(4000, 4200)];
    expect(takenOf(imported(dir, parts))).toBe(0);
    const other = dataDir();
    expect(takenOf(imported(other, [part(3000, 6000), part(1000, 7000), part(6500, 9000)]))).toBe(8000);
    const rest = imported(other, ['-'], SAMPLE);
    expect(takenOf(rest)).toBe(2000);
    const summary = hitherto(other, [whole]);
    expect(summary.stdout).toMatch(/already counted, nothing new/);
  });

  it('are counted once when the import of a joined log is killed at any time', async () => {
    const dir = dataDir();
    const text = SAMPLE.toString('latin1');
    const years = [2011, 2012, 2013, 2014, 2015].map((year) => text.replaceAll('May/2015', `May/${year}`));
    const large = written('large.log', Buffer.from(years.join(''), 'latin1'));
    const straight = dataDir();
    const all = imported(straight, [large]);
    const [first, third] = [0, 2].map((i) => written('year.log', Buffer.from(years[i] as string, 'latin1'))) as [string, string];
    const before = imported(dir, [third]);
    // it begins like the first year's log, but the import of that one continues differently
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [CLI, '--data-dir', dir, 'import', large, '--site', 'site', '--quiet'], {
        stdio: 'ignore',
      });
      await new Promise((resolve) => setTimeout(resolve, 500 + round * 150 + Math.random() * 200));
      child.kill('SIGKILL');
      await ended(child);
    }
    imported(dir, [large]);
    expect(takenOf(imported(dir, [first, third, large]))).toBe(0);
    expect(countedOf(before) * 5).toBe(countedOf(all));
    expect(viewsIn(dir)).toBe(countedOf(all));
    expect(viewsIn(straight)).toBe(countedOf(all));
  });

  it('are counted twice if they occur twice in one file, which is reported before and after', () => {
    const dir = dataDir();
    const warning =
      'its times go back by 83 h 0 min: if the file was joined from logs that have lines in common, these lines are counted twice';
    const [all, doubled] = [part(0, 10_000), written('doubled.log', Buffer.concat([SAMPLE, SAMPLE]))];
    expect(hitherto(dir, [all]).stdout).not.toContain('go back');
    expect(hitherto(dir, [all, all, '--dry-run']).stdout).not.toContain('go back');
    expect(hitherto(dataDir(), [doubled, '--dry-run']).stdout).toContain(`  at line 10,001 ${warning}`);
    const rest = hitherto(dir, [doubled]).stdout;
    expect(rest).toMatch(/ {2}at line 1 of the new lines its times go back by \d\d h \d+ min: /);
  });

  it('are counted as those of another machine if they differ, and their number is reported', () => {
    const dir = dataDir();
    const one = WRITERS.find(({ format }) => format === 'combined') as Writer;
    const other = requestsOn(1).map((request) => ({ ...request, atMs: request.atMs + 7000, target: `${request.target}#` }));
    imported(dir, [written('one.log', logOf(one, requestsOn(1)))]);
    const { stdout } = hitherto(dir, [written('other.log', logOf(one, other))]);
    expect(stdout).toMatch(/1\d\d of the lines are from times of other counted logs that do not contain them/);
    const merged = [...requestsOn(1), ...other].sort((a, b) => a.atMs - b.atMs);
    expect(takenOf(imported(dir, [written('merged.log', logOf(one, merged))]))).toBe(0);
  });

  it('are recognised in another format of the same requests', () => {
    const dir = dataDir();
    const [combined, caddy] = ['combined', 'caddy'].map((name) => WRITERS.find(({ format }) => format === name)) as [
      Writer,
      Writer,
    ];
    imported(dir, [written('one.log', logOf(combined, requestsOn(1)))]);
    expect(takenOf(imported(dir, [written('other.log', logOf(caddy, requestsOn(1)))]))).toBe(0);
  });

  it('are counted in bundles if they arrive in many files, each file once', () => {
    const writer = WRITERS.find(({ format }) => format === 'alb') as Writer;
    const dir = dataDir();
    const logs = newPath('delivered');
    const requests = requestsOn(1, 900);
    mkdirSync(join(logs, 'a/b'), { recursive: true });
    for (let i = 0; i < 300; i++) {
      const file = join(logs, i % 2 ? 'a/b' : '.', `${(i * 7919) % 1000}-${i}.log.gz`);
      writeFileSync(file, gzipSync(logOf(writer, requests.slice(3 * i, 3 * i + 3))));
    }
    const files = readdirSync(logs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const late = newPath('late.log.gz');
    renameSync(join((files[0] as (typeof files)[number]).parentPath, (files[0] as (typeof files)[number]).name), late);
    const first = imported(dir, [logs]);
    expect(first.map(({ file, lines }) => [file.replace(/ from.*/, ''), lines])).toEqual([['299 files', 897]]);
    cpSync(late, join(logs, 'late.log.gz'));
    const again = hitherto(dir, [logs]);
    expect(again.stderr).toContain('299 files were counted before');
    expect(again.stdout).toMatch(/late\.log\.gz: 3 lines/);
    expect(takenOf(imported(dir, [logs]))).toBe(0);
    const all = readdirSync(logs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const joined = all.map((entry) => gunzipSync(readFileSync(join(entry.parentPath, entry.name))).toString());
    expect(takenOf(imported(dir, ['-'], joined.sort().join('')))).toBe(0);
  });
});

describe('the days of a log', () => {
  const writer = WRITERS.find(({ format }) => format === 'combined') as Writer;
  const days = [1, 2, 3, 4].map((day) => requestsOn(day));
  const log = written('days.log', logOf(writer, days.flat()));
  const ofDay = truth(writer, days[0] as Request[]).counted;

  it('are those that were requested; others can be counted later', () => {
    const dir = dataDir();
    const some = imported(dir, [log, '--from-day', '2026-03-02', '--until', '2026-03-03']);
    expect(some).toMatchObject([
      { counted: 2 * ofDay, leftOut: { 'earlier-day': 120, 'later-day': 120 }, firstDay: '2026-03-02' },
    ]);
    expect(imported(dir, [log, '--until', '2026-03-03'])).toMatchObject([
      { counted: ofDay, leftOut: { 'counted-before': 240, 'later-day': 120 } },
    ]);
    expect(imported(dir, [log])).toMatchObject([{ counted: ofDay, leftOut: { 'counted-before': 360 } }]);
    expect(takenOf(imported(dir, [log]))).toBe(0);
    expect(viewsIn(dir)).toBe(4 * ofDay);
  });

  it('must be given in the right form', () => {
    const failing = (...args: string[]) =>
      hitherto(dataDir(), [log, ...args])
        .stderr.split('\n')
        .at(-2);
    expect(failing('--until', 'soon')).toBe('hitherto: --until "soon" is not a day; write it like 2026-01-31');
    expect(failing('--from-day', '2026-02-30')).toBe('hitherto: --from-day "2026-02-30" is not a day; write it like 2026-01-31');
    expect(failing('--from-day', '2026-03-03', '--until', '2026-03-02')).toMatch(
      /is after --until 2026-03-02: there is no day to count$/,
    );
  });

  it('are reported and not counted with --dry-run, and nothing is stored', () => {
    const dir = dataDir();
    const before = stateOf(dir);
    const dry = imported(dir, [log, '--dry-run']);
    expect(dry).toMatchObject([{ counted: 4 * ofDay, dryRun: true }]);
    expect(hitherto(dir, [log, '--dry-run']).stdout).toMatch(/^dry run, nothing was counted; the import would count:\n/);
    expect(takenOf(imported(dir, [log, written('copy.log', `\n${readFileSync(log, 'utf8')}`), '--dry-run']))).toBe(481);
    expect(stateOf(dir)).toEqual(before);
    expect(imported(dir, [log])).toMatchObject([{ counted: 4 * ofDay }]);
  });

  it('that another tool has counted are excluded unless they are requested', () => {
    const dir = dataDir();
    const csv = written('plausible.csv', 'date,visitors,pageviews\n2026-03-02,10,50\n2026-03-03,10,50\n');
    execFileSync(process.execPath, [
      CLI,
      '--data-dir',
      dir,
      'import',
      csv,
      '--site',
      'site',
      '--from',
      'plausible',
      '--until',
      '2026-03-05',
      '--quiet',
    ]);
    const { stderr } = hitherto(dir, [log, '--dry-run']);
    expect(stderr).toContain('2026-03-02 to 2026-03-03 are counted from an export of Plausible: the log');
    expect(imported(dir, [log])).toMatchObject([{ counted: 2 * ofDay, leftOut: { 'counted-by-tool': 240 } }]);
    expect(imported(dir, [log, '--until', '2026-03-02'])).toMatchObject([{ counted: ofDay }]);
    const again = spawnSync(
      process.execPath,
      [CLI, '--data-dir', dir, 'import', csv, '--site', 'site', '--from', 'plausible', '--until', '2026-03-05'],
      { encoding: 'utf8' },
    );
    expect(again.stderr).toContain(
      'note: logs have counted views of 3 days (2026-03-01 to 2026-03-04): if the export contains these days too',
    );
  });

  it('that the script has counted are excluded from the first one on, with a warning, unless they are requested', async () => {
    const dir = dataDir(...OWN_HOSTS);
    const today = new Date();
    const day = (back: number) => utcDay(today.getTime() - back * 86_400_000);
    const requests = [3, 2, 1, 0].flatMap((back) =>
      requestsOn(1).map((request, i) => ({ ...request, atMs: Date.parse(day(back)) + i * 1000 * (back === 0 ? 0 : 1) })),
    );
    const file = written('recent.log', logOf(writer, requests));
    const service = spawn(process.execPath, [join(ROOT, 'dist/src/main.js')], {
      env: { ...process.env, MONGODB_URI: '', REDIS_URL: '', DATA_DIR: dir, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = await new Promise<string>((resolve) => {
      let output = '';
      service.stdout?.on('data', (chunk) => {
        output += chunk;
        const found = /http:\/\/[\w.[\]:]+:\d+/.exec(output);
        if (found !== null) resolve(found[0]);
      });
    });
    const headers = { 'User-Agent': FIREFOX };
    for (const page of ['a', 'b']) await fetch(`${address}/a.gif?s=site&u=https://example.com/${page}`, { headers });
    service.kill();
    expect(await ended(service)).toBe(0);

    const { stderr } = hitherto(dir, [file, '--dry-run']);
    expect(stderr).toContain(`note: the script has counted ${day(0)} already (2 views): lines from ${day(0)} on are left out`);
    expect(imported(dir, [file])).toMatchObject([{ counted: 3 * ofDay, leftOut: { 'later-day': 120 } }]);
    // Days counted from logs are not mistaken for days of the script.
    expect(takenOf(imported(dir, [file]))).toBe(0);
    const asked = hitherto(dir, [file, '--until', day(0)]);
    expect(asked.stderr).toContain("because of --until, the log's lines of these days are counted too");
    expect(asked.stdout).toContain(`${ofDay}  counted`);
    expect(hitherto(dir, [log]).stderr).not.toContain('script');
  });
});

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

/** A process of its own reads the store, with the project's own reader. */
function inStore(dir: string, script: string): string {
  const load = `import { openEnvironment } from ${JSON.stringify(join(ROOT, 'dist/src/store/lmdb/environment.js'))};
    import { decode } from ${JSON.stringify(join(ROOT, 'dist/src/counters/codec/codec.js'))};
    const { root } = openEnvironment(${JSON.stringify(dir)});`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', `${load}${script}`], { encoding: 'utf8', maxBuffer: 1e8 });
}

/** Of all months. */
function viewsIn(dir: string): number {
  return Number(
    inStore(
      dir,
      `let views = 0;
       for (const { key, value } of root.openDB({ name: 'documents', encoding: 'binary' }).getRange())
         if (/^traffic\\..*:\\d{4}-\\d{2}$/.test(key)) views += decode(value).get('v');
       console.log(views);`,
    ),
  );
}

/** Everything that is stored about imports and documents. */
function stateOf(dir: string): unknown {
  return JSON.parse(
    inStore(
      dir,
      `const all = ['documents', 'nodes', 'imports', 'import-ranges', 'import-traces', 'imported'].map((name) =>
         [...root.openDB({ name, encoding: 'binary' }).getRange()].map(({ key, value }) => [key, value.toString('hex')]));
       console.log(JSON.stringify(all));`,
    ),
  );
}
