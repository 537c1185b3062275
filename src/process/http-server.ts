// The HTTP server of the service, with its limits.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createListener } from '../web/listener.js';

/** Answers to requests that Node's parser rejects; 400 for all others. */
const UNREADABLE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** How long requests that are being answered may take when the server closes. */
const CLOSE_MS_MAX = 1000;

export function createHttpServer(handle: RequestListener): Server {
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      keepAliveTimeout: 30_000,
      connectionsCheckingInterval: 2_000,
    },
    createListener(handle),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = UNREADABLE[error.code ?? ''] ?? '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    else socket.destroy();
  });
  return server;
}

/** Accepts no more connections, and resolves when all are closed. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), CLOSE_MS_MAX).unref();
  await closed;
}
