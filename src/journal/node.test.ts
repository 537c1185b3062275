import { appendFileSync, closeSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { plainHit } from '../../test/fixtures/hits.js';
import type { NodeState } from '../store/nodes.js';
import { hitLine } from './line.js';
import { nodeIn, type StartRegistry, startNode } from './node.js';
import { packJournal } from './packing.js';
import { thisProcess } from './process.js';
import { createSegment, type SegmentName, sealSegment } from './segment.js';

/** The node registry of a store, in memory. */
class Store implements StartRegistry {
  readonly states = new Map<string, NodeState>();
  readonly running = new Set<string>();
  /** The nodes for which `isRunning` was called. */
  readonly listenedFor: string[] = [];
  get = async (id: string) => this.states.get(id);
  isRunning = async (id: string) => {
    this.listenedFor.push(id);
    return this.running.has(id);
  };
  async claim(id: string, boot: string, seen: NodeState | undefined): Promise<'claimed' | 'lost'> {
    const state = this.states.get(id);
    if (state?.boot !== seen?.boot) return 'lost';
    this.states.set(id, { number: 0, checksum: 0, countedUntilMs: 0, ...state, boot });
    return 'claimed';
  }
  counted(id: string, number: number, checksum: number, countedUntilMs = 1000): void {
    this.states.set(id, { ...this.states.get(id), number, checksum, countedUntilMs });
  }
}

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  store = new Store();
});
afterEach(() => rmSync(folder, { recursive: true }));

let boots = 0;
const start = () => startNode(folder, `boot${++boots}`, store);

function open(name: SegmentName, line = 'a hit'): void {
  closeSync(createSegment(folder, name).file);
  if (line !== '') appendFileSync(join(folder, `${name.node}.${String(name.number).padStart(12, '0')}.open`), `${line}\n`);
}

function sealed(name: SegmentName, line?: string): number {
  open(name, line);
  return sealSegment(folder, name).checksum;
}

const quarantined = () => readdirSync(folder).filter((name) => name.endsWith('.set-aside'));

