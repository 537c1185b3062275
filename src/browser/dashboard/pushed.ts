// The reports that the stream pushes: all of them at first, and then those whose numbers have changed.
import type { Answers } from './ask.js';
import { asOfNow } from './fetch.js';

/** As the event `reports` has it: see docs/api.md. */
export interface PushedReports {
  /** Holds for all reports, also for those that have not changed. */
  readonly asOf: string;
  readonly reports: Readonly<Record<string, object>>;
}

export interface Pushed {
  /** A stream is opened for this question: what came before is over. */
  begin(question: string): void;
  add(pushed: PushedReports): void;
  /** The newest answers to this question that were not taken yet. */
  take(question: string): Answers | undefined;
  /** Whether there are answers to this question that were not taken, and are not older than what is shown. */
  isNews(question: string, shownAsOf: string | undefined): boolean;
  /** Whether the server has pushed something in the last milliseconds, so that the page need not ask. */
  hasCome(withinMs: number): boolean;
}

export function createPushed(nowMs: () => number = Date.now): Pushed {
  let asked = '';
  let answers: Record<string, object> = {};
  let asOf = '';
  let isTaken = true;
  let cameAtMs = Number.NEGATIVE_INFINITY;

  const isNews = (question: string, than = ''): boolean => !isTaken && question === asked && asOf >= than;
  return {
    begin(question) {
      [asked, answers, asOf, isTaken] = [question, {}, '', true];
      cameAtMs = Number.NEGATIVE_INFINITY;
    },
    add(pushed) {
      answers = asOfNow({ ...answers, ...pushed.reports }, pushed.asOf);
      ({ asOf } = pushed);
      isTaken = false;
      cameAtMs = nowMs();
    },
    take(question) {
      if (!isNews(question)) return undefined;
      isTaken = true;
      return answers as unknown as Answers;
    },
    isNews,
    hasCome: (withinMs) => nowMs() - cameAtMs < withinMs,
  };
}
