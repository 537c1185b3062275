import { describe, expect, it } from '@jest/globals';
import { plainHit } from '../../../test/fixtures/hits.js';
import { MINUTE_MS } from '../../time/units.js';
import { liveHit, type Recent } from '../feed.js';
import { createRecentElsewhere } from './recent-elsewhere.js';

const START_MS = Date.parse('2026-11-20T12:00:00Z');
const OWN: Recent = { minutes: [], sinceMs: START_MS - 1, hits: [] };

function start() {
  const now = { ms: START_MS };
  const elsewhere = createRecentElsewhere(() => now.ms);
  const hit = (path: string, agoMs = 0, kind: 'view' | 'ping' = 'view') => liveHit(plainHit(now.ms - agoMs, { path, kind }));
  const minutes = (views: number) => ({ minutes: [{ atMs: now.ms, views }], sinceMs: now.ms });
  const pathsOf = (site: string, own = OWN) => elsewhere.addTo(site, own).hits.map(({ path }) => path);
  return { now, elsewhere, hit, minutes, pathsOf };
}

describe('what other nodes remember', () => {
  it('is in the order of time, with the hits of this node and without pings', () => {
    const { elsewhere, hit, pathsOf } = start();
    elsewhere.setHits('garden', 'a', [hit('/1', 4), hit('/3', 2), hit('/ping', 1, 'ping')]);
    elsewhere.addHits('garden', 'b', [hit('/2', 3)]);
    expect(pathsOf('garden', { ...OWN, hits: [hit('/4', 1)] })).toEqual(['/1', '/2', '/3', '/4']);
    expect(pathsOf('moon')).toEqual([]);
  });

  it('is what a node has said last', () => {
    const { elsewhere, hit, minutes, pathsOf } = start();
    elsewhere.addHits('garden', 'a', [hit('/1')]);
    elsewhere.setHits('garden', 'a', [hit('/1'), hit('/2')]);
    for (const views of [1, 2]) elsewhere.setMinutes('garden', 'a', minutes(views));
    expect(pathsOf('garden')).toEqual(['/1', '/2']);
    expect(elsewhere.addTo('garden', OWN)).toMatchObject({ minutes: [{ views: 2 }], sinceMs: START_MS });
  });

  it('is at most a hundred hits of all nodes, so that none is missing between them', () => {
    const { elsewhere, hit, pathsOf } = start();
    for (const node of ['a', 'b']) for (let i = 100; i > 0; i--) elsewhere.addHits('garden', node, [hit(`/${i}`, i)]);
    expect(pathsOf('garden')).toEqual(Array.from({ length: 100 }, (_, i) => `/${50 - Math.floor(i / 2)}`));
  });

  it('is forgotten with its site, with its age, and of nodes that have nothing left', () => {
    const { now, elsewhere, hit, minutes, pathsOf } = start();
    for (const site of ['garden', 'moon']) elsewhere.setHits(site, 'a', [hit('/')]);
    elsewhere.forget('garden');
    expect([pathsOf('garden'), pathsOf('moon')]).toEqual([[], ['/']]);
    for (let node = 0; node < 200; node++) elsewhere.setMinutes('garden', `node-${node}`, minutes(1));
    elsewhere.setMinutes('garden', 'one too many', minutes(1));
    expect(elsewhere.addTo('garden', OWN).minutes).toEqual([{ atMs: START_MS, views: 200 }]);
    now.ms += 31 * MINUTE_MS;
    expect(elsewhere.addTo('garden', OWN).minutes).toEqual([]);
    elsewhere.sweep();
    elsewhere.setMinutes('garden', 'new', minutes(5));
    expect(elsewhere.addTo('garden', OWN).minutes).toEqual([{ atMs: now.ms, views: 5 }]);
    now.ms -= 31 * MINUTE_MS; // shows what is only hidden
    expect(pathsOf('moon')).toEqual([]);
  });
});
