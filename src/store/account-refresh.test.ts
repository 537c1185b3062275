import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createRefresh } from './account-refresh.js';
import { AccountsAway } from './accounts.js';

/** Looks that end when they are told to. */
function heldLooks() {
  const looks: Array<{ atMs: number; end(): void; fail(): void }> = [];
  const look = () =>
    new Promise<void>((resolve, reject) => {
      looks.push({ atMs: performance.now(), end: resolve, fail: () => reject(new Error('cut')) });
    });
  const begun = async (count: number) => {
    while (looks.length < count) await delay(1);
  };
  return { looks, look, begun };
}

describe('a refresh', () => {
  it('waits for a look that began after it was asked for', async () => {
    const { looks, look, begun } = heldLooks();
    const refresh = createRefresh(look, { everyMs: 1 });
    const first = refresh();
    await begun(1);
    let isOver = false;
    const second = refresh().then(() => {
      isOver = true;
    });
    looks[0]?.end();
    await first;
    await begun(2);
    expect(isOver).toBe(false);
    looks[1]?.end();
    await second;
  });

  it('is shared by all who ask while a look is under way', async () => {
    const { looks, look, begun } = heldLooks();
    const refresh = createRefresh(look, { everyMs: 1 });
    const all = [refresh()];
    await begun(1);
    for (let n = 0; n < 1000; n++) all.push(refresh());
    looks[0]?.end();
    await begun(2);
    looks[1]?.end();
    await Promise.all(all);
    expect(looks).toHaveLength(2);
  });

  it('looks no more often than it may, however often it is asked for', async () => {
    const began: number[] = [];
    const refresh = createRefresh(async () => void began.push(performance.now()), { everyMs: 30 });
    while (began.length < 5) await refresh();
    for (const [i, atMs] of began.slice(1).entries()) expect(atMs - (began[i] as number)).toBeGreaterThan(20);
  });

  it('rejects when the store does not answer in time, or answers with an error', async () => {
    const { looks, look, begun } = heldLooks();
    const refresh = createRefresh(look, { everyMs: 1, waitMsMax: 20 });
    await expect(refresh()).rejects.toThrow(AccountsAway);
    const next = refresh();
    looks[0]?.end();
    await begun(2);
    looks[1]?.fail();
    await expect(next).rejects.toThrow(/the store does not answer/);
  });

  it('goes on after a look that failed', async () => {
    const outcomes = [Promise.reject(new Error('cut')), Promise.resolve()];
    const refresh = createRefresh(() => outcomes.shift() as Promise<void>, { everyMs: 1 });
    await expect(refresh()).rejects.toThrow(AccountsAway);
    await refresh();
  });

  it('keeps no more than so many waiting', async () => {
    const { looks, look, begun } = heldLooks();
    const refresh = createRefresh(look, { everyMs: 1, waitingMax: 3 });
    const some = [refresh(), refresh(), refresh()];
    await expect(refresh()).rejects.toThrow(/too many wait/);
    await begun(1);
    looks[0]?.end();
    await Promise.all(some);
    const again = refresh();
    await begun(2);
    looks[1]?.end();
    await again;
  });
});
