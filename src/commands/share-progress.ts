// How far a copy is: one line that is written over on a terminal, a line now and then elsewhere.
import { bar, duration, type Output } from '../operations/import/progress.js';
import { writeUnguarded } from '../system/visible.js';

const TERMINAL_EVERY_MS = 100;
const ELSEWHERE_EVERY_MS = 5000;
const COLUMNS_USUAL = 80;

export interface ShareProgress {
  /** From 0 to 1. Another `what` begins anew. */
  update(what: string, share: number): void;
  /** Takes the line away, so that what follows stands alone. */
  end(): void;
}

export function createShareProgress(out: Output, nowMs: () => number): ShareProgress {
  let began = { what: '', ms: nowMs(), share: 0 };
  let shownMs = nowMs();
  return {
    update(what, share) {
      const now = nowMs();
      if (what !== began.what) began = { what, ms: now, share };
      if (now - shownMs < (out.isTTY ? TERMINAL_EVERY_MS : ELSEWHERE_EVERY_MS)) return;
      shownMs = now;
      const text = shareText(what, share, (now - began.ms) / 1000, began.share);
      const line = `${bar(share)} ${text}`.slice(0, (out.columns ?? COLUMNS_USUAL) - 1);
      writeUnguarded(out, out.isTTY ? `\r\x1b[2K${line}` : `${text.trimStart()}\n`);
    },
    end() {
      if (out.isTTY) writeUnguarded(out, '\r\x1b[2K');
    },
  };
}

/** `seconds` is how long it took from `fromShare` on. */
export function shareText(what: string, share: number, seconds: number, fromShare: number): string {
  const percent = `${Math.floor(Math.min(1, share) * 100)} %`.padStart(5);
  if (share <= fromShare) return `${percent}  ${what}`;
  return `${percent}  ${what}  ${duration(Math.max(0, ((1 - share) / (share - fromShare)) * seconds))} left`;
}
