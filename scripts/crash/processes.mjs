// The processes of a crash run: the service in its roles, Redis, and the MongoDB-compatible server of the tests.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const MAIN = path('../../dist/src/main.js');
const MONGODB = path('../../.mongodb/');
const START_MS_MAX = 60_000;
const COUNT_MS_MAX = 300_000;

/** All hits come from one address here. */
const NO_LIMITS = { HITS_PER_ADDRESS: '0', HITS_PER_SITE: '0' };

/** Ends with this process, however that ends. */
const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

function launch(command, args, env) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  const exited = once(child, 'close').then(([code]) => {
    children.delete(child);
    return code;
  });
  return { child, exited, stdout: () => out, stderr: () => err };
}

/** Starts the service, embedded unless `env` says where MongoDB and Redis are. `port` waits until it answers. */
export function runService(dataDir, env, role = []) {
  const own = { HOST: '127.0.0.1', PORT: '0', MONGODB_URI: '', REDIS_URL: '', DATA_DIR: dataDir, ...NO_LIMITS };
  const service = launch(process.execPath, [MAIN, ...role], { ...own, ...env });
  const listening = said(service, /running at http:\/\/127\.0\.0\.1:(\d+)/).then(Number);
  listening.catch(() => {}); // a round that kills while starting does not wait for it
  return { ...service, port: () => listening };
}

export function runWorker(env) {
  const worker = launch(process.execPath, [MAIN, 'worker'], { DATA_DIR: '', ...env });
  const working = said(worker, /is (working)/);
  working.catch(() => {});
  return { ...worker, working: () => working };
}

async function said({ child, exited, stdout, stderr }, pattern) {
  let code;
  void exited.then((by) => {
    code = by ?? child.signalCode;
  });
  for (const deadline = Date.now() + START_MS_MAX; ; await delay(10)) {
    const match = pattern.exec(stdout());
    if (match !== null) return match[1];
    if (code !== undefined) throw new Error(`the service ended with ${code} before it was ready: ${stderr()}`);
    if (Date.now() > deadline) throw new Error(`the service did not start: ${stderr()}`);
  }
}

/** Waits until everything that the service at this port has accepted is counted. */
export async function untilCounted(port) {
  for (const deadline = Date.now() + COUNT_MS_MAX; ; await delay(50)) {
    const health = await (await fetch(`http://127.0.0.1:${port}/health`)).json();
    if (health.journal.uncountedBytes === 0 && health.journal.failure === undefined && health.counting.failure === undefined)
      return;
    if (Date.now() > deadline) throw new Error(`not everything was counted in time: ${JSON.stringify(health)}`);
  }
}

/** A server that can be killed and started again with its data. */
function server(command, args, port) {
  let running;
  return {
    port,
    async start() {
      if (running !== undefined) return;
      running = launch(command, args, {});
      await untilOpen(port, running);
    },
    async kill() {
      running?.child.kill('SIGKILL');
      await running?.exited;
      running = undefined;
    },
  };
}

export const redisServer = (port, folder) =>
  server(
    'redis-server',
    [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
    ],
    port,
  );

export const mongodbServer = (port, folder) =>
  server('java', ['-Xmx1g', '-cp', `${MONGODB}lib/*:${MONGODB}classes`, 'Server', String(port), `${folder}/mongodb`], port);

async function untilOpen(port, { exited, stderr }) {
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  for (const deadline = Date.now() + START_MS_MAX; ; await delay(30)) {
    if (await isOpen(port)) return;
    if (ended || Date.now() > deadline) throw new Error(`the server at port ${port} did not start: ${stderr()}`);
  }
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