describe('a node that starts', () => {
  it('creates an id the first time, and then keeps it', async () => {
    const first = await start();
    expect(first).toMatchObject({ number: 1, left: [], remarks: [], countedUntilMs: undefined });
    expect(first.node).toMatch(/^n[0-9a-f]{16}$/);
    expect(store.states.get(first.node)?.boot).toBe(`boot${boots}`);
    const second = await start();
    expect(second.node).toBe(first.node);
    expect(second.remarks).toEqual([]);
  });

  it('counts sealed and open segments that were left, and reports until when all hits are counted', async () => {
    const { node } = await start();
    store.counted(node, 1, sealed({ node, number: 1 }), 5000);
    sealed({ node, number: 2 });
    open({ node, number: 3 });
    open({ node, number: 4 }, '');
    const again = await start();
    expect(again.node).toBe(node);
    expect(again.left.map(({ number, state }) => [number, state])).toEqual([
      [2, 'sealed'],
      [3, 'open'],
    ]);
    expect(again).toMatchObject({ number: 4, countedUntilMs: 5000, remarks: [] });
  });

  it('gets a new id if its folder is older than the store, and quarantines segments that the store has counted', async () => {
    const { node } = await start();
    sealed({ node, number: 1 });
    open({ node, number: 2 });
    store.counted(node, 5, 55);
    const again = await start();
    expect(again.node).not.toBe(node);
    expect(again).toMatchObject({ number: 1, left: [] });
    expect(again.remarks).toEqual([expect.stringContaining('restored or copied'), expect.stringContaining('was quarantined')]);
    expect(quarantined()).toHaveLength(1);
  });

  it('gets a new id if the store has counted a different segment with the same number', async () => {
    const { node } = await start();
    store.counted(node, 1, sealed({ node, number: 1 }) + 1);
    expect((await start()).node).not.toBe(node);
  });

  it('keeps its id if an older backup of the store was restored, and counts the missing segments again', async () => {
    const { node } = await start();
    const checksum = sealed({ node, number: 1 });
    for (const number of [2, 3]) sealed({ node, number });
    store.counted(node, 1, checksum);
    const again = await start();
    expect(again.node).toBe(node);
    expect(again.left.map(({ number }) => number)).toEqual([2, 3]);
  });

  it('gets a new id in a copy of a folder that a process uses, and does not count the open segment of that process', async () => {
    const { node } = await start();
    sealed({ node, number: 1 });
    open({ node, number: 2 });
    store.running.add(node);
    const copy = await start();
    expect(copy.node).not.toBe(node);
    // sealed segments are the same in both folders, so either process may count them
    expect(copy.left.map(({ number }) => number)).toEqual([1]);
    expect(copy.remarks.join()).toContain('counts the original');
    expect(quarantined()).toHaveLength(1);
  });

  describe('after a process that has ended', () => {
    const mark = thisProcess();
    const [boot, ticks] = mark.started.split(' ');
    /** It had the same process id as this process. */
    const ended = { ...mark, started: `${boot} ${Number(ticks) - 1}` };
    const ranLast = (process: unknown) => writeFileSync(join(folder, 'process.json'), JSON.stringify(process));

    it('does not wait for a heartbeat if the store names this process and it ran on this machine', async () => {
      const { node } = await start();
      open({ node, number: 1 });
      ranLast({ boot: store.states.get(node)?.boot, mark: ended });
      store.running.add(node); // never read
      const again = await start();
      expect(again).toMatchObject({ node, number: 2, remarks: [] });
      expect(again.left.map(({ number }) => number)).toEqual([1]);
      expect(store.listenedFor).toEqual([]);
    });

    it.each([
      ['the store names another process', { boot: 'another', mark: ended }],
      ['it may have run on another machine', { boot: 'its', mark: { ...ended, started: `another-system ${ticks}` } }],
      ['it may have run in another container', { boot: 'its', mark: { ...ended, space: 'pid:[1]' } }],
      ['it is running', { boot: 'its', mark }],
      ['nothing is known of it', { boot: 'its' }],
      ['what is known of it cannot be read', 'torn'],
    ])('waits for a heartbeat if %s', async (_, process) => {
      const { node } = await start();
      open({ node, number: 1 });
      store.states.set(node, { number: 0, checksum: 0, countedUntilMs: 0, boot: 'its' });
      ranLast(process);
      store.running.add(node);
      expect((await start()).node).not.toBe(node);
      expect(store.listenedFor).toEqual([node]);
    });
  });

  it('gets a new id if the store has counted only a part of a pack, and reports what cannot be counted', async () => {
    const { node } = await start();
    const line = hitLine(plainHit(Date.parse('2026-11-20T10:00:00Z'))).slice(0, -1);
    const checksums = [1, 2].map((number) => sealed({ node, number }, line));
    await packJournal({ folder, countedUpTo: new Map([[node, 2]]), boundaries: new Map(), nowMs: Date.now() });
    store.counted(node, 2, checksums[1] as number);
    expect(await start()).toMatchObject({ node, left: [], remarks: [] });
    store.counted(node, 1, checksums[0] as number);
    const again = await start();
    expect(again.node).not.toBe(node);
    expect(again.left).toEqual([]);
    expect(again.remarks).toEqual([
      expect.stringMatching(/node n\w+ up to segment 1 .* 2026-11-20 from there to segment 2 are packed together with hits/),
    ]);
  });

  it('gets a new id if another copy of the folder has just claimed the node', async () => {
    const { node } = await start();
    cpSync(folder, `${folder}.copy`, { recursive: true });
    const seenByBoth = store.states.get(node) as NodeState;
    const slow: StartRegistry = {
      ...store,
      get: async () => seenByBoth,
      isRunning: store.isRunning,
      claim: store.claim.bind(store),
    };
    expect((await startNode(`${folder}.copy`, 'fast', store)).node).toBe(node);
    const copy = await startNode(folder, 'slow', slow);
    expect(copy.node).not.toBe(node);
    expect(copy.remarks.join()).toContain('another process runs as node');
    rmSync(`${folder}.copy`, { recursive: true });
  });
});

describe('the id in a journal’s folder', () => {
  it.each(['keep out', '{"id":7}', '{"id":"../x"}', ''])(
    'is reported with its file but without its content when it is not valid (%j)',
    (text) => {
      const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
      writeFileSync(join(folder, 'node.json'), text);
      expect(() => nodeIn(folder)).toThrow(
        new RegExp(`^${folder}/node\\.json is damaged: it does not contain the id of a node; [^"]*$`),
      );
      rmSync(folder, { recursive: true });
    },
  );
});
