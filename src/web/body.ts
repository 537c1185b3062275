// Bodies of requests: none is read beyond 64 KB. Where more comes, the answer is sent at once and the connection is closed.
import type { IncomingMessage, ServerResponse } from 'node:http';

const BODY_BYTES_MAX = 64 * 1024;
/**
 * What is read and thrown away after an early answer, and for how long. A connection that is closed with something
 * unread is reset, and then the client may lose the answer.
 */
const REST_BYTES_MAX = 1024 * 1024;
const REST_MS_MAX = 1_000;

/** By what the request says of itself; one in chunks does not. */
export function isTooLarge({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return length !== undefined && Number(length) > BODY_BYTES_MAX;
}

/**
 * To be called before a request is answered. What nobody has read of a body when the answer is sent, Node reads to
 * its end, so that another request can follow: where that may be long, no other one follows.
 */
export function closeAfterLongBody(req: IncomingMessage, res: ServerResponse): void {
  if (req.headers['transfer-encoding'] !== undefined || isTooLarge(req)) res.setHeader('Connection', 'close');
}

/** As text; undefined as soon as there is more than 64 KB, which is to be answered early. A body that breaks off is nothing. */
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

/**
 * Answers a request that has perhaps not come whole, and closes the connection. The length of the answer must be in
 * `headers`.
 */
export function answerEarly(res: ServerResponse, status: number, headers: string[], body: string | Buffer): void {
  const { req } = res;
  res.writeHead(status, [...headers, 'Connection', 'close']);
  if (req.complete) {
    res.end(body, 'latin1');
    return;
  }
  // The client has all of the answer with this; ending it would close the connection.
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
