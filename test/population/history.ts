// What the visitor of one browser really did: each view, with its record and the browser's memory. Nothing here has
// passed through the tracker or the server. The true answer of every report is derived from it.
import type { Origin } from './origins.js';
import type { Person } from './person.js';
import type { Reading } from './reading.js';

export interface View {
  readonly person: Person;
  readonly ms: number;
  /** How much later it is sent. */
  readonly waitsMs: number;
  /**
   * The browser's record at that time; a new number each time the record was lost. `undefined`: the browser keeps
   * none.
   */
  readonly record: number | undefined;
  /** Where the pages of this host are remembered; another one after it was lost. `undefined`: nowhere. */
  readonly memory: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly title: string;
  readonly origin: Origin;
  /** The page of the site that the browser names as the referrer. */
  readonly cameFrom: string | undefined;
  /** How it was read; `undefined` where no script could report it. */
  reading: Reading | undefined;
  /** The request of the view was lost: the view is not counted, but its later pings are. */
  readonly isLost: boolean;
  /** Why it is not counted: the browser is a bot, or the host is not one of the site's. */
  readonly refused: 'bot' | 'foreign-host' | undefined;
}

export type Loss = 'all' | 'cookies' | 'storage';

let [histories, records] = [0, 0];

export class History {
  readonly views: View[] = [];
  private readonly number = ++histories;
  private record: number | undefined;
  private recordEndsMs = 0;
  private storage = 0;

  constructor(readonly person: Person) {}

  /** `host`: the host on which it was viewed. */
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
      host,
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
