// What one browser's visitor really did: each view, and of which record and memory it was. Nothing here has been
// through the tracker or the server; the truth of every report is made from it.
import type { Origin } from './origins.js';
import type { Person } from './person.js';
import type { Reading } from './reading.js';

export interface View {
  readonly person: Person;
  readonly ms: number;
  /** It is sent so much later. */
  readonly waitsMs: number;
  /** The record that the browser kept then, a new number whenever it had lost it; undefined: it keeps none. */
  readonly record: number | undefined;
  /** What this host's pages are remembered in, if anything: another one when that was lost. */
  readonly memory: string | undefined;
  readonly path: string;
  readonly title: string;
  readonly origin: Origin;
  /** The page of the site whose address the browser says that it came from. */
  readonly cameFrom: string | undefined;
  /** What became of it; undefined where no script was there to tell. */
  reading: Reading | undefined;
  /** Its request did not arrive: it is not counted, but what was told of it later is. */
  readonly isLost: boolean;
  /** Why it is not counted: by a program, or on a host that is none of the site's. */
  readonly refused: 'bot' | 'foreign-host' | undefined;
}

export type Loss = 'all' | 'cookies' | 'storage';

let [diaries, records] = [0, 0];

export class Diary {
  readonly views: View[] = [];
  private readonly number = ++diaries;
  private record: number | undefined;
  private recordEndsMs = 0;
  private storage = 0;

  constructor(readonly person: Person) {}

  /** `host`: where it was viewed. */
  view(
    ms: number,
    host: string,
    { path, title, origin, cameFrom }: Pick<View, 'path' | 'title' | 'origin' | 'cameFrom'>,
    { isLost = false, isScripted = true, isForeign = false, waitsMs = 0 } = {},
  ): View {
    const { person } = this;
    const isRecorded = person.isRecorded && isScripted;
    if (ms >= this.recordEndsMs) this.record = undefined;
    if (isRecorded && !isForeign) {
      if (!isLost) this.record ??= ++records;
      this.recordEndsMs = ms + person.recordDaysMax * 86_400_000;
    }
    const record = isRecorded ? this.record : undefined;
    const view: View = {
      person,
      ms,
      waitsMs,
      record,
      memory: record !== undefined && person.remembersPages ? `${this.number} ${this.storage} ${host}` : undefined,
      path,
      title,
      origin,
      cameFrom,
      reading: undefined,
      isLost,
      refused: person.isBot ? 'bot' : isForeign ? 'foreign-host' : undefined,
    };
    this.views.push(view);
    return view;
  }

  lost(what: Loss): void {
    if (what !== 'storage') this.record = undefined;
    if (what !== 'cookies') this.storage++;
  }
}
