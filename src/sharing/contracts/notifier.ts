// Tests that every adapter of store/change-notifier.ts must pass.
import { describe, expect, it } from '@jest/globals';
import { until } from '../../../test/fixtures/until.js';
import type { ChangeNotifier } from '../../store/change-notifier.js';

/** `open` returns two notifiers of one installation that receive each other's notices from now on. */
export function notifierContract(open: () => Promise<{ notifier: ChangeNotifier; other: ChangeNotifier }>): void {
  describe('a change notifier', () => {
    it('calls every listener of every node, including its own', async () => {
      const { notifier, other } = await open();
      const called = new Set<string>();
      notifier.onChange(() => called.add('own'));
      other.onChange(() => called.add('other'));
      other.onChange(() => called.add('another'));
      notifier.notify();
      await until(() => called.size === 3);
    });

    it('does not call a listener that was removed, or whose notifier was closed', async () => {
      const { notifier, other } = await open();
      let [calls, callsAfterRemoval] = [0, 0];
      other.onChange(() => callsAfterRemoval++)();
      other.onChange(() => calls++);
      notifier.notify();
      await until(() => calls === 1);
      await other.close();
      let own = 0;
      notifier.onChange(() => own++);
      notifier.notify();
      await until(() => own === 1);
      expect([calls, callsAfterRemoval]).toEqual([1, 0]);
    });
  });
}
