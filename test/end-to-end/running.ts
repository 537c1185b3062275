// The built service as a separate process, for tests that kill it, fill its disk or send requests that no browser sends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';
import type { Site } from '../../src/hit/site.js';
import type { Documents } from '../../src/store/documents.js';
import { openLmdbAccounts } from '../../src/store/lmdb/accounts.js';
import { openLmdbDocuments } from '../../src/store/lmdb/documents.js';
import { openEnvironment } from '../../src/store/lmdb/environment.js';
import { openLmdbNodes } from '../../src/store/lmdb/nodes.js';
import type { NodeRegistry } from '../../src/store/nodes.js';
import { exampleSite } from '../fixtures/site.js';
import { until } from '../fixtures/until.js';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
export const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));
/** No test is about how long something takes; a slow machine is busy with several tests. */
const START_MS_MAX = 60_000;

export const PERSON = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';

export interface Health {
  readonly status: string;
  readonly node: string;
  readonly beacon: {
    readonly received: number;
    readonly taken: number;
    readonly refused: Readonly<Record<string, number>>;
    readonly refusedTotal: number;
    readonly unavailable: number;
  };
  readonly journal: { readonly uncountedBytes: number; readonly failure?: string };
  readonly counting: { readonly failure?: string };
}

export interface Running {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  health(): Promise<Health>;
  /** Waits until everything that was accepted is in the documents. */
  counted(): Promise<Health>;
  /** Stops it with SIGTERM and returns the exit code. Does nothing if it has ended. */
  stop(): Promise<number | null>;
  kill9(): Promise<void>;
  /** The exit code, once it has ended by itself. */
  readonly ended: Promise<number | null>;
}

export type Environment = Readonly<Record<string, string>>;

/** For tests that send more from one address than people do. */
export const FLOOD: Environment = { HITS_PER_ADDRESS: '0', HITS_PER_SITE: '0' };

/** A folder; `remove` deletes it with everything in it. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hitherto-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Folders and services of a test, which are removed after it. To be called once in a test file. */
export function testbed() {
  /** Registers further clean-up; the last one runs first. */
  const cleanUp: Array<() => unknown> = [];
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });
  return {
    cleanUp,
    newFolder(): string {
      const { path, remove } = temporaryFolder();
      cleanUp.push(remove);
      return path;
    },
    async running(dataDir: string, env: Environment = {}, role: readonly string[] = []): Promise<Running> {
      const service = await start(dataDir, env, role);
      cleanUp.push(() => service.kill9());
      return service;
    },
  };
}

/** Runs the command line tool to its end. */
export async function hitherto(env: Environment, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { env: { PATH: process.env.PATH, ...env } });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  const [code] = await once(child, 'close');
  return { code, out, err };
}

/** A service that listens at a port of this machine. Rejects with its output if it exits instead. */
export async function start(dataDir: string, env: Environment = {}, role: readonly string[] = []): Promise<Running> {
  const service = await startAnywhere(dataDir, env, role);
  const health = async () => (await (await fetch(`${service.url}/health`)).json()) as Health;
  await health();
  return { ...service, port: Number(new URL(service.url).port), health, counted: () => untilCounted(health) };
}

export type RunningAnywhere = Omit<Running, 'port' | 'health' | 'counted'>;

/** `url` is what the service prints: it may listen on a Unix socket. */
export async function startAnywhere(
  dataDir: string,
  env: Environment = {},
  role: readonly string[] = [],
): Promise<RunningAnywhere> {
  const { child, out, err, ended } = launch({ DATA_DIR: dataDir, ...env }, role);
  const deadline = Date.now() + START_MS_MAX;
  let over = false;
  void ended.then(() => {
    over = true;
  });
  let address: RegExpExecArray | null = null;
  for (; address === null; address = /running at (\S+)\n/.exec(out())) {
    if (over || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the service did not start: ${err()}`);
    }
    await delay(10);
  }
  return {
    url: address[1] as string,
    pid: child.pid as number,
    stdout: out,
    stderr: err,
    async stop() {
      if (!over) child.kill('SIGTERM');
      return ended;
    },
    async kill9() {
      child.kill('SIGKILL');
      await ended;
    },
    ended,
  };
}

/** For starts that are expected to fail. */
export async function startAndEnd(
  env: Environment,
  role: readonly string[] = [],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { child, out, err, ended } = launch(env, role);
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS_MAX);
  const code = await ended;
  clearTimeout(timer);
  return { code, stdout: out(), stderr: err() };
}

/** A worker listens nowhere; it has started once it prints so. */
export async function startWorker(env: Environment): Promise<Pick<Running, 'stop' | 'kill9' | 'stderr'>> {
  const { child, out, err, ended } = launch(env, ['worker']);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (const deadline = Date.now() + START_MS_MAX; !out().includes('is working'); await delay(10)) {
    if (over || Date.now() > deadline) throw new Error(`the worker did not start: ${err()}`);
  }
  return {
    stderr: err,
    async stop() {
      if (!over) child.kill('SIGTERM');
      return ended;
    },
    async kill9() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function launch(
  env: Environment,
  role: readonly string[],
): { child: ChildProcess; out(): string; err(): string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [MAIN, ...role], {
    // without this machine's own settings; an empty value counts as not set
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, out: () => out, err: () => err, ended };
}

async function untilCounted(health: () => Promise<Health>): Promise<Health> {
  let now: Health | undefined;
  return until(
    async () => {
      now = await health();
      return now.journal.uncountedBytes === 0 && now.status !== 'failing' && now;
    },
    () => `everything is counted: ${JSON.stringify(now)}`,
  );
}

export type SiteChanges = Partial<Site> & Pick<Site, 'id'>;

/** Adds sites and a token that can read them all; returns the token. The service may be running. */
export async function prepare(dataDir: string, sites: readonly SiteChanges[]): Promise<string> {
  const { root } = openEnvironment(dataDir);
  const accounts = openLmdbAccounts(root);
  await Promise.all(sites.map((site) => accounts.addSite(exampleSite({ title: site.id, createdAtMs: Date.now(), ...site }))));
  const { secret } = await accounts.addToken({ title: 'test', sites: 'all', nowMs: Date.now() });
  await accounts.close();
  await root.close();
  return secret;
}

/** The documents of a folder whose service has ended. */
export async function withDocuments<T>(
  dataDir: string,
  use: (documents: Documents, nodes: NodeRegistry) => Promise<T>,
): Promise<T> {
  const { root } = openEnvironment(dataDir);
  try {
    return await use(openLmdbDocuments(root), openLmdbNodes(root));
  } finally {
    await root.close();
  }
}
