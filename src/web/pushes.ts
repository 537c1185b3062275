// Sends reports to all who follow the same question, when their numbers have changed: made once for all of them, one question
// after the other, so that many open pages never take more than a part of the report thread.
import type { AskedReports, SharedAnswer, SharedReports } from '../reporting/shared.js';
import type { SiteChanges } from '../store/site-changes.js';
import { dayNumber } from '../time/dates.js';
import type { DayRange } from '../time/day-range.js';
import { resolvePeriod } from '../time/period.js';
import { type EventStream, sharedEvent } from './event-stream.js';

/** How often to check which questions are due, and whether hits of their sites were counted. */
const TICK_MS = 100;
const LOOK_AGAIN_MS = 250;
/** The pause between two answers is this many times as long as the last one took, within these limits. */
const PAUSE_PER_MAKING = 20;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 2_000;
/** Ranges of more days are made less often: a year is 365 days of 24 hours. */
const LONG_DAYS = 100;
const PAUSE_OF_LONG_MS = 30_000;
/** For a range that is over, which only late hits change. */
const PAUSE_OF_OVER_MS = 60_000;
/** Some numbers, such as that of the visitors online, change by time alone; and a page sees by it that it is up to date. */
const QUIET_MS_MAX = 15_000;
const PAUSE_AFTER_FAILURE_MS = 5_000;

export interface Followed {
  readonly site: string;
  /** The same for everybody who asks the same question. */
  readonly key: string;
  /** The question at this moment: a period such as `today` moves on. Undefined: there is no such site any more. */
  ask(): AskedReports | undefined;
}

export interface Pushes {
  /** Whether anybody follows this question already. */
  has(key: string): boolean;
  /** Sends all reports, and then those whose numbers have changed. Returns a function that ends it. */
  follow(followed: Followed, stream: Pick<EventStream, 'sendShared'>): () => void;
}

export interface PushesContext {
  readonly shared: SharedReports;
  readonly changes?: SiteChanges | undefined;
  readonly logError?: ((error: unknown) => void) | undefined;
  readonly tickMs?: number;
  /** A clock that is never set back. */
  readonly clockMs?: () => number;
}

/** The tags of the reports that a stream has got, by their names. */
type Known = ReadonlyMap<string, string>;
const NOTHING: Known = new Map();

interface Follower {
  readonly stream: Pick<EventStream, 'sendShared'>;
  known: Known;
}

interface Question extends Followed {
  readonly followers: Set<Follower>;
  dueMs: number;
  madeMs: number;
  version: number | undefined;
  hasFailed: boolean;
}

export function createPushes(context: PushesContext): Pushes {
  const { shared, changes, logError, tickMs = TICK_MS, clockMs = () => performance.now() } = context;
  const questions = new Map<string, Question>();
  let timer: NodeJS.Timeout | undefined;
  let isAnswering = false;

  /** Failures are reported once, not at each attempt. */
  const attempt = async (question: Question, work: (asked: AskedReports) => Promise<void>): Promise<void> => {
    try {
      const asked = question.ask();
      if (asked !== undefined) await work(asked);
      question.hasFailed = false;
    } catch (error) {
      if (!question.hasFailed) logError?.(error);
      question.hasFailed = true;
      question.dueMs = clockMs() + PAUSE_AFTER_FAILURE_MS;
    }
  };

  const answer = (question: Question): Promise<void> => {
    const began = clockMs();
    // before the answer is made: what is counted meanwhile may be missing in it
    const version = changes?.versionOf(question.site);
    const isUnchanged = version !== undefined && version === question.version && began - question.madeMs < QUIET_MS_MAX;
    question.dueMs = began + LOOK_AGAIN_MS;
    if (isUnchanged) return Promise.resolve();
    return attempt(question, async (asked) => {
      const made = await shared.answer(asked);
      question.version = version;
      question.madeMs = began;
      question.dueMs = clockMs() + pauseOf(asked, made.asOfMs, clockMs() - began);
      await send(question.followers, made);
    });
  };

  const answerDue = async (): Promise<void> => {
    if (isAnswering) return;
    isAnswering = true;
    for (const question of questions.values()) if (clockMs() >= question.dueMs) await answer(question);
    isAnswering = false;
  };

  /** Somebody has just opened a page, and does not wait for a turn. */
  const greet = (question: Question, follower: Follower): Promise<void> =>
    attempt(question, async (asked) => {
      const made = await shared.answer(asked, { maxAgeMs: PAUSE_MS_MAX });
      if (follower.known === NOTHING) await send([follower], made);
    });

  return {
    has: (key) => questions.has(key),
    follow(followed, stream) {
      const question = questions.get(followed.key) ?? begin(followed);
      questions.set(followed.key, question);
      const follower: Follower = { stream, known: NOTHING };
      question.followers.add(follower);
      void greet(question, follower);
      timer ??= setInterval(() => void answerDue(), tickMs).unref();
      return () => {
        question.followers.delete(follower);
        if (question.followers.size > 0) return;
        if (questions.get(followed.key) === question) questions.delete(followed.key);
        if (questions.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

function begin(followed: Followed): Question {
  return {
    ...followed,
    followers: new Set(),
    dueMs: Number.NEGATIVE_INFINITY,
    madeMs: Number.NEGATIVE_INFINITY,
    version: undefined,
    hasFailed: false,
  };
}

/** Followers who have got the same reports before get the same event. */
async function send(followers: Iterable<Follower>, answer: SharedAnswer): Promise<void> {
  const now: Known = new Map(answer.parts.map(({ report, tag }) => [report, tag]));
  const groups = new Map<Known, Follower[]>();
  for (const follower of followers) groups.set(follower.known, [...(groups.get(follower.known) ?? []), follower]);
  for (const [known, group] of groups) {
    const event = await sharedEvent(eventOf(answer, known));
    for (const follower of group) if (follower.stream.sendShared(event)) follower.known = now;
  }
}

/** The answer contains no line break, which would end the event. */
function eventOf({ parts, body, asOfMs }: SharedAnswer, known: Known): Buffer {
  const changed = parts.filter(({ report, tag }) => known.get(report) !== tag);
  const times = `"asOf":"${new Date(asOfMs).toISOString()}"`;
  const pieces = changed.flatMap(({ report, begin, end }, i) => [
    Buffer.from(`${i === 0 ? '' : ','}${JSON.stringify(report)}:`),
    body.subarray(begin, end),
  ]);
  return Buffer.concat([Buffer.from(`event: reports\ndata: {${times},"reports":{`), ...pieces, Buffer.from('}}\n\n')]);
}

/** Until the reports are made again. `tookMs`: to make them. The first of the longest ranges decides. */
function pauseOf({ queries }: AskedReports, asOfMs: number, tookMs: number): number {
  const daysOf = ({ from, to }: DayRange): number => dayNumber(to) - dayNumber(from) + 1;
  const [longest] = [...queries].sort((a, b) => daysOf(b) - daysOf(a));
  if (longest === undefined) return PAUSE_MS_MAX;
  if (longest.to < resolvePeriod('today', undefined, longest.timezone, asOfMs).from) return PAUSE_OF_OVER_MS;
  if (daysOf(longest) > LONG_DAYS) return PAUSE_OF_LONG_MS;
  return Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, tookMs * PAUSE_PER_MAKING));
}
