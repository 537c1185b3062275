import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { plainHit } from '../../test/fixtures/hits.js';
import { until } from '../../test/fixtures/until.js';
import type { Feed } from '../sharing/feed.js';
import { openLocalFeed } from '../sharing/local/feed.js';
import { exampleSite } from '../store/contracts/accounts.js';
import type { Caller } from './callers.js';
import type { EventStream } from './event-stream.js';
import { createLive, type Live, type LiveParts } from './live.js';
import type { Followed } from './pushes.js';

/** A response that keeps what is written to it, and can be slow to send it. */
class Reader extends EventEmitter {
  sent = '';
  writableLength = 0;
  writableEnded = false;
  destroyed = false;
  isSlow = false;
  writeHead = () => this;
  flushHeaders = () => {};
  write(bytes: Buffer): void {
    this.sent += bytes;
    if (this.isSlow) this.writableLength += bytes.length;
  }
  end(): void {
    this.writableEnded = true;
    this.emit('close');
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function start(
  watchersMax: number,
  rightOn: () => 'view' | undefined = () => 'view',
): {
  live: Live;
  state: { views: number; failing: boolean };
  asked: () => number;
  logged: unknown[];
  feed: Feed;
} {
  const state = { views: 1, failing: false };
  const logged: unknown[] = [];
  let asked = 0;
  const token = { prefix: '', title: '', sites: 'all', createdAtMs: 1 };
  const feed = openLocalFeed();
  const parts = {
    feed,
    accounts: { version: () => 1, site: (id: string) => ({ ...exampleSite, id }), token: () => token },
    reports: {
      async report() {
        asked++;
        if (state.failing) throw new Error('the thread has ended');
        return JSON.stringify({ total: { views: state.views }, rows: 'x'.repeat(10_000) });
      },
    },
    nowMs: () => 0,
    countedUntilMs: () => 0,
    logError: (error: unknown) => logged.push(error),
    pushes: {
      follow(_followed: Followed, stream: EventStream) {
        stream.sendShared({ plain: Buffer.from('event: reports'), packed: Buffer.from('') });
        return () => {};
      },
    },
  } as unknown as LiveParts;
  return {
    live: createLive(
      parts,
      { withSecret: () => ({ rightOn, mayRead: () => true }) as unknown as Caller },
      { askEveryMs: 5, watchersMax, heartbeatMs: 20 },
    ),
    state,
    asked: () => asked,
    logged,
    feed,
  };
}

const watch = (live: Live, site = 'garden', reports?: Followed): Reader => {
  const reader = new Reader();
  const req = { method: 'GET', headers: {}, get: () => undefined } as unknown as Request;
  live.watch(req, reader as unknown as Response, { site, secret: 'secret', reports });
  return reader;
};

describe('the live feed', () => {
  it('refuses watchers above the limit, and accepts new ones when others leave', () => {
    const { live } = start(2);
    const [first, second] = [watch(live), watch(live, 'moon')];
    expect(() => watch(live)).toThrow(expect.objectContaining({ code: 'too-many-watchers' }));
    first.destroy();
    const third = watch(live);
    second.destroy();
    third.destroy();
  });

  it('disconnects a slow client and continues for the others', async () => {
    const { live, state } = start(10);
    const [slow, quick] = [watch(live), watch(live)];
    slow.isSlow = true;
    const changes = setInterval(() => state.views++, 5);
    await until(() => slow.destroyed);
    const length = quick.sent.length;
    await until(() => quick.sent.length > length);
    clearInterval(changes);
    expect(slow.sent.length).toBeLessThan(90_000);
    quick.destroy();
  });

  it('sends hits to all watchers', async () => {
    const { live, feed } = start(10);
    const [one, two, other] = [watch(live), watch(live), watch(live, 'moon')];
    await until(() => two.sent.includes('event: recent'));
    feed.publish(plainHit(1_795_000_000_000, { site: 'garden', path: '/a "path"\n' }));
    await until(() => [one, two].every(({ sent }) => sent.includes('data: [{"kind":"view"')));
    expect(one.sent).toContain(String.raw`"path":"/a \"path\"\n"`);
    expect(other.sent).not.toContain('event: hits');
    for (const reader of [one, two, other]) reader.destroy();
  });

  it('sends nothing while the total stays the same', async () => {
    const { live, asked } = start(10);
    const reader = watch(live);
    await until(() => asked() > 5);
    expect(reader.sent.match(/event: traffic/g)).toHaveLength(1);
    reader.destroy();
  });

  it('sends reports instead of the traffic to a client that follows reports', async () => {
    const { live, asked } = start(10);
    const reader = watch(live, 'garden', {
      site: 'garden',
      key: '',
      asked: { site: 'garden', queries: [] },
      ask: () => undefined,
    });
    const other = watch(live, 'garden');
    await until(() => other.sent.includes('event: traffic') && asked() > 5);
    expect(reader.sent).toContain('event: reports');
    expect(reader.sent).not.toContain('event: traffic');
    reader.destroy();
    other.destroy();
  });

  it('ends when its caller may not view any more although no account has changed, as when a share link expires', async () => {
    const state: { right: 'view' | undefined } = { right: 'view' };
    const { live } = start(10, () => state.right);
    const reader = watch(live);
    await until(() => reader.sent.includes('still here'));
    expect(reader.writableEnded).toBe(false);
    state.right = undefined;
    await until(() => reader.writableEnded);
  });

  it('survives a failing report, and logs it once', async () => {
    const { live, state, asked, logged } = start(10);
    const reader = watch(live);
    await until(() => reader.sent.includes('"views":1'));
    state.failing = true;
    const before = asked();
    await until(() => asked() > before + 3);
    state.failing = false;
    state.views = 2;
    await until(() => reader.sent.includes('"views":2'));
    expect(logged).toHaveLength(1);
    reader.destroy();
  });
});
