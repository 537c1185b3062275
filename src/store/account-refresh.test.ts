import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createRefresh } from './account-refresh.js';
import { AccountsUnavailable } from './accounts.js';

/** Polls that end when the test ends them. */
function controlledPolls() {
  const polls: Array<{ end(): void; fail(): void }> = [];
  const poll = () =>
    new Promise<void>((resolve, reject) => {
      polls.push({ end: resolve, fail: () => reject(new Error('cut')) });
    });
  const begun = async (count: number) => {
    while (polls.length < count) await delay(1);
  };
  return { polls, poll, begun };
}

describe('a refresh', () => {
  it('waits for a poll that began after the call', async () => {
    const { polls, poll, begun } = controlledPolls();
    const refresh = createRefresh(poll, { everyMs: 1 });
    const first = refresh();
    await begun(1);
    let isOver = false;
    const second = refresh().then(() => {
      isOver = true;
    });
    polls[0]?.end();
    await first;
    await begun(2);
    expect(isOver).toBe(false);
    polls[1]?.end();
    await second;
  });

  it('shares one poll among all calls that are made while another poll is running', async () => {
    const { polls, poll, begun } = controlledPolls();
    const refresh = createRefresh(poll, { everyMs: 1 });
    const all = [refresh()];
    await begun(1);
    for (let n = 0; n < 1000; n++) all.push(refresh());
    polls[0]?.end();
    await begun(2);
    polls[1]?.end();
    await Promise.all(all);
    expect(polls).toHaveLength(2);
  });

  it('limits how often it polls when it is called often', async () => {
    const began: number[] = [];
    const refresh = createRefresh(async () => void began.push(performance.now()), { everyMs: 30 });
    while (began.length < 5) await refresh();
    for (const [i, atMs] of began.slice(1).entries()) expect(atMs - (began[i] as number)).toBeGreaterThan(20);
  });

  it('rejects when the store does not answer in time, or answers with an error', async () => {
    const { polls, poll, begun } = controlledPolls();
    const refresh = createRefresh(poll, { everyMs: 1, waitMsMax: 20 });
    await expect(refresh()).rejects.toThrow(AccountsUnavailable);
    const next = refresh();
    polls[0]?.end();
    await begun(2);
    polls[1]?.fail();
    await expect(next).rejects.toThrow(/the store does not answer/);
  });

  it('works again after a poll that failed', async () => {
    const outcomes = [Promise.reject(new Error('cut')), Promise.resolve()];
    const refresh = createRefresh(() => outcomes.shift() as Promise<void>, { everyMs: 1 });
    await expect(refresh()).rejects.toThrow(AccountsUnavailable);
    await refresh();
  });

  it('limits the number of callers that wait', async () => {
    const { polls, poll, begun } = controlledPolls();
    const refresh = createRefresh(poll, { everyMs: 1, waitingMax: 3 });
    const some = [refresh(), refresh(), refresh()];
    await expect(refresh()).rejects.toThrow(/too many requests/);
    await begun(1);
    polls[0]?.end();
    await Promise.all(some);
    const again = refresh();
    await begun(2);
    polls[1]?.end();
    await again;
  });
});
