// Request bodies. None is read beyond 64 KB: a longer one is answered at once and its connection is closed.
import type { IncomingMessage, ServerResponse } from 'node:http';

const BODY_BYTES_MAX = 64 * 1024;
/** How much is read and discarded after an early answer, and for how long. Closing a connection with unread data resets it,
 * and the client may then lose the answer.
 */
const REST_BYTES_MAX = 1024 * 1024;
const REST_MS_MAX = 1_000;

/** Judges by Content-Length, which chunked requests do not have. */
export function isTooLarge({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return length !== undefined && Number(length) > BODY_BYTES_MAX;
}

/** Call it before answering a request. Node reads the rest of an unread body so that another request can follow on the
 * connection. If the rest may be long, no other request may follow.
 */
export function closeAfterLongBody(req: IncomingMessage, res: ServerResponse): void {
  if (req.headers['transfer-encoding'] !== undefined || isTooLarge(req)) res.setHeader('Connection', 'close');
}

/**
 * Passes the body as text, or `undefined` as soon as it exceeds 64 KB; answer early then. Passes nothing if the body breaks
 * off.
 */
export function readBody(req: IncomingMessage, done: (body: string | undefined) => void): void {
  if (isTooLarge(req)) {
    done(undefined);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  const finish = (body: string | undefined): void => {
    req.off('data', onData).off('end', onEnd);
    done(body);
  };
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    if (length <= BODY_BYTES_MAX) {
      chunks.push(chunk);
    } else {
      req.pause();
      finish(undefined);
    }
  };
  const onEnd = (): void => finish(Buffer.concat(chunks).toString('utf8'));
  req.on('data', onData).on('end', onEnd);
  req.on('error', () => {}); // the client has gone
}

/** Answers a request that may not have arrived completely, and closes the connection. `headers` must include the length.
 */
export function answerEarly(res: ServerResponse, status: number, headers: string[], body: string | Buffer): void {
  const { req } = res;
  res.writeHead(status, [...headers, 'Connection', 'close']);
  if (req.complete) {
    res.end(body, 'latin1');
    return;
  }
  // The client has the whole answer now; end() would close the connection.
  res.write(body, 'latin1');
  const end = (): void => {
    clearTimeout(timer);
    res.end();
  };
  const timer = setTimeout(end, REST_MS_MAX);
  let rest = 0;
  req.on('data', (chunk: Buffer) => {
    rest += chunk.length;
    if (rest > REST_BYTES_MAX) end();
  });
  req.on('end', end).on('close', end).on('error', end);
}
