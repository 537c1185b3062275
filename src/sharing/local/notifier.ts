// The change notifier within one process.
import type { ChangeNotifier } from '../../store/change-notifier.js';

/** Each call of the result opens a notifier. All of them receive each other's notices. */
export function localNotifiers(): () => ChangeNotifier {
  const listeners = new Set<() => void>();
  return () => {
    const own = new Set<() => void>();
    return {
      notify() {
        for (const listener of listeners) setImmediate(listener);
      },
      onChange(listener) {
        listeners.add(listener);
        own.add(listener);
        return () => listeners.delete(listener);
      },
      async close() {
        for (const listener of own) listeners.delete(listener);
      },
    };
  };
}
