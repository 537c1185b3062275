// Amazon delivers logs as many small files that never grow. They are counted together: each file is known again by a
// hash of what is in it, and a bundle of them is one import, however many there are.
import { createHmac } from 'node:crypto';
import type { Site } from '../../hit/site.js';
import type { Documents } from '../../store/documents.js';
import type { DayLimits, ImportRecord, Imports } from '../../store/imports.js';
import { sameLimits } from './limits.js';
import { type LogStream, streamOf } from './log-stream.js';
import { NotImportable } from './ranges.js';
import { ended, LOOKED_AT_BYTES, type SeenLog } from './survey-log.js';

const DELIVERED: readonly string[] = ['alb', 'elb', 's3', 'cloudfront'];
/** A bundle has no more. */
const MEMBERS_MAX = 4096;
const BUNDLE_BYTES_MAX = 64 * 1024 * 1024;

export interface Bundle {
  /** Of the files that it is made of, in order. */
  readonly members: readonly string[];
  /** Of all of them, unpacked. */
  readonly bytes: number;
}

export interface Bundled extends SeenLog {
  /** Absent: it is a log of its own. */
  readonly bundle?: Bundle;
}

interface Member {
  readonly log: SeenLog;
  readonly hash: string;
  readonly bytes: number;
}

export interface BundlesOf {
  readonly site: Site;
  /** See keyOfLogs in begin.ts. */
  readonly key: string;
  readonly days: DayLimits | undefined;
}

/**
 * The logs, with bundles in place of the small files that were delivered. `before`: files whose bundles are counted.
 * Throws a NotImportable where files are missing of a bundle that was begun.
 */
export async function bundled(
  { imports, documents }: { readonly imports: Pick<Imports, 'begun' | 'range'>; readonly documents: Pick<Documents, 'node'> },
  logs: readonly SeenLog[],
  { site, key, days }: BundlesOf,
): Promise<{ logs: Bundled[]; before: number }> {
  const delivered = logs.filter(isDelivered);
  if (delivered.length === 0) return { logs: [...logs], before: 0 };
  const begun = (await imports.begun(site.id)).filter(({ tool }) => tool === undefined);
  const members = new Map<string, Member>();
  const small = new Set<SeenLog>();
  for (const log of delivered) {
    const member = await memberOf(log, key);
    if (member === undefined) continue;
    small.add(log);
    members.set(member.hash, member);
  }
  const bundles: Bundled[] = [];
  let before = 0;
  for (const record of begun) {
    const its = record.members ?? [];
    const given = its.filter((hash) => members.has(hash));
    if (given.length === 0 || !sameLimits(record.days, days)) continue;
    if (await isFinished(imports, documents, record)) before += given.length;
    else bundles.push(again(its, given.length, members));
    for (const hash of given) members.delete(hash);
  }
  bundles.push(...fresh([...members.values()]));
  return { logs: [...logs.filter((log) => !small.has(log)), ...bundles].sort(byTime), before };
}

function isDelivered({ recognition }: SeenLog): boolean {
  return recognition !== undefined && DELIVERED.includes(recognition.recognised.layouts[0]?.format ?? '');
}

const LINE_END = 0x0a;
/** 64 bits. */
const HASH_CHARS = 16;

/** Undefined for what is larger than what is looked at, or ends within a line. */
async function memberOf(log: SeenLog, key: string): Promise<Member | undefined> {
  const stream = log.open();
  try {
    const all = await stream.peek(LOOKED_AT_BYTES);
    if (all.length === LOOKED_AT_BYTES || (all.at(-1) !== LINE_END && !log.isFinal)) return undefined;
    const hash = createHmac('sha256', Buffer.from(key, 'hex')).update(all).digest('hex').slice(0, HASH_CHARS);
    return { log, hash, bytes: ended(all, log).length };
  } finally {
    stream.close();
  }
}

async function isFinished(
  imports: Pick<Imports, 'range'>,
  documents: Pick<Documents, 'node'>,
  { id, bytes }: ImportRecord,
): Promise<boolean> {
  const number = (await documents.node(id))?.number ?? 0;
  return number > 0 && (await imports.range(id, number))?.to === bytes;
}

/** A bundle that was begun: all its files have to be there, in their order. */
function again(hashes: readonly string[], given: number, members: ReadonlyMap<string, Member>): Bundled {
  const its = hashes.flatMap((hash) => members.get(hash) ?? []);
  if (its.length < hashes.length) {
    throw new NotImportable(
      `an import of ${hashes.length} files was stopped in the middle, and only ${given} of these are among the files given: give all of them again first`,
    );
  }
  return bundleOf(its);
}

/** In order of time; of each format its own. */
function fresh(members: readonly Member[]): Bundled[] {
  const groups: Member[][] = [];
  let [format, bytes] = ['', 0];
  const formatOf = ({ log }: Member) => log.recognition?.recognised.layouts[0]?.format ?? '';
  for (const member of [...members].sort((a, b) =>
    formatOf(a) < formatOf(b) ? -1 : formatOf(a) > formatOf(b) ? 1 : byTime(a.log, b.log),
  )) {
    const isFull = (groups.at(-1)?.length ?? 0) >= MEMBERS_MAX || bytes + member.bytes > BUNDLE_BYTES_MAX;
    if (groups.length === 0 || isFull || formatOf(member) !== format) {
      groups.push([]);
      bytes = 0;
    }
    format = formatOf(member);
    bytes += member.bytes;
    groups.at(-1)?.push(member);
  }
  return groups.map(bundleOf);
}

function byTime(a: SeenLog, b: SeenLog): number {
  const [one, other] = [a, b].map(({ recognition }) => recognition?.firstMs ?? Number.POSITIVE_INFINITY) as [number, number];
  return one === other ? 0 : one - other;
}

function bundleOf(members: readonly Member[]): Bundled {
  const logs = members.map(({ log }) => log);
  const [first] = logs as [SeenLog, ...SeenLog[]];
  return {
    ...first,
    name: logs.length === 1 ? first.name : `${logs.length.toLocaleString('en')} files from ${first.name} on`,
    // a bundle has browsers where one of its files has
    recognition: (logs.find(({ recognition }) => recognition?.recognised.layouts[0]?.agentless !== true) ?? first).recognition,
    lastMs: Math.max(...logs.map(({ lastMs }) => lastMs)),
    isFinal: true,
    end: () => undefined,
    open: () => joined(logs),
    close: () => {},
    bundle: {
      members: members.map(({ hash }) => hash),
      bytes: members.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  };
}

/** One log after the other, as one. */
function joined(logs: readonly SeenLog[]): LogStream {
  let [open, done] = [undefined as LogStream | undefined, 0];
  async function* chunks(): AsyncGenerator<Buffer> {
    for (const log of logs) {
      open = log.open();
      yield ended(await open.take(LOOKED_AT_BYTES), log);
      open.close();
      done++;
    }
  }
  return streamOf(chunks(), { fileBytes: logs.length, readBytes: () => done, close: () => open?.close() });
}
