// The notifier on Redis pub/sub.

import type { ChangeNotifier } from '../../store/change-notifier.js';
import { NOTICES_SILENCE, type RedisConnection } from './connection.js';

/** Closing leaves `client` open: whoever opened it closes it. */
export function openRedisNotifier({ client, namespace, connect }: RedisConnection): ChangeNotifier {
  const channel = `${namespace}:accounts`;
  const listeners = new Set<() => void>();
  let ringing: Promise<unknown> = Promise.resolve();

  const callAll = (): void => {
    for (const listener of listeners) listener();
  };
  // It subscribes itself at each connection: only so is it known from when on nothing is missed.
  const subscriber = connect({ autoResubscribe: false, ...NOTICES_SILENCE });
  subscriber.on('ready', () => void subscriber.subscribe(channel).then(callAll, () => {}));
  subscriber.on('message', callAll);

  return {
    notify() {
      ringing = client.publish(channel, '').catch(() => {});
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      subscriber.disconnect();
      await ringing; // a command line tool rings and ends
    },
  };
}
