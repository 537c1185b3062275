import { constants, inflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { plainHit } from '../../test/fixtures/hits.js';
import { until } from '../../test/fixtures/until.js';
import { type HitListener, liveHit, type Recent } from '../sharing/feed.js';
import { openLocalFeed } from '../sharing/local/feed.js';
import type { SharedEvent } from './event-stream.js';
import { GROUP } from './in-groups.js';
import { createLiveHits, type LiveHitsOptions } from './live-hits.js';

const ends: Array<() => void> = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function start(options: Partial<LiveHitsOptions> = {}) {
  const logged: unknown[] = [];
  const state: { recent: () => Promise<Recent> } = { recent: () => feed.recent('garden') };
  const feed = openLocalFeed();
  const live = createLiveHits(
    { watch: feed.watch, recent: () => state.recent() },
    { nowMs: Date.now, recentEveryMs: 60_000, logError: (error) => logged.push(error), ...options },
  );
  const follow = (lastEventId?: string) => {
    const events: SharedEvent[] = [];
    const sent: string[] = [];
    const end = live.follow('garden', lastEventId, (event) => {
      events.push(event);
      sent.push(String(event.plain));
    });
    ends.push(end);
    const id = () => /id: (\S+)\n(?!.*id: )/s.exec(sent.join(''))?.[1] as string;
    const paths = () => [...sent.join('').matchAll(/"path":"([^"]+)"/g)].map(([, path]) => path);
    return { events, sent, end, id, paths, text: () => sent.join('') };
  };
  const nowMs = options.nowMs ?? Date.now;
  const publish = (path: string, site = 'garden') => feed.publish(plainHit(nowMs(), { site, path }));
  return { feed, follow, publish, state, logged };
}

describe('the hits of a live stream', () => {
  it('begin with what is remembered, and go on with new ones', async () => {
    const { follow, publish } = start();
    publish('/before');
    const one = follow();
    await until(() => one.sent.length === 1);
    publish('/after');
    await until(() => one.sent.length === 2);
    expect(one.sent[0]).toMatch(/^event: recent\nid: [0-9a-f]{12}-0\ndata: \{"asOf":"[^"]+","since":"[^"]+","minutes":\[\{"key"/);
    expect(one.sent[1]).toMatch(/^event: hits\nid: [0-9a-f]{12}-1\ndata: \[\{"kind":"view"/);
    expect(one.paths()).toEqual(['/before', '/after']);
  });

  it('are encoded once for all streams', async () => {
    const { follow, publish } = start();
    const [one, two] = [follow(), follow()];
    await until(() => one.sent.length + two.sent.length === 2);
    publish('/');
    await until(() => one.sent.length + two.sent.length === 4);
    expect(one.events[1]).toBe(two.events[1]);
  });

  it('are packed where there are many', async () => {
    const { follow, publish } = start();
    const one = follow();
    await until(() => one.events.length === 1);
    for (let i = 0; i < 40; i++) publish('/');
    await until(() => one.events.length === 2);
    const { plain, packed } = one.events[1] as SharedEvent;
    expect(one.paths()).toHaveLength(40);
    expect(packed.length).toBeLessThan(plain.length / 5);
    expect(String(inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }))).toBe(String(plain));
  });

  it('go on after the last one that a client has seen, without loss or repetition', async () => {
    const { follow, publish } = start();
    const one = follow();
    await until(() => one.sent.length === 1);
    publish('/seen');
    await until(() => one.paths().length === 1);
    const id = one.id();
    one.end();
    for (const path of ['/missed-1', '/missed-2']) {
      publish(path);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    const again = follow(id);
    expect(again.paths()).toEqual(['/missed-1', '/missed-2']);
    expect(again.sent).toHaveLength(1); // as one event for the stream, which else would seem to be unread
    expect(again.text()).not.toContain('event: recent');
    publish('/new');
    await until(() => again.paths().length === 3);
    expect(again.paths().at(-1)).toBe('/new');
  });

  it('begin again for an id that means nothing here, or is too old', async () => {
    const { follow, publish } = start();
    const one = follow();
    await until(() => one.sent.length === 1);
    const [epoch] = one.id().split('-') as [string];
    for (const id of ['', 'x', '0123456789ab-0', `${epoch}-7`, `${epoch}--1`, `${epoch}-99999999999999999999`]) {
      const other = follow(id);
      await until(() => other.sent.length === 1);
      expect(other.text()).toContain('event: recent');
    }
    for (let i = 0; i < 6; i++) {
      for (let hit = 0; hit < 50; hit++) publish(`/${i}`);
      await until(() => one.text().includes(`-${i + 1}\n`));
    }
    expect(follow(`${epoch}-3`).paths()).toHaveLength(150);
    const late = follow(`${epoch}-0`);
    await until(() => late.sent.length === 1);
    expect(late.text()).toContain('event: recent');
  });

  it('are collected for a while after the last client has left, and then no more', async () => {
    const { feed, follow } = start({ lingerMs: 50 });
    const one = follow();
    await until(() => one.sent.length === 1);
    one.end();
    expect(feed.isWatched('garden')).toBe(true);
    follow().end();
    await until(() => !feed.isWatched('garden'));
  });

  it('begin again with each hit once for a client that comes back later, as after sleep', async () => {
    const { feed, follow, publish } = start({ lingerMs: 20 });
    const one = follow();
    await until(() => one.sent.length === 1);
    publish('/seen');
    await until(() => one.paths().length === 1);
    one.end();
    await until(() => !feed.isWatched('garden'));
    publish('/missed');
    const again = follow(one.id());
    await until(() => again.sent.length === 1);
    publish('/new');
    await until(() => again.sent.length === 2);
    expect(again.sent[0]).toContain('event: recent');
    expect(again.paths()).toEqual(['/seen', '/missed', '/new']);
  });

  it('send views by minute regularly', async () => {
    const { follow, publish } = start({ recentEveryMs: 20 });
    publish('/');
    const one = follow();
    await until(() => one.sent.length >= 3);
    expect(one.sent[1]).toContain('"minutes":[{"key":');
    expect(one.sent[1]).not.toContain('"hits"');
  });

  it('go on although what is remembered cannot be read, which is logged once', async () => {
    const { follow, publish, state, logged } = start({ recentEveryMs: 10 });
    const [failing, impossible] = [
      () => Promise.reject(new Error('the feed is closed')),
      async () => ({ minutes: [], sinceMs: 1e300, hits: [] }),
    ];
    for (const recent of [failing, impossible]) {
      state.recent = recent;
      const one = follow();
      await new Promise((resolve) => setTimeout(resolve, 50));
      publish('/new');
      await until(() => one.paths().length > 0);
      expect(logged).toHaveLength(1);
    }
  });

  it('are forgotten after ten minutes, also for a client that comes back', async () => {
    const now = { ms: Date.now() };
    const { follow, publish } = start({ recentEveryMs: 10, nowMs: () => now.ms });
    const one = follow();
    await until(() => one.sent.length > 0);
    const id = one.id();
    publish('/old');
    await until(() => one.paths().length === 1);
    now.ms += 9 * 60_000;
    publish('/young');
    await until(() => one.paths().length === 2);
    expect(follow(id).paths()).toEqual(['/old', '/young']);
    const idOfOld = one.text().match(/id: (\S+)\ndata: \[\{[^\n]*"\/old"/)?.[1];
    now.ms += 2 * 60_000;
    const { length } = one.sent;
    await until(() => one.sent.length > length);
    now.ms -= 11 * 60_000; // shows what is only hidden
    expect(follow(idOfOld).paths()).toEqual(['/young']);
    const again = follow(id);
    await until(() => again.sent.length > 0);
    expect(again.sent[0]).toContain('event: recent');
  });

  it('reach many streams in order and once, also those that come or leave while an event is being sent', async () => {
    let tell: HitListener = () => {};
    const watch = (_site: string, listener: HitListener) => {
      tell = listener;
      return () => {};
    };
    const recent = async () => ({ minutes: [], sinceMs: 0, hits: [] });
    const live = createLiveHits({ watch, recent }, { nowMs: Date.now, recentEveryMs: 60_000 });
    const follow = (lastEventId?: string) => {
      const sent: string[] = [];
      const end = live.follow('garden', lastEventId, ({ plain }) => sent.push(String(plain)));
      ends.push(end);
      return { sent, end, paths: () => [...sent.join('').matchAll(/"path":"([^"]+)"/g)].map(([, path]) => path) };
    };
    const tellOf = (path: string) => tell([liveHit(plainHit(Date.now(), { path }))]);
    const all = Array.from({ length: 2 * GROUP + 1 }, () => follow());
    const [first, last] = [all[0], all.pop()] as [ReturnType<typeof follow>, ReturnType<typeof follow>];
    await until(() => [...all, last].every(({ sent }) => sent.length === 1));
    for (const path of ['/1', '/2']) tellOf(path);
    const late = follow(/id: (\S+)/.exec(first.sent.join(''))?.[1]);
    last.end();
    await until(() => all.every(({ paths }) => paths().length === 2));
    tellOf('/3');
    await until(() => [...all, late].every(({ paths }) => paths().length === 3));
    for (const { paths } of [...all, late]) expect(paths()).toEqual(['/1', '/2', '/3']);
    expect(last.paths()).toEqual([]);
    const flood = Array.from({ length: 500 }, (_, i) => `/flood-${i}`);
    flood.forEach(tellOf);
    await until(() => all.every(({ paths }) => paths().at(-1) === flood.at(-1)));
    // those that are sent at once, and the newest of the others, as one event
    expect(first.paths().slice(3)).toEqual([...flood.slice(0, 6), ...flood.slice(-200)]);
    expect(first.sent.length).toBe(1 + 3 + 6 + 1);
    for (const { paths } of all) expect(paths()).toEqual(first.paths());
  });

  it('are forgotten ten minutes after they were received, also those that another node has told later', async () => {
    let tell: HitListener = () => {};
    const watch = (_site: string, listener: HitListener) => {
      tell = listener;
      return () => {};
    };
    const now = { ms: Date.parse('2026-11-20T12:00:00Z') };
    const recent = async () => ({ minutes: [], sinceMs: 0, hits: [] });
    const live = createLiveHits({ watch, recent }, { nowMs: () => now.ms, recentEveryMs: 10 });
    const sent: string[] = [];
    const follow = (id?: string) => ends.push(live.follow('garden', id, ({ plain }) => sent.push(String(plain))));
    follow();
    await until(() => sent.length > 0);
    const id = /id: (\S+)/.exec(sent[0] as string)?.[1];
    tell([liveHit(plainHit(now.ms - 9 * 60_000, { path: '/told-late' }))]);
    await until(() => sent.join('').includes('/told-late'));
    now.ms += 2 * 60_000;
    const { length } = sent;
    await until(() => sent.length > length + 1); // it was swept
    sent.length = 0;
    follow(id);
    await until(() => sent.length > 0);
    expect(sent.join('')).not.toContain('/told-late');
  });
});
