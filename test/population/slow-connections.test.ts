// The same with requests that take up to a second, and every fifth clock wrong by up to three hours. Ordinals and
// ages come from the browser, time from the server. So the position of a view in its visit and its record remains exact,
// but whether two views were in the same hour can be wrong when one was within a second or two of the hour's end.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createRandom } from '../simulator/random.js';
import { type Counted, count } from './counted.js';
import { daysFrom } from './local-time.js';
import { simulate } from './population.js';
import { FAR_AWAY } from './sites.js';
import { buildTracker } from './tracker-script.js';
import { type Report, type Truth, truthOf } from './truth/truth.js';

const SEED = Number(process.env.POPULATION_SEED ?? 1);
const YEAR = { from: '2027-01-01', to: '2027-12-31' };

describe(`visitors with slow connections (seed ${SEED})`, () => {
  let [truth, counted] = [undefined, undefined] as unknown as [Truth, Counted];

  beforeAll(async () => {
    const simulated = await simulate([FAR_AWAY], buildTracker(), SEED, 1);
    const { id } = FAR_AWAY.site;
    truth = truthOf(FAR_AWAY, simulated.views.get(id) ?? []);
    counted = count(FAR_AWAY, simulated.beacon.journals.get(id) as never, createRandom(SEED));
  });

  const both = async (report: Report, range = YEAR): Promise<[Body, Body]> => [
    await counted.report(report, range.from, range.to),
    truth.report(report, range) as Body,
  ];

  it('are counted exactly where hours do not matter', async () => {
    for (const report of ['visits', 'visitors', 'content', 'engagement'] as const) {
      const [answer, truth] = await both(report);
      if (report === 'engagement') truth.total.medianSeconds = answer.total.medianSeconds;
      expect(answer.total).toEqual(truth.total);
    }
    const [visitors, trueVisitors] = await both('visitors');
    expect(visitors).toMatchObject({ loyalty: trueVisitors.loyalty, recency: trueVisitors.recency });
    const [content, trueContent] = await both('content');
    for (const list of ['rows', 'entries', 'exits']) {
      const without = (rows: object[]) => rows.map((row) => ({ ...row, visitorsError: undefined }));
      expect(without(content[list])).toEqual(without(trueContent[list]));
    }
  });

  it('are missed or counted twice only for views within seconds of the end of an hour or day', async () => {
    const [answer, truth] = await both('traffic');
    const days = off(answer.rows, truth.rows);
    const hours = off(answer.rows.flatMap(hoursOf), truth.rows.flatMap(hoursOf));
    expect(days.share).toBeLessThan(0.001);
    expect(hours.share).toBeLessThan(0.003);

    const fives = { wrong: 0, all: 0 };
    for (const day of daysFrom(FAR_AWAY.firstDay, FAR_AWAY.days)) {
      const [answer, truth] = await both('minutes', { from: day, to: day });
      const { wrong, all } = off(answer.rows[0].minutes, truth.rows[0].minutes);
      fives.wrong += wrong;
      fives.all += all;
    }
    expect(fives.wrong / fives.all).toBeLessThan(0.01);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: actual and expected answers of every report
type Body = any;

interface Row {
  readonly visitors: number;
}

/** Each view is counted in the hour in which it arrives, so only visitors can be wrong. */
function off(rows: readonly Row[], truth: readonly Row[]): { wrong: number; all: number; share: number } {
  const wrong = rows.reduce((sum, row, i) => sum + Math.abs(row.visitors - (truth[i] as Row).visitors), 0);
  const all = truth.reduce((sum, row) => sum + row.visitors, 0);
  return { wrong, all, share: wrong / all };
}

function hoursOf(day: { readonly hours: readonly Row[] }): readonly Row[] {
  return day.hours;
}
