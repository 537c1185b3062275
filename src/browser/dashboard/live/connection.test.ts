import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { computed } from '@preact/signals';
import { NotAnswered, SignedOut } from '../fetch.js';
import { createClock } from '../format.js';
import { watchConnection } from './connection.js';

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

/** `said`: each text that was shown, since the page is live. */
function start() {
  const said: string[] = [];
  let tries = 0;
  const connection = watchConnection(createClock('Europe/Berlin'), { pauseMs: () => 2_000, tryAgain: () => tries++ });
  connection.say('Live', true);
  computed(() => connection.shown.value.text).subscribe((text) => void said.push(text));
  /** Timers stand still while a computer sleeps. */
  const sleep = (ms: number): void => void jest.setSystemTime(Date.now() + ms);
  return { connection, said, sleep, tries: () => tries };
}

const SINCE = 'Cannot reach the server since 12:10. Trying again …';

describe('a page to which nothing comes', () => {
  it('connects again at once when the computer has slept, before it says that there is no news', () => {
    const { connection, said, sleep, tries } = start();
    jest.advanceTimersByTime(3_000);
    connection.heard();
    sleep(20_000);
    jest.advanceTimersByTime(1_000);
    expect([tries(), said]).toEqual([1, ['Live']]);
    connection.heard();
    jest.advanceTimersByTime(30_000);
    expect([tries(), said]).toEqual([1, ['Live']]);
  });

  it('says since when after a long sleep, and goes on trying until something comes', () => {
    const { connection, said, sleep, tries } = start();
    sleep(3 * 60_000);
    jest.advanceTimersByTime(1_000);
    expect([tries(), connection.shown.value]).toEqual([1, { text: SINCE, isLive: false, isStale: true }]);
    jest.advanceTimersByTime(15_000);
    expect(tries()).toBe(2);
    connection.heard();
    jest.advanceTimersByTime(30_000);
    expect([tries(), said]).toEqual([2, ['Live', SINCE, 'Live']]);
  });

  it('waits until it is visible', () => {
    const { connection, said, tries } = start();
    page.hidden = true;
    jest.advanceTimersByTime(5 * 60_000);
    expect([tries(), said]).toEqual([0, ['Live']]);
    page.hidden = false;
    connection.check();
    expect(tries()).toBe(1);
  });
});

describe('a page whose server cannot be reached', () => {
  it('says so after a few seconds, in one sentence that stays the same until it is back', () => {
    const { connection, said } = start();
    connection.say('Reconnecting …');
    for (let second = 0; second < 90; second++) {
      connection.failed(new TypeError('Failed to fetch'));
      if (second % 3 === 0) connection.say('Reconnecting …');
      jest.advanceTimersByTime(1_000);
      expect(connection.shown.value.isStale).toBe(second >= 3);
    }
    expect(said).toEqual(['Live', 'Reconnecting …', SINCE]);
    connection.say('Live', true);
    connection.heard();
    expect(said.at(-1)).toBe('Live');
  });

  it('says nothing of it when the server is back within these seconds', () => {
    const { connection, said } = start();
    connection.failed(new TypeError('Failed to fetch'));
    jest.advanceTimersByTime(2_000);
    connection.answered();
    jest.advanceTimersByTime(20_000);
    expect(said).toEqual(['Live']);
  });
});

describe('a page whose question is refused', () => {
  it('says so until it is answered, also while the stream goes on', () => {
    const { connection, said } = start();
    for (let second = 0; second < 30; second++) {
      connection.failed(new NotAnswered(503));
      connection.heard();
      jest.advanceTimersByTime(1_000);
    }
    connection.answered();
    expect(said).toEqual(['Live', 'The server cannot answer at the moment. Trying again …', 'Live']);
  });

  it('stays signed out', () => {
    const { connection, said } = start();
    connection.failed(new SignedOut(false));
    connection.failed(new NotAnswered(503));
    connection.say('Live', true);
    connection.answered();
    jest.advanceTimersByTime(5 * 60_000);
    expect([said, connection.shown.value.isStale]).toEqual([['Live', 'Signed out'], true]);
  });
});
