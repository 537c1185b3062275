// Numbers by which MongoDB and compatible servers tell errors; their texts differ.

export const DUPLICATE_KEY = 11000;

/** A server that is ending, or no member of a majority at the moment: 91 ShutdownInProgress, 189 PrimarySteppedDown, … */
export const PASSING: ReadonlySet<number> = new Set([64, 91, 189, 10107, 11600, 11602, 13435, 13436]);
