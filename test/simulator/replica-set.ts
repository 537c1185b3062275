// A replica set as its clients can tell it: what its primary has, what of it a majority has, and elections that take
// back the rest.

interface Version {
  /** The place in the log of the write that made it. */
  readonly at: number;
  /** Never changed, only replaced. */
  readonly value: unknown;
}

export interface ReplicaSet {
  /** What the primary has. */
  get<Value>(key: string): Value | undefined;
  /** What a majority has; `age` writes ago at the most, as a server may answer that does not know better yet. */
  confirmed<Value>(key: string, age: number): Value | undefined;
  /** Returns its place in the log: it is safe once `committed` has reached that. */
  write(key: string, value: unknown): number;
  committed(): number;
  /** Writes that a majority does not have. */
  lag(): number;
  replicate(writes: number): void;
  /** Another primary, which has only so many of the writes that a majority does not have. */
  elect(kept: number): void;
  /** So much time passes that no answer can be from before this moment. */
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
