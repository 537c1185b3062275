// A whole month's report of a busy site, after few and after many hits.
import { runJson } from './processes.mjs';

export async function benchReport({ quick }) {
  const [few, many] = [10_000, quick ? 1_000_000 : 10_000_000];
  const { documentsRead, rows, views, ms } = await runJson(
    'report-program.mjs',
    String(few),
    String(many),
    quick ? '300' : '1000',
  );
  const [afterFew, afterMany] = ms[1000];
  const ratio = afterMany.median / afterFew.median;
  return {
    settings: { hits: [few, many], rows, views, limit: 1000 },
    msWithLimit100: ms[100],
    msWithLimit1000: ms[1000],
    goals: [
      { what: 'documents read', value: documentsRead, goal: '1', met: documentsRead === 1 },
      {
        what: 'p50 of a report of 1,000 pages, ms',
        value: afterMany.median,
        spread: afterMany,
        goal: '<= 2',
        met: afterMany.median <= 2,
      },
      {
        what: `p50 after ${many.toLocaleString('en')} hits ÷ after ${few.toLocaleString('en')}`,
        value: ratio,
        goal: '<= 1.1',
        met: ratio <= 1.1,
      },
    ],
  };
}
