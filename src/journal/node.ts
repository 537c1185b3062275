// A node's identity is an id that is stored in its journal folder. An id must never be used for two different
// sequences of segments, because the store would treat the segments of one as already counted for the other.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeRegistry, NodeState } from '../store/nodes.js';
import { type PackName, packBytes, packContains, packsIn, readManifest, removeReplacedPacks, type Uncounted } from './packs.js';
import { hasSurelyEnded, type ProcessMark, thisProcess } from './process.js';
import {
  bytesOf,
  checksumOf,
  isEmpty,
  quarantineSegment,
  removeOpen,
  removeStrayPoints,
  type SegmentFile,
  type SegmentName,
  segmentsIn,
} from './segment.js';

/** The part of the node registry that a starting node needs. */
export type StartRegistry = Pick<NodeRegistry, 'get' | 'isRunning' | 'claim'>;

/** A segment or pack that an earlier process left uncounted, and its size on disk. */
export type LeftSegment = Uncounted & { readonly bytes: number };

export interface NodeStart {
  readonly node: string;
  /** The number of the first segment that this process writes. */
  readonly number: number;
  /** The process must count these in this order, and first seal those that are open. */
  readonly left: readonly LeftSegment[];
  /**
   * Every hit that was accepted before this time is counted. Undefined if `left` is empty. Milliseconds since 1970.
   */
  readonly countedUntilMs: number | undefined;
  /** Problems that were found, as sentences for the log. */
  readonly remarks: readonly string[];
}

const FILE = 'node.json';
/** Names the last process that used the folder. */
const PROCESS_FILE = 'process.json';

/**
 * Determines the id of this node, and registers in the store that the process `boot` runs as it. The node gets a new
 * id if the store has counted more segments under the old id than the folder contains, if the store has another
 * checksum, or if another process runs as the old id. In these cases the folder was restored or copied, and the store
 * would treat reused segment numbers as already counted.
 */
export async function startNode(folder: string, boot: string, registry: StartRegistry): Promise<NodeStart> {
  removeReplacedPacks(folder);
  const [segments, packs] = [segmentsIn(folder), packsIn(folder)];
  const old = nodeIn(folder);
  const open = segments.filter(({ state }) => state === 'open');
  const states = await lookUp([old, ...[...segments, ...packs].map(({ node }) => node)], (id) => registry.get(id));
  const before = lastProcess(folder);
  // No need to wait for a heartbeat if the store names a process of this machine that has certainly ended.
  const hasEnded = (id: string) => before !== undefined && states.get(id)?.boot === before.boot && hasSurelyEnded(before.mark);
  const runningElsewhere = await lookUp(
    [old, ...open.map(({ node }) => node)],
    async (id) => !hasEnded(id) && (await registry.isRunning(id)),
  );
  writeJson(folder, PROCESS_FILE, { boot, mark: thisProcess() } satisfies LastProcess);

  const remarks: string[] = [];
  let node = old;
  const inside = packs.filter((pack) => isPartlyCounted(pack, states.get(pack.node)));
  for (const pack of inside) remarks.push(partlyCountedRemark(folder, pack, states.get(pack.node) as NodeState));
  if (old !== undefined && inside.some((pack) => pack.node === old)) {
    node = undefined;
  } else if (old !== undefined && !hasLastCounted(folder, { segments, packs }, old, states.get(old))) {
    remarks.push(
      `the store has counted more of node ${old} than the folder ${folder} contains, so the folder was restored or copied: ` +
        'this node has a new id from now on; if the newer folder is lost, retire its node: ' +
        `hitherto node retire ${old}`,
    );
    node = undefined;
  } else if (old !== undefined && (runningElsewhere.get(old) || (await registry.claim(old, boot, states.get(old))) === 'lost')) {
    remarks.push(`another process runs as node ${old}, so the folder ${folder} is a copy: this node has a new id from now on`);
    runningElsewhere.set(old, true);
    node = undefined;
  }
  for (const segment of open) {
    // the other process may still write to it
    if (runningElsewhere.get(segment.node) && isEmpty(folder, segment)) continue;
    const remark = checkOpenSegment(folder, segment, states.get(segment.node), runningElsewhere.get(segment.node) === true);
    if (remark !== undefined) remarks.push(remark);
  }
  if (![...runningElsewhere.values()].includes(true)) removeStrayPoints(folder);
  if (node === undefined) {
    node = newId(folder);
    await registry.claim(node, boot, undefined);
  }
  const files = segmentsIn(folder);
  const numbers = [...files, ...packs.map((pack) => ({ node: pack.node, number: pack.last }))];
  const newest = numbers.reduce((number, one) => (one.node === node ? Math.max(number, one.number) : number), 0);
  const left = uncounted(folder, files, packs, states);
  const counted = left.map(({ node }) => states.get(node)?.countedUntilMs ?? 0);
  return { node, number: newest + 1, left, countedUntilMs: left.length === 0 ? undefined : Math.min(...counted), remarks };
}

