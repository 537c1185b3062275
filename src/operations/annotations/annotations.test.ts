import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RecordsInMemory, recordsInMemory } from '../../../test/fixtures/records.js';
import { TooMany } from '../../store/too-many.js';
import {
  ANNOTATIONS_OF_SITE_MAX,
  type AnnotationFields,
  type Annotations,
  checkAnnotation,
  createAnnotations,
} from './annotations.js';

const DEPLOYED: AnnotationFields = { day: '2026-11-20', time: '14:05', text: 'Deployed 2.1' };

describe('an annotation', () => {
  it('has a day, an optional time and one line of text, without spaces around it', () => {
    expect(checkAnnotation({ ...DEPLOYED, text: '  Deployed 2.1 ' })).toEqual({ checked: DEPLOYED });
    expect(checkAnnotation({ day: '2026-11-20', text: 'é'.repeat(200) })).toEqual({
      checked: { day: '2026-11-20', text: 'é'.repeat(200) },
    });
    expect(checkAnnotation({ day: '2026-11-20', text: '<script>alert(1)</script>' })).toHaveProperty('checked');
  });

  it.each<[Partial<AnnotationFields>, string]>([
    [{ day: '2026-11-31' }, 'day'],
    [{ day: '1989-12-31' }, 'day'],
    [{ day: '2026-11' }, 'day'],
    [{ time: '24:00' }, 'time'],
    [{ time: '9:05' }, 'time'],
    [{ text: ' ' }, 'text'],
    [{ text: 'x'.repeat(201) }, 'text'],
    [{ text: 'two\nlines' }, 'text'],
    [{ text: 'two\u2028lines' }, 'text'],
    [{ text: 'a bell\u0007' }, 'text'],
    [{ text: 'half of \ud83d' }, 'text'],
  ])('is refused with a sentence: %j', (changes, field) => {
    expect(checkAnnotation({ ...DEPLOYED, ...changes })).toEqual({
      problem: { field, message: expect.stringMatching(/^The .* must be .*\.$/) },
    });
  });
});

describe('the annotations of a site', () => {
  let records: RecordsInMemory;
  let annotations: Annotations;
  beforeEach(() => {
    records = recordsInMemory();
    annotations = createAnnotations(records, () => 5);
  });

  it('are listed by day and time, those of a whole day first', async () => {
    for (const [day, time] of [['2026-11-20', '09:00'], ['2026-11-20'], ['2026-10-01', '23:00']] as const)
      await annotations.add('garden', { day, ...(time && { time }), text: 'x' });
    expect(annotations.ofSite('garden').map(({ day, time }) => [day, time])).toEqual([
      ['2026-10-01', '23:00'],
      ['2026-11-20', undefined],
      ['2026-11-20', '09:00'],
    ]);
    expect(annotations.ofSite('moon')).toEqual([]);
  });

  it('are changed and removed by their id, and only in their site', async () => {
    const { id } = await annotations.add('garden', DEPLOYED);
    const changed = await annotations.change('garden', id, { day: '2026-11-21', text: 'Later' });
    expect(changed).toEqual({
      before: { id, ...DEPLOYED, createdAtMs: 5 },
      after: { id, day: '2026-11-21', text: 'Later', createdAtMs: 5 },
    });
    for (const [site, other] of [
      ['moon', id],
      ['garden', 'none'],
    ] as const) {
      expect(await annotations.change(site, other, DEPLOYED)).toBeUndefined();
      expect(await annotations.remove(site, other)).toBeUndefined();
    }
    expect(await annotations.remove('garden', id)).toEqual(changed?.after);
    expect(annotations.ofSite('garden')).toEqual([]);
  });

  it('are not lost when several are added at the same time', async () => {
    await Promise.all(Array.from({ length: 5 }, () => annotations.add('garden', DEPLOYED)));
    expect(new Set(annotations.ofSite('garden').map(({ id }) => id)).size).toBe(5);
  });

  it('are limited in number', async () => {
    const notes = Array.from({ length: ANNOTATIONS_OF_SITE_MAX }, (_, i) => ({ id: `n${i}`, ...DEPLOYED, createdAtMs: i }));
    await annotations.restore('garden', notes);
    await expect(annotations.add('garden', DEPLOYED)).rejects.toThrow(TooMany);
    await annotations.restore('garden', notes); // has no effect
    expect(annotations.ofSite('garden')).toHaveLength(ANNOTATIONS_OF_SITE_MAX);
    await annotations.remove('garden', 'n7');
    await annotations.add('garden', DEPLOYED);
  });

  it('keep the fields of a later version, and none of what is damaged', async () => {
    const later = { id: 'a', ...DEPLOYED, createdAtMs: 1, colour: 'red' };
    await records.addRecord('annotations', 'garden', { notes: [later, { id: 7 }, null], more: true });
    expect(annotations.ofSite('garden').map(({ id }) => id)).toEqual(['a']);
    await annotations.change('garden', 'a', { day: '2026-11-21', text: 'y' });
    expect(records.record('annotations', 'garden')).toMatchObject({ more: true, notes: [{ colour: 'red', text: 'y' }] });
  });

  it('can be read whatever is stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const stored = recordsInMemory();
        await stored.addRecord('annotations', 'garden', value as object);
        expect(createAnnotations(stored, () => 1).ofSite('garden')).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
