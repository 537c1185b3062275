// A node's identity: an id of its own, kept in its journal folder, and never used for two different histories.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeRegistry, NodeState } from '../store/nodes.js';
import { holdsSegment, type PackName, packBytes, packsIn, readManifest, removeReplacedPacks, type Uncounted } from './packs.js';
import { hasSurelyEnded, type ProcessMark, thisProcess } from './process.js';
import {
  bytesOf,
  checksumOf,
  isEmpty,
  removeOpen,
  removeStrayPoints,
  type SegmentFile,
  type SegmentName,
  segmentsIn,
  setAside,
} from './segment.js';

/** The part of the node registry that a starting node needs. */
export type StartRegistry = Pick<NodeRegistry, 'get' | 'isRunning' | 'claim'>;

/** What an earlier process left uncounted, and what it takes on disk. */
export type LeftSegment = Uncounted & { readonly bytes: number };

export interface NodeStart {
  readonly node: string;
  /** The number of the segment that this process begins. */
  readonly number: number;
  /** To be sealed where they are open, and counted: in this order. */
  readonly left: readonly LeftSegment[];
  /** Every hit taken before this moment is counted, though something is left; undefined when nothing is. */
  readonly countedUntilMs: number | undefined;
  /** What was out of order, in sentences for the log. */
  readonly remarks: readonly string[];
}

const FILE = 'node.json';
/** The process that was the last to run on the folder. */
const PROCESS_FILE = 'process.json';

/**
 * Finds out who this node is, and says in the store that the process `boot` runs as it. It takes a new id where the
 * store knows more of the old one than the folder does, or another checksum, or where another process runs as it:
 * then the folder was restored or cloned, and numbers used again under one id would be taken for counted.
 */
