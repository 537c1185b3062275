// Shows the progress of an import: one line that is overwritten on a terminal, or a new line now and then elsewhere.
import { writeUnguarded } from '../../system/visible.js';
import type { ImportProgress } from './options.js';

const BAR_WIDTH = 20;
const TERMINAL_EVERY_MS = 100;
const ELSEWHERE_EVERY_MS = 5000;
const COLUMNS_USUAL = 80;

export interface Progress {
  update(progress: ImportProgress): void;
  /** Removes the line from the terminal. */
  end(): void;
}

/** The part of `process.stderr` that is used. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export function createProgress(out: Output, nowMs: () => number): Progress {
  const startedMs = nowMs();
  let shownMs = startedMs;
  /** Where counting began. Bytes that other runs have counted are skipped, which is faster than counting. */
  let from = { share: 0, ms: startedMs };
  return {
    update(progress) {
      const now = nowMs();
      if (progress.lines === 0) from = { share: progress.share, ms: now };
      if (now - shownMs < (out.isTTY ? TERMINAL_EVERY_MS : ELSEWHERE_EVERY_MS)) return;
      shownMs = now;
      const text = progressText(progress, (now - from.ms) / 1000, from.share);
      const line = `${bar(progress.share)} ${text}`.slice(0, (out.columns ?? COLUMNS_USUAL) - 1);
      writeUnguarded(out, out.isTTY ? `\r\x1b[2K${line}` : `${text.trimStart()}\n`);
    },
    end() {
      if (out.isTTY) writeUnguarded(out, '\r\x1b[2K');
    },
  };
}

/** `seconds`: the time since `fromShare` was reached. */
export function progressText({ share, lines, bytes }: ImportProgress, seconds: number, fromShare: number): string {
  const percent = `${Math.floor(Math.min(1, share) * 100)} %`.padStart(5);
  if (lines === 0 || seconds <= 0) return `${percent}  skipping what was counted before`;
  const rate = Math.round(lines / seconds).toLocaleString('en');
  const megabytes = (bytes / 1e6 / seconds).toFixed(1);
  const left = share > fromShare ? Math.max(0, ((1 - share) / (share - fromShare)) * seconds) : 0;
  return `${percent}  ${rate} lines/s  ${megabytes} MB/s  ${duration(left)} left`;
}

export function bar(share: number): string {
  const filled = Math.round(Math.min(1, share) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
