// The bell that a node rings when it has changed an account, so that all others look at once. It carries nothing: who misses a ring
// finds the change by looking now and then.

export interface Bell {
  /** Never waits and never throws: a ring may be lost. */
  ring(): void;
  /** The listener is called for the rings of all nodes, this one's too, and once when some may have been missed. Returns how to end it. */
  onRing(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Bells within one process: what it returns opens another that hears all of them. */
export function localBells(): () => Bell {
  const listeners = new Set<() => void>();
  return () => {
    const own = new Set<() => void>();
    return {
      ring() {
        for (const listener of listeners) setImmediate(listener);
      },
      onRing(listener) {
        listeners.add(listener);
        own.add(listener);
        return () => listeners.delete(listener);
      },
      async close() {
        for (const listener of own) listeners.delete(listener);
      },
    };
  };
}
