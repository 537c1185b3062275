// How one view was read: when its page was visible, touched and scrolled; and what of that must be known, as
// docs/metrics.md defines it.

const { floor, max, min, round } = Math;

/** What was sent about a view at one instant. */
interface SentPing {
  readonly ms: number;
  /** Whether the page still showed this view, so that its last state is known. */
  readonly isShown: boolean;
}

export interface Reading {
  /** Something was sent in time. */
  readonly known: boolean;
  readonly seconds: number;
  readonly depth: number;
  /** When something was sent, in time or more than a day after the view. */
  readonly pings: ReadonlyArray<{ readonly ms: number; readonly isTooLate: boolean }>;
}

const DAY_SECONDS = 86_400;
const STILL_MS_MAX = 30_000;
const BEAT_MS = 1000;

export class Notes {
  private readonly spans: Array<[fromMs: number, toMs: number]> = [];
  private readonly lives: number[];
  private readonly depths: Array<[ms: number, percent: number]> = [];
  private readonly pings: SentPing[] = [];

  /** The page's seconds begin at `beatsFromMs`, when its document was loaded. */
  constructor(
    private readonly startMs: number,
    private readonly beatsFromMs: number,
    isShown: boolean,
    depth: number,
  ) {
    this.lives = [startMs];
    this.depths.push([startMs, depth]);
    if (isShown) this.spans.push([startMs, Number.POSITIVE_INFINITY]);
  }

  touched(ms: number): void {
    this.lives.push(ms);
  }

  scrolled(ms: number, depth: number): void {
    this.lives.push(ms);
    this.depths.push([ms, depth]);
  }

  shown(ms: number): void {
    this.lives.push(ms);
    this.spans.push([ms, Number.POSITIVE_INFINITY]);
    this.pings.push({ ms, isShown: true });
  }

  /** Hidden or left. */
  hidden(ms: number): void {
    this.cover(ms);
    this.pings.push({ ms, isShown: true });
  }

  /** The page's router replaced it by another page. */
  covered(ms: number): void {
    this.cover(ms);
  }

  /** The next view of the document begins. */
  replaced(ms: number): void {
    this.cover(ms);
    this.pings.push({ ms, isShown: false });
  }

  private cover(ms: number): void {
    const last = this.spans.at(-1);
    if (last !== undefined && last[1] > ms) last[1] = ms;
  }

  /** A second counts if the page was visible in it and the visitor was active in the half minute before. */
  private engagedBeats(): number[] {
    const beats: number[] = [];
    for (const [fromMs, toMs] of this.spans) {
      let beat = this.beatsFromMs + BEAT_MS * (floor((fromMs - this.beatsFromMs) / BEAT_MS) + 1);
      for (; beat <= toMs; beat += BEAT_MS) {
        const at = beat;
        const life = this.lives.findLast((ms) => ms < at) as number;
        if (at - life <= STILL_MS_MAX) beats.push(at);
        else if (this.lives.every((ms) => ms < at)) break;
      }
    }
    return beats;
  }

  read(): Reading {
    const beats = this.engagedBeats();
    const depthAt = (ms: number) => this.depths.findLast(([at]) => at < ms || at === this.startMs)?.[1] as number;
    const pings: Array<{ ms: number; isTooLate: boolean }> = [];
    let reading: Reading = { known: false, seconds: 0, depth: 0, pings };
    let [seconds, depth] = [0, 0];
    for (const { ms, isShown } of this.pings) {
      const so = beats.filter((beat) => beat <= ms);
      const deepest = max(0, ...so.map(depthAt), isShown ? depthAt(ms + 1) : 0, depth);
      if (so.length === seconds && deepest === depth) continue;
      [seconds, depth] = [so.length, deepest];
      const isTooLate = floor(ms / 1000) - floor(this.startMs / 1000) > DAY_SECONDS;
      pings.push({ ms, isTooLate });
      if (!isTooLate) reading = { known: true, seconds, depth, pings };
    }
    return reading;
  }
}

/** How far down the page the lower edge of the window is, in percent. */
export function depthOf(y: number, windowHeight: number, height: number): number {
  return min(100, round((100 * (y + windowHeight)) / height));
}
