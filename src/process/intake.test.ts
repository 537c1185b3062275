import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Intake, watchIntake } from './intake.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-intake-'));
let intake: Intake;
let logged: string[];
/** What the parts that keep hits say of themselves. */
let is: { journal: Error | undefined; full: boolean; salts: string | undefined; saltsAfterRetry: string | undefined };

beforeEach(() => {
  jest.useFakeTimers();
  mkdirSync(folder, { recursive: true });
  logged = [];
  is = { journal: undefined, full: false, salts: undefined, saltsAfterRetry: undefined };
  intake = watchIntake({
    journal: { failure: () => is.journal },
    isFull: () => is.full,
    salts: {
      retry: () => {
        is.salts = is.saltsAfterRetry;
      },
      state: () => ({ shared: true, failure: is.salts }),
    },
    folder,
    nowMs: Date.now,
    log: (message) => logged.push(message),
  });
});
afterEach(() => {
  intake.close();
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const state = () => ({ blocker: intake.blocker(), failure: intake.failure() });
const FINE = { blocker: undefined, failure: undefined };
const refusedFor = (message: string) => `hits cannot be stored, and are answered with 503: ${message}`;
const OVER = 'hits are stored again';

describe('the watch over what keeps hits', () => {
  it('says nothing while hits are kept', () => {
    jest.advanceTimersByTime(60_000);
    expect(state()).toEqual(FINE);
    expect(logged).toEqual([]);
  });

  it('logs a failure once when it begins, however many hits it refuses, and once when it is over', () => {
    is.salts = is.saltsAfterRetry = 'the disk is full';
    for (let i = 0; i < 100; i++) {
      intake.refused(new Error('the disk is full'));
      jest.advanceTimersByTime(100);
    }
    expect(state()).toEqual({ blocker: 'the disk is full', failure: 'the disk is full' });
    expect(logged).toEqual([refusedFor('the disk is full')]);
    is.saltsAfterRetry = undefined;
    jest.advanceTimersByTime(10_000);
    expect(state()).toEqual(FINE);
    expect(logged).toEqual([refusedFor('the disk is full'), OVER]);
    intake.refused(new Error('again'));
    expect(logged).toEqual([refusedFor('the disk is full'), OVER, refusedFor('again')]);
  });

  it('finds out by itself that the disk has room again, though no hit comes any more', () => {
    is.journal = new Error('ENOSPC');
    intake.refused(is.journal);
    rmSync(folder, { recursive: true }); // nothing can be written there
    jest.advanceTimersByTime(60_000);
    expect(state()).toEqual({ blocker: 'ENOSPC', failure: 'ENOSPC' });
    mkdirSync(folder);
    jest.advanceTimersByTime(1_000);
    expect(state()).toEqual(FINE);
    expect(logged).toEqual([refusedFor('ENOSPC'), OVER]);
    expect(readdirSync(folder)).toEqual([]);
    is.journal = new Error('ENOSPC, once more');
    expect(state()).toEqual({ blocker: 'ENOSPC, once more', failure: 'ENOSPC, once more' });
  });

  it('does not take a full journal for room, and is not confused by the hits that it takes between others', () => {
    for (let i = 0; i < 50; i++) {
      is.journal = new Error('JOURNAL_MAX');
      is.full = true;
      intake.refused(is.journal);
      jest.advanceTimersByTime(600);
      expect(intake.blocker()).toBe('JOURNAL_MAX');
      [is.journal, is.full] = [undefined, false]; // a segment was counted, and a hit was kept
      jest.advanceTimersByTime(600);
      expect(intake.blocker()).toBe('JOURNAL_MAX');
    }
    jest.advanceTimersByTime(5_000);
    expect(state()).toEqual(FINE);
    expect(logged).toEqual([refusedFor('JOURNAL_MAX'), OVER]);
  });

  it('shows a hit that failed by itself for a while, and does not keep others away because of it', () => {
    intake.refused(new Error('cannot read properties of undefined'));
    expect(state()).toEqual({ blocker: undefined, failure: 'cannot read properties of undefined' });
    jest.advanceTimersByTime(5_000);
    expect(state()).toEqual(FINE);
  });

  it('shows which file a failure is about, and keeps to itself where that is', () => {
    const message = "ENOSPC: no space left on device, open '/var/lib/hitherto/salts.json.draft'";
    is.salts = is.saltsAfterRetry = message;
    intake.refused(new Error(message));
    expect(intake.blocker()).toBe("ENOSPC: no space left on device, open 'salts.json.draft'");
    expect(intake.failure()).toBe(intake.blocker());
    expect(logged).toEqual([refusedFor(message)]);
  });
});
