// Between processes and the server: every command takes its steps one at a time, and which one of all comes next is chance. Here
// connections are cut, answers lost, commands held up until long after their sender is gone, and primaries changed.
import type { Random } from './random.js';
import type { ReplicaSet } from './replica-set.js';

/** What a command does, a step at a time: at each `yield` others may come first. The result is its answer. */
export type Steps<Answer> = Generator<void, Reply<Answer>>;

export interface Reply<Answer> {
  readonly answer: Answer;
  /** The place in the log that a majority must have reached before the answer is given; 0: at once. */
  readonly safeAt: number;
}

/** A process, as far as the network cares. What was under way when it died may still be carried out. */
export interface Client {
  readonly name: string;
  isAlive: boolean;
}

/** Probabilities, each of one step or one command. */
export interface Faults {
  /** The connection is cut before the server has the command. */
  cutBefore: number;
  /** It is cut at some step; the server goes on with the command, or does not. */
  cutDuring: number;
  answerLost: number;
  /** A driver that sends a command again by itself when its answer is lost. */
  sentTwice: number;
  /** A command is held up, for up to `HELD_UP_MAX` steps of others. */
  heldUp: number;
  /** One operation of a bulk fails, and only that. */
  conflict: number;
  /** A command fails as a whole in its middle; what it has done stays. */
  topLevel: number;
  /** A read shows what a majority had some writes ago. */
  stale: number;
}

export const NO_FAULTS: Faults = {
  cutBefore: 0,
  cutDuring: 0,
  answerLost: 0,
  sentTwice: 0,
  heldUp: 0,
  conflict: 0,
  topLevel: 0,
  stale: 0,
};

const HELD_UP_MAX = 150;
/** Of commands whose connection is gone: so many are carried out all the same. */
const CARRIED_OUT = 0.6;

/** Beside what replicates when all wait for it: the probability, at each step, that one more write does. */
const REPLICATED = 0.1;

const DONE: Reply<undefined> = { answer: undefined, safeAt: 0 };

interface Flight {
  readonly client: Client;
  readonly what: string;
  readonly begin: () => Steps<unknown>;
  /** Time that a process lets pass: no server has to do with it. */
  readonly isLocal: boolean;
  steps: Steps<unknown> | undefined;
  reply: Reply<unknown> | undefined;
  notBefore: number;
  /** Nobody waits for the answer any more. */
  isAnswered: boolean;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export interface Network {
  readonly faults: Faults;
  send<Answer>(client: Client, what: string, begin: () => Steps<Answer>): Promise<Answer>;
  /** Resolves after a while. */
  pause(client: Client): Promise<void>;
  /** One step of one command. Returns whether somebody has got an answer. */
  step(): boolean;
  isQuiet(): boolean;
  /** Whether anything of this client is still under way. */
  isUnderWay(client: Client): boolean;
  crash(client: Client): void;
  elect(): void;
}

export function createNetwork(random: Random, set: ReplicaSet, faults: Faults, trace: (line: () => string) => void): Network {
  const flights: Flight[] = [];
  let now = 0;

  const fail = (flight: Flight, reason: string): void => {
    if (flight.isAnswered) return;
    flight.isAnswered = true;
    if (!flight.client.isAlive) return;
    trace(() => `${flight.client.name}: ${flight.what}: ${reason}`);
    flight.reject(new Error(reason));
  };

  /** The client gives the command up; the server may not. */
  const cut = (flight: Flight, reason: string): void => {
    fail(flight, reason);
    if (flight.isLocal || !random.chance(CARRIED_OUT)) drop(flight);
    else if (random.chance(faults.heldUp)) flight.notBefore = now + random.below(HELD_UP_MAX);
  };

  const drop = (flight: Flight): void => {
    const place = flights.indexOf(flight);
    if (place < 0) return;
    flights[place] = flights[flights.length - 1] as Flight;
    flights.pop();
  };

  const answer = (flight: Flight, { answer }: Reply<unknown>): boolean => {
    if (!flight.isAnswered && !flight.isLocal && random.chance(faults.answerLost)) {
      if (random.chance(faults.sentTwice)) {
        trace(() => `${flight.client.name}: ${flight.what}: the answer is lost, and the driver sends it again`);
        flight.steps = undefined;
        flight.reply = undefined;
        return false;
      }
      drop(flight);
      fail(flight, 'the answer is lost');
      return true;
    }
    drop(flight);
    if (flight.isAnswered || !flight.client.isAlive) return false;
    flight.isAnswered = true;
    flight.resolve(answer as never);
    return true;
  };

  const advance = (flight: Flight): boolean => {
    if (flight.reply !== undefined) return answer(flight, flight.reply);
    if (flight.isLocal) return answer(flight, DONE);
    if (flight.steps === undefined) {
      if (!flight.isAnswered && random.chance(faults.cutBefore)) {
        drop(flight);
        fail(flight, 'cut before the server had it');
        return true;
      }
      flight.steps = flight.begin();
    } else if (!flight.isAnswered && random.chance(faults.cutDuring)) {
      cut(flight, 'cut in the middle');
      return true;
    }
    try {
      const step = flight.steps.next();
      if (!step.done) return false;
      flight.reply = step.value;
      return false;
    } catch (error) {
      drop(flight);
      fail(flight, (error as Error).message);
      return true;
    }
  };

  const isReady = (flight: Flight): boolean =>
    flight.notBefore <= now && (flight.reply === undefined || flight.reply.safeAt <= set.committed());

  const launch = <Answer>(client: Client, what: string, begin: (() => Steps<Answer>) | undefined): Promise<Answer> =>
    new Promise<Answer>((resolve, reject) => {
      if (!client.isAlive) return;
      const notBefore = random.chance(faults.heldUp) ? now + random.below(HELD_UP_MAX) : now;
      const state = { steps: undefined, reply: undefined, notBefore, isAnswered: false };
      flights.push({ client, what, begin: begin ?? pausing, isLocal: begin === undefined, ...state, resolve, reject });
    });

  return {
    faults,
    send: launch,
    pause: (client) => launch(client, 'pause', undefined),
    step() {
      now++;
      if (random.chance(REPLICATED)) set.replicate(1);
      if (flights.length === 0) return false;
      // Most of what is looked at is ready; when nothing is, time passes or the majority catches up.
      for (let looks = 0; looks < 4; looks++) {
        const flight = random.pick(flights);
        if (isReady(flight)) return advance(flight);
      }
      set.replicate(1 + random.below(3));
      return false;
    },
    isQuiet: () => flights.length === 0,
    isUnderWay: (client) => flights.some((flight) => flight.client === client),
    crash(client) {
      client.isAlive = false;
      for (const flight of flights.filter((flight) => flight.client === client)) cut(flight, 'its process died');
    },
    elect() {
      const kept = random.below(set.lag() + 1);
      trace(() => `an election: ${set.lag() - kept} of the ${set.lag()} writes that a majority lacks are taken back`);
      set.elect(kept);
      for (const flight of [...flights]) {
        if (flight.steps === undefined) continue; // what was not received yet will reach the new primary
        if (flight.reply === undefined) cut(flight, 'an election');
        else {
          drop(flight);
          fail(flight, 'an election');
        }
      }
    },
  };
}

function* pausing(): Steps<never> {
  throw new Error('nothing is sent while time passes');
}
