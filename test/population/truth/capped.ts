// A list that keeps fewer rows than there are: each row differs from the truth by at most its error, and no large row
// is missing.
import type { Check } from '../differences.js';

interface TrueRow {
  readonly key: string;
  readonly [counter: string]: unknown;
}

interface Capped {
  /** The number by which rows are kept. */
  readonly ranking: string;
  /** Other numbers, which are never above the truth. */
  readonly least: readonly string[];
  readonly total: number;
  readonly rowsMax: number;
}

export function capped(rows: readonly TrueRow[], { ranking, least, total, rowsMax }: Capped): Check {
  const trueRows = new Map(rows.map((row) => [row.key, row]));
  return (value) => {
    const shown = value as Array<Record<string, number> & { key: string }>;
    const wrong = shown.flatMap((row) => {
      const truth = trueRows.get(row.key) as Record<string, number> | undefined;
      if (truth === undefined) return [`${row.key} is no row`];
      const [ranked, error] = [row[ranking] as number, row.error ?? 0];
      const trueRanked = truth[ranking] as number;
      const above = least.filter((name) => (row[name] as number) > (truth[name] as number));
      if (above.length > 0) return [`${row.key}: too many ${above}`];
      const { visitors = 0, visitorsError = 0 } = row;
      if (Math.abs(visitors - (truth.browsers ?? visitors)) > visitorsError)
        return [`${row.key}: ${visitors} visitors, expected ${truth.browsers}`];
      return ranked <= trueRanked && trueRanked <= ranked + error
        ? []
        : [`${row.key}: ${ranked} + ${error}, expected ${trueRanked}`];
    });
    const keys = new Set(shown.map(({ key }) => key));
    const missing = rows.filter((row) => !keys.has(row.key) && (row[ranking] as number) > total / (rowsMax + 1));
    return wrong.length + missing.length === 0 ? undefined : [...wrong, ...missing.map(({ key }) => `lacks ${key}`)].join('; ');
  };
}
