// Shared by all parts of the bench: processes and folders that are removed when the bench ends, however it ends.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const START_MS_MAX = 30_000;
const children = new Set();
const folders = new Set();

function clean() {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
process.on('exit', clean);
for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.on(signal, () => process.exit(code));
}

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-bench-'));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** Starts a program. `text()` is its output so far, `ended` its exit code. */
export function start(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.text = () => text;
  child.ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      children.delete(child);
      resolve(code ?? signal);
    });
  });
  child.ended.catch(() => {}); // handled by the caller that awaits it
  return child;
}

export async function stop(child) {
  child.kill('SIGTERM');
  await child.ended;
}

/** Runs a program to its end and returns its output. */
export async function run(command, args, watch = () => {}) {
  const child = start(command, args);
  watch(child);
  const code = await child.ended;
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} … ended with ${code}: ${child.text().slice(-500)}`);
  return child.text();
}

/** Starts a Node program and waits until it has printed its address. */
async function startServer(args, env, said) {
  const child = start(process.execPath, args, env);
  const giveUp = Date.now() + START_MS_MAX;
  let ended;
  void child.ended.then((code) => {
    ended = code;
  });
  for (;;) {
    const match = said.exec(child.text());
    if (match) return { child, url: match[1] };
    if (ended !== undefined || Date.now() > giveUp) throw new Error(`${args[0]} did not start: ${ended ?? 'it says nothing'}`);
    await sleep(20);
  }
}

export const startBare = (way) => startServer([fileURLToPath(new URL('bare.mjs', import.meta.url)), way], {}, /^(http\S+)\n/);

/** Starts the service, on the loopback interface only. */
export async function startService(dataDir, env = {}, role = []) {
  const own = {
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: '0',
    TRUST_PROXY: '',
    MONGODB_URI: '',
    REDIS_URL: '',
    DURABILITY: '',
    JOURNAL_KEEP: '0',
    HITS_PER_ADDRESS: '0',
    HITS_PER_SITE: '0',
  };
  const server = await startServer([join(DIST, 'src/main.js'), ...role], { ...own, ...env }, /running at (\S+)/);
  return { ...server, health: async () => (await fetch(`${server.url}/health`)).json() };
}

/** Waits until everything that was acknowledged is counted. Returns the health then, and how long it took. */
export async function untilCounted({ health }) {
  const began = performance.now();
  for (;;) {
    const now = await health();
    const seconds = (performance.now() - began) / 1000;
    if (now.counting.hits >= now.beacon.taken) return { health: now, seconds };
    if (seconds > 60) throw new Error(`after a minute ${now.beacon.taken - now.counting.hits} hits are not counted`);
    await sleep(10);
  }
}

/** Runs one of the bench's own programs and reads the JSON that it prints. */
export async function runJson(script, ...args) {
  return JSON.parse(await run(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args.map(String)]));
}

/** Megabytes of a process's anonymous memory; mapped files (lmdb's) are not included. NaN when it has ended. */
export function rssAnonMb(pid) {
  try {
    return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Samples a process's memory until it ends; `mb` contains the samples. */
export function watchMemory({ pid, ended }, everyMs) {
  const mb = [];
  const timer = setInterval(() => {
    const now = rssAnonMb(pid);
    if (now > 0) mb.push(now);
  }, everyMs);
  const end = () => clearInterval(timer);
  void ended.then(end, end);
  return mb;
}

/**
 * Watches the processors. The returned function gives the share that other programs have used since, where 1 is all
 * processors. NaN where there is no /proc. Ended children of this process count as its own.
 */
export function watchOthers() {
  const [before, ownBefore] = [processorTicks(), ownTicks()];
  return () => {
    const [after, own] = [processorTicks(), ownTicks()];
    return Math.max(0, (after.busy - before.busy - (own - ownBefore)) / (after.all - before.all));
  };
}

/** Interrupts are not counted: those of the network are caused by us as much as by others. */
function processorTicks() {
  try {
    const [user, nice, system, ...rest] = /^cpu +(.*)/.exec(readFileSync('/proc/stat', 'utf8'))[1].split(' ').map(Number);
    const busy = user + nice + system;
    return { busy, all: busy + rest.slice(0, 5).reduce((sum, ticks) => sum + ticks, 0) };
  } catch {
    return { busy: Number.NaN, all: Number.NaN };
  }
}

function ownTicks() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0); // proc(5): utime, stime, cutime, cstime
  } catch {
    return Number.NaN;
  }
}

/** The first line of a program's version output; `undefined` when it is not installed. */
export function version(command, ...args) {
  const { stdout, error } = spawnSync(command, args, { encoding: 'utf8' });
  return error ? undefined : stdout.split('\n', 1)[0].trim();
}

/** The version of wrk; `undefined` when it is not installed. */
export const wrkVersion = () => version('wrk', '-v')?.split(' Copyright')[0];
export const WRK_MISSING = 'wrk is needed as the generator; on Debian: apt-get install wrk';

/** Sends these requests, one after the other over each connection, and parses wrk's summary. */
export async function wrk(url, luaPath, seconds, connections = 64) {
  const text = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', luaPath, url]);
  const ms = (line) => {
    const [, value, unit] = new RegExp(`${line}\\s+([\\d.]+)(us|ms|s)`).exec(text) ?? [];
    return Number(value) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? Number.NaN);
  };
  const count = (pattern) => (pattern.exec(text)?.slice(1) ?? []).reduce((sum, digits) => sum + Number(digits), 0);
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
    p50Ms: ms('50%'),
    p99Ms: ms('99%'),
    answers: count(/(\d+) requests in/),
    bad: count(/Non-2xx or 3xx responses: (\d+)/) + count(/connect (\d+), read (\d+), write (\d+), timeout (\d+)/),
  };
}

/** A placeholder in a request for a word that is different each time it is sent. */
export const UNIQUE = '\u0001';

/** A script for wrk that sends these requests in turn. Each unique word begins with `prefix`. */
export function writeLua(path, requests, prefix = '') {
  const quoted = (text) => `"${text.replace(/[\\"]/g, '\\$&').replace(/\r/g, '\\r').replace(/\n/g, '\\n')}"`;
  const entries = requests.map((request) => {
    const pieces = request.split(UNIQUE).map(quoted);
    return pieces.length === 1 ? pieces[0] : `{${pieces.join(', ')}}`;
  });
  writeFileSync(
    path,
    `local r = {\n${entries.join(',\n')}\n}
local n = 0
request = function()
  n = n + 1
  local one = r[(n - 1) % #r + 1]
  if type(one) == "string" then return one end
  return table.concat(one, ${quoted(prefix)} .. n)
end\n`,
  );
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
