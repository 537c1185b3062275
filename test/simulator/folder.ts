// A journal folder, and who a process that starts in it is. `startNode` decides as src/journal/node.ts does, which works on real files:
// when one of the two is changed, so must be the other.
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
  segments: JournalSegment[];
}

/** What a backup holds, or a clone: from now on the two go different ways. */
export function copyOf({ id, segments }: Folder, name: string): Folder {
  return { name, id, segments: segments.map((segment) => ({ ...segment, hits: [...segment.hits] })) };
}

export function checksumOf({ hits }: Pick<JournalSegment, 'hits'>): number {
  let sum = 0;
  for (const { name } of hits) for (let i = 0; i < name.length; i++) sum = Math.imul(sum ^ name.charCodeAt(i), 0x01000193);
  return sum;
}

/** Where nodes are known; as in src/journal/node.ts. */
export interface Registry {
  node(id: string): Promise<NodeDocument | undefined>;
  isRunning(id: string): Promise<boolean>;
  claim(id: string, boot: string, seen: NodeDocument | undefined): Promise<'claimed' | 'lost'>;
}

export interface NodeStart {
  readonly node: string;
  /** The number of the segment that this process begins. */
  readonly number: number;
  readonly left: readonly JournalSegment[];
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
  const elsewhere = await lookUp([old, ...open.map(({ node }) => node)], async (id) =>
    rules.noticesOtherProcess ? registry.isRunning(id) : false,
  );

  let node = old;
  if (old !== undefined && rules.noticesOlderFolder && !continues(folder, old, states.get(old))) node = undefined;
  else if (old !== undefined && elsewhere.get(old)) node = undefined;
  else if (old !== undefined && rules.afterCrash === 'new id' && !hasEnded(states.get(old))) node = undefined;
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
  const files = folder.segments.filter(({ state }) => state !== 'set aside');
  const newest = files.reduce((number, segment) => (segment.node === node ? Math.max(number, segment.number) : number), 0);
  const left = files.filter((segment) => segment.number > (states.get(segment.node)?.number ?? 0));
  const begun = rules.afterCrash === 'skips a number' && node === old ? (states.get(node)?.number ?? 0) + 1 : 0;
  return { node, number: Math.max(newest, begun) + 1, left: left.sort(byNodeAndNumber) };
}

async function lookUp<Found>(
  ids: ReadonlyArray<string | undefined>,
  find: (id: string) => Promise<Found>,
): Promise<Map<string, Found>> {
  const distinct = [...new Set(ids)].filter((id) => id !== undefined);
  return new Map(await Promise.all(distinct.map(async (id) => [id, await find(id)] as const)));
}

/** A store that knows less than the folder was restored itself: what it lacks is counted again. */
function continues(folder: Folder, node: string, state: NodeDocument | undefined): boolean {
  if (state === undefined || state.number === 0) return true;
  const last = folder.segments.find((segment) => segment.node === node && segment.number === state.number);
  return last?.state === 'sealed' && checksumOf(last) === state.checksum;
}

function hasEnded(state: NodeDocument | undefined): boolean {
  return state === undefined || state.endedAtMs !== undefined;
}

function byNodeAndNumber(a: JournalSegment, b: JournalSegment): number {
  return a.node === b.node ? a.number - b.number : a.node < b.node ? -1 : 1;
}
