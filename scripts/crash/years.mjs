// Kills upkeep of old documents (expiring, summarising, archiving, restoring), again and again, and compares
// everything that can be read.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { random } from '../traffic/population.mjs';

const PROGRAM = fileURLToPath(new URL('./years-program.mjs', import.meta.url));
/**
 * About as long as each takes on a quiet machine: killed at a random time within that, it ends after a few attempts.
 * On a busy machine it takes longer and always repeats a part, so each attempt may last longer than the one before.
 */
const KILL_MS_MAX = { live: 400, 'put-back': 120 };

/** One round: the same two years, all upkeep under kills, and the sums compared with those before. */
export async function crashYears({ rounds, seed, dataDir, log = () => {} }) {
  const next = random(seed);
  const template = join(dataDir, 'template');
  await finished(start('fill', template));
  const before = JSON.parse(await finished(start('sums', template)));
  const result = { kills: 0, problems: [] };
  const folder = join(dataDir, 'round');
  const untilDone = async (what) => {
    let killed = 0;
    // Two at once now and then, as two workers may be.
    while (
      !(await ran(
        [start(what, folder), ...(next() < 0.3 ? [start(what, folder)] : [])],
        next() * KILL_MS_MAX[what] * (1 + killed / 4),
      ))
    )
      killed++;
    return killed;
  };
  for (let round = 1; round <= rounds; round++) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(template, folder, { recursive: true });
    const kills = [await untilDone('live')];
    await finished(start('live', folder)); // left by a killed process to the next sweep
    const after = JSON.parse(await finished(start('sums', folder)));
    kills.push(await untilDone('put-back'));
    const back = JSON.parse(await finished(start('sums', folder)));
    result.kills += kills[0] + kills[1];
    const wrong = [...differences(before.reports, after.reports), ...differences(before.reports, back.reports, '2021-03-01')];
    if (after.left.length > 0 || after.archives !== 1) wrong.push(`left: ${after.left.join(' ')}, archives: ${after.archives}`);
    result.problems.push(...wrong.map((text) => `round ${round}: ${text}`));
    log(`round ${round}: killed ${kills.join(' + ')} times${wrong.length > 0 ? `, ${wrong.length} differences` : ''}`);
  }
  rmSync(folder, { recursive: true, force: true });
  return result;
}

/** Reports of years, which must always be the same; and of a month while its days and months are restored. */
function differences(before, after, month) {
  return Object.keys(before).filter((key) => {
    const isMonth = key.endsWith('2021-03-01');
    // months of content and referrers are kept for three years: they exist in all of these
    if (isMonth && month === undefined) return false;
    return JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  });
}

function start(what, folder) {
  const child = spawn(process.execPath, [PROGRAM, what, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, out, err }));
  return { child, ended, begun: () => err.includes('begun') };
}

/**
 * Whether they ended by themselves; those that did not are killed. One that fails because of the other is run again.
 */
async function ran(processes, killAfterMs) {
  while (!processes.every((process) => process.begun())) await delay(5);
  const timer = setTimeout(() => {
    for (const { child } of processes) child.kill('SIGKILL');
  }, killAfterMs);
  const ends = await Promise.all(processes.map(({ ended }) => ended));
  clearTimeout(timer);
  return ends.some(({ code }) => code === 0);
}

async function finished({ ended }) {
  const { code, out, err } = await ended;
  if (code !== 0) throw new Error(`a process ended with ${code}: ${err}`);
  return out;
}
