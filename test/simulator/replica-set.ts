// A replica set as its clients see it: what its primary has, what a majority has, and elections that take back the
// difference.

interface Version {
  /** The position in the log of the write that made it. */
  readonly at: number;
  /** Never changed, only replaced. */
  readonly value: unknown;
}

export interface ReplicaSet {
  /** What the primary has. */
  get<Value>(key: string): Value | undefined;
  /** What a majority has, at most `age` writes ago: a server may answer without knowing better yet. */
  confirmed<Value>(key: string, age: number): Value | undefined;
  /** Returns the position in the log: the write is safe once `committed` has reached it. */
  write(key: string, value: unknown): number;
  committed(): number;
  /** Writes that a majority does not have. */
  lag(): number;
  replicate(writes: number): void;
  /** Elects another primary, which has only this many of the writes that a majority does not have. */
  elect(kept: number): void;
  /** Lets so much time pass that no answer can be older than this. */
  settle(): void;
  keys(prefix: string): string[];
}

export function createReplicaSet(): ReplicaSet {
  const documents = new Map<string, Version[]>();
  const log: string[] = [''];
  let committed = 0;
  let oldest = 0;

  return {
    get<Value>(key: string) {
      return documents.get(key)?.at(-1)?.value as Value | undefined;
    },
    confirmed<Value>(key: string, age: number) {
      const asOf = Math.max(oldest, committed - age);
      return documents.get(key)?.findLast(({ at }) => at <= asOf)?.value as Value | undefined;
    },
    write(key, value) {
      const versions = documents.get(key);
      const version = { at: log.length, value };
      if (versions === undefined) documents.set(key, [version]);
      else versions.push(version);
      log.push(key);
      return version.at;
    },
    committed: () => committed,
    lag: () => log.length - 1 - committed,
    replicate(writes) {
      committed = Math.min(log.length - 1, committed + writes);
    },
    elect(kept) {
      while (log.length - 1 > committed + kept) documents.get(log.pop() as string)?.pop();
    },
    settle() {
      oldest = committed;
    },
    keys: (prefix) =>
      [...documents].filter(([key, versions]) => key.startsWith(prefix) && versions.length > 0).map(([key]) => key),
  };
}
