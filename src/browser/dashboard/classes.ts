// Names of classes, which the answers give by their lower bounds.

/** `1`, `3–5`, `101+`: for each class, the whole numbers in it. */
export function numberClasses(bounds: readonly number[]): string[] {
  return bounds.map((least, index) => {
    const next = bounds[index + 1];
    if (next === undefined) return `${least}+`;
    return next - 1 === least ? String(least) : `${least}–${next - 1}`;
  });
}

/** Of the days between two visits. */
export function dayClasses(bounds: readonly number[]): string[] {
  return numberClasses(bounds).map((name, index) => {
    const least = bounds[index] as number;
    if (name === '0') return 'Less than a day before';
    if (name === '1') return 'One day before';
    return name.endsWith('+') ? `${least} days before and more` : `${name} days before`;
  });
}

/** Of visits, by which one of the browser's it was. */
export function visitClasses(bounds: readonly number[]): string[] {
  return numberClasses(bounds).map((name) => {
    if (name.endsWith('+')) return `Visits ${name.slice(0, -1)} and later`;
    return `${/^\d+$/.test(name) ? 'Visit' : 'Visits'} ${name}`;
  });
}
