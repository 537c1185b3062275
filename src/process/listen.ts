// Makes the service listen on an address and a port, or on a Unix socket.
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect, isIPv6 } from 'node:net';
import { EXIT_CANNOT_CREATE, EXIT_UNAVAILABLE } from '../system/exit.js';
import { log } from '../system/log.js';
import { StartFailure } from '../system/start-failure.js';
import type { Config } from './config.js';

export type ListensAt = Pick<Config, 'host' | 'port' | 'socketPath'>;

/** Users in the socket's group may connect, such as a proxy that runs as another user. */
const SOCKET_MODE = 0o660;

/** Resolves with an address that can be opened on this machine. Rejects with a StartFailure that says what to do. */
export async function listen(server: Server, { host, port, socketPath }: ListensAt): Promise<string> {
  if (socketPath !== undefined) {
    await listenOnSocket(server, socketPath);
    return `unix:${socketPath}`;
  }
  try {
    await bound(server, { host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${message})`;
    throw new StartFailure(`${inAddress(host)}:${port} ${why}; choose another with HOST and PORT`, EXIT_UNAVAILABLE);
  }
  const listening = server.address() as AddressInfo;
  return `http://${inAddress(reachable(host, listening.address))}:${listening.port}`;
}

/** Returns how a program on this machine connects to the service. */
export function connectionTo({ host, port, socketPath }: ListensAt): { socketPath: string } | { host: string; port: number } {
  return socketPath === undefined ? { host: reachable(host, host), port } : { socketPath };
}

/** A program cannot connect to "all addresses", so it uses this machine's own. */
function reachable(host: string, listening: string): string {
  if (listening === '0.0.0.0') return '127.0.0.1';
  return listening === '::' ? '::1' : host;
}

function inAddress(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** Node removes the socket when the server is closed. A socket that a killed process has left is removed here. */
async function listenOnSocket(server: Server, path: string): Promise<void> {
  try {
    await bound(server, { path }).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      await removeStale(path);
      await bound(server, { path });
    });
    chmodSync(path, SOCKET_MODE);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    const { message } = error as Error;
    throw new StartFailure(
      `the socket ${path} cannot be created (${message}); ` +
        'create its folder and let this user write there, or choose another with HOST',
      EXIT_CANNOT_CREATE,
    );
  }
}

async function removeStale(path: string): Promise<void> {
  if (!lstatSync(path).isSocket()) {
    throw new StartFailure(
      `${path} exists already and is not a socket; remove it, or choose another with HOST`,
      EXIT_CANNOT_CREATE,
    );
  }
  if (await isAnswered(path)) {
    throw new StartFailure(`the socket ${path} is taken by another program; choose another with HOST`, EXIT_UNAVAILABLE);
  }
  rmSync(path, { force: true });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Any other error means that the socket may be in use.
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}

function bound(server: Server, at: { host: string; port: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      // A connection that could not be accepted is no reason to exit.
      server.on('error', ({ message }) => log(`a connection could not be accepted: ${message}`));
      resolve();
    });
  });
}
