// A journal folder, and the node id of a process that starts in it. `startNode` decides as src/journal/node.ts does
// with real files: when one of the two changes, so must the other.
import type { Hit } from './hits.js';
import type { Rules } from './rules.js';
import type { NodeDocument } from './store.js';

export interface JournalSegment {
  readonly node: string;
  readonly number: number;
  readonly hits: Hit[];
  state: 'open' | 'sealed' | 'set aside';
}

export interface Folder {
  readonly name: string;
  id: string | undefined;
  /** The last process that ran on it, and its machine. */
  ran: { readonly boot: string; readonly machine: string } | undefined;
  segments: JournalSegment[];
}

/** What a backup or a clone contains. From now on the two develop separately. */
export function copyOf({ id, ran, segments }: Folder, name: string): Folder {
  return { name, id, ran, segments: segments.map((segment) => ({ ...segment, hits: [...segment.hits] })) };
}

export function checksumOf({ hits }: Pick<JournalSegment, 'hits'>): number {
  let sum = 0;
  for (const { name } of hits) for (let i = 0; i < name.length; i++) sum = Math.imul(sum ^ name.charCodeAt(i), 0x01000193);
  return sum;
}

/** Where nodes are registered; as in src/journal/node.ts. */
export interface Registry {
  node(id: string): Promise<NodeDocument | undefined>;
  /** `seen`: the state that was read before. */
  isRunning(id: string, seen: NodeDocument | undefined): Promise<boolean>;
  claim(id: string, boot: string, seen: NodeDocument | undefined): Promise<'claimed' | 'lost'>;
}

export interface NodeStart {
  readonly node: string;
  /** The number of the segment with which this process begins. */
  readonly number: number;
  readonly left: readonly JournalSegment[];
  /** Ids that the folder had before. Nothing is written under them any more; they end once the rest is counted. */
  readonly over: ReadonlyArray<{ readonly id: string; readonly boot: string | undefined }>;
}

export async function startNode(
  folder: Folder,
  boot: string,
  registry: Registry,
  rules: Rules,
  newId: () => string,
): Promise<NodeStart> {
  const old = folder.id;
  const open = folder.segments.filter(({ state }) => state === 'open');
  const states = await lookUp([old, ...folder.segments.map(({ node }) => node)], (id) => registry.node(id));
  const before = folder.ran;
  const elsewhere = await lookUp([...states.keys()], async (id) =>
    rules.noticesOtherProcess && !hasEnded(folder, before, states.get(id), rules)
      ? registry.isRunning(id, states.get(id))
      : false,
  );
  folder.ran = { boot, machine: folder.name };

  let node = old;
  if (old !== undefined && rules.noticesOlderFolder && !continues(folder, old, states.get(old))) node = undefined;
  else if (old !== undefined && elsewhere.get(old)) node = undefined;
  else if (old !== undefined && !mayGoOn(states.get(old), rules)) node = undefined;
  else if (old !== undefined && (await registry.claim(old, boot, states.get(old))) === 'lost' && rules.noticesOtherProcess) {
    elsewhere.set(old, true);
    node = undefined;
  }
  for (const segment of open) {
    const passed = (states.get(segment.node)?.number ?? 0) >= segment.number;
    if (rules.setsCopiesAside && (passed || elsewhere.get(segment.node))) segment.state = 'set aside';
  }
  if (node === undefined) {
    node = newId();
    folder.id = node;
    await registry.claim(node, boot, undefined);
  }
  for (const segment of folder.segments) {
    const state = states.get(segment.node);
    const hasParted = segment.number === state?.number && checksumOf(segment) !== state.checksum;
    if (rules.begins && segment.state === 'sealed' && hasParted) setAsideFrom(folder, segment);
  }
  const files = folder.segments.filter(({ state }) => state !== 'set aside');
  const newest = files.reduce((number, segment) => (segment.node === node ? Math.max(number, segment.number) : number), 0);
  const left = files.filter((segment) => segment.number > (states.get(segment.node)?.number ?? 0));
  const over = [...states].flatMap(([id, state]) =>
    id === node || state === undefined || state.ended !== undefined || elsewhere.get(id) ? [] : [{ id, boot: state.boot }],
  );
  return { node, number: newest + 1, left: left.sort(byNodeAndNumber), over };
}

async function lookUp<Found>(
  ids: ReadonlyArray<string | undefined>,
  find: (id: string) => Promise<Found>,
): Promise<Map<string, Found>> {
  const distinct = [...new Set(ids)].filter((id) => id !== undefined);
  return new Map(await Promise.all(distinct.map(async (id) => [id, await find(id)] as const)));
}

/** This segment and the node's later ones in the folder: a history that differs from the store's. */
export function setAsideFrom(folder: Folder, { node, number }: JournalSegment): void {
  for (const segment of folder.segments) if (segment.node === node && segment.number >= number) segment.state = 'set aside';
}

/** A store that knows less than the folder was restored itself: what is missing there is counted again. */
function continues(folder: Folder, node: string, state: NodeDocument | undefined): boolean {
  if (state === undefined || state.number === 0) return true;
  const last = folder.segments.find((segment) => segment.node === node && segment.number === state.number);
  return last?.state === 'sealed' && checksumOf(last) === state.checksum;
}

/** A process on this machine has ended if another starts in its folder, so there is no need to listen for it. */
function hasEnded({ name }: Folder, ran: Folder['ran'], state: NodeDocument | undefined, { takesForEnded }: Rules): boolean {
  if (ran === undefined || takesForEnded === 'none') return false;
  const isSame = state?.boot === ran.boot || takesForEnded === 'any of this machine';
  return isSame && (ran.machine === name || takesForEnded === 'the same, wherever it ran');
}

/**
 * A process that did not end cleanly may have begun to apply a segment that an older copy of its folder does not
 * contain; so may a node that was given up.
 */
function mayGoOn(state: NodeDocument | undefined, { goesOn }: Rules): boolean {
  if (state === undefined || goesOn === 'always') return true;
  return goesOn === 'after an end in order' && state.ended === 'in order';
}

function byNodeAndNumber(a: JournalSegment, b: JournalSegment): number {
  return a.node === b.node ? a.number - b.number : a.node < b.node ? -1 : 1;
}
