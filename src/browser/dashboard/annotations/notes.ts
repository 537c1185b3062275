// The annotations of the site, as the API has them. They are asked for when the page is shown, and after each change.
import { useEffect, useState } from 'preact/hooks';
import type { DayRange } from '../../../time/day-range.js';
import type { Hours } from '../address.js';
import { siteAddress, unlessSignedOut } from '../fetch.js';
import { timeName } from '../format.js';
import type { ChartPoint } from '../points.js';
import { useSite } from '../state.js';

export interface Note {
  readonly id: string;
  readonly day: string;
  /** `14:05`; null: the whole day. */
  readonly time: string | null;
  readonly text: string;
}

export interface Notes {
  /** Undefined until they are known. */
  readonly all: readonly Note[] | undefined;
  /** Without an id, the note is added. Resolves with whether it was saved. */
  save(note: Omit<Note, 'id'> & { readonly id?: string | undefined }): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

export function useNotes(): Notes {
  const { settings, failed } = useSite();
  const [all, setAll] = useState<readonly Note[] | undefined>(undefined);
  const address = `${siteAddress(settings.site)}/annotations`;
  const load = async (): Promise<void> => {
    const response = await fetch(address);
    // the chart is shown without them where they cannot be read
    if (response.ok) setAll(((await response.json()) as { annotations: readonly Note[] }).annotations);
  };
  useEffect(() => void load().catch(unlessSignedOut).catch(failed), []);
  const send = async (method: string, path: string, body?: object): Promise<boolean> => {
    const headers = { 'Content-Type': 'application/json' };
    const init = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    const { ok } = await fetch(address + path, { method, ...init });
    await load();
    return ok;
  };
  return {
    all,
    save: ({ id, ...fields }) =>
      (id === undefined ? send('POST', '', fields) : send('PATCH', `/${id}`, fields)).catch(() => false),
    remove: (id) => send('DELETE', `/${id}`).catch(() => false),
  };
}

/** Those of the shown days, and of the hours to which the chart is zoomed. */
export function notesIn(notes: readonly Note[], { from, to }: DayRange, hours: Hours | undefined): readonly Note[] {
  return notes.filter(
    ({ day, time }) => from <= day && day <= to && (hours === undefined || time === null || isWithin(time.slice(0, 2), hours)),
  );
}

function isWithin(hour: string, [first, last]: Hours): boolean {
  return first <= hour && hour <= last;
}

/** Adds the notes to the points that they are about. Those of a whole day are at its first bar. */
export function withNotes(points: readonly ChartPoint[], notes: readonly Note[]): readonly ChartPoint[] {
  if (notes.length === 0) return points;
  const places = notes.map((note) => placeOf(note, points));
  return points.map((point, i) => {
    const own = notes.filter((_, n) => places[n] === i).map(textOf);
    return own.length === 0 ? point : { ...point, notes: own };
  });
}

function placeOf({ day, time }: Note, points: readonly ChartPoint[]): number {
  const isOfDay = ({ range }: ChartPoint) => range === undefined || (range.from <= day && day <= range.to);
  if (time === null || points[0]?.start === undefined) return points.findIndex(isOfDay);
  return points.findLastIndex((point) => isOfDay(point) && (point.start ?? '') <= time);
}

function textOf({ time, text }: Note): string {
  return time === null ? text : `${timeName(time)} ${text}`;
}
