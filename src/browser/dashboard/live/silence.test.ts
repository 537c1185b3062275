import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createClock } from '../format.js';
import { watchSilence } from './silence.js';

const NOW_MS = Date.parse('2026-11-20T11:10:30Z');
const page = { hidden: false };

beforeEach(() => {
  jest.useFakeTimers({ now: NOW_MS });
  page.hidden = false;
  Object.assign(globalThis, { document: page });
});
afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(globalThis, 'document');
});

function start() {
  const said: string[] = [];
  let tries = 0;
  const silence = watchSilence(createClock('Europe/Berlin'), {
    pauseMs: () => 2_000,
    say: (text) => said.push(text),
    isSilenced: () => false,
    tryAgain: () => tries++,
  });
  /** Timers stand still while a computer sleeps. */
  const sleep = (ms: number): void => void jest.setSystemTime(Date.now() + ms);
  return { silence, said, sleep, tries: () => tries };
}

describe('a page to which nothing comes', () => {
  it('connects again at once when the computer has slept, before it says that there is no news', () => {
    const { silence, said, sleep, tries } = start();
    jest.advanceTimersByTime(3_000);
    silence.heard();
    sleep(20_000);
    jest.advanceTimersByTime(1_000);
    expect([tries(), said]).toEqual([1, []]);
    silence.heard();
    jest.advanceTimersByTime(30_000);
    expect([tries(), said]).toEqual([1, []]);
  });

  it('says since when after a long sleep, and goes on trying until something comes', () => {
    const { silence, said, sleep, tries } = start();
    sleep(3 * 60_000);
    jest.advanceTimersByTime(1_000);
    expect(tries()).toBe(1);
    expect(said[0]).toContain('12:10 (3 minutes ago)');
    jest.advanceTimersByTime(15_000);
    expect(tries()).toBe(2);
    silence.heard();
    jest.advanceTimersByTime(30_000);
    expect(tries()).toBe(2);
  });

  it('waits until it is visible', () => {
    const { silence, said, tries } = start();
    page.hidden = true;
    jest.advanceTimersByTime(5 * 60_000);
    expect([tries(), said]).toEqual([0, []]);
    page.hidden = false;
    silence.check();
    expect(tries()).toBe(1);
  });
});
