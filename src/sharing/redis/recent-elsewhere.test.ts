import { describe, expect, it } from '@jest/globals';
import { plainHit } from '../../../test/fixtures/hits.js';
import { MINUTE_MS } from '../../time/units.js';
import { type LiveHit, liveHit, type Recent } from '../feed.js';
import { createRecentElsewhere } from './recent-elsewhere.js';

const START_MS = Date.parse('2026-11-20T12:00:00Z');
const OWN: Recent = { minutes: [], sinceMs: START_MS - 1, hits: [] };

function start() {
  const now = { ms: START_MS };
  const elsewhere = createRecentElsewhere(() => now.ms);
  const hit = (path: string, agoMs = 0, kind: 'view' | 'ping' = 'view') => liveHit(plainHit(now.ms - agoMs, { path, kind }));
  const minutes = (views: number) => ({ minutes: [{ atMs: now.ms, views }], sinceMs: now.ms });
  const sent = (from: string, hits: readonly LiveHit[], aheadMs = 0) => ({ from, hits, aheadMs });
  const pathsOf = (site: string, own = OWN) => elsewhere.addTo(site, own).hits.map(({ path }) => path);
  return { now, elsewhere, hit, minutes, sent, pathsOf };
}

describe('what other nodes remember', () => {
  it('is in the order of time, with the hits of this node and without pings', () => {
    const { elsewhere, hit, sent, pathsOf } = start();
    elsewhere.setHits('garden', sent('a', [hit('/1', 4), hit('/3', 2), hit('/ping', 1, 'ping')]));
    elsewhere.addHits('garden', sent('b', [hit('/2', 3)]));
    expect(pathsOf('garden', { ...OWN, hits: [hit('/4', 1)] })).toEqual(['/1', '/2', '/3', '/4']);
    expect(pathsOf('moon')).toEqual([]);
  });

  it('is what a node has said last', () => {
    const { elsewhere, hit, minutes, sent, pathsOf } = start();
    elsewhere.addHits('garden', sent('a', [hit('/1')]));
    elsewhere.setHits('garden', sent('a', [hit('/1'), hit('/2')]));
    for (const views of [1, 2]) elsewhere.setMinutes('garden', 'a', minutes(views));
    expect(pathsOf('garden')).toEqual(['/1', '/2']);
    expect(elsewhere.addTo('garden', OWN)).toMatchObject({ minutes: [{ views: 2 }], sinceMs: START_MS });
  });

  it('is at most a hundred hits of all nodes, so that none is missing between them', () => {
    const { elsewhere, hit, sent, pathsOf } = start();
    for (const node of ['a', 'b']) for (let i = 100; i > 0; i--) elsewhere.addHits('garden', sent(node, [hit(`/${i}`, i)]));
    expect(pathsOf('garden')).toEqual(Array.from({ length: 100 }, (_, i) => `/${50 - Math.floor(i / 2)}`));
  });

  it('is forgotten with its site, with its age, and of nodes that have nothing left', () => {
    const { now, elsewhere, hit, minutes, sent, pathsOf } = start();
    for (const site of ['garden', 'moon']) elsewhere.setHits(site, sent('a', [hit('/')]));
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

  const paths = (hits: readonly LiveHit[]) => hits.map(({ path }) => path);

  it('is new only if it was not known, whichever message it came with and however long that took', () => {
    const { now, elsewhere, hit, sent } = start();
    const sentHits = ['/1', '/2', '/3', '/ping'].map((path, i) => hit(path, 10 - i, i === 3 ? 'ping' : 'view'));
    const [one, two, three] = sentHits as [LiveHit, LiveHit, LiveHit];
    const late = (hits: readonly LiveHit[], ms: number) => hits.map((hit) => ({ ...hit, receivedAtMs: hit.receivedAtMs + ms }));
    expect(paths(elsewhere.addHits('garden', sent('a', sentHits.slice(1))))).toEqual(['/2', '/3', '/ping']);
    now.ms += 5_000;
    expect(paths(elsewhere.setHits('garden', sent('a', late([one, two, three], 40), -40)))).toEqual(['/1']);
    expect(elsewhere.setHits('garden', sent('a', late([one, two, three], 7), -7))).toEqual([]);
    expect(elsewhere.addHits('garden', sent('a', late([one, two], 90), -90))).toEqual([]);
    expect(paths(elsewhere.addHits('garden', sent('b', [one])))).toEqual(['/1']);
    expect(paths(elsewhere.setHits('moon', sent('a', [one])))).toEqual(['/1']);
  });

  it('may be two hits that are equal', () => {
    const { elsewhere, hit, sent } = start();
    expect(elsewhere.setHits('garden', sent('a', [hit('/'), hit('/')]))).toHaveLength(2);
    expect(elsewhere.setHits('garden', sent('a', [hit('/'), hit('/'), hit('/')]))).toHaveLength(1);
  });

  it('is not new where it may have been known: after nearly ten minutes, and if too many hits had to be remembered', () => {
    const { now, elsewhere, hit, sent } = start();
    const [old, young] = [hit('/old', 9 * MINUTE_MS + 1), hit('/young', 9 * MINUTE_MS - 1)];
    expect(paths(elsewhere.setHits('garden', sent('a', [old, young])))).toEqual(['/young']);
    for (let site = 0; site < 201; site++) {
      elsewhere.addHits(
        `site-${site}`,
        sent(
          'a',
          Array.from({ length: 100 }, (_, i) => hit(`/${i}`)),
        ),
      );
    }
    now.ms += 10;
    const missed = hit('/missed');
    expect(paths(elsewhere.setHits('garden', sent('a', [old, young, missed])))).toEqual(['/missed']);
  });
});
