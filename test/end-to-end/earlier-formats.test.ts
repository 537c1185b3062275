// Everything that an earlier commit wrote is still read: a data folder after a kill (store, journal with packs, a
// counted and an open segment), a backup, a site file and an archive. The fixture contains the answers of that commit.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type Environment, hitherto, testbed } from './running.js';

const FIXTURE = fileURLToPath(new URL('../fixtures/formats-2026-11', import.meta.url));
const CLOCK = fileURLToPath(new URL('../fixtures/clock.mjs', import.meta.url));
/** Ten minutes after the last hit of the fixture, so that nothing in it has expired. */
const NOW_MS = Date.parse('2026-11-20T08:10:00Z');

type Answers = Readonly<Record<string, object>>;
interface Expected {
  /** The secret of a token in the fixture. */
  readonly token: string;
  readonly data: Answers;
  readonly backup: Answers;
  readonly siteFile: Answers;
  readonly archive: Answers;
}

const expected = JSON.parse(gunzipSync(readFileSync(join(FIXTURE, 'reports.json.gz'))).toString()) as Expected;
const { newFolder, running } = testbed();

/** A copy of a part of the fixture, with the stores unpacked. */
function copied(part: 'data-folder' | 'backup'): string {
  const folder = newFolder();
  cpSync(join(FIXTURE, part), folder, { recursive: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('data.mdb.gz')) continue;
    const packed = join(folder, name);
    writeFileSync(packed.slice(0, -'.gz'.length), gunzipSync(readFileSync(packed)));
    rmSync(packed);
  }
  return folder;
}

function atThatTime(): Environment {
  const file = join(newFolder(), 'clock');
  writeFileSync(file, String(NOW_MS - Date.now()));
  return { NODE_OPTIONS: `--import ${CLOCK}`, CLOCK_FILE: file };
}

async function command(dataDir: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await hitherto(atThatTime(), '--data-dir', dataDir, ...args);
  expect({ args, code, err: code === 0 ? '' : err }).toEqual({ args, code: 0, err: '' });
  return out;
}

/** The answers of a service in this folder to the requests of the fixture, after everything is counted. */
async function answersOf(dataDir: string, token: string, questions: Answers): Promise<Answers> {
  const service = await running(dataDir, atThatTime());
  await service.counted();
  const answers: Record<string, object> = {};
  for (const question of Object.keys(questions)) {
    const [, report, , page, from = '', to = ''] = /^(\w+)( (\/\S*))? (\S+)\.\.(\S+)$/.exec(question) ?? [];
    const query = new URLSearchParams({ from, to, ...(page !== undefined && { page }) });
    const response = await fetch(`${service.url}/api/v1/sites/garden/${report}?${query}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const { asOf, until: __, online: _, ...answer } = (await response.json()) as Record<string, unknown>;
    expect([question, response.status, typeof asOf]).toEqual([question, 200, 'string']);
    answers[question] = answer;
  }
  expect(await service.stop()).toBe(0);
  return answers;
}

describe('data of an earlier commit', () => {
  it('in a data folder is counted completely and gives the same answers', async () => {
    const dataDir = copied('data-folder');
    expect(await answersOf(dataDir, expected.token, expected.data)).toMatchObject(expected.data);
    const { out } = await hitherto(atThatTime(), '--data-dir', dataDir, 'verify', '--site', 'garden');
    // previous pages (`b`) are counted since a later version: the days before lack them until they are rebuilt
    const differing = out.split('\n').filter((line) => line.includes(': is '));
    expect(differing.filter((line) => !/^ *pagesc\.\d+ garden:[\d-]+ b › /.test(line))).toEqual([]);
    expect(out).toContain('all correct');
  });

  it('in a backup is restored', async () => {
    const dataDir = newFolder();
    await command(dataDir, 'restore', copied('backup'), '--quiet');
    expect(await answersOf(dataDir, expected.token, expected.backup)).toMatchObject(expected.backup);
  });

  it('in a site file is imported', async () => {
    const dataDir = newFolder();
    await command(dataDir, 'site', 'import', join(FIXTURE, 'garden.site.gz'), '--quiet');
    const token = /^hit_\S+$/m.exec(await command(dataDir, 'token', 'add', '--all-sites'))?.[0] ?? '';
    expect(await answersOf(dataDir, token, expected.siteFile)).toMatchObject(expected.siteFile);
  });

  it('in an archive is read', async () => {
    const dataDir = copied('data-folder');
    await command(dataDir, 'archive', 'restore', '2019');
    expect(await answersOf(dataDir, expected.token, expected.archive)).toMatchObject(expected.archive);
  });
});
