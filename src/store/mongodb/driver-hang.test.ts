import type { Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { patchDriver } from './driver-hang.js';

/** Of the driver's insides. */
interface Insides {
  readonly topology: { readonly s: { readonly servers: ReadonlyMap<string, InsideServer> } };
}
interface InsideServer {
  readonly pool: { readonly connections: { toArray(): Array<{ readonly socket: Socket }> } };
  readonly monitor: { readonly connection: { readonly socket: Socket } };
  requestCheck(): void;
}

const clients: MongoClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) {
    await dropDatabase(client.db());
    await client.close();
  }
});

async function connected(): Promise<{ client: MongoClient; server: InsideServer }> {
  patchDriver();
  const client = new MongoClient(mongodbUri() as string);
  clients.push(client);
  await client.connect();
  await client.db().command({ ping: 1 });
  const [server] = (client as unknown as Insides).topology.s.servers.values();
  return { client, server: server as InsideServer };
}

describeWith('MONGODB_URI')('the driver', () => {
  it('does not hang in a command on a connection that has just ended', async () => {
    const { client, server } = await connected();
    for (const { socket } of server.pool.connections.toArray()) socket.destroy();
    // Node says `close` of these sockets in a later turn only
    await expect(client.db().command({ ping: 1 })).rejects.toThrow(/closed/);
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('continues to check the server when the connection for these checks has just ended', async () => {
    const { client, server } = await connected();
    const looked = new Promise<string>((resolve) => {
      client.once('serverHeartbeatFailed', () => resolve('failed'));
      client.once('serverHeartbeatSucceeded', () => resolve('succeeded'));
    });
    await new Promise((resolve) => setTimeout(resolve, 600)); // no sooner may it be asked to look
    server.monitor.connection.socket.destroy();
    server.requestCheck();
    expect(await looked).toBe('failed');
    await new Promise((resolve) => client.once('serverHeartbeatSucceeded', resolve));
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('does not wait forever for the rest of a large command to be sent', async () => {
    const { client, server } = await connected();
    const [connection] = server.pool.connections.toArray();
    const socket = connection?.socket as Socket;
    const inserted = client
      .db()
      .collection('large')
      .insertOne({ text: 'x'.repeat(15_000_000) });
    const outcome = inserted.then(
      () => 'inserted',
      (error: Error) => error.name,
    );
    while (socket.writableLength === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy(); // without an error, as when the other side ends
    expect(await outcome).toBe('MongoNetworkError');
  });
});
