// What is measured, with its goal beside it, and how it is printed.

/** A figure: one value, or the median of several with the smallest and the largest. A goal is asked of the value or median. */
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

/** Of values in order; between two of them where it falls there. */
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
      return `  ${what.padEnd(widths[0])}  ${numbers.map((cell, i) => cell.padStart(widths[i + 1])).join('  ')}  ${goal}`.trimEnd();
    })
    .join('\n');
}

/** Three digits are what a measurement on a shared machine is worth; whole numbers stay whole. */
function number(value) {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
