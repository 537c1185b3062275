// Local days and hours from the platform's own calendar (Intl), without any code of the project.

export interface Local {
  readonly day: string;
  /** `02`; `02+` in the second pass of an hour, from its first minute that repeats. */
  readonly hour: string;
  /** `02:35`, rounded down to five minutes; `02+:35`. */
  readonly minutes: string;
}

const FIVE_MINUTES_MS = 300_000;
/** No clock was put back by more in these years. */
const STEP_BACK_MAX = 36;
const DAY_MS = 86_400_000;

export class LocalClock {
  private readonly format;
  private readonly walls = new Map<number, string>();
  private readonly locals = new Map<number, Local>();
  private readonly hours = new Map<string, readonly string[]>();
  private readonly starts = new Map<string, number>();

  constructor(readonly timezone: string) {
    this.format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: timezone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
  }

  at(ms: number): Local {
    const five = Math.floor(ms / FIVE_MINUTES_MS);
    let local = this.locals.get(five);
    if (local === undefined) {
      const wall = this.wall(five);
      const hour = wall.slice(11, 13) + (this.isAgain(five) ? '+' : '');
      local = { day: wall.slice(0, 10), hour, minutes: `${hour}:${wall.slice(14, 16)}` };
      this.locals.set(five, local);
    }
    return local;
  }

  /** In order of time. */
  hoursOf(day: string): readonly string[] {
    let hours = this.hours.get(day);
    if (hours === undefined) {
      const noon = Date.parse(`${day}T12:00:00Z`);
      const found = new Set<string>();
      for (let ms = noon - 1.6 * DAY_MS; ms < noon + 1.6 * DAY_MS; ms += 3 * FIVE_MINUTES_MS) {
        const local = this.at(ms);
        if (local.day === day) found.add(local.hour);
      }
      hours = [...found];
      this.hours.set(day, hours);
    }
    return hours;
  }

  /** The first instant of a local day. */
  startOf(day: string): number {
    let ms = this.starts.get(day);
    if (ms === undefined) {
      ms = Date.parse(`${day}T00:00:00Z`) - DAY_MS;
      while (this.at(ms).day !== day) ms += FIVE_MINUTES_MS;
      this.starts.set(day, ms);
    }
    return ms;
  }

  /** This wall-clock time, or one since the start of the hour, has occurred before. */
  private isAgain(five: number): boolean {
    const wall = this.wall(five);
    for (let back = 1; back <= STEP_BACK_MAX; back++) if (this.wall(five - back) === wall) return true;
    const before = this.wall(five - 1);
    return before.slice(0, 13) === wall.slice(0, 13) && before < wall && this.isAgain(five - 1);
  }

  private wall(five: number): string {
    let wall = this.walls.get(five);
    if (wall === undefined) {
      wall = this.format.format(five * FIVE_MINUTES_MS);
      this.walls.set(five, wall);
    }
    return wall;
  }
}

const clocks = new Map<string, LocalClock>();

export function clockOf(timezone: string): LocalClock {
  const clock = clocks.get(timezone) ?? new LocalClock(timezone);
  clocks.set(timezone, clock);
  return clock;
}

/** The local days from the first one on. */
export function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => new Date(Date.parse(first) + i * DAY_MS).toISOString().slice(0, 10));
}
