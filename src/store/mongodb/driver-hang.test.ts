import type { Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { patchDriver } from './driver-hang.js';

/** The internals of the driver that the tests use. */
interface Internals {
  readonly topology: { readonly s: { readonly servers: ReadonlyMap<string, InternalServer> } };
}
interface InternalServer {
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

async function connected(): Promise<{ client: MongoClient; server: InternalServer }> {
  patchDriver();
  const client = new MongoClient(mongodbUri() as string);
  clients.push(client);
  await client.connect();
  await client.db().command({ ping: 1 });
  const [server] = (client as unknown as Internals).topology.s.servers.values();
  return { client, server: server as InternalServer };
}

describeWith('MONGODB_URI')('the driver', () => {
  it('does not hang in a command on a connection that has just ended', async () => {
    const { client, server } = await connected();
    for (const { socket } of server.pool.connections.toArray()) socket.destroy();
    // Node emits `close` for these sockets only in a later turn
    await expect(client.db().command({ ping: 1 })).rejects.toThrow(/closed/);
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('continues to check the server when the connection for these checks has just ended', async () => {
    const { client, server } = await connected();
    const checked = new Promise<string>((resolve) => {
      client.once('serverHeartbeatFailed', () => resolve('failed'));
      client.once('serverHeartbeatSucceeded', () => resolve('succeeded'));
    });
    await new Promise((resolve) => setTimeout(resolve, 600)); // the driver does not check a server more often
    server.monitor.connection.socket.destroy();
    server.requestCheck();
    expect(await checked).toBe('failed');
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
    socket.destroy(); // without an error, as when the other side closes the connection
    expect(await outcome).toBe('MongoNetworkError');
  });
});
