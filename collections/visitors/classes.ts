// Names for classes of visits. Answers give a class by its lower bound.

const EN = {
  lessThanADay: 'Less than a day before',
  oneDay: 'One day before',
  days: (days: string) => `${days} days before`,
  orMoreDays: (days: number) => `${days} or more days before`,
  visit: (number: string) => `Visit ${number}`,
  visits: (numbers: string) => `Visits ${numbers}`,
  visitsAndLater: (first: number) => `Visits ${first} and later`,
};
const DE: typeof EN = {
  lessThanADay: 'Weniger als ein Tag davor',
  oneDay: 'Ein Tag davor',
  days: (days) => `${days} Tage davor`,
  orMoreDays: (days) => `${days} oder mehr Tage davor`,
  visit: (number) => `Besuch ${number}`,
  visits: (numbers) => `Besuche ${numbers}`,
  visitsAndLater: (first) => `Besuche ab dem ${first}.`,
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

/** Classes of the days between two visits. */
export function dayClasses(bounds: readonly number[]): string[] {
  return bounds.map((least, index) => {
    const next = bounds[index + 1];
    if (next === undefined) return TEXTS.orMoreDays(least);
    if (next === least + 1 && least < 2) return least === 0 ? TEXTS.lessThanADay : TEXTS.oneDay;
    return TEXTS.days(numbersOf(least, next));
  });
}

/** Classes of the number that a visit has among the visits of its browser. */
export function visitClasses(bounds: readonly number[]): string[] {
  return bounds.map((least, index) => {
    const next = bounds[index + 1];
    if (next === undefined) return TEXTS.visitsAndLater(least);
    return (next === least + 1 ? TEXTS.visit : TEXTS.visits)(numbersOf(least, next));
  });
}

/** `1` or `3–5`: the whole numbers of a class. */
function numbersOf(least: number, next: number): string {
  return next === least + 1 ? String(least) : `${least}–${next - 1}`;
}
