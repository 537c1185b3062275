// A TCP proxy between the service and MongoDB that fails where real networks do: before a write, in the middle of it,
// and after the server has carried it out but before the answer.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** How a write begins on the wire: the first field of its command (OP_MSG, BSON). */
const WRITES = ['\x02update\0', '\x02insert\0'].map((text) => Buffer.from(text, 'latin1'));
const isWrite = (bytes) => WRITES.some((write) => bytes.includes(write));

/**
 * `next` is what happens to the next write: 'cut' (only half of it arrives), 'swallow' (it arrives, its answer does
 * not); later writes pass. `refuse(true)` breaks all connections and accepts no new ones.
 */
export async function startProxy(toPort) {
  let fault;
  let refusing = false;
  const sockets = new Set();
  let faults = 0;

  const server = createServer((client) => {
    if (refusing) return client.destroy();
    const upstream = connect(toPort, '127.0.0.1').setNoDelay(true);
    client.setNoDelay(true);
    let swallowing = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (bytes) => {
      if (fault !== undefined && isWrite(bytes)) {
        faults++;
        if (fault === 'cut') {
          fault = undefined;
          upstream.write(bytes.subarray(0, bytes.length >> 1), end);
          return;
        }
        fault = undefined;
        swallowing = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => (swallowing ? end() : client.write(bytes)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    next(kind) {
      fault = kind;
    },
    /** How many writes have failed as requested. */
    faults: () => faults,
    refuse(yes) {
      refusing = yes;
      if (yes) for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
