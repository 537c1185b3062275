// Handles the requests of each socket one after the other. Node parses everything that a client pipelines and would handle
// all of it at once, before requests on other sockets.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeAfterLongBody } from './body.js';

/** For all sockets together, at about 3 KB each. Browsers and proxies do not pipeline. */
const WAITING_MAX = 10_000;

/** The requests of a socket that are not handled yet. */
interface Queue {
  /** In order. */
  readonly requests: IncomingMessage[];
  /** No request waits any more. */
  end(): void;
  /** The socket is closed. */
  drop(): void;
}

/** A request that arrives while an earlier one of its socket is being answered waits until that answer is sent, and the
 * socket is not read meanwhile. So a client that does not read its answers is not served further. If too many requests
 * wait, the socket with the oldest one is closed.
 */
export function createListener(handle: RequestListener, waitingMax = WAITING_MAX): RequestListener {
  /** Oldest first. */
  const queues = new Map<Socket, Queue>();
  let waiting = 0;
  /** Sockets of which a request with a body was handled in this turn. If it is answered before its body has arrived, Node
   * hands the socket to the next request at once, and so to all pipelined ones.
   */
  const served = new Set<Socket>();

  const begin = (socket: Socket): Queue => {
    const hold = (): void => void socket.pause();
    const queue: Queue = {
      requests: [],
      end() {
        queues.delete(socket);
        waiting -= queue.requests.length;
        socket.off('resume', hold).off('close', queue.drop);
      },
      drop() {
        queue.end();
        // otherwise Node ends each with an error of its own, which costs more than answering it
        for (const req of queue.requests) req.destroy();
      },
    };
    queues.set(socket, queue);
    // now, and whenever Node resumes it: after each parsed request and each answer
    socket.on('resume', hold).prependListener('close', queue.drop).pause();
    return queue;
  };

  const wait = (req: IncomingMessage, res: ServerResponse): void => {
    const { socket } = req;
    if (socket.destroyed) return;
    if (waiting >= waitingMax) closeOldest();
    const queue = queues.get(socket) ?? begin(socket);
    queue.requests.push(req);
    waiting++;
    const takeNext = (): void => void setImmediate(takeTurn, queue, req, res);
    // Node gives a response its socket when it is its turn; requests on other sockets go first
    if (res.socket === null) res.once('socket', takeNext);
    else takeNext();
  };

  const takeTurn = (queue: Queue, req: IncomingMessage, res: ServerResponse): void => {
    const { socket } = req;
    if (socket.destroyed) return;
    queue.requests.shift();
    waiting--;
    if (queue.requests.length === 0) {
      queue.end();
      socket.resume();
    }
    handleNow(req, res);
  };

  const closeOldest = (): void => {
    for (const [socket, queue] of queues) {
      socket.destroy();
      queue.drop();
      return;
    }
  };

  const handleNow = (req: IncomingMessage, res: ServerResponse): void => {
    if (hasBody(req)) {
      closeAfterLongBody(req, res);
      if (served.size === 0) setImmediate(() => served.clear());
      served.add(req.socket);
    }
    handle(req, res);
  };

  return (req, res) => (res.socket === null || served.has(req.socket) ? wait(req, res) : handleNow(req, res));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
