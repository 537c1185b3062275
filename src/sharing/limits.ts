// What nodes share about visitors without a record (the day's random key, and nothing else), and about callers who ask too often.

/** Whether it is shared with the other nodes at the moment; without, each node has its own. */
export interface Sharing {
  readonly shared: boolean;
}

export interface SaltsState extends Sharing {
  /**
   * Why the salt of a day that has begun somewhere cannot be kept, so that hits that need it are not taken;
   * undefined: all can.
   */
  readonly failure?: string | undefined;
}

export interface Salts {
  /**
   * The random key of a calendar date, `2026-11-20`, the same for every process that asks and after every restart,
   * until the date has passed everywhere; then it is gone for good, and with it any way back from a point to an
   * address. Never waits. Throws when a new one cannot be kept.
   */
  salt(day: string): Buffer;
  /** Tries again to keep what could not be kept. */
  retry(): void;
  state(): SaltsState;
  close(): Promise<void>;
}

/** Those of one node alone. */
export interface OwnSalts extends Salts {
  /** Takes another node's salt for a date in the place of its own. */
  adopt(day: string, salt: Buffer): void;
}

/** How often each may be called, by one caller. */
export const LIMITS = {
  /** A person who types, or a program that guesses. By client address. */
  'sign-in': { calls: 10, seconds: 60 },
  /** A page that is kept up to date under steady traffic asks 180 times, and people have several open. By token. */
  api: { calls: 1200, seconds: 60 },
} as const;

export type LimitName = keyof typeof LIMITS;

export type Taken = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterSeconds: number };

export interface Limits {
  /** Counts a call, and says whether it is still within the limit. Never rejects, and answers soon. */
  take(name: LimitName, caller: string): Promise<Taken>;
  state(): Sharing;
  close(): Promise<void>;
}
