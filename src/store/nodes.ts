// The node registry: how far each node has been counted, and which process runs as it.

export interface NodeState {
  /** The last segment that was counted completely; 0: none. */
  readonly number: number;
  readonly checksum: number;
  /** Every hit that the node accepted before this time is counted. Milliseconds since 1970. */
  readonly countedUntilMs: number;
  /** The process that runs as this node, or the last one that did; undefined for an import. */
  readonly boot?: string;
  /** Grows with each heartbeat of that process. */
  readonly beats?: number;
  /**
   * Set when everything that the node accepted is counted and no process runs as it any more, or when an operator has
   * retired it.
   */
  readonly endedAtMs?: number;
}

export interface RegisteredNode extends NodeState {
  readonly id: string;
  /** Only in lists of open nodes. Changes with each wake-up, which makes all nodes check for work. */
  readonly wakeUp?: string;
}

export interface NodeRegistry {
  get(id: string): Promise<NodeState | undefined>;
  /** All nodes except imports. `open`: only those that have not ended. */
  list(which: 'all' | 'open'): Promise<RegisteredNode[]>;
  /** Whether a process runs as this node now. On MongoDB this waits a few seconds for a heartbeat. */
  isRunning(node: string): Promise<boolean>;
  /**
   * Registers that this process runs as the node, and removes `endedAtMs`. `lost` when another process has registered
   * since `seen` was read.
   */
  claim(node: string, boot: string, seen: NodeState | undefined): Promise<'claimed' | 'lost'>;
  /** Called every second. `lost` when another process runs as the node: then this one must stop at once. */
  heartbeat(node: string, boot: string, countedUntilMs: number): Promise<'alive' | 'lost'>;
  /**
   * Marks a node as ended, so that nothing waits for it any more. With `boot`, only if that process is still the one
   * that runs as it.
   */
  end(node: string, nowMs: number, boot?: string): Promise<void>;
}
