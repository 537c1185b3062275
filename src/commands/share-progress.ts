// Shows the progress of a long command: one line that is overwritten on a terminal, otherwise a new line now and then.
import { bar, duration, type Output } from '../operations/import/progress.js';
import { writeUnguarded } from '../system/visible.js';

const TERMINAL_EVERY_MS = 100;
const ELSEWHERE_EVERY_MS = 5000;
const COLUMNS_USUAL = 80;

export interface ShareProgress {
  /** `share` is from 0 to 1. The remaining time is estimated from the beginning of each step. */
  update(step: string, share: number): void;
  /** Clears the line on a terminal. */
  end(): void;
}

export function createShareProgress(out: Output, nowMs: () => number): ShareProgress {
  let began = { step: '', ms: nowMs(), share: 0 };
  let shownMs = nowMs();
  return {
    update(step, share) {
      const now = nowMs();
      if (step !== began.step) began = { step, ms: now, share };
      if (now - shownMs < (out.isTTY ? TERMINAL_EVERY_MS : ELSEWHERE_EVERY_MS)) return;
      shownMs = now;
      const text = shareText(step, share, (now - began.ms) / 1000, began.share);
      const line = `${bar(share)} ${text}`.slice(0, (out.columns ?? COLUMNS_USUAL) - 1);
      writeUnguarded(out, out.isTTY ? `\r\x1b[2K${line}` : `${text.trimStart()}\n`);
    },
    end() {
      if (out.isTTY) writeUnguarded(out, '\r\x1b[2K');
    },
  };
}

/** `seconds` is the time since the share was `fromShare`. */
export function shareText(step: string, share: number, seconds: number, fromShare: number): string {
  const percent = `${Math.floor(Math.min(1, share) * 100)} %`.padStart(5);
  if (share <= fromShare) return `${percent}  ${step}`;
  return `${percent}  ${step}  ${duration(Math.max(0, ((1 - share) / (share - fromShare)) * seconds))} left`;
}
