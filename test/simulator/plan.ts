// What happens in one simulation, and how often. Each has only some of all faults, so that every fault occurs alone
// and with any other.
import { type Faults, NO_FAULTS } from './network.js';
import type { Random } from './random.js';

export type Event =
  | 'hit'
  | 'rotate'
  | 'beat'
  | 'crash'
  | 'start'
  | 'stop'
  | 'election'
  | 'backup'
  | 'restore'
  | 'clone'
  | 'fork'
  | 'import'
  | 'tidy'
  | 'remove row'
  | 'remove guards';

export interface Plan {
  readonly faults: Faults;
  /** The relative frequency of each event. */
  readonly weights: Readonly<Partial<Record<Event, number>>>;
  readonly events: number;
  readonly nodes: number;
  /** Ranges of an imported log; 0: none is imported. */
  readonly ranges: number;
  /** Replica sets over which the documents are distributed. */
  readonly shards: number;
  /** Backups of a machine, older ones beside the newest. */
  readonly keepsAllBackups: boolean;
  /** The share of hits that the server refuses for good. */
  readonly refused: number;
  /** The probability that a step is an event, and not a step of a command. */
  readonly pace: number;
}

/** The main subject of a simulation. */
const THEMES = ['counting', 'counting', 'rewriting', 'copies', 'imports', 'retiring'] as const;

export function createPlan(random: Random): Plan {
  const some = (probability: number, value: number): number => (random.chance(probability) ? value : 0);
  const theme = random.pick(THEMES);
  const isFaulty = random.chance(0.9);
  const rate = (value: number): number => (isFaulty ? some(0.4, value * (0.3 + random.next())) : 0);
  const faults: Faults = {
    ...NO_FAULTS,
    cutBefore: rate(0.1),
    cutDuring: rate(0.1),
    answerLost: rate(0.2),
    sentTwice: some(0.3, 0.5),
    heldUp: rate(0.25),
    conflict: rate(0.1),
    topLevel: rate(0.05),
    stale: rate(0.3),
    lag: some(0.5, 0.8),
  };
  const ranges = theme === 'imports' ? 1 + random.below(4) : 0;
  const isAbout = (about: (typeof THEMES)[number], value: number, otherwise = 0): number =>
    theme === about ? value : some(0.2, otherwise);
  return {
    faults,
    weights: {
      hit: 10,
      rotate: 7,
      beat: some(0.4, 1),
      crash: some(0.6, 4),
      start: 6,
      stop: theme === 'copies' ? some(0.5, 3) : isAbout('retiring', 4, 1),
      election: some(0.5, 4),
      tidy: isAbout('rewriting', 3, 1),
      'remove row': isAbout('rewriting', 3, 1),
      'remove guards': isAbout('retiring', 6),
      import: isAbout('imports', 5),
      backup: isAbout('copies', 4),
      restore: isAbout('copies', 3),
      clone: isAbout('copies', some(0.5, 3)),
    },
    events: 20 + random.below(40),
    nodes: 1 + random.below(3),
    ranges,
    shards: random.chance(0.3) ? 3 : 1,
    keepsAllBackups: false,
    refused: some(0.15, 0.1),
    pace: random.pick([0.1, 0.2, 0.4]),
  };
}

export function pickEvent(random: Random, { weights }: Plan): Event {
  const all = Object.entries(weights) as Array<[Event, number]>;
  let left = random.next() * all.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [event, weight] of all) {
    left -= weight;
    if (left < 0) return event;
  }
  return 'hit';
}
