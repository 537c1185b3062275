// Figures with their goals, and how they are printed.

/**
 * A figure: one value, or the median of several with the smallest and the largest. A goal applies to the value or
 * median.
 */
export function figure(what, measured, goal) {
  const { median, min, max, n } = typeof measured === 'number' ? { median: measured } : spread(measured);
  return {
    what,
    ...(n === undefined ? { value: median } : { median, min, max, n }),
    ...(goal === undefined ? {} : { goal: goal.text, met: goal.isMet(median) }),
  };
}

export const atLeast = (limit) => ({ text: `>= ${number(limit)}`, isMet: (value) => value >= limit });
export const atMost = (limit) => ({ text: `<= ${number(limit)}`, isMet: (value) => value <= limit });
export const below = (limit) => ({ text: `< ${number(limit)}`, isMet: (value) => value < limit });
export const exactly = (wanted) => ({ text: number(wanted), isMet: (value) => value === wanted });

export function spread(values) {
  if (values.length === 0) return { median: Number.NaN, min: Number.NaN, max: Number.NaN, n: 0 };
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), min: sorted[0], max: sorted.at(-1), n: sorted.length };
}

/** Of sorted values; interpolates between two of them. */
export function quantile(sorted, share) {
  const place = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(place)];
  return lower + (sorted[Math.ceil(place)] - lower) * (place - Math.floor(place));
}

export const median = (values) => spread(values).median;

/** One line for each figure. */
export function table(figures) {
  const rows = figures.map(({ what, value, median, min, max, goal, met }) => [
    what,
    number(value ?? median),
    min === undefined ? '' : number(min),
    max === undefined ? '' : number(max),
    goal === undefined ? '' : `${goal}  ${met ? 'met' : 'MISSED'}`,
  ]);
  rows.unshift(['', 'median', 'min', 'max', 'goal']);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(([what, ...cells]) => {
      const [goal, ...numbers] = [cells.pop(), ...cells];
      const padded = numbers.map((cell, i) => cell.padStart(widths[i + 1]));
      return `  ${what.padEnd(widths[0])}  ${padded.join('  ')}  ${goal}`.trimEnd();
    })
    .join('\n');
}

/** A measurement on a shared machine is worth three digits; integers stay integers. */
function number(value) {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
