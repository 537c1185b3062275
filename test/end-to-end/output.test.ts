// The output of the service and the commands goes to files, disks and pipes that may fail. The service keeps running;
// a command reports it, or ends quietly.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../fixtures/free-port.js';
import { until } from '../fixtures/until.js';
import { PERSON, prepare, start, temporaryFolder } from './running.js';

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/src/main.js');
const CLI = join(ROOT, 'dist/src/cli.js');
const SITE = 'garden';

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function newFolder(): Promise<string> {
  const folder = temporaryFolder();
  cleanUp.push(folder.remove);
  await prepare(folder.path, [{ id: SITE }]);
  return folder.path;
}

/** Sends something that the service logs, and a hit; returns the hit's status. */
async function use(url: string): Promise<number> {
  await fetch(`${url}/`, { headers: { 'X-Forwarded-For': '192.0.2.1' } });
  const page = encodeURIComponent(`https://${SITE}.example/`);
  const headers = { 'User-Agent': PERSON, 'X-Forwarded-For': '192.0.2.1' };
  return (await fetch(`${url}/a.gif?s=${SITE}&u=${page}`, { headers })).status;
}

describe('a service', () => {
  it.each([
    ['on a full disk', '>/dev/full 2>&1'],
    ['into a pipe that is closed', '2>&1 | true'],
    ['into a pipe that is closed after a line', '2>&1 | head -n 1'],
    ['nowhere, since its outputs are closed', '>&- 2>&-'],
  ])('whose log goes %s accepts hits, and stops with 0', async (_where, redirection) => {
    const [dataDir, port] = [await newFolder(), await freePort()];
    const command = `'${process.execPath}' '${MAIN}' ${redirection.replace(/^2>&1 \|/, '2>&1; echo $? >&3; } |')}`;
    const script = command.includes('} |') ? `{ ${command}` : `${command}; echo $? >&3`;
    // the group is the service's own, so that a signal reaches it however the shell has started it
    const child = spawn('sh', ['-c', script], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let code = '';
    child.stdio[3]?.on('data', (chunk) => {
      code += chunk;
    });
    const ended = once(child, 'close');
    const signal = (name: NodeJS.Signals) => {
      try {
        process.kill(-(child.pid as number), name);
      } catch {
        // all have ended
      }
    };
    cleanUp.push(() => signal('SIGKILL'));
    const url = `http://127.0.0.1:${port}`;
    const listens = () =>
      fetch(url).then(
        () => true,
        () => false,
      );
    await until(listens, 'it listens');
    expect(await use(url)).toBe(200);
    expect(await use(url)).toBe(200);
    const pid = serviceAt(dataDir);
    process.kill(pid, 'SIGTERM');
    await ended;
    expect(code).toBe('0\n');
  });

  it('logs nothing about clients that leave during a download', async () => {
    const service = await start(await newFolder());
    cleanUp.push(() => service.kill9());
    /** At different times, some by a reset, so that some leave just while their file is read. */
    const leave = (path: string, n: number) =>
      new Promise<void>((done) => {
        const socket = connect(service.port, '127.0.0.1', () => {
          socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
          setTimeout(() => (n % 2 === 0 ? socket.resetAndDestroy() : socket.destroy()), n / 5);
        });
        socket.on('error', () => {}).on('close', () => done());
      });
    const paths = ['/page.en.js', '/page.en.js', '/page.css', '/track.js', '/', '/api/v1/openapi.json'];
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, n) => leave(paths[n % paths.length] as string, n)));
    }
    expect(await use(service.url)).toBe(200);
    expect(await service.stop()).toBe(0);
    expect(service.stderr()).toMatch(/^hitherto: a request had the header X-Forwarded-For [^\n]*\n$/);
  });
});

/** The process that uses the folder. */
function serviceAt(dataDir: string): number {
  const { stdout } = spawnSync('sh', ['-c', `cat '${dataDir}'/journal/lock.*`], { encoding: 'utf8' });
  return (JSON.parse(stdout) as { pid: number }).pid;
}

describe('a command', () => {
  const commands = [
    ['--help'],
    ['site', '--help'],
    ['site', 'list'],
    ['site', 'show', SITE],
    ['token', 'list'],
    ['node', 'list'],
    ['delete', 'list'],
    ['archive', 'list', '--json'],
    ['delete', 'page', SITE, '/private', '--dry-run'],
    ['site', 'add', 'another', '--title', 'Another', '--timezone', 'UTC'],
  ].map((args) => [args.join(' '), args] as const);

  const run = (dataDir: string, args: readonly string[], redirection: string) => {
    const quoted = args.map((arg) => `'${arg}'`).join(' ');
    const script = `{ '${process.execPath}' '${CLI}' ${quoted}; echo $? >&3; } ${redirection}`;
    const env = { PATH: process.env.PATH, DATA_DIR: dataDir };
    const { stderr, output } = spawnSync('sh', ['-c', script], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    return { stderr, code: output[3] };
  };

  it.each(commands)('%s ends quietly when nobody reads its output', async (_text, args) => {
    expect(run(await newFolder(), args, '| true')).toEqual({ stderr: '', code: '0\n' });
  });

  it.each(commands)('%s reports in one line that its output could not be written, and fails', async (_text, args) => {
    const { stderr, code } = run(await newFolder(), args, '> /dev/full');
    expect(stderr).toMatch(/^hitherto: the output could not be written: ENOSPC[^\n]*\n$/);
    expect(code).toBe('1\n');
  });

  it('fails as usual when its message cannot be written', async () => {
    expect(run(await newFolder(), ['site', 'show', 'nowhere'], '2> /dev/full')).toEqual({ stderr: '', code: '1\n' });
  });
});
