// A node's identity: an id of its own, kept in its journal folder, and never used for two different histories.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SegmentFile, type SegmentName, checksumOf, isEmpty, removeOpen, segmentsIn, setAside } from './segment.js';

/** What the store knows of a node; see documents/port.ts. */
export interface KnownState {
  readonly number: number;
  readonly checksum: number;
}

export interface NodeStart {
  readonly node: string;
  /** The number of the segment that this process begins. */
  readonly number: number;
  /** Segments that earlier processes left, to be sealed where they are open and counted where they are not: in this order. */
  readonly left: readonly SegmentFile[];
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
  const segments = segmentsIn(folder);
  const id = readId(folder);
  const state = id === undefined ? undefined : await known(id);
  const node = id !== undefined && continues(folder, segments, id, state) ? id : newId(folder);
  if (id !== undefined && node !== id) {
    remarks.push(
      `the store knows more of node ${id} than the folder ${folder}, which was restored or copied: this node is ${node} from now on`,
    );
  }
  const numbers = segments.filter((segment) => segment.node === node).map(({ number }) => number);
  return { node, number: Math.max(0, ...numbers) + 1, left: segments, remarks };
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
