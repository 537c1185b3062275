// A real Chromium for tests: the system's, or the one in a development dependency. Without any, tests are visibly
// skipped.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The user agent that it sends: its own says that it is automated, and would not be counted. */
export const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

/** Playwright's own. */
const WITHOUT_BACK_FORWARD_CACHE = '--disable-back-forward-cache';

/** Works as root in a container, and makes no requests of its own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Program {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

const reasons: string[] = [];
let started: Program | undefined;

/** Why `launchChromium` found nothing, or why `isWhole` returned false, for people. */
export function whyNoChromium(what = 'Chromium'): string {
  return `no ${what} could be started, so what needs one is SKIPPED. Set CHROMIUM_PATH to one. Tried:\n  ${reasons.join('\n  ')}`;
}

export interface Wishes {
  /** Pages may go into the back-forward cache and return from it. Playwright cannot delay requests of such pages. */
  readonly backForwardCache?: boolean;
}

/**
 * The first that starts: CHROMIUM_PATH, the usual places, then the packaged one. `CHROMIUM_PATH=packaged` uses only
 * that.
 */
export async function launchChromium(flags: readonly string[] = [], wishes: Wishes = {}): Promise<Browser | undefined> {
  reasons.length = 0;
  const wanted = process.env.CHROMIUM_PATH;
  for (const path of wanted === 'packaged' ? [] : [wanted, ...INSTALLED]) {
    if (path === undefined || path === '') continue;
    if (!existsSync(path)) reasons.push(`${path}: there is no such file`);
    else {
      const browser = await start({ path, env: {} }, flags, wishes);
      if (browser !== undefined) return browser;
    }
  }
  try {
    const folder = await unpack();
    // the package also contains the libraries and fonts that a bare container lacks
    const env = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
    return await start({ path: join(folder, 'chromium'), env }, flags, wishes);
  } catch (error) {
    reasons.push(`@sparticuz/chromium: ${firstLine(error)}`);
    return undefined;
  }
}

async function start(program: Program, flags: readonly string[], { backForwardCache }: Wishes): Promise<Browser | undefined> {
  try {
    const browser = await chromium.launch({
      executablePath: program.path,
      headless: true,
      args: [...FLAGS, ...flags],
      ignoreDefaultArgs: backForwardCache ? [WITHOUT_BACK_FORWARD_CACHE] : [],
      env: { ...(process.env as Record<string, string>), ...program.env },
    });
    started = program;
    return browser;
  } catch (error) {
    reasons.push(`${program.path}: ${firstLine(error)}`);
    return undefined;
  }
}

/**
 * Whether there is one that has all of a browser. The packaged one is a shell: it hides no tab, has no back-forward
 * cache, and says in each request that it is a shell.
 */
export async function isWhole(browser: Browser | undefined): Promise<boolean> {
  if (browser === undefined) return false;
  const { product } = (await (await browser.newBrowserCDPSession()).send('Browser.getVersion')) as { product: string };
  if (product.startsWith('Headless')) reasons.push(`${product} is the shell of one`);
  return !product.startsWith('Headless');
}

/**
 * Starts the Chromium that `launchChromium` has found, with an open page and without a driver: a driven browser
 * prerenders nothing, and all its tabs are always visible. Returns how to end it.
 */
export async function openAlone(address: string, flags: readonly string[]): Promise<() => Promise<void>> {
  const { path, env } = started as Program;
  const profile = await mkdtemp(join(tmpdir(), 'hitherto-'));
  const args = ['--headless', ...FLAGS, ...flags, '--disable-popup-blocking', `--user-data-dir=${profile}`, address];
  const child = spawn(path, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const ended = once(child, 'exit');
  return async () => {
    child.kill();
    await ended;
    // its other processes end a little later
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
}

/**
 * Unpacks the packaged Chromium once for this machine. This runs in a separate process, because the package reads its
 * folder and whether to unpack its libraries from the environment. It unpacks into a new folder, which is renamed when it
 * is complete, because tests run in parallel.
 */
async function unpack(): Promise<string> {
  const folder = join(tmpdir(), `hitherto-chromium-${process.getuid?.() ?? 0}`);
  if (existsSync(join(folder, 'chromium'))) return folder;
  const fresh = await mkdtemp(`${folder}-`);
  const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  });
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true })); // another process was first
  return folder;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .trim()
    .split('\n', 1)[0] as string;
}
