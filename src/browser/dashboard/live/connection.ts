// Whether the numbers are up to date, in one sentence. Numbers that are old must not look new, and a sentence that changed with
// each attempt to connect would be read out each time.
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { NotAnswered, SignedOut } from '../fetch.js';
import { type Clock, timeName } from '../format.js';
import { problemOf } from '../problem.js';
import { CONNECTION } from '../texts.js';

/** The server says something every ten seconds, beyond the pause between two questions. */
const SILENCE_MS_MAX = 35_000;
/** A server that restarts is back before this, so nothing is said. */
const UNREACHABLE_MS_MAX = 3_000;
const CHECK_EVERY_MS = 1_000;
/** A check that is late by more: the computer has slept. */
const SLEPT_MS_MIN = 10_000;
const TRY_AGAIN_EVERY_MS = 15_000;

export interface Shown {
  readonly text: string;
  readonly isLive: boolean;
  /** There is a problem, and the numbers are from before it. */
  readonly isStale: boolean;
}

export interface Connection {
  readonly shown: ReadonlySignal<Shown>;
  /** What is shown when there is no problem. */
  say(text: string, isLive?: boolean): void;
  /** To be called for each sign of life of the server: it can be reached. */
  heard(): void;
  /** The server has answered the question of the page. */
  answered(): void;
  /** A question was not answered. Nothing changes any more after `SignedOut`. */
  failed(error: unknown): void;
  check(): void;
}

export interface OnSilence {
  /** Where the page asks, it does not ask more often. In milliseconds. */
  pauseMs(): number;
  /** Connections may be dead without anybody having said so. */
  tryAgain(): void;
}

/** A hidden page shows no warning, since browsers slow its timers down. It checks when it is visible again. */
export function watchConnection(clock: Clock, { pauseMs, tryAgain }: OnSilence): Connection {
  const usual = signal({ text: CONNECTION.connecting, isLive: false });
  /** Stays until the server answers, or until it can be reached if it could not. */
  const problem = signal<{ readonly text: string; readonly isAnswer: boolean } | undefined>(undefined);
  let isSignedOut = false;
  let heardAtMs = Date.now();
  let checkedAtMs = Date.now();
  let triedAtMs = 0;
  let unreachableAtMs = Number.POSITIVE_INFINITY;

  const heard = (): void => {
    heardAtMs = Date.now();
    unreachableAtMs = Number.POSITIVE_INFINITY;
    if (problem.peek()?.isAnswer === false) problem.value = undefined;
  };
  const check = (): void => {
    const now = Date.now();
    const hasSlept = now - checkedAtMs > SLEPT_MS_MIN;
    checkedAtMs = now;
    if (document.hidden || isSignedOut) return;
    const isSilent = now - heardAtMs > SILENCE_MS_MAX + pauseMs();
    if ((isSilent || now - unreachableAtMs > UNREACHABLE_MS_MAX) && problem.peek()?.isAnswer !== false) {
      problem.value = { text: CONNECTION.unreachableSince(timeName(clock.time(new Date(heardAtMs)))), isAnswer: false };
    }
    if (!isSilent && !(hasSlept && now - heardAtMs > SLEPT_MS_MIN)) return;
    if (now - triedAtMs < TRY_AGAIN_EVERY_MS) return;
    triedAtMs = now;
    tryAgain();
  };
  setInterval(check, CHECK_EVERY_MS);
  return {
    shown: computed(() => {
      const { value } = problem;
      return value ? { text: value.text, isLive: false, isStale: true } : { ...usual.value, isStale: false };
    }),
    say(text, isLive = false) {
      usual.value = { text, isLive };
    },
    heard,
    answered() {
      heard();
      if (!isSignedOut) problem.value = undefined;
    },
    failed(error) {
      if (isSignedOut) return;
      isSignedOut = error instanceof SignedOut;
      if (isSignedOut || error instanceof NotAnswered) {
        heard();
        problem.value = { text: problemOf(error), isAnswer: true };
      } else unreachableAtMs = Math.min(unreachableAtMs, Date.now());
    },
    check,
  };
}
