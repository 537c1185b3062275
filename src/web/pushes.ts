// Sends reports to all who follow the same question, when their numbers have changed. They are made once for all of them, and
// one question after the other, so that many open pages never take more than a part of the report thread.
import type { AskedReports, SharedAnswer, SharedReports } from '../reporting/shared.js';
import type { SiteChanges } from '../store/site-changes.js';
import { comparedRange } from '../time/comparison.js';
import { dayNumber } from '../time/dates.js';
import type { DayRange } from '../time/day-range.js';
import { resolvePeriod } from '../time/period.js';
import { type EventStream, type SharedEvent, sharedEvent } from './event-stream.js';
import { inGroups } from './in-groups.js';

/** How often to check which questions are due, and whether hits of their sites were counted. */
const TICK_MS = 100;
const LOOK_AGAIN_MS = 250;
/** The pause between two answers is this many times as long as the last one took, within these limits. */
const PAUSE_PER_MAKING = 20;
const PAUSE_MS_MIN = 1_000;
/** A page that gets nothing for longer asks by itself. */
const PAUSE_MS_MAX = 30_000;
/** Ranges of more days are made less often: a year is 365 days of 24 hours. */
const LONG_DAYS = 100;
const PAUSE_OF_LONG_MS = 30_000;
/** For a range that is over, which only late hits change. */
const PAUSE_OF_OVER_MS = 60_000;
/** Some numbers, such as that of the visitors online, change by time alone; and a page sees by it that it is up to date. */
const QUIET_MS_MAX = 15_000;
const PAUSE_AFTER_FAILURE_MS = 5_000;
/** Questions that take longer are slow: they wait for each other, and the others never wait for them. */
const QUICK_MS_MAX = 100;
/** The report thread has this many times as long for the others as one that is slow has taken. */
const REST_PER_MAKING = 4;
/** Somebody who has just opened a page gets an answer of this age, or of the age that the others see. */
const GREETING_AGE_MS = 2_000;
/** Twice an answer of a year with its hours. Each stream that is not read holds one of them. */
const PUSHED_BYTES_MAX = 4 * 1024 * 1024;

export interface Followed {
  readonly site: string;
  /** The same for everybody who asks the same question. */
  readonly key: string;
  /** The question when the stream was opened. Reading it takes a millisecond or two of the thread that answers beacons. */
  readonly asked: AskedReports;
  /** The question at this moment: a period such as `today` moves on. Undefined: there is no such site any more. */
  ask(): AskedReports | undefined;
}

export interface Pushes {
  /** Whether the reports are made anyway: somebody follows the same question, or has just asked it. */
  has(followed: Followed): boolean;
  /**
   * Sends all reports, and then those whose numbers have changed. Ends the stream if they are too large. Returns a function
   * that ends it.
   */
  follow(followed: Followed, stream: FollowingStream): () => void;
}

type FollowingStream = Pick<EventStream, 'sendShared' | 'whenRead' | 'end'>;

export interface PushesContext {
  readonly shared: SharedReports;
  readonly changes?: SiteChanges | undefined;
  readonly logError?: ((error: unknown) => void) | undefined;
  readonly tickMs?: number;
  /** A clock that is never set back. */
  readonly clockMs?: () => number;
}

/** What a stream has got. */
interface Known {
  /** The tags of the reports by their names. */
  readonly tags: ReadonlyMap<string, string>;
  readonly asOfMs: number;
}
const NOTHING: Known = { tags: new Map(), asOfMs: Number.NEGATIVE_INFINITY };

interface Follower {
  readonly stream: FollowingStream;
  known: Known;
  /** It has to read earlier events before it gets what it lacks. */
  isSlow: boolean;
}

interface Question extends Followed {
  readonly followers: Set<Follower>;
  /** `NEVER`: it is being answered. */
  dueMs: number;
  madeMs: number;
  pauseMs: number;
  tookMs: number;
  version: number | undefined;
  hasFailed: boolean;
}
const NEVER = Number.POSITIVE_INFINITY;