async function lookUp<Found>(
  ids: ReadonlyArray<string | undefined>,
  find: (id: string) => Promise<Found>,
): Promise<Map<string, Found>> {
  const distinct = [...new Set(ids)].filter((id) => id !== undefined);
  return new Map(await Promise.all(distinct.map(async (id) => [id, await find(id)] as const)));
}

/**
 * Removes an open segment of an earlier process if it is empty, and quarantines it if it is a copy of a segment that
 * another process counts. Otherwise it will be counted. Returns a remark for the log, or undefined.
 */
function checkOpenSegment(
  folder: string,
  segment: SegmentName,
  state: NodeState | undefined,
  runsElsewhere: boolean,
): string | undefined {
  if (isEmpty(folder, segment)) {
    removeOpen(folder, segment);
    return undefined;
  }
  const { node, number } = segment;
  if (state !== undefined && state.number >= number) {
    const quarantined = `${quarantineSegment(folder, segment)} was quarantined`;
    const counted = `the store has already counted node ${node} up to segment ${state.number}`;
    return `${quarantined}: ${counted}, so this folder is an older copy`;
  }
  return runsElsewhere
    ? `${quarantineSegment(folder, segment)} was quarantined: another process runs as node ${node} and counts the original`
    : undefined;
}

/** Sorted by node, then by number. */
function uncounted(
  folder: string,
  segments: readonly SegmentFile[],
  packs: readonly PackName[],
  states: ReadonlyMap<string, NodeState | undefined>,
): LeftSegment[] {
  const isUncounted = ({ node, first }: Pick<PackName, 'node' | 'first'>) => first > (states.get(node)?.number ?? 0);
  const left: LeftSegment[] = [
    ...segments
      .filter(
        (segment) => isUncounted({ ...segment, first: segment.number }) && !packs.some((pack) => packContains(pack, segment)),
      )
      .map((segment) => ({ ...segment, bytes: bytesOf(folder, segment) })),
    ...packs
      .filter(isUncounted)
      .map((pack) => ({ node: pack.node, number: pack.last, state: 'packed' as const, pack, bytes: packBytes(folder, pack) })),
  ];
  return left.sort((a, b) => (a.node === b.node ? a.number - b.number : a.node < b.node ? -1 : 1));
}

/**
 * Whether the folder contains the last segment that the store has counted. If the store has counted less than the
 * folder contains, then the store was restored, and the missing segments are counted again.
 */
function hasLastCounted(
  folder: string,
  { segments, packs }: { readonly segments: readonly SegmentFile[]; readonly packs: readonly PackName[] },
  node: string,
  state: NodeState | undefined,
): boolean {
  if (state === undefined || state.number === 0) return true;
  const last = segments.find((segment) => segment.node === node && segment.number === state.number);
  if (last !== undefined) return last.state === 'sealed' && checksumOf(folder, last) === state.checksum;
  const pack = packs.find((pack) => pack.node === node && pack.last === state.number);
  return pack !== undefined && readManifest(folder, pack).lastChecksum === state.checksum;
}

/** Whether the store has counted some of a pack's segments but not all of them. */
function isPartlyCounted({ first, last }: PackName, state: NodeState | undefined): boolean {
  return state !== undefined && first <= state.number && state.number < last;
}

function partlyCountedRemark(folder: string, pack: PackName, { number }: NodeState): string {
  return (
    `the store has counted node ${pack.node} up to segment ${number} and was not restored from a backup by hitherto backup: ` +
    `in the folder ${folder}, the hits of ${pack.day} from there to segment ${pack.last} are packed together with hits ` +
    'that the store has, and cannot be counted again'
  );
}

/** The id that is stored in a journal folder; undefined if there is none. */
export function nodeIn(folder: string): string | undefined {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  const id = /^\s*\{\s*"id":\s*"(n[0-9a-f]{16})"\s*\}\s*$/.exec(readFileSync(path, 'utf8'))?.[1];
  if (id === undefined)
    throw new Error(
      `${path} is damaged: it does not contain the id of a node; ` +
        'restore it from a copy, or remove it so that the folder gets a new id',
    );
  return id;
}

/** Begins with a letter, so that it cannot be confused with a number. */
function newId(folder: string): string {
  const id = `n${randomBytes(8).toString('hex')}`;
  writeJson(folder, FILE, { id });
  return id;
}

interface LastProcess {
  /** As registered in the store. */
  readonly boot: string;
  readonly mark: ProcessMark;
}

/**
 * Undefined if the file is missing or cannot be read. Then only a heartbeat can show whether the process still runs.
 */
function lastProcess(folder: string): LastProcess | undefined {
  try {
    const { boot, mark } = JSON.parse(readFileSync(join(folder, PROCESS_FILE), 'utf8')) as LastProcess;
    return { boot, mark: { pid: Number(mark.pid), started: String(mark.started), space: String(mark.space) } };
  } catch {
    return undefined;
  }
}

function writeJson(folder: string, name: string, value: object): void {
  const path = join(folder, name);
  writeFileSync(`${path}.draft`, JSON.stringify(value), { flush: true });
  renameSync(`${path}.draft`, path);
}
