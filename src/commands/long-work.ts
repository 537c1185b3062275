// Work that takes minutes: how far it is stands on stderr, and Ctrl-C stops it where it can go on from.
import { duration } from '../import/progress.js';

/** As shells have it for a program that Ctrl-C ended. */
const EXIT_STOPPED = 130;
const TERMINAL_EVERY_MS = 100;
const ELSEWHERE_EVERY_MS = 5000;

export interface LongWork {
  isStopped(): boolean;
  /** So much more is done. */
  onProgress(count: number): void;
}

/** `total`: as far as it is known before. A work that was stopped ends the process with 130 after what it returns is written. */
export async function longWork(what: string, total: number, act: (work: LongWork) => Promise<string>): Promise<void> {
  const { stderr } = process;
  const startedMs = performance.now();
  let shownMs = startedMs;
  let [done, stopped] = [0, false];
  const stop = (): void => {
    if (stopped) process.exit(EXIT_STOPPED);
    stopped = true;
    stderr.write('\nstopping: what is in hand is finished (Ctrl-C again: at once)\n');
  };
  const onProgress = (count: number): void => {
    done += count;
    const now = performance.now();
    if (stopped || now - shownMs < (stderr.isTTY ? TERMINAL_EVERY_MS : ELSEWHERE_EVERY_MS)) return;
    shownMs = now;
    const text = progressText(what, done, total, (now - startedMs) / 1000);
    stderr.write(stderr.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const summary = await act({ isStopped: () => stopped, onProgress });
    if (stderr.isTTY) stderr.write('\r\x1b[2K');
    process.stdout.write(stopped ? 'stopped; the same command goes on from there\n' : summary);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  if (stopped) process.exitCode = EXIT_STOPPED;
}

function progressText(what: string, done: number, total: number, seconds: number): string {
  const number = (n: number) => n.toLocaleString('en');
  const percent = total > 0 ? `${Math.floor(Math.min(1, done / total) * 100)} %  ` : '';
  const left = done > 0 && total > done ? `  ${duration(((total - done) / done) * seconds)} left` : '';
  return `${percent}${number(done)}${total > 0 ? ` of ${number(total)}` : ''} ${what}${left}`;
}
