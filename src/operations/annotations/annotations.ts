// Annotations: notes of a site on a day or at a time, such as deployments, which its chart shows. All of a site are one record.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AccountRecords } from '../../store/accounts.js';
import { TooMany } from '../../store/too-many.js';
import { isDay } from '../../time/dates.js';
import { FIRST_DAY, LAST_DAY } from '../../time/period.js';

/** A chart with more could not be read, and all of them are in the memory of every process. */
export const ANNOTATIONS_OF_SITE_MAX = 300;
export const ANNOTATION_CODEPOINTS_MAX = 200;

export interface AnnotationFields {
  /** A local day of the site. */
  readonly day: string;
  /** `14:05`, in the site's time zone. Absent: the note is about the whole day. */
  readonly time?: string | undefined;
  /** One line. */
  readonly text: string;
}

export interface Annotation extends AnnotationFields {
  readonly id: string;
  readonly createdAtMs: number;
}

export interface AnnotationProblem {
  readonly field: keyof AnnotationFields;
  /** A sentence that says what is wrong and what to do. */
  readonly message: string;
}

/** Returns the annotation in its normal form, or what is wrong with it. */
export function checkAnnotation(
  given: AnnotationFields,
): { readonly checked: AnnotationFields } | { readonly problem: AnnotationProblem } {
  const { day, time } = given;
  const text = given.text.trim();
  const problem = (field: keyof AnnotationFields, message: string) => ({ problem: { field, message } });
  if (!isDay(day) || day < FIRST_DAY || day > LAST_DAY)
    return problem('day', `The day must be a real calendar date from ${FIRST_DAY} to ${LAST_DAY}, such as 2026-11-20.`);
  if (time !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
    return problem('time', 'The time must be from 00:00 to 23:59, such as 14:05.');
  if (text === '' || [...text].length > ANNOTATION_CODEPOINTS_MAX || /[\p{Cc}\u2028\u2029]/u.test(text) || !text.isWellFormed())
    return problem('text', `The text must be one line of at most ${ANNOTATION_CODEPOINTS_MAX} characters.`);
  return { checked: { day, ...(time !== undefined && { time }), text } };
}

/** All of these, except `ofSite`, may reject with an AccountsUnavailable. */
export interface Annotations {
  /** By day and time; those of a whole day come first. */
  ofSite(site: string): Annotation[];
  /** The fields must have been checked. Rejects with a TooMany. */
  add(site: string, fields: AnnotationFields): Promise<Annotation>;
  /** Undefined: the site has no such annotation. */
  change(site: string, id: string, fields: AnnotationFields): Promise<Changed | undefined>;
  /** Resolves with the removed annotation; undefined: the site has no such one. */
  remove(site: string, id: string): Promise<Annotation | undefined>;
  /** Adds those of another installation, except for those that the site has already. */
  restore(site: string, annotations: readonly Annotation[]): Promise<void>;
}

export interface Changed {
  readonly before: Annotation;
  readonly after: Annotation;
}

/** A later version may store more fields, which are kept. */
export const annotationShape = z.looseObject({
  id: z.string().regex(/^[\w-]{1,40}$/),
  day: z.string().refine(isDay),
  time: z.string().optional(),
  text: z.string(),
  createdAtMs: z.int().min(0),
});

const KIND = 'annotations';

export function createAnnotations(
  records: Pick<AccountRecords, 'record' | 'addRecord' | 'changeRecord'>,
  nowMs: () => number,
): Annotations {
  const ofSite = (site: string): Annotation[] => notesIn(records.record(KIND, site)).sort(byTime);

  /** Undefined: the site has none. `change` may be called again, and returns the same list if there is nothing to change. */
  const write = async (site: string, change: (notes: readonly Annotation[]) => readonly Annotation[]): Promise<void> => {
    const next = (value: unknown) => ({ ...(value as object), notes: change(notesIn(value)) });
    while ((await records.changeRecord(KIND, site, next)) === 'unknown') {
      const notes = change([]);
      if (notes.length === 0 || (await records.addRecord(KIND, site, { notes })) === 'added') return;
    }
  };

  return {
    ofSite,
    async add(site, fields) {
      const added: Annotation = { id: randomBytes(9).toString('base64url'), ...fields, createdAtMs: nowMs() };
      await write(site, (notes) => {
        if (notes.length >= ANNOTATIONS_OF_SITE_MAX) throw tooMany(site);
        return [...notes, added];
      });
      return added;
    },
    async change(site, id, { day, time, text }) {
      let changed: Changed | undefined;
      await write(site, (notes) => {
        changed = undefined;
        return notes.map((before) => {
          if (before.id !== id) return before;
          const { time: _, ...others } = before;
          const after = { ...others, day, ...(time !== undefined && { time }), text };
          changed = { before, after };
          return after;
        });
      });
      return changed;
    },
    async remove(site, id) {
      let removed: Annotation | undefined;
      await write(site, (notes) => {
        removed = notes.find((one) => one.id === id);
        return notes.filter((one) => one !== removed);
      });
      return removed;
    },
    async restore(site, annotations) {
      if (annotations.length === 0) return;
      await write(site, (notes) => {
        const known = new Set(notes.map(({ id }) => id));
        return [...notes, ...annotations.filter(({ id }) => !known.has(id))].slice(0, ANNOTATIONS_OF_SITE_MAX);
      });
    },
  };
}

function notesIn(value: unknown): Annotation[] {
  const notes = (value as { readonly notes?: unknown } | null | undefined)?.notes;
  return (Array.isArray(notes) ? notes : []).flatMap(
    (one) => (annotationShape.safeParse(one).data as Annotation | undefined) ?? [],
  );
}

function byTime(a: Annotation, b: Annotation): number {
  const [first, second] = [a, b].map(({ day, time = '', createdAtMs, id }) => `${day} ${time} ${createdAtMs} ${id}`);
  return (first as string) < (second as string) ? -1 : 1;
}

function tooMany(site: string): TooMany {
  return new TooMany({
    en: `${site} has ${ANNOTATIONS_OF_SITE_MAX} annotations, which is the most. Remove some that nobody needs any more.`,
    de: `${site} hat ${ANNOTATIONS_OF_SITE_MAX} Anmerkungen, mehr sind nicht möglich. Löschen Sie einige.`,
  });
}
