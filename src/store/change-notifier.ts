// Tells all nodes that an account or a site has changed, so that they read it at once. A notice carries no data: a
// node that misses one finds the change when it polls.

export interface ChangeNotifier {
  /** Never waits and never throws. A notice may be lost. */
  notify(): void;
  /**
   * Calls the listener for the notices of all nodes, including this one, and once whenever some may have been missed.
   * Returns a function that removes the listener.
   */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}
