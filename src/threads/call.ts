// Calls between two threads. Each side offers functions by name and calls those of the other side: `call` resolves
// with the result, `notify` sends without waiting for one. Everything that is passed must be structured-cloneable.
import { type MessagePort, parentPort, type Transferable, Worker, type WorkerOptions } from 'node:worker_threads';
import { endThread, STOP } from './ending.js';

/** The functions that one side offers. Each takes at most one argument; a promise is awaited before it is sent. */
export type Offer<Functions> = { readonly [Name in keyof Functions]: (argument: never) => unknown };
type Argument<Offered> = Offered extends (...given: infer Given) => unknown ? (Given extends [] ? undefined : Given[0]) : never;
type Result<Offered> = Offered extends (...given: never[]) => infer Returned ? Without<Awaited<Returned>> : never;
type Without<Returned> = Returned extends Moved<infer Value> ? Value : Returned;

/** A side that offers nothing. */
export type Nothing = Record<never, never>;

export interface CallOptions {
  /** The call rejects with a CallTimedOut after this time. The other side is not interrupted. */
  readonly timeoutMs?: number;
  /** Buffers in the argument that are moved to the other thread instead of copied. */
  readonly move?: readonly Transferable[];
}

/** The other thread, seen from this one. */
export interface Peer<Theirs extends Offer<Theirs>> {
  /**
   * Rejects with the error of the function, with its name, message and stack but not its class; also when the other
   * thread ends before it has answered.
   */
  call<Name extends keyof Theirs & string>(
    name: Name,
    argument: Argument<Theirs[Name]>,
    options?: CallOptions,
  ): Promise<Result<Theirs[Name]>>;
  /** If the function throws, the error is uncaught in the other thread. */
  notify<Name extends keyof Theirs & string>(name: Name, argument: Argument<Theirs[Name]>): void;
}

export interface Thread<Theirs extends Offer<Theirs>> extends Peer<Theirs> {
  /** The calls that have no answer yet. */
  openCalls(): number;
  /** Lets the thread finish and close what it has open; terminates it after `withinMs`. Open calls reject. */
  stop(withinMs: number): Promise<void>;
}

export class CallTimedOut extends Error {
  override readonly name = 'CallTimedOut';
}

/** The other thread has ended, so it cannot answer. */
export class ThreadEnded extends Error {
  override readonly name = 'ThreadEnded';
}

/** A result of which some buffers are moved to the caller instead of copied. */
export class Moved<Value> {
  constructor(
    readonly value: Value,
    readonly buffers: readonly Transferable[],
  ) {}
}

/** Structured cloning loses the class of an error, and the name if the class is the project's own. */
interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly kind: 'notice'; readonly name: string; readonly argument: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: SentError };

interface OpenCall {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout | undefined;
}

export interface ThreadOptions<Mine> extends Pick<WorkerOptions, 'workerData' | 'resourceLimits'> {
  /** What the thread may call in this one. */
  readonly offers: Mine;
  /** The thread has failed, and was not stopped. */
  readonly onEnded?: (error: Error) => void;
}

export function startThread<Theirs extends Offer<Theirs>, Mine extends Offer<Mine> = Nothing>(
  url: URL,
  { offers, onEnded = () => {}, ...options }: ThreadOptions<Mine>,
): Thread<Theirs> {
  const worker = new Worker(url, options);
  const { peer, end, openCalls } = connect<Theirs, Mine>(worker, offers);
  let isStopping = false;
  worker.on('error', (error: Error) => {
    end(error);
    if (!isStopping) onEnded(error);
  });
  worker.on('exit', () => end(new ThreadEnded('the thread has ended')));
  return {
    ...peer,
    openCalls,
    async stop(withinMs) {
      isStopping = true;
      await endThread(worker, withinMs);
    },
  };
}

/**
 * Offers functions to the thread that started this one. When that thread stops this one, `close` runs, and then
 * this thread exits, even if `close` fails. Calls that were sent before `serve` was called are answered, too.
 */
export function serve<Theirs extends Offer<Theirs> = Nothing, Mine extends Offer<Mine> = Nothing>(
  offers: Mine,
  close: () => Promise<unknown> = async () => {},
): Peer<Theirs> {
  const port = parentPort as MessagePort;
  port.on('message', (message: unknown) => {
    if (message === STOP) void close().finally(() => process.exit(0));
  });
  return connect<Theirs, Mine>(port, offers).peer;
}

/** Both sides of a port: answers calls of the other side, and makes calls to it. */
export function connect<Theirs extends Offer<Theirs>, Mine extends Offer<Mine>>(
  port: Pick<MessagePort, 'postMessage'> & { on(event: 'message', listener: (message: unknown) => void): unknown },
  offers: Mine,
): { peer: Peer<Theirs>; end(error: Error): void; openCalls(): number } {
  const open = new Map<number, OpenCall>();
  let lastId = 0;
  let ended: Error | undefined;
  const send = (message: Message, move: readonly Transferable[] = []) => port.postMessage(message, [...move]);

  const answer = async (id: number, name: string, argument: unknown): Promise<void> => {
    try {
      const value = await run(offers, name, argument);
      if (value instanceof Moved) send({ kind: 'result', id, value: value.value }, value.buffers);
      else send({ kind: 'result', id, value });
    } catch (error) {
      send({ kind: 'failure', id, error: sentError(error) });
    }
  };
  const close = (id: number): OpenCall | undefined => {
    const call = open.get(id);
    open.delete(id);
    clearTimeout(call?.timer);
    return call;
  };

  port.on('message', (received) => {
    if (received === STOP) return;
    const message = received as Message;
    if (message.kind === 'call') void answer(message.id, message.name, message.argument);
    else if (message.kind === 'notice') run(offers, message.name, message.argument);
    else if (message.kind === 'result') close(message.id)?.resolve(message.value as never);
    else close(message.id)?.reject(receivedError(message.error));
  });

  return {
    peer: {
      call: (name, argument, { timeoutMs, move } = {}) =>
        new Promise((resolve, reject) => {
          if (ended !== undefined) return reject(ended);
          const id = ++lastId;
          const giveUp = () => close(id)?.reject(new CallTimedOut(`no answer to ${name} within ${timeoutMs} ms`));
          const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs);
          open.set(id, { resolve, reject, timer });
          try {
            send({ kind: 'call', id, name, argument }, move);
          } catch (error) {
            close(id)?.reject(error as Error); // the argument cannot be cloned
          }
        }),
      notify: (name, argument) => send({ kind: 'notice', name, argument }),
    },
    end(error) {
      ended ??= error;
      for (const id of [...open.keys()]) close(id)?.reject(error);
    },
    openCalls: () => open.size,
  };
}

function run(offers: Offer<unknown>, name: string, argument: unknown): unknown {
  return (offers as Record<string, (argument: unknown) => unknown>)[name]?.(argument);
}

function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  return { name: error.name, message: error.message, stack: error.stack };
}

function receivedError({ name, message, stack }: SentError): Error {
  return Object.assign(new Error(message), { name, ...(stack !== undefined && { stack }) });
}
