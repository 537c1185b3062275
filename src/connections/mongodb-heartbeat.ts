// Looks after the driver's own look at a server. In the driver (7.8, 7.9) a heartbeat that begins just as its connection breaks never ends: it
// waits for a closed socket to drain. From then on the server counts as unknown, and every command fails until the process is started again. It
// happens where servers are polled, as those are that do not stream their answers to `hello`.
import type { MongoClient } from 'mongodb';

const LOOK_EVERY_MS = 1_000;
/** A heartbeat may connect first and then ask, each for as long as a connection may take. */
const STEPS = 2;
const MARGIN_MS = 1_000;

/** Connects the client anew when a heartbeat does not end. Returns what ends this. */
export function watchHeartbeats(client: MongoClient): () => void {
  const begunMs = new Map<string, number>();
  client.on('serverHeartbeatStarted', ({ connectionId, awaited }) => {
    // one that is awaited ends when the server has something to say, and has a time limit that works
    if (awaited) begunMs.delete(connectionId);
    else begunMs.set(connectionId, performance.now());
  });
  const end = ({ connectionId }: { readonly connectionId: string }) => void begunMs.delete(connectionId);
  client.on('serverHeartbeatSucceeded', end).on('serverHeartbeatFailed', end);

  const { connectTimeoutMS } = client.options;
  const msMax = connectTimeoutMS > 0 ? connectTimeoutMS * STEPS + MARGIN_MS : Number.POSITIVE_INFINITY;
  let isEnded = false;
  let isConnecting = false;
  const connectAnew = async (): Promise<void> => {
    isConnecting = true;
    begunMs.clear();
    await client.close().catch(() => {});
    for (let isConnected = false; !isConnected && !isEnded; ) {
      isConnected = await client.connect().then(
        () => true,
        () => false, // it has waited for a server
      );
    }
    isConnecting = false;
    if (isEnded) await client.close().catch(() => {});
  };
  const looking = setInterval(() => {
    const now = performance.now();
    if (!isConnecting && [...begunMs.values()].some((begun) => now - begun > msMax)) void connectAnew();
  }, LOOK_EVERY_MS);
  looking.unref();
  return () => {
    isEnded = true;
    clearInterval(looking);
  };
}
