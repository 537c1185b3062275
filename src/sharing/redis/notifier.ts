// The change notifier on Redis pub/sub.

import type { ChangeNotifier } from '../../store/change-notifier.js';
import { NOTICES_SILENCE, type RedisConnection } from './connection.js';

/** Closing leaves `client` open. */
export function openRedisNotifier({ client, namespace, connect }: RedisConnection): ChangeNotifier {
  const channel = `${namespace}:accounts`;
  const listeners = new Set<() => void>();
  let publishing: Promise<unknown> = Promise.resolve();

  const callAll = (): void => {
    for (const listener of listeners) listener();
  };
  // Subscribes explicitly after each connection, so that listeners are called once no further notice can be missed.
  const subscriber = connect({ autoResubscribe: false, ...NOTICES_SILENCE });
  subscriber.on('ready', () => void subscriber.subscribe(channel).then(callAll, () => {}));
  subscriber.on('message', callAll);

  return {
    notify() {
      publishing = client.publish(channel, '').catch(() => {});
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      subscriber.disconnect();
      await publishing; // a command notifies and exits
    },
  };
}
