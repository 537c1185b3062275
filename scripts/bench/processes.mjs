// What the parts of the bench share: processes that end with it, folders that go with it, and medians.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const children = new Set();
const folders = new Set();

function clean() {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
process.on('exit', clean);
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-bench-'));
  folders.add(folder);
  return folder;
}

export function start(args, env = {}) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.ended = new Promise((resolve) =>
    child.once('exit', () => {
      children.delete(child);
      resolve();
    }),
  );
  return child;
}

/** Starts the service and waits for its address. */
export async function startService(dataDir, env = {}) {
  const child = start([join(DIST, 'src/main.js')], { DATA_DIR: dataDir, PORT: '0', ...env });
  let text = '';
  const url = await new Promise((resolve) =>
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const match = /running at (\S+)/.exec(text);
      if (match) resolve(match[1]);
    }),
  );
  return { child, url, health: async () => (await fetch(`${url}/health`)).json() };
}

export async function stop(child) {
  child.kill('SIGTERM');
  await child.ended;
}

/** Runs one of the bench's own programs and reads the JSON that it prints. */
export async function runJson(script, ...args) {
  const child = start([fileURLToPath(new URL(script, import.meta.url)), ...args]);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await child.ended;
  return JSON.parse(text);
}

/** Megabytes of memory that is the process's own; files mapped into it (lmdb's) are not. */
export function rssAnonMb(pid) {
  const match = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match[1]) / 1024;
}

export function version(command, ...args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .split('\n')[0]
      .trim();
  } catch (error) {
    return error.code === 'ENOENT'
      ? undefined
      : String(error.stdout ?? '')
          .split('\n')[0]
          .trim();
  }
}

/** Runs wrk with these requests, one after the other, and reads what it says. */
export async function wrk(url, luaPath, seconds, connections = 64) {
  const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', luaPath, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once('exit', resolve));
  children.delete(child);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(text);
  const requests = Number(/(\d+) requests in/.exec(text)?.[1]);
  const bad = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  return { perSecond, p99Ms: Number(p99?.[1]) * { us: 0.001, ms: 1, s: 1000 }[p99?.[2]], requests, bad };
}

/** A script for wrk that sends these requests in turn. */
export function writeLua(path, requests) {
  const strings = requests.map((request) => `"${request.replace(/[\\"]/g, '\\$&').replace(/\r/g, '\\r').replace(/\n/g, '\\n')}"`);
  writeFileSync(
    path,
    `local r = {\n${strings.join(',\n')}\n}\nlocal i = 0\nrequest = function() i = i % #r + 1 return r[i] end\n`,
  );
}

export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { min: sorted[0], median: sorted[Math.floor(sorted.length / 2)], max: sorted.at(-1) };
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
