// Error codes of MongoDB and compatible servers. Their messages differ, so nothing is decided by the messages.

export const DUPLICATE_KEY = 11000;
export const NAMESPACE_NOT_FOUND = 26;
export const NAMESPACE_EXISTS = 48;
/** A collection is already sharded in another way. */
export const ALREADY_INITIALIZED = 23;

/** If the server refuses a change of a collection with one of these codes, trying again cannot help. */
export const REFUSED_FOR_GOOD: ReadonlySet<number> = new Set([
  2, // BadValue
  9, // FailedToParse
  13, // Unauthorized
  14, // TypeMismatch
  18, // AuthenticationFailed
  20, // IllegalOperation
  59, // CommandNotFound
  72, // InvalidOptions
  73, // InvalidNamespace
  115, // CommandNotSupported
]);

/**
 * Temporary states: the server is shutting down, or there is no majority (91 ShutdownInProgress, 189
 * PrimarySteppedDown, …).
 */
export const PASSING: ReadonlySet<number> = new Set([64, 91, 189, 10107, 11600, 11602, 13435, 13436]);