export function createPushes(context: PushesContext): Pushes {
  const { shared, changes, logError, tickMs = TICK_MS, clockMs = () => performance.now() } = context;
  const questions = new Map<string, Question>();
  let timer: NodeJS.Timeout | undefined;

  const pause = (question: Question, ms: number): void => {
    question.pauseMs = ms;
    question.dueMs = clockMs() + ms;
  };

  /** For somebody who has got nothing: unless the question is being answered, which is for all. */
  const answerSoon = (question: Question, ms: number): void => {
    if (question.dueMs === NEVER) return;
    question.version = undefined; // it is answered although nothing was counted
    question.dueMs = Math.min(question.dueMs, clockMs() + ms);
  };

  /** Failures are reported once, not at each attempt. `again` is called with the time to wait for the next one. */
  const attempt = async (
    question: Question,
    asked: AskedReports | undefined,
    again: (question: Question, ms: number) => void,
    work: (asked: AskedReports) => Promise<void>,
  ): Promise<void> => {
    try {
      const now = asked ?? question.ask();
      if (now === undefined) again(question, LOOK_AGAIN_MS);
      else await work(now);
      question.hasFailed = false;
    } catch (error) {
      if (!question.hasFailed) logError?.(error);
      question.hasFailed = true;
      again(question, PAUSE_AFTER_FAILURE_MS);
    }
  };

  /** Sends those that cannot read more what they lack when they can. */
  const sendTo = (question: Question, followers: Iterable<Follower>, made: SharedAnswer): Promise<void> =>
    send(followers, made, (follower) => {
      if (follower.isSlow) return;
      follower.isSlow = true;
      follower.stream.whenRead(() => {
        follower.isSlow = false;
        if (question.followers.has(follower)) void catchUp(question, follower);
      });
    });

  /** Whether it had to be made. */
  const answer = async (question: Question, asked?: AskedReports): Promise<boolean> => {
    const began = clockMs();
    // before the answer is made: what is counted meanwhile may be missing in it
    const version = changes?.versionOf(question.site);
    const isUnchanged = version !== undefined && version === question.version && began - question.madeMs < QUIET_MS_MAX;
    question.dueMs = isUnchanged ? began + LOOK_AGAIN_MS : NEVER;
    if (isUnchanged) return false;
    await attempt(question, asked, pause, async (now) => {
      const made = await shared.answer(now);
      question.version = version;
      question.madeMs = began;
      question.tookMs = made.tookMs;
      await sendTo(question, question.followers, made);
      pause(question, pauseOf(now, made));
    });
    return true;
  };

  const answering = { questions, answer, clockMs };
  const queues = [createQueue(answering, (question) => !isSlow(question), 0), createQueue(answering, isSlow, REST_PER_MAKING)];

  /** Somebody has just opened a page, or reads again, and does not wait for a turn. */
  const catchUp = (question: Question, follower: Follower, asked?: AskedReports): Promise<void> =>
    attempt(question, asked, answerSoon, async (now) => {
      const made = await shared.answer(now, { maxAgeMs: Math.max(GREETING_AGE_MS, question.pauseMs) });
      if (follower.known.asOfMs < made.asOfMs) await sendTo(question, [follower], made);
    });

  return {
    has: ({ key, asked }) => questions.has(key) || shared.has(asked, GREETING_AGE_MS),
    follow(followed, stream) {
      const known = questions.get(followed.key);
      const question = known ?? begin(followed);
      questions.set(followed.key, question);
      const follower: Follower = { stream, known: NOTHING, isSlow: false };
      question.followers.add(follower);
      // at once, since nobody knows yet how long it takes
      if (known === undefined) void answer(question, followed.asked);
      else void catchUp(question, follower, followed.asked);
      timer ??= setInterval(() => {
        for (const answerDue of queues) void answerDue();
      }, tickMs).unref();
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
    dueMs: NEVER,
    madeMs: Number.NEGATIVE_INFINITY,
    pauseMs: 0,
    tookMs: 0,
    version: undefined,
    hasFailed: false,
  };
}

function isSlow({ tookMs }: Question): boolean {
  return tookMs > QUICK_MS_MAX;
}

interface QueueContext {
  readonly questions: ReadonlyMap<string, Question>;
  answer(question: Question): Promise<boolean>;
  clockMs(): number;
}

/** Answers the questions that are due, the one that has waited longest first. */
function createQueue(context: QueueContext, isIn: (question: Question) => boolean, restPerMaking: number): () => Promise<void> {
  const { questions, answer, clockMs } = context;
  let isAnswering = false;
  let restsUntilMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (isAnswering) return;
    isAnswering = true;
    const due = [...questions.values()].filter((question) => isIn(question) && clockMs() >= question.dueMs);
    for (const question of due.sort((a, b) => a.dueMs - b.dueMs)) {
      if (clockMs() < restsUntilMs) break;
      const isMade = question.followers.size > 0 && (await answer(question));
      if (isMade) restsUntilMs = clockMs() + question.tookMs * restPerMaking;
    }
    isAnswering = false;
  };
}

