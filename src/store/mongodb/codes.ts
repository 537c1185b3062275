// Numbers by which MongoDB and compatible servers tell errors; their texts differ.

export const DUPLICATE_KEY = 11000;
export const NAMESPACE_NOT_FOUND = 26;
export const NAMESPACE_EXISTS = 48;
/** A collection is sharded already, in another way than was asked for. */
export const ALREADY_INITIALIZED = 23;

/** A change of a collection that is refused with one of these is refused however often it is tried. */
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

/** A server that is ending, or no member of a majority at the moment: 91 ShutdownInProgress, 189 PrimarySteppedDown, … */
export const PASSING: ReadonlySet<number> = new Set([64, 91, 189, 10107, 11600, 11602, 13435, 13436]);
