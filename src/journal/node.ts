// A node's identity: an id of its own, kept in its journal folder, and never used for two different histories.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SegmentFile, type SegmentName, bytesOf, checksumOf, isEmpty, removeOpen, segmentsIn, setAside } from './segment.js';
import { removeStrayPoints } from './segment.js';

/** What the store knows of a node; see documents/port.ts. */
export interface KnownState {
  readonly number: number;
  readonly checksum: number;
}

/** A segment that an earlier process left uncounted, and what it takes on disk. */
export interface LeftSegment extends SegmentFile {
  readonly bytes: number;
}

export interface NodeStart {
  readonly node: string;
  /** The number of the segment that this process begins. */
  readonly number: number;
  /** To be sealed where they are open, and counted: in this order. */
  readonly left: readonly LeftSegment[];
  /** What was out of order, in sentences for the log. */
  readonly remarks: readonly string[];
}

const FILE = 'node.json';

/**
 * Finds out who this node is. It takes a new id where the store knows more of the old one than the folder does, or another checksum:
 * then the folder was restored or cloned, and numbers used again under one id would be taken for counted.
 */
export async function startNode(folder: string, known: (node: string) => Promise<KnownState | undefined>): Promise<NodeStart> {
  const remarks: string[] = [];
  for (const segment of segmentsIn(folder)) {
    if (segment.state !== 'open') continue;
    const state = await known(segment.node);
    if (isEmpty(folder, segment)) {
      removeOpen(folder, segment);
    } else if (state !== undefined && state.number >= segment.number) {
      remarks.push(
        `${setAside(folder, segment)} was set aside: the store has counted node ${segment.node} up to segment ${state.number} already, so this folder is an older copy`,
      );
    }
  }
  removeStrayPoints(folder);
  const segments = segmentsIn(folder);
  const id = readId(folder);
  const state = id === undefined ? undefined : await known(id);
  const node = id !== undefined && continues(folder, segments, id, state) ? id : newId(folder);
  if (id !== undefined && node !== id) {
    remarks.push(
      `the store knows more of node ${id} than the folder ${folder}, which was restored or copied: this node is ${node} from now on`,
    );
  }
  const newest = segments.reduce((number, segment) => (segment.node === node ? Math.max(number, segment.number) : number), 0);
  return { node, number: newest + 1, left: await uncounted(folder, segments, known), remarks };
}

async function uncounted(
  folder: string,
  segments: readonly SegmentFile[],
  known: (node: string) => Promise<KnownState | undefined>,
): Promise<LeftSegment[]> {
  const left: LeftSegment[] = [];
  const counted = new Map<string, number>();
  for (const segment of segments) {
    const { node, number } = segment;
    if (!counted.has(node)) counted.set(node, (await known(node))?.number ?? 0);
    if (number > (counted.get(node) as number)) left.push({ ...segment, bytes: bytesOf(folder, segment) });
  }
  return left;
}

function continues(folder: string, segments: readonly SegmentName[], node: string, state: KnownState | undefined): boolean {
  if (state === undefined) return true;
  const last = segments.find((segment) => segment.node === node && segment.number === state.number);
  return last !== undefined && checksumOf(folder, last) === state.checksum;
}

function readId(folder: string): string | undefined {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  const { id } = JSON.parse(readFileSync(path, 'utf8')) as { id: string };
  return id;
}

/** Begins with a letter, so that no number is taken for it. */
function newId(folder: string): string {
  const id = `n${randomBytes(8).toString('hex')}`;
  const path = join(folder, FILE);
  writeFileSync(`${path}.draft`, JSON.stringify({ id }), { flush: true });
  renameSync(`${path}.draft`, path);
  return id;
}
