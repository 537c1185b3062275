// Mends what the driver (7.8, and 7.9 as well) does with a connection that ends at the wrong moment. It writes to a
// socket that Node has destroyed already, though the driver has not heard of it yet, or whose other side goes away
// while a large command is being written; and then it waits for `drain`, which never comes. An operation hangs for
// good in that case, and when it is the look for the server, the whole client never finds it again: a web would count
// nothing more until it is started again. It happens when a server ends under load, since all connections end at once
// then.

import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

/** What is used here of the driver's own class. */
interface Connection extends EventEmitter {
  readonly socket: Socket;
  readonly error: Error | null;
  onClose(): void;
  throwIfAborted(): void;
  writeCommand(...args: unknown[]): Promise<void>;
}

const MENDED = Symbol('mended');

/**
 * Once for each thread. Does nothing where the driver is made in another way; then the test beside this file says
 * whether it still hangs.
 */
export function mendDriver(): void {
  const { Connection } = createRequire(import.meta.url)('mongodb/lib/cmap/connection.js') as {
    Connection?: { prototype: Connection };
  };
  const methods = Connection?.prototype as (Connection & { [MENDED]?: true }) | undefined;
  if (methods === undefined || methods[MENDED] || !isAsKnown(methods)) return;
  const write = methods.writeCommand;
  methods[MENDED] = true;
  methods.writeCommand = async function (...args) {
    if (this.socket.destroyed) this.onClose();
    this.throwIfAborted();
    let giveUp = (): void => {};
    const closed = new Promise<never>((_, reject) => {
      giveUp = () => reject(this.error);
    });
    this.once('close', giveUp);
    try {
      await Promise.race([write.apply(this, args), closed]);
    } finally {
      this.off('close', giveUp);
    }
  };
}

function isAsKnown(methods: Connection): boolean {
  return (['onClose', 'throwIfAborted', 'writeCommand'] as const).every((name) => typeof methods[name] === 'function');
}
