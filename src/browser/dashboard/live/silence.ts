// Notices that nothing has come from the server for a while, and says since when: numbers that are old must not look new.
import { type Clock, timeName } from '../format.js';
import { CONNECTION } from '../texts.js';

/** The server says something every ten seconds, beyond the pause between two questions. */
const SILENCE_MS_MAX = 35_000;
const CHECK_EVERY_MS = 1_000;
/** A check that is late by more: the computer has slept. */
const SLEPT_MS_MIN = 10_000;
const TRY_AGAIN_EVERY_MS = 15_000;

export interface Silence {
  /** To be called for each sign of life of the server. */
  heard(): void;
  check(): void;
}

export interface OnSilence {
  /** Where the page asks, it does not ask more often. In milliseconds. */
  pauseMs(): number;
  say(text: string): void;
  isSilenced(): boolean;
  /** Connections may be dead without anybody having said so. */
  tryAgain(): void;
}

/** A hidden page shows no warning, since browsers slow its timers down. It checks when it is visible again. */
export function watchSilence(clock: Clock, { pauseMs, say, isSilenced, tryAgain }: OnSilence): Silence {
  let heardAtMs = Date.now();
  let checkedAtMs = Date.now();
  let triedAtMs = 0;

  const check = (): void => {
    const now = Date.now();
    const hasSlept = now - checkedAtMs > SLEPT_MS_MIN;
    checkedAtMs = now;
    if (document.hidden || isSilenced()) return;
    const isStale = now - heardAtMs > SILENCE_MS_MAX + pauseMs();
    if (isStale) say(CONNECTION.silentSince(timeName(clock.time(new Date(heardAtMs))), ago(now - heardAtMs)));
    if (!isStale && !(hasSlept && now - heardAtMs > SLEPT_MS_MIN)) return;
    if (now - triedAtMs < TRY_AGAIN_EVERY_MS) return;
    triedAtMs = now;
    tryAgain();
  };
  setInterval(check, CHECK_EVERY_MS);
  return {
    heard() {
      heardAtMs = Date.now();
    },
    check,
  };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** `3 minutes ago`; empty for less than a minute. */
function ago(ms: number): string {
  const format = new Intl.RelativeTimeFormat(LANGUAGE);
  if (ms < MINUTE_MS) return '';
  return ms < HOUR_MS ? format.format(-Math.floor(ms / MINUTE_MS), 'minute') : format.format(-Math.floor(ms / HOUR_MS), 'hour');
}
