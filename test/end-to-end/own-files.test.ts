// No other user may read the service's files, regardless of the umask. Messages name files that its user cannot use, and
// explain what to do.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { composeTool } from '../../src/process/compose.js';
import { summarise } from '../../src/upkeep/summarise.js';
import { count, viewsBetween } from '../fixtures/several-years.js';
import { until } from '../fixtures/until.js';
import { type Environment, PERSON, prepare, start, startAndEnd, temporaryFolder } from './running.js';

const ROOT = resolve(import.meta.dirname, '../..');
const [MAIN, CLI] = [join(ROOT, 'dist/src/main.js'), join(ROOT, 'dist/src/cli.js')];
const SITE = 'garden';
/** A user without rights. */
const USER = 65_534;

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** Everybody can enter it. */
function newFolder(): string {
  const { path, remove } = temporaryFolder();
  cleanUp.push(remove);
  chmodSync(path, 0o755);
  return path;
}

function pathsBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return [path, ...readdirSync(path).flatMap((name) => pathsBelow(join(path, name)))];
}

/** Files that others can access, and how. */
function openBelow(folder: string): string[] {
  return pathsBelow(folder)
    .filter((path) => (statSync(path).mode & 0o77) !== 0)
    .map((path) => `${relative(folder, path)} ${(statSync(path).mode & 0o777).toString(8)}`);
}

function openAll(folder: string): void {
  for (const path of pathsBelow(folder)) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
}

/** With a umask that removes no rights. */
function hitherto(dataDir: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = [process.execPath, CLI, '--data-dir', dataDir, ...args].map((word) => `'${word}'`).join(' ');
  return spawnSync('sh', ['-c', `umask 000; exec ${command}`], { encoding: 'utf8' });
}

async function useOnce(dataDir: string, env: Environment = {}): Promise<string> {
  const service = await start(dataDir, env);
  cleanUp.push(() => service.kill9());
  const page = encodeURIComponent(`https://${SITE}.example/`);
  const answer = await fetch(`${service.url}/a.gif?s=${SITE}&u=${page}`, { headers: { 'User-Agent': PERSON } });
  expect(answer.status).toBe(200); // without a record, so that a salt is stored
  await service.counted();
  expect(await service.stop()).toBe(0);
  return service.stderr();
}

describe('files that the service and the commands create', () => {
  it.each([0o000, 0o022, 0o277])('are for their user only, with the umask %s', async (umask) => {
    const dataDir = join(newFolder(), 'data');
    const before = process.umask(umask);
    try {
      const adding = spawnSync(process.execPath, [
        CLI,
        '--data-dir',
        dataDir,
        'site',
        'add',
        SITE,
        '--title',
        'Garden',
        '--timezone',
        'UTC',
      ]);
      expect(adding.status).toBe(0);
      await useOnce(dataDir);
    } finally {
      process.umask(before);
    }
    const made = pathsBelow(dataDir).map((path) => relative(dataDir, path));
    for (const path of ['store/data.mdb', 'store/lock.mdb', 'journal/node.json', 'salts.json']) expect(made).toContain(path);
    for (const kind of [/^journal\/packed\/.*\.parquet$/, /^journal\/registers\//])
      expect(made.some((path) => kind.test(path))).toBe(true);
    for (const path of pathsBelow(dataDir)) {
      expect([path, statSync(path).mode & 0o777]).toEqual([path, statSync(path).isDirectory() ? 0o700 : 0o600]);
    }
  });

  it('are for their user only in backups, restored stores, exported sites and archives too', async () => {
    const folder = newFolder();
    const at = (name: string) => join(folder, name);
    const run = (...args: string[]) => {
      const { status, stderr } = hitherto(at('data'), ...args);
      expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: expect.not.stringContaining('hitherto:') });
    };
    run('site', 'add', 'one', '--title', 'One', '--timezone', 'UTC');
    await archivable(at('data'), 'one');
    run('archive', 'write', '2019');
    run('backup', at('backup'));
    run('site', 'export', 'one', at('garden.jsonl.gz'));
    openAll(at('backup')); // as one that an older version made
    expect(hitherto(at('restored'), 'restore', at('backup')).status).toBe(0);
    expect(hitherto(at('moved'), 'site', 'import', at('garden.jsonl.gz')).status).toBe(0);
    expect(existsSync(join(at('data'), 'archives/2019/manifest.json'))).toBe(true);
    for (const name of ['data', 'restored', 'moved', 'garden.jsonl.gz']) expect(openBelow(at(name))).toEqual([]);
    run('backup', at('another'));
    expect(openBelow(at('another'))).toEqual([]);
  });
});

/** Views of a year that is closed and summarised. */
async function archivable(dataDir: string, site: string): Promise<void> {
  const { documents, ledger, close } = await composeTool({ dataDir });
  await count(documents, viewsBetween('2019-01-01', '2019-12-31', 10));
  for (const name of await documents.collections()) {
    await summarise({ documents, ledger, kinds: DOCUMENT_KINDS, sites: [site], isStopped: () => false }, name);
  }
  await close();
}