/** Followers who have got the same reports before get the same event. `onSlow` is called for those that cannot read it yet. */
async function send(followers: Iterable<Follower>, answer: SharedAnswer, onSlow: (follower: Follower) => void): Promise<void> {
  if (answer.body.length > PUSHED_BYTES_MAX) {
    for (const { stream } of followers) stream.end();
    return;
  }
  const now: Known = { tags: new Map(answer.parts.map(({ report, tag }) => [report, tag])), asOfMs: answer.asOfMs };
  const groups = new Map<Known, Follower[]>();
  for (const follower of followers) {
    const group = groups.get(follower.known);
    if (group === undefined) groups.set(follower.known, [follower]);
    else group.push(follower);
  }
  for (const [known, group] of groups) {
    const event = await (known === NOTHING ? firstEventOf(answer) : sharedEvent(eventOf(answer, known)));
    await inGroups(group, (follower) => {
      // somebody who has just come may have got this answer, or a newer one, meanwhile
      const isNews = follower.known === known || follower.known.asOfMs < now.asOfMs;
      if (!isNews) return;
      if (follower.stream.sendShared(event)) follower.known = now;
      else onSlow(follower);
    });
  }
}

const firstEvents = new WeakMap<SharedAnswer, Promise<SharedEvent>>();

/** All reports, for somebody who has none. Packed once for all who come while the answer is used. */
function firstEventOf(answer: SharedAnswer): Promise<SharedEvent> {
  const event = firstEvents.get(answer) ?? sharedEvent(eventOf(answer, NOTHING));
  firstEvents.set(answer, event);
  return event;
}

/** The answer contains no line break, which would end the event. */
function eventOf({ parts, body, asOfMs }: SharedAnswer, { tags }: Known): Buffer {
  const changed = parts.filter(({ report, tag }) => tags.get(report) !== tag);
  const times = `"asOf":"${new Date(asOfMs).toISOString()}"`;
  const pieces = changed.flatMap(({ report, begin, end }, i) => [
    Buffer.from(`${i === 0 ? '' : ','}${JSON.stringify(report)}:`),
    body.subarray(begin, end),
  ]);
  return Buffer.concat([Buffer.from(`event: reports\ndata: {${times},"reports":{`), ...pieces, Buffer.from('}}\n\n')]);
}

/** Until the reports are made again. The first of the longest ranges decides. */
function pauseOf({ queries }: AskedReports, { asOfMs, tookMs }: Pick<SharedAnswer, 'asOfMs' | 'tookMs'>): number {
  const [longest] = [...queries].sort((a, b) => daysOf(b) - daysOf(a));
  const pauseMs = Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, tookMs * PAUSE_PER_MAKING));
  if (longest === undefined) return pauseMs;
  if (longest.to < resolvePeriod('today', undefined, longest.timezone, asOfMs).from) return PAUSE_OF_OVER_MS;
  return daysOf(longest) > LONG_DAYS ? Math.max(PAUSE_OF_LONG_MS, pauseMs) : pauseMs;
}

/** Of the range, or of the one that it is compared with if that is longer. */
function daysOf({ compare, isByWeekday, ...range }: AskedReports['queries'][number]): number {
  const ranges: DayRange[] = compare === undefined ? [range] : [range, comparedRange(range, compare, isByWeekday)];
  return Math.max(...ranges.map(({ from, to }) => dayNumber(to) - dayNumber(from) + 1));
}
