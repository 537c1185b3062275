// Works around a bug of the driver (7.8 and 7.9) when a connection ends at the wrong moment. The driver writes to a
// socket that Node has already destroyed, or whose other side closes during a large command, and then waits for a
// `drain` event that never comes. The operation hangs forever. If the operation is the check of a server, the client
// never finds that server again, and the process counts nothing until it is restarted. This happens when a server
// shuts down under load, because all connections end at once.

import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

/** The parts of the driver's class that are used here. */
interface Connection extends EventEmitter {
  readonly socket: Socket;
  readonly error: Error | null;
  onClose(): void;
  throwIfAborted(): void;
  writeCommand(...args: unknown[]): Promise<void>;
}

const PATCHED = Symbol('patched');

/**
 * Patches the driver once in each thread. Does nothing if the driver looks different; the test of this file then shows
 * whether the bug still exists.
 */
export function patchDriver(): void {
  const { Connection } = createRequire(import.meta.url)('mongodb/lib/cmap/connection.js') as {
    Connection?: { prototype: Connection };
  };
  const methods = Connection?.prototype as (Connection & { [PATCHED]?: true }) | undefined;
  if (methods === undefined || methods[PATCHED] || !isAsKnown(methods)) return;
  const write = methods.writeCommand;
  methods[PATCHED] = true;
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