describe('a start', () => {
  it('closes files that an older version left open to others, and leaves other files alone', async () => {
    const folder = newFolder();
    const [dataDir, archivesDir] = [join(folder, 'data'), join(folder, 'archives')];
    await prepare(dataDir, [{ id: SITE }]);
    await useOnce(dataDir);
    for (const path of [join(archivesDir, '2019'), join(dataDir, 'store.replaced-2026-11-20')]) {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'manifest.json'), '{}');
    }
    openAll(dataDir);
    openAll(archivesDir);
    expect(openBelow(dataDir).length).toBeGreaterThan(5);
    expect(await useOnce(dataDir, { ARCHIVE_DIR: archivesDir })).toBe('');
    expect(openBelow(dataDir)).toEqual([]);
    expect(openBelow(archivesDir)).toEqual([]);

    writeFileSync(join(dataDir, 'notes.txt'), 'of somebody else');
    chmodSync(join(dataDir, 'notes.txt'), 0o644);
    chmodSync(dataDir, 0o755);
    chmodSync(join(dataDir, 'journal/node.json'), 0o644);
    await useOnce(dataDir);
    expect(openBelow(dataDir)).toEqual([' 755', 'notes.txt 644']);
  });

  it('reports in one line that the folder of archives cannot be used, and exits with 73', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), '');
    for (const archivesDir of [join(folder, 'file'), join(folder, 'file', 'archives')]) {
      const { code, stderr } = await startAndEnd({ DATA_DIR: join(folder, 'data'), ARCHIVE_DIR: archivesDir });
      expect({ code, stderr }).toEqual({ code: 73, stderr: expect.stringMatching(/^hitherto: [^\n]*ARCHIVE_DIR\n$/) });
    }
  });
});

/** Another user must be able to read the program. */
const canBeTwo =
  process.getuid?.() === 0 && spawnSync(process.execPath, [CLI, '--help'], { uid: USER, gid: USER, env: {} }).status === 0;
if (!canBeTwo) {
  process.stderr.write(
    '\nSKIPPED: only root, with a program that others can read, can run the service as two users; so that is not tested\n',
  );
}

(canBeTwo ? describe : describe.skip)('a folder that root has used before', () => {
  const env = (dataDir: string): Environment => ({ DATA_DIR: dataDir, PORT: '0', PATH: process.env.PATH ?? '' });
  const asUser = (script: string, args: string[], dataDir: string) =>
    spawnSync(process.execPath, [script, ...args], { env: env(dataDir), uid: USER, gid: USER, encoding: 'utf8' });

  async function usedByRoot(): Promise<string> {
    const dataDir = join(newFolder(), 'my data');
    await prepare(dataDir, [{ id: SITE }]);
    await useOnce(dataDir);
    return dataDir;
  }
  const give = (...paths: string[]) => {
    for (const path of paths) chownSync(path, USER, USER);
  };
  const all = (folder: string) => readdirSync(folder).map((name) => join(folder, name));

  it.each([
    ['the folder', () => [], (dataDir: string) => dataDir],
    ['the folder of the journal', (dataDir: string) => [dataDir], (dataDir: string) => join(dataDir, 'journal')],
    [
      'a file of the journal',
      (dataDir: string) => [dataDir, join(dataDir, 'journal'), join(dataDir, 'store'), ...all(join(dataDir, 'store'))],
      (dataDir: string) => join(dataDir, 'journal', readdirSync(join(dataDir, 'journal')).sort()[0] as string),
    ],
    [
      'the folder of the store',
      (dataDir: string) => [dataDir, ...pathsBelow(dataDir).filter((path) => path !== join(dataDir, 'store'))],
      (dataDir: string) => join(dataDir, 'store'),
    ],
    [
      'a file of the store',
      (dataDir: string) => pathsBelow(dataDir).filter((path) => !path.endsWith('.mdb')),
      (dataDir: string) => join(dataDir, 'store/data.mdb'),
    ],
    [
      'the salts',
      (dataDir: string) => pathsBelow(dataDir).filter((path) => !path.endsWith('salts.json')),
      (dataDir: string) => join(dataDir, 'salts.json'),
    ],
  ])('by another user is refused in one line that names %s and what to do, with 73', async (_what, given, named) => {
    const dataDir = await usedByRoot();
    const path = named(dataDir);
    give(...given(dataDir));
    const { status, stderr } = asUser(MAIN, [], dataDir);
    expect({ status, stderr }).toEqual({ status: 73, stderr: expect.stringMatching(/^[^\n]*\n$/) });
    expect(stderr).toContain(
      `${path} cannot be written (EACCES: permission denied): it belongs to user 0 (root) and this is user ${USER}`,
    );
    const command = /sudo (chown -R 65534:65534 '.*my data')/.exec(stderr)?.[1];
    expect(spawnSync('sh', ['-c', String(command)]).status).toBe(0);

    const child = spawn(process.execPath, [MAIN], { env: env(dataDir), uid: USER, gid: USER, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    cleanUp.push(() => child.kill('SIGKILL'));
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    await until(
      () => text.includes('is running') || child.exitCode !== null,
      () => String(child.stderr.read()),
    );
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  });

  it('by another user’s commands is refused with the same message', async () => {
    const dataDir = await usedByRoot();
    give(dataDir, join(dataDir, 'store'));
    const { status, stderr } = asUser(CLI, ['site', 'list'], dataDir);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^[^\n]*\n$/) });
    expect(stderr).toContain(`the file ${join(dataDir, 'store/data.mdb')} cannot be written`);
    expect(stderr).toContain(`sudo chown -R ${USER}:${USER} '${dataDir}'`);
  });

  it('names what is open to others and cannot be closed, with the command that closes it', async () => {
    const dataDir = await usedByRoot();
    give(...pathsBelow(dataDir));
    const foreign = join(dataDir, 'journal/n0123456789abcdef.000000000001.hits');
    cpSync(join(dataDir, 'journal/node.json'), foreign);
    chmodSync(foreign, 0o644);
    writeFileSync(join(dataDir, 'salts.json'), 'broken');
    const { status, stderr } = asUser(MAIN, [], dataDir);
    expect(status).toBe(70);
    expect(stderr.split('\n')).toEqual([
      `hitherto: other users of this machine can read ${foreign}, and this user cannot change that; as the owner: chmod -R go= '${foreign}'`,
      expect.stringContaining('salts.json is damaged'),
      '',
    ]);
  });
});
