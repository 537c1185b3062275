// Amazon delivers logs as many small files that never grow. They are counted in bundles: a bundle is one import, however
// many files it has. Each file is recognised by a hash of its content.
import { createHmac } from 'node:crypto';
import type { Site } from '../../hit/site.js';
import type { DayLimits, ImportRecord, Imports } from '../../store/imports.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { INSPECTED_BYTES, type InspectedLog, withLineEnd } from './inspect-logs.js';
import { sameLimits } from './limits.js';
import { LINE_FEED, type LogStream, streamOf } from './log-stream.js';
import { NotImportable } from './ranges.js';

const DELIVERED: readonly string[] = ['alb', 'elb', 's3', 'cloudfront'];
/** The most files of a bundle. */
const MEMBERS_MAX = 4096;
const BUNDLE_BYTES_MAX = 64 * 1024 * 1024;

export interface Bundle {
  /** The hashes of its files, in order. */
  readonly members: readonly string[];
  /** The size of all of its files, unpacked. */
  readonly bytes: number;
}

export interface LogOrBundle extends InspectedLog {
  /** Absent for a single log. */
  readonly bundle?: Bundle;
}

interface Member {
  readonly log: InspectedLog;
  readonly hash: string;
  readonly bytes: number;
}

export interface BundleOptions {
  readonly site: Site;
  /** See keyOfLogs in begin.ts. */
  readonly key: string;
  readonly days: DayLimits | undefined;
}

/**
 * Replaces small files that Amazon delivered by bundles. `before` is the number of files whose bundles are already
 * counted. Rejects with a NotImportable when files of an unfinished bundle are missing.
 */
export async function bundleSmallFiles(
  { imports, nodes }: { readonly imports: Pick<Imports, 'begun' | 'range'>; readonly nodes: Pick<NodeRegistry, 'get'> },
  logs: readonly InspectedLog[],
  { site, key, days }: BundleOptions,
): Promise<{ logs: LogOrBundle[]; before: number }> {
  const delivered = logs.filter(isDelivered);
  if (delivered.length === 0) return { logs: [...logs], before: 0 };
  const begun = (await imports.begun(site.id)).filter(({ tool }) => tool === undefined);
  const members = new Map<string, Member>();
  const small = new Set<InspectedLog>();
  for (const log of delivered) {
    const member = await memberOf(log, key);
    if (member === undefined) continue;
    small.add(log);
    members.set(member.hash, member);
  }
  const bundles: LogOrBundle[] = [];
  let before = 0;
  for (const record of begun) {
    const hashes = record.members ?? [];
    const given = hashes.filter((hash) => members.has(hash));
    if (given.length === 0 || !sameLimits(record.days, days)) continue;
    if (await isFinished(imports, nodes, record)) before += given.length;
    else bundles.push(unfinishedBundle(hashes, given.length, members));
    for (const hash of given) members.delete(hash);
  }
  bundles.push(...newBundles([...members.values()]));
  return { logs: [...logs.filter((log) => !small.has(log)), ...bundles].sort(byTime), before };
}

function isDelivered({ recognition }: InspectedLog): boolean {
  return recognition !== undefined && DELIVERED.includes(recognition.recognised.layouts[0]?.format ?? '');
}

/** 64 bits. */
const HASH_CHARS = 16;

/** Returns undefined for a file that is too large, or that ends within a line. */
async function memberOf(log: InspectedLog, key: string): Promise<Member | undefined> {
  const stream = log.open();
  try {
    const all = await stream.peek(INSPECTED_BYTES);
    if (all.length === INSPECTED_BYTES || (all.at(-1) !== LINE_FEED && !log.isFinal)) return undefined;
    const hash = createHmac('sha256', Buffer.from(key, 'hex')).update(all).digest('hex').slice(0, HASH_CHARS);
    return { log, hash, bytes: withLineEnd(all, log).length };
  } finally {
    stream.close();
  }
}

async function isFinished(
  imports: Pick<Imports, 'range'>,
  nodes: Pick<NodeRegistry, 'get'>,
  { id, bytes }: ImportRecord,
): Promise<boolean> {
  const number = (await nodes.get(id))?.number ?? 0;
  return number > 0 && (await imports.range(id, number))?.to === bytes;
}

/** Puts a bundle together as before. All its files have to be there. */
function unfinishedBundle(hashes: readonly string[], given: number, members: ReadonlyMap<string, Member>): LogOrBundle {
  const found = hashes.flatMap((hash) => members.get(hash) ?? []);
  if (found.length < hashes.length) {
    throw new NotImportable(
      `an import of ${hashes.length} files was stopped before its end, and only ${given} of them were given now: ` +
        'give all of them again first',
    );
  }
  return bundleOf(found);
}

/** Bundles files of the same format, in order of time. */
function newBundles(members: readonly Member[]): LogOrBundle[] {
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

function byTime(a: InspectedLog, b: InspectedLog): number {
  const [one, other] = [a, b].map(({ recognition }) => recognition?.firstMs ?? Number.POSITIVE_INFINITY) as [number, number];
  return one === other ? 0 : one - other;
}

function bundleOf(members: readonly Member[]): LogOrBundle {
  const logs = members.map(({ log }) => log);
  const [first] = logs as [InspectedLog, ...InspectedLog[]];
  return {
    ...first,
    name: logs.length === 1 ? first.name : `${logs.length.toLocaleString('en')} files from ${first.name} on`,
    // if one of the files names browsers, so does the bundle
    recognition: (logs.find(({ recognition }) => recognition?.recognised.layouts[0]?.agentless !== true) ?? first).recognition,
    lastMs: Math.max(...logs.map(({ lastMs }) => lastMs)),
    isFinal: true,
    end: () => undefined,
    open: () => concatenated(logs),
    close: () => {},
    bundle: {
      members: members.map(({ hash }) => hash),
      bytes: members.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  };
}

/** Reads one log after the other as one stream. */
function concatenated(logs: readonly InspectedLog[]): LogStream {
  let [open, done] = [undefined as LogStream | undefined, 0];
  async function* chunks(): AsyncGenerator<Buffer> {
    for (const log of logs) {
      open = log.open();
      yield withLineEnd(await open.take(INSPECTED_BYTES), log);
      open.close();
      done++;
    }
  }
  return streamOf(chunks(), { fileBytes: logs.length, readBytes: () => done, close: () => open?.close() });
}
