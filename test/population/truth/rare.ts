// The rare cases that a population must contain for its numbers to prove anything.
import type { Fact } from './facts.js';
import { groups } from './rows.js';
import type { Truth } from './truth.js';

/** How often each occurred. */
export function rare(truths: readonly Truth[]): Record<string, number> {
  const facts = truths.flatMap((truth) => truth.facts);
  const views = truths.flatMap((truth) => truth.views);
  const times = (is: (fact: Fact) => boolean) => facts.filter(is).length;
  const after = (is: (fact: Fact, before: Fact) => boolean) =>
    times((fact) => fact.before !== undefined && is(fact, fact.before));
  const inVisit = (is: (fact: Fact, next: Fact) => boolean) => times((fact) => fact.next !== undefined && is(fact, fact.next));
  const gap = (seconds: number) => after((fact, before) => fact.second - before.second === seconds);
  const pings = views.flatMap(({ reading }) => reading?.pings ?? []);
  return {
    'a visit goes on over midnight': inVisit((fact, next) => fact.local.day !== next.local.day),
    'a visit goes on over the end of a month': inVisit((fact, next) => fact.local.day.slice(0, 7) !== next.local.day.slice(0, 7)),
    'a visit goes on over New Year': inVisit((fact, next) => fact.local.day.slice(0, 4) !== next.local.day.slice(0, 4)),
    'an hour is simulated twice': after((fact, before) => fact.local.hour === `${before.local.hour}+`),
    'an hour is gone on with after another one': after(
      (fact, before) => before.local.hour.endsWith('+') && fact.local.hour === '03',
    ),
    'a visit is a second short of ending': gap(1799),
    'a visit has just ended': gap(1800),
    'several views come in one second': after((fact, before) => fact.second === before.second),
    'a record is lost': groups(facts, ({ person, record }) => (record === undefined ? undefined : person.address)).filter(
      ([, of]) => isSeveral(of),
    ).length,
    'a page is forgotten for others': times(({ forgot }) => forgot),
    'a visit goes on at another host': inVisit((_, next) => next.knownBefore === undefined && next.memory !== undefined),
    'a view does not arrive': views.filter(({ isLost }) => isLost).length,
    'a view is not counted': views.filter(({ refused }) => refused !== undefined).length,
    'a ping is too late': pings.filter(({ isTooLate }) => isTooLate).length,
    'a view has no ping': views.filter(({ reading }) => reading?.known === false).length,
    'a view has two pings': views.filter(({ reading }) => (reading?.pings.length ?? 0) > 1).length,
    'two without a record look the same': groups(
      facts.filter(({ lookalike }) => lookalike !== undefined),
      ({ local, lookalike }) => `${local.day} ${lookalike}`,
    ).filter(([, of]) => new Set(of.map(({ person }) => person)).size > 1).length,
    'a browser asks that only views be counted': times(
      ({ record, lookalike }) => record === undefined && lookalike === undefined,
    ),
    'somebody comes more than fifty times': times(({ visitNumber, pageNumber }) => pageNumber === 1 && visitNumber > 50),
    'somebody comes back after a month': after((fact, before) => fact.second - before.second >= 30 * 86_400),
  };
}

function isSeveral(facts: readonly Fact[]): boolean {
  return new Set(facts.map(({ record }) => record)).size > 1;
}
