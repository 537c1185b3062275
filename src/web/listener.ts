// Requests as they come from sockets: those of one socket are handled one after the other. Node parses whatever a
// client sends ahead, and would have all of it handled at once, before anything that has come on other sockets.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeAfterLongBody } from './body.js';

/** Of all sockets together, at about 3 KB each. Browsers and proxies send nothing ahead. */
const WAITING_MAX = 10_000;

/** What of a socket has come and is not handled yet. */
interface Queue {
  /** In order. */
  readonly requests: IncomingMessage[];
  /** Nothing waits any more. */
  end(): void;
  /** The socket is closed. */
  drop(): void;
}

/**
 * A request that comes while an earlier one of its socket is being answered waits until that answer is on its way,
 * and nothing more is read from the socket meanwhile. So a client that does not read its answers is not served
 * further. Where too many wait, the socket that has had some waiting for longest is closed.
 */
export function createListener(handle: RequestListener, waitingMax = WAITING_MAX): RequestListener {
  /** The oldest first. */
  const queues = new Map<Socket, Queue>();
  let waiting = 0;
  /**
   * Those of which a request with a body has been handled in this turn. Where it is answered before its body has
   * come, Node gives the socket to the next one at once, and so to all that it has read ahead.
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
        // else Node ends each with an error of its own, which takes longer than answering it
        for (const req of queue.requests) req.destroy();
      },
    };
    queues.set(socket, queue);
    // at once, and again whenever Node lets it go on, as it does after each request that it has parsed and each that is answered
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
    // Node gives a response its socket when its turn has come; what has come on other sockets meanwhile is looked at first
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
