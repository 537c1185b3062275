// Finds where an answer differs from the expected one.

/** Returns the problem with a value, given its siblings; `undefined` if there is none. */
export type Check = (value: unknown, beside: Readonly<Record<string, unknown>>) => string | undefined;
export type Expected = null | number | string | undefined | Check | readonly Expected[] | { readonly [key: string]: Expected };

/** Each difference with its path. A value that is not expected must be absent. */
export function differences(expected: Expected, value: unknown, path = '', beside: Record<string, unknown> = {}): string[] {
  if (typeof expected === 'function') {
    const wrong = expected(value, beside);
    return wrong === undefined ? [] : [`${path}: ${wrong}`];
  }
  if (typeof expected !== 'object' || expected === null) {
    return Object.is(expected, value) ? [] : [`${path}: ${shown(value)}, expected ${shown(expected)}`];
  }
  if (typeof value !== 'object' || value === null) return [`${path}: ${shown(value)}, expected ${shown(expected)}`];
  if (Array.isArray(expected)) return listDifferences(expected, value as unknown[], path);
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(value)])];
  return keys.flatMap((key) => {
    const values = value as Record<string, unknown>;
    return differences((expected as Record<string, Expected>)[key], values[key], `${path}.${key}`, values);
  });
}

function listDifferences(expected: readonly Expected[], values: readonly unknown[], path: string): string[] {
  const name = (item: unknown) => (item as { key?: string } | undefined)?.key;
  const [should, does] = [expected, values].map((list) => list.map(name));
  const missing = should?.filter((key) => !does?.includes(key)) ?? [];
  const extra = does?.filter((key) => !should?.includes(key)) ?? [];
  if (missing.length + extra.length > 0) return [`${path}: lacks ${shown(missing)}, has ${shown(extra)} beyond`];
  if (expected.length !== values.length) return [`${path}: ${values.length} items, expected ${expected.length}`];
  return expected.flatMap((item, i) => differences(item, values[i], `${path}[${name(item) ?? i}]`));
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 200) ?? 'nothing';
}

/** The most standard errors by which an estimate may differ from the truth. */
const STANDARD_ERRORS_MAX = 4;

export function estimate(truth: number): Check {
  return (value, { error = 0 }) =>
    Math.abs((value as number) - truth) <= STANDARD_ERRORS_MAX * (error as number)
      ? undefined
      : `${value} ± ${error}, expected ${truth}`;
}

export const anything: Check = () => undefined;

/** The total number of rows of each sibling list. All of them are shown. */
export function rowsIn(...lists: readonly string[]): Check {
  return (value, beside) => {
    const lengths = Object.fromEntries(lists.map((name) => [name, (beside[name] as readonly unknown[]).length]));
    const [wrong] = differences(lengths, value);
    return wrong;
  };
}
