// A real Chromium for tests: this machine's, else the one inside a development dependency. Without any, tests are skipped loudly.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Works as root in a container, and asks nothing of the world outside. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const reasons: string[] = [];

/** Why `launchChromium` gave nothing, for people. */
export function whyNoChromium(): string {
  return `no Chromium could be started, so what needs one is SKIPPED. Set CHROMIUM_PATH to one. Tried:\n  ${reasons.join('\n  ')}`;
}

/**
 * The first that starts: CHROMIUM_PATH, the usual places, then the packaged one. `CHROMIUM_PATH=packaged` takes only that.
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser | undefined> {
  reasons.length = 0;
  const wanted = process.env.CHROMIUM_PATH;
  for (const path of wanted === 'packaged' ? [] : [wanted, ...INSTALLED]) {
    if (path === undefined || path === '') continue;
    if (!existsSync(path)) reasons.push(`${path}: there is no such file`);
    else {
      const browser = await start(path, flags, {});
      if (browser !== undefined) return browser;
    }
  }
  try {
    const folder = await unpack();
    // the package brings the libraries and fonts too that a bare container lacks
    const env = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
    return await start(join(folder, 'chromium'), flags, env);
  } catch (error) {
    reasons.push(`@sparticuz/chromium: ${firstLine(error)}`);
    return undefined;
  }
}

async function start(
  executablePath: string,
  flags: readonly string[],
  env: Record<string, string>,
): Promise<Browser | undefined> {
  try {
    return await chromium.launch({
      executablePath,
      headless: true,
      args: [...FLAGS, ...flags],
      env: { ...(process.env as Record<string, string>), ...env },
    });
  } catch (error) {
    reasons.push(`${executablePath}: ${firstLine(error)}`);
    return undefined;
  }
}

/**
 * Unpacks the packaged Chromium once for this machine. In a process of its own, because the package takes its folder, and whether to
 * unpack its libraries, from the environment; and into a new folder that is renamed when it is whole, because tests run side by side.
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
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true })); // somebody else was first
  return folder;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .trim()
    .split('\n', 1)[0] as string;
}
