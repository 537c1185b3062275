// The network between processes and the server. Every command takes its steps one at a time, and chance decides whose
// step is next. Connections break here, answers are lost, commands are delayed until long after their sender has
// ended, and primaries change.
import type { Random } from './random.js';
import type { ReplicaSet } from './replica-set.js';

/** The steps of a command. Other commands may run after each step except the last, which returns the answer. */
export interface Steps<Answer> {
  next(): IteratorResult<void, Reply<Answer>>;
}

export interface Reply<Answer> {
  readonly answer: Answer;
  /** The position in the log that a majority must reach before the answer is sent; 0: at once. */
  readonly safeAt: number;
}

/** A process as the network sees it. Commands that were under way when it died may still be carried out. */
export interface Client {
  readonly name: string;
  isAlive: boolean;
}

/** Probabilities, each per step or per command. */
export interface Faults {
  /** The connection breaks before the server receives the command. */
  cutBefore: number;
  /** The connection breaks at some step; the server continues with the command or does not. */
  cutDuring: number;
  answerLost: number;
  /** A driver that repeats a command by itself when its answer is lost. */
  sentTwice: number;
  /** A command is delayed, for up to `HELD_UP_MAX` steps of others. */
  heldUp: number;
  /** One operation of a bulk fails, and no other. */
  conflict: number;
  /** A command fails as a whole in the middle; what it has done remains. */
  topLevel: number;
  /** A read returns what a majority had some writes ago. */
  stale: number;
  /** A majority does not catch up although commands wait for it. */
  lag: number;
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
  lag: 0,
};

const HELD_UP_MAX = 150;
/** The share of commands without a connection that are carried out all the same. */
const CARRIED_OUT = 0.6;

const DONE: Reply<undefined> = { answer: undefined, safeAt: 0 };

/** Per step: how often a majority catches up a little although nobody waits for it. */
const REPLICATED = 0.1;

interface Flight {
  readonly client: Client;
  /** Where it is carried out; `undefined` when a process just lets time pass, without a server. */
  readonly set: ReplicaSet | undefined;
  readonly what: string;
  readonly begin: () => Steps<unknown>;
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
  send<Answer>(client: Client, set: ReplicaSet, what: string, begin: () => Steps<Answer>): Promise<Answer>;
  /** Resolves after a while. */
  pause(client: Client): Promise<void>;
  /** Runs one step of one command. Returns whether a process has received an answer. */
  step(): boolean;
  isQuiet(): boolean;
  /** Whether anything may still be carried out that nobody waits for. */
  hasStrays(): boolean;
  crash(client: Client): void;
  /** Elects another primary in one of the sets. */
  elect(): void;
}

export function createNetwork(
  random: Random,
  sets: readonly ReplicaSet[],
  faults: Faults,
  trace: (line: () => string) => void,
): Network {
  const flights: Flight[] = [];
  let now = 0;

  const fail = (flight: Flight, error: Error): void => {
    if (flight.isAnswered) return;
    flight.isAnswered = true;
    if (!flight.client.isAlive) return;
    trace(() => `${flight.client.name}: ${flight.what}: ${error.message}`);
    flight.reject(error);
  };

  /** The client gives up the command; the server may not. */
  const cut = (flight: Flight, reason: string): void => {
    fail(flight, new Error(reason));
    if (flight.set === undefined || flight.reply !== undefined || !random.chance(CARRIED_OUT)) drop(flight);
    else if (random.chance(faults.heldUp)) flight.notBefore = now + random.below(HELD_UP_MAX);
  };

  const drop = (flight: Flight): void => {
    const place = flights.indexOf(flight);
    if (place < 0) return;
    flights[place] = flights[flights.length - 1] as Flight;
    flights.pop();
  };

  const answer = (flight: Flight, { answer }: Reply<unknown>): boolean => {
    if (!flight.isAnswered && flight.set !== undefined && random.chance(faults.answerLost)) {
      if (random.chance(faults.sentTwice)) {
        trace(() => `${flight.client.name}: ${flight.what}: the answer is lost, and the driver sends it again`);
        flight.steps = undefined;
        flight.reply = undefined;
        return false;
      }
      drop(flight);
      fail(flight, new Error('the answer is lost'));
      return true;
    }
    drop(flight);
    if (flight.isAnswered || !flight.client.isAlive) return false;
    flight.isAnswered = true;
    if (flight.set !== undefined) trace(() => `${flight.client.name}: ${flight.what}: ${inWords(answer)}`);
    flight.resolve(answer as never);
    return true;
  };

  const advance = (flight: Flight): boolean => {
    if (flight.reply !== undefined) return answer(flight, flight.reply);
    if (flight.set === undefined) return answer(flight, DONE);
    if (flight.steps === undefined) {
      if (!flight.isAnswered && random.chance(faults.cutBefore)) {
        drop(flight);
        fail(flight, new Error('cut before the server had it'));
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
      if (flight.isAnswered) drop(flight);
      else flight.reply = step.value;
      return false;
    } catch (error) {
      drop(flight);
      fail(flight, error as Error);
      return true;
    }
  };

  const isReady = (flight: Flight): boolean =>
    flight.notBefore <= now && (flight.reply === undefined || flight.reply.safeAt <= (flight.set?.committed() ?? 0));

  const replicate = (): void => {
    if (!random.chance(faults.lag)) random.pick(sets).replicate(1 + random.below(3));
  };

  const launch = <Answer>(
    client: Client,
    set: ReplicaSet | undefined,
    what: string,
    begin: () => Steps<Answer>,
  ): Promise<Answer> =>
    new Promise<Answer>((resolve, reject) => {
      if (!client.isAlive) return;
      const notBefore = random.chance(faults.heldUp) ? now + random.below(HELD_UP_MAX) : now;
      const state = { steps: undefined, reply: undefined, notBefore, isAnswered: false };
      flights.push({ client, set, what, begin, ...state, resolve, reject });
    });

  return {
    faults,
    send: launch,
    pause: (client) => launch(client, undefined, 'pause', pausing),
    step() {
      now++;
      if (random.chance(REPLICATED)) replicate();
      if (flights.length === 0) return false;
      // Usually most candidates are ready. When none is, time passes or the majority catches up.
      for (let looks = 0; looks < 4; looks++) {
        const flight = random.pick(flights);
        if (isReady(flight)) return advance(flight);
      }
      replicate();
      return false;
    },
    isQuiet: () => flights.length === 0,
    hasStrays: () => flights.some(({ isAnswered, client }) => isAnswered || !client.isAlive),
    crash(client) {
      client.isAlive = false;
      for (const flight of flights.filter((flight) => flight.client === client)) cut(flight, 'its process died');
    },
    elect() {
      const set = random.pick(sets);
      const kept = random.below(set.lag() + 1);
      trace(() => `an election: ${set.lag() - kept} of the ${set.lag()} writes that a majority lacks are taken back`);
      set.elect(kept);
      for (const flight of [...flights]) {
        if (flight.set !== set || flight.steps === undefined) continue; // what was not received yet will reach the new primary
        if (flight.reply === undefined) cut(flight, 'an election');
        else {
          drop(flight);
          fail(flight, new Error('an election'));
        }
      }
    },
  };
}

function pausing(): never {
  throw new Error('nothing is sent while time passes');
}

function inWords(answer: unknown): string {
  if (answer instanceof Map) return JSON.stringify([...answer]);
  return JSON.stringify(answer) ?? 'done';
}
