// How far an import is: one line that is written over on a terminal, a line now and then elsewhere.

const BAR_WIDTH = 24;
const TERMINAL_EVERY_MS = 100;
const ELSEWHERE_EVERY_MS = 5000;

export interface Progress {
  update(share: number, lines: number): void;
  /** Takes the line away, so that what follows stands alone. */
  end(): void;
}

export function createProgress(out: NodeJS.WriteStream, nowMs: () => number): Progress {
  const startedMs = nowMs();
  let shownMs = startedMs;
  return {
    update(share, lines) {
      const now = nowMs();
      if (now - shownMs < (out.isTTY ? TERMINAL_EVERY_MS : ELSEWHERE_EVERY_MS)) return;
      shownMs = now;
      const text = progressLine(share, lines, (now - startedMs) / 1000);
      out.write(out.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);
    },
    end() {
      if (out.isTTY) out.write('\r\x1b[2K');
    },
  };
}

/** `share` is 0 to 1. */
export function progressLine(share: number, lines: number, seconds: number): string {
  const filled = Math.round(Math.min(1, share) * BAR_WIDTH);
  const left = share > 0 ? Math.max(0, seconds / share - seconds) : 0;
  const rate = seconds > 0 ? Math.round(lines / seconds) : 0;
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
  return `${bar} ${(Math.min(1, share) * 100).toFixed(0).padStart(3)} %  ${lines.toLocaleString('en')} lines  ${rate.toLocaleString('en')} lines/s  ${duration(left)} left`;
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
