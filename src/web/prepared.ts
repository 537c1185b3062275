// Answers that are made once and sent many times, with their compressed forms and with headers in the form that Node
// writes. Sending one costs no more than answering a beacon.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Answer, Headers } from './answer.js';
import { answerEarly } from './body.js';
import { bestEncoding } from './encoding.js';
import { errorAnswer, type Problem } from './errors.js';
import type { SignInFrame } from './pages/sign-in.js';
import { keyOf, type Reader } from './reader.js';

export interface Prepared {
  send(req: IncomingMessage, res: ServerResponse): void;
  /** Sends the answer before the request has arrived completely; the rest is not read. */
  sendEarly(res: ServerResponse): void;
}

export interface Preparing {
  /** The answer is sent uncompressed until other threads have compressed it. An answer that may be cached has an ETag.
   */
  prepare(answer: Answer): Prepared;
  /** As `errorAnswer`. Prepared once for each problem with the default message. */
  error(problem: Problem, reader: Reader | undefined): Prepared;
}

/** A smaller answer fits into one packet. */
const COMPRESSED_BYTES_MIN = 1024;
const COMPRESSIONS = { br: promisify(brotliCompress), gzip: promisify(gzip) } as const;
const ENCODINGS = ['br', 'gzip'] as const;

/** `shared` returns the headers of every answer, and is called for the first one. */
export function createPreparing(shared: () => Headers, frame: () => SignInFrame): Preparing {
  const errors = new Map<string, Prepared>();
  const prepare = (answer: Answer): Prepared => prepareWith(answer, shared);
  return {
    prepare,
    error(problem, reader) {
      const { code, message, retryAfterSeconds } = problem;
      if (message !== undefined) return prepare(errorAnswer(problem, reader, frame()));
      const key = `${code} ${keyOf(reader)} ${retryAfterSeconds}`;
      let prepared = errors.get(key);
      if (prepared === undefined) {
        prepared = prepare(errorAnswer(problem, reader, frame()));
        errors.set(key, prepared);
      }
      return prepared;
    },
  };
}

interface Form {
  readonly headers: string[];
  readonly body: Buffer;
}

function prepareWith({ status, headers, body, compressed: given = {} }: Answer, shared: () => Headers): Prepared {
  const plain = Buffer.from(body);
  const isKept = status === 200 && headers['Cache-Control'] !== 'no-store';
  // weak, since all encodings share it
  const tag = isKept ? `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"` : undefined;
  const isCompressed = plain.length >= COMPRESSED_BYTES_MIN && isKept;

  const headersWith = (more: Headers): string[] => {
    const own = { ...headers, ...(tag && { ETag: tag }), ...(isCompressed && { Vary: 'Accept-Encoding' }) };
    return Object.entries({ ...shared(), ...own, ...more }).flat();
  };
  const formOf = (body: Buffer, encoding: Headers): (() => Form) =>
    once(() => ({ headers: headersWith({ ...encoding, 'Content-Length': String(body.length) }), body }));

  const plainForm = formOf(plain, {});
  const notModified = once(() => headersWith({}));
  const compressed = new Map<string, () => Form>();
  for (const encoding of isCompressed ? ENCODINGS : []) {
    const keep = (made: Buffer) => compressed.set(encoding, formOf(made, { 'Content-Encoding': encoding }));
    if (given[encoding] === undefined) void COMPRESSIONS[encoding](plain).then(keep);
    else keep(given[encoding]);
  }

  return {
    send(req, res) {
      if (tag !== undefined && isKnownTag(tag, req.headers['if-none-match'])) {
        res.writeHead(304, notModified()).end();
        return;
      }
      const encoded = isCompressed ? compressed.get(bestEncoding(req.headers['accept-encoding'])) : undefined;
      const form = (encoded ?? plainForm)();
      res.writeHead(status, form.headers).end(form.body);
    },
    sendEarly(res) {
      const { headers, body } = plainForm();
      answerEarly(res, status, headers, body);
    },
  };
}

function once<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Whether a client has the answer with this ETag already. */
export function isKnownTag(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const bare = tag.slice('W/'.length);
  return ifNoneMatch.split(',').some((known) => known.trim() === '*' || known.trim().replace(/^W\//, '') === bare);
}