export async function startNode(folder: string, boot: string, registry: StartRegistry): Promise<NodeStart> {
  removeReplacedPacks(folder);
  const [segments, packs] = [segmentsIn(folder), packsIn(folder)];
  const old = nodeIn(folder);
  const open = segments.filter(({ state }) => state === 'open');
  const states = await lookUp([old, ...[...segments, ...packs].map(({ node }) => node)], (id) => registry.get(id));
  const before = lastProcess(folder);
  // Where the store names a process of this machine that has surely ended, nobody has to listen for it.
  const hasEnded = (id: string) => before !== undefined && states.get(id)?.boot === before.boot && hasSurelyEnded(before.mark);
  const elsewhere = await lookUp(
    [old, ...open.map(({ node }) => node)],
    async (id) => !hasEnded(id) && (await registry.isRunning(id)),
  );
  keep(folder, PROCESS_FILE, { boot, mark: thisProcess() } satisfies LastProcess);

  const remarks: string[] = [];
  let node = old;
  const inside = packs.filter((pack) => isInside(pack, states.get(pack.node)));
  for (const pack of inside) remarks.push(notSeparable(folder, pack, states.get(pack.node) as NodeState));
  if (old !== undefined && inside.some((pack) => pack.node === old)) {
    node = undefined;
  } else if (old !== undefined && !continues(folder, { segments, packs }, old, states.get(old))) {
    remarks.push(
      `the store knows more of node ${old} than the folder ${folder}, which was restored or copied: ` +
        'this node has a new id from now on; if the newer folder is lost, give its node up: ' +
        `hitherto node retire ${old}`,
    );
    node = undefined;
  } else if (old !== undefined && (elsewhere.get(old) || (await registry.claim(old, boot, states.get(old))) === 'lost')) {
    remarks.push(`another process runs as node ${old}, so the folder ${folder} is a copy: this node has a new id from now on`);
    elsewhere.set(old, true);
    node = undefined;
  }
  for (const segment of open) {
    if (elsewhere.get(segment.node) && isEmpty(folder, segment)) continue; // nothing in it, and perhaps not ours to remove
    const remark = tidyOpen(folder, segment, states.get(segment.node), elsewhere.get(segment.node) === true);
    if (remark !== undefined) remarks.push(remark);
  }
  if (![...elsewhere.values()].includes(true)) removeStrayPoints(folder);
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
 * An open segment of an earlier process is to be counted, unless nothing is in it or it is a copy of one that others
 * have gone on with. Returns what was done, where it needs to be known.
 */
function tidyOpen(folder: string, segment: SegmentName, state: NodeState | undefined, isElsewhere: boolean): string | undefined {
  if (isEmpty(folder, segment)) {
    removeOpen(folder, segment);
    return undefined;
  }
  const { node, number } = segment;
  if (state !== undefined && state.number >= number) {
    const aside = `${setAside(folder, segment)} was set aside`;
    const counted = `the store has counted node ${node} up to segment ${state.number} already`;
    return `${aside}: ${counted}, so this folder is an older copy`;
  }
  return isElsewhere
    ? `${setAside(folder, segment)} was set aside: node ${node} goes on elsewhere, and counts what this is a copy of`
    : undefined;
}

/** By node, then by number. */
function uncounted(
  folder: string,
  segments: readonly SegmentFile[],
  packs: readonly PackName[],
  states: ReadonlyMap<string, NodeState | undefined>,
): LeftSegment[] {
  const isNews = ({ node, first }: Pick<PackName, 'node' | 'first'>) => first > (states.get(node)?.number ?? 0);
  const left: LeftSegment[] = [
    ...segments
      .filter((segment) => isNews({ ...segment, first: segment.number }) && !packs.some((pack) => holdsSegment(pack, segment)))
      .map((segment) => ({ ...segment, bytes: bytesOf(folder, segment) })),
    ...packs
      .filter(isNews)
      .map((pack) => ({ node: pack.node, number: pack.last, state: 'packed' as const, pack, bytes: packBytes(folder, pack) })),
  ];
  return left.sort((a, b) => (a.node === b.node ? a.number - b.number : a.node < b.node ? -1 : 1));
}

/** A store that knows less than the folder was restored itself: what it lacks is counted again. */
function continues(
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

/** Whether the store has some of a pack's hits and lacks the others. */
function isInside({ first, last }: PackName, state: NodeState | undefined): boolean {
  return state !== undefined && first <= state.number && state.number < last;
}

function notSeparable(folder: string, pack: PackName, { number }: NodeState): string {
  return (
    `the store has counted node ${pack.node} up to segment ${number} and was not restored from what hitherto backup makes: ` +
    `in the folder ${folder}, the hits of ${pack.day} from there to segment ${pack.last} are packed together with hits ` +
    'that the store has, and cannot be counted again'
  );
}

/** The id that is kept in a journal folder; undefined where none was. */
export function nodeIn(folder: string): string | undefined {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  const id = /^\s*\{\s*"id":\s*"(n[0-9a-f]{16})"\s*\}\s*$/.exec(readFileSync(path, 'utf8'))?.[1];
  if (id === undefined)
    throw new Error(
      `${path} is damaged: it does not hold the id of a node; ` +
        'restore it from a copy, or remove it so that the folder gets a new id',
    );
  return id;
}

/** Begins with a letter, so that no number is taken for it. */
function newId(folder: string): string {
  const id = `n${randomBytes(8).toString('hex')}`;
  keep(folder, FILE, { id });
  return id;
}

interface LastProcess {
  /** As the store knows it. */
  readonly boot: string;
  readonly mark: ProcessMark;
}

/** Undefined where nothing of it can be read: then it must be listened for. */
function lastProcess(folder: string): LastProcess | undefined {
  try {
    const { boot, mark } = JSON.parse(readFileSync(join(folder, PROCESS_FILE), 'utf8')) as LastProcess;
    return { boot, mark: { pid: Number(mark.pid), started: String(mark.started), space: String(mark.space) } };
  } catch {
    return undefined;
  }
}

function keep(folder: string, name: string, value: object): void {
  const path = join(folder, name);
  writeFileSync(`${path}.draft`, JSON.stringify(value), { flush: true });
  renameSync(`${path}.draft`, path);
}
