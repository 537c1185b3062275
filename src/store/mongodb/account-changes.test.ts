import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { namesSince, Rereads, raiseOf, type Version } from './account-changes.js';
import type { DocumentName } from './account-documents.js';

interface State extends Version {
  readonly recent: readonly DocumentName[];
}

/** As MongoDB does it. */
function raised({ number, named, recent }: State, name: DocumentName | undefined): State {
  const { $inc, $push, $set } = { $push: undefined, $set: undefined, ...raiseOf(name) };
  return {
    number: number + $inc.number,
    named: named + ('named' in $inc ? $inc.named : 0),
    recent: $push === undefined ? ($set?.recent ?? recent) : [...recent, ...$push.recent.$each].slice($push.recent.$slice),
  };
}

const START: State = { number: 0, named: 0, recent: [] };
const nameOf = (n: number): DocumentName => `records/person/${n}`;

describe('the names since a known version', () => {
  it('are those of all raises since then, or unknown if one had no name or there were too many', () => {
    const raise = fc.option(fc.nat(9).map(nameOf), { nil: undefined, freq: 30 });
    fc.assert(
      fc.property(fc.array(raise, { maxLength: 300 }), fc.nat(300), (names, known) => {
        const at = Math.min(known, names.length);
        const before = names.slice(0, at).reduce(raised, START);
        const after = names.slice(at).reduce(raised, before);
        const since = names.slice(at);
        const isKnown = since.length <= 128 && !since.includes(undefined);
        expect(namesSince(before, after, after.recent)).toEqual(isKnown ? new Set(since) : undefined);
      }),
    );
  });

  it('are forgotten when everything may have changed, such as when a site was deleted', () => {
    expect(raised(raised(START, 'sites/gone'), undefined).recent).toEqual([]);
  });

  it('are unknown at the start, and after the version was created again', () => {
    const later = [1, 2, 3].map(nameOf).reduce(raised, START);
    expect(namesSince(undefined, later, later.recent)).toBeUndefined();
    expect(namesSince(later, START, [])).toBeUndefined();
  });

  it('are unknown if a version of the service that knows no names has raised the version', () => {
    const known = raised(START, nameOf(1));
    const mixed = raised({ ...known, number: known.number + 1 }, nameOf(2));
    expect(namesSince(known, mixed, mixed.recent)).toBeUndefined();
    const later = raised(mixed, nameOf(3));
    expect(namesSince(mixed, later, later.recent)).toEqual(new Set([nameOf(3)]));
  });
});

describe('what is read again', () => {
  it('is due at each of its times, and once more planned from then on', () => {
    const rereads = new Rereads();
    rereads.plan(new Set([nameOf(1)]), [10, 150]);
    rereads.plan(new Set([nameOf(2)]), [20, 160]);
    const due = (nowMs: number) => {
      const names = rereads.dueNames(nowMs);
      rereads.done(nowMs);
      return names;
    };
    expect([due(9), due(10), due(11)]).toEqual([[], [nameOf(1)], []]);
    rereads.plan(new Set([nameOf(1)]), [25, 165]);
    expect([due(20), due(30), due(150), due(170), due(1000)]).toEqual([
      [nameOf(2)],
      [nameOf(1)],
      [],
      expect.arrayContaining([nameOf(1), nameOf(2)]),
      [],
    ]);
  });

  it('is everything after a raise without a name', () => {
    const rereads = new Rereads();
    rereads.plan(undefined, [10, 150]);
    expect([rereads.isAllDue(9), rereads.isAllDue(10)]).toEqual([false, true]);
    rereads.done(10);
    expect([rereads.isAllDue(149), rereads.isAllDue(150)]).toEqual([false, true]);
    rereads.done(150);
    expect(rereads.isAllDue(1e9)).toBe(false);
  });
});
