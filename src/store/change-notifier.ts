// Tells all nodes that an account has changed, so that they read it at once. A notice carries nothing: a node that misses one
// finds the change when it polls.

export interface ChangeNotifier {
  /** Never waits and never throws: a notice may be lost. */
  notify(): void;
  /**
   * The listener is called for the notices of all nodes, this one's too, and once when some may have been missed.
   * Returns how to end it.
   */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Notifiers within one process: each call of the result opens another one; each hears all. */
export function localNotifiers(): () => ChangeNotifier {
  const listeners = new Set<() => void>();
  return () => {
    const own = new Set<() => void>();
    return {
      notify() {
        for (const listener of listeners) setImmediate(listener);
      },
      onChange(listener) {
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
